#include "core/launch/srun_loss.h"

#include <QRegularExpression>
#include <QStringList>

namespace weft {

std::optional<Message> lossBySrun(const std::string& log)
{
    static const QRegularExpression pattern(QStringLiteral("^srun: error: (\\S+): task (\\d+): (.+)$"));
    std::optional<Message> loss;
    for (const QString& line : QString::fromStdString(log).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (line.contains(QLatin1String("\"event\":\"started\"")))
            loss.reset();
        if (const QRegularExpressionMatch match = pattern.match(line); match.hasMatch() && !loss)
            loss = message(WEFT_TEXT("Launch", "The run lost rank %1 on %2: %3."), match.captured(2).toStdString(), match.captured(1).toStdString(),
                           match.captured(3).toStdString());
    }
    return loss;
}

} // namespace weft
