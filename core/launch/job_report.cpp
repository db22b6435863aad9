#include "core/launch/job_report.h"

#include <algorithm>
#include <filesystem>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSysInfo>

#include <unistd.h>

#include "core/training/localized.h"
#include "core/training/safe_file.h"

namespace weft {

namespace {

constexpr JobPhase phases[] = {JobPhase::Absent, JobPhase::Queued, JobPhase::Starting, JobPhase::Running, JobPhase::Succeeded, JobPhase::Failed};

QJsonObject toJson(const JobPart& part)
{
    return {{QStringLiteral("name"), QString::fromStdString(part.name)},
            {QStringLiteral("state"), QString::fromStdString(part.state)},
            {QStringLiteral("node"), QString::fromStdString(part.node)},
            {QStringLiteral("restarts"), part.restarts},
            {QStringLiteral("message"), QString::fromStdString(part.message)},
            {QStringLiteral("begun"), part.hasBegun},
            {QStringLiteral("over"), part.isOver}};
}

JobPart partFromJson(const QJsonObject& json)
{
    const auto text = [&](const char* key) { return json.value(QLatin1String(key)).toString().toStdString(); };
    return {text("name"),
            text("state"),
            text("node"),
            json.value(QLatin1String("restarts")).toInt(),
            text("message"),
            json.value(QLatin1String("begun")).toBool(),
            json.value(QLatin1String("over")).toBool()};
}

} // namespace

std::optional<JobReport> readJobReport(const RunPaths& run)
{
    if (!std::filesystem::exists(run.jobState()))
        return std::nullopt;
    const QJsonObject json = readJsonObject(run.jobState());
    JobReport report;
    const QJsonObject writer = json.value(QStringLiteral("writer")).toObject();
    if (writer.value(QStringLiteral("host")) == QSysInfo::machineHostName())
        report.processId = writer.value(QStringLiteral("pid")).toInteger();
    report.time = json.value(QStringLiteral("time")).toString();
    for (const JobPhase phase : phases) {
        if (json.value(QStringLiteral("phase")) == QLatin1String(nameOf(phase)))
            report.phase = phase;
    }
    for (const QJsonValue& reason : json.value(QStringLiteral("reasons")).toArray())
        report.reasons << reason.toString();
    for (const QJsonValue& part : json.value(QStringLiteral("parts")).toArray())
        report.parts.push_back(partFromJson(part.toObject()));
    return report;
}

void writeJobReport(const RunPaths& run, const JobState& state)
{
    QJsonArray reasons;
    for (const Message& reason : state.reasons)
        reasons.append(localized(reason));
    QJsonArray parts;
    for (const JobPart& part : state.parts)
        parts.append(toJson(part));
    const QJsonObject json{{QStringLiteral("schema"), 1},
                           {QStringLiteral("time"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                           {QStringLiteral("writer"),
                            QJsonObject{{QStringLiteral("host"), QSysInfo::machineHostName()}, {QStringLiteral("pid"), static_cast<qint64>(::getpid())}}},
                           {QStringLiteral("phase"), QLatin1String(nameOf(state.phase))},
                           {QStringLiteral("reasons"), reasons},
                           {QStringLiteral("parts"), parts}};
    writeTextSafely(run.jobState(), QJsonDocument(json).toJson().toStdString());
}

std::string rankLogName(int rank)
{
    return "rank-" + std::to_string(rank);
}

std::string partLogPath(const RunPaths& run, const std::string& part)
{
    // Names come from the target: none of them leads out of the folder.
    std::string name = part;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20; }, '_');
    return run.partLogs() + "/" + name + ".log";
}

} // namespace weft
