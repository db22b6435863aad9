#include "widgets/targets/job_text.h"

#include <QCoreApplication>

namespace weft {

QString phaseText(JobPhase phase)
{
    switch (phase) {
    case JobPhase::Queued: return QCoreApplication::translate("JobPhase", "waits");
    case JobPhase::Starting: return QCoreApplication::translate("JobPhase", "is being started");
    case JobPhase::Running: return QCoreApplication::translate("JobPhase", "runs");
    case JobPhase::Succeeded: return QCoreApplication::translate("JobPhase", "has ended");
    case JobPhase::Failed: return QCoreApplication::translate("JobPhase", "has failed");
    default: return QCoreApplication::translate("JobPhase", "is not known to the target");
    }
}

QString partStateText(const QString& state)
{
    static const std::pair<const char*, const char*> texts[] = {
        {"pending", QT_TRANSLATE_NOOP("JobPart", "waits")},
        {"starting", QT_TRANSLATE_NOOP("JobPart", "is being started")},
        {"running", QT_TRANSLATE_NOOP("JobPart", "runs")},
        {"succeeded", QT_TRANSLATE_NOOP("JobPart", "has ended")},
        {"completed", QT_TRANSLATE_NOOP("JobPart", "has ended")},
        {"ended", QT_TRANSLATE_NOOP("JobPart", "has ended")},
        {"failed", QT_TRANSLATE_NOOP("JobPart", "has failed")},
        {"lost", QT_TRANSLATE_NOOP("JobPart", "is gone")},
        {"cancelled", QT_TRANSLATE_NOOP("JobPart", "was taken back")},
    };
    for (const auto& [name, text] : texts) {
        if (state.compare(QLatin1String(name), Qt::CaseInsensitive) == 0)
            return QCoreApplication::translate("JobPart", text);
    }
    return state;
}

QString jobStateText(const JobReport& report)
{
    return report.reasons.isEmpty() ? phaseText(report.phase)
                                    : phaseText(report.phase) + QStringLiteral(" · ") + report.reasons.join(QLatin1Char(' '));
}

} // namespace weft
