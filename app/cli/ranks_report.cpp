#include "app/cli/ranks_report.h"

#include <filesystem>

#include <QJsonArray>

#include "app/cli/output.h"
#include "core/base/error.h"

namespace weft::cli {

void RanksReport::started(const QJsonObject& started)
{
    m_state = {};
    m_state.phase = JobPhase::Running;
    for (const QJsonValue& value : started.value(QStringLiteral("ranks")).toArray()) {
        const QJsonObject rank = value.toObject();
        m_state.parts.push_back({rankLogName(rank.value(QStringLiteral("rank")).toInt()), "running",
                                 rank.value(QStringLiteral("host")).toString().toStdString(), m_restarts, {}, true, false});
    }
    write();
}

void RanksReport::ended(const MpiEnd& end, bool isGood)
{
    m_state.phase = isGood ? JobPhase::Succeeded : JobPhase::Failed;
    for (JobPart& part : m_state.parts) {
        const bool isLost = !isGood && end.lostRank >= 0 && part.name == rankLogName(end.lostRank);
        part.state = isLost ? "lost" : "ended";
        part.message = isLost ? end.reason : std::string();
        part.isOver = true;
    }
    write();
}

void RanksReport::startsAgain()
{
    ++m_restarts;
    m_state.phase = JobPhase::Starting;
    write();
}

/// A run is not lost for want of its report.
void RanksReport::write()
{
    if (!std::filesystem::exists(m_run.events()))
        return;
    try {
        writeJobReport(m_run, m_state);
    } catch (const Error& error) {
        printError(translated(error.message()));
    }
}

} // namespace weft::cli
