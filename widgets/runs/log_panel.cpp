#include "widgets/runs/log_panel.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QJsonArray>
#include <QLocale>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "widgets/run_controller.h"
#include "widgets/runs/run_list.h"
#include "widgets/text.h"
#include "widgets/training/training_panel.h"

namespace weft {

namespace {

constexpr int mostLines = 20000;

QString timeOf(const QJsonObject& event)
{
    const QDateTime time = QDateTime::fromString(event.value(QStringLiteral("time")).toString(), Qt::ISODateWithMs).toLocalTime();
    return time.isValid() ? time.toString(QStringLiteral("HH:mm:ss  ")) : QString();
}

/// "loss 0.4021, accuracy 0.8532"
QString valuesText(const QJsonObject& values)
{
    QStringList parts;
    if (values.value(QStringLiteral("loss")).isDouble())
        parts << LogPanel::tr("loss %1").arg(QLocale().toString(values.value(QStringLiteral("loss")).toDouble(), 'f', 4));
    const QJsonObject metrics = values.value(QStringLiteral("metrics")).toObject();
    for (auto metric = metrics.begin(); metric != metrics.end(); ++metric)
        parts << QStringLiteral("%1 %2").arg(QLocale().toLower(metricTitle(metric.key())), QLocale().toString(metric.value().toDouble(), 'f', 4));
    return parts.join(QStringLiteral(", "));
}

QString startedText(const QJsonObject& event)
{
    QStringList devices;
    for (const QJsonValue& device : event.value(QStringLiteral("devices")).toArray())
        devices << device.toString();
    return LogPanel::tr("Training starts on %1: %2 epochs of %3 steps.")
        .arg(devices.join(QStringLiteral(", ")), formatCount(event.value(QStringLiteral("epochs")).toInteger()),
             formatCount(event.value(QStringLiteral("steps_per_epoch")).toInteger()));
}

QString epochText(const QJsonObject& event)
{
    QString text = LogPanel::tr("Epoch %1: train %2")
                       .arg(event.value(QStringLiteral("epoch")).toInteger())
                       .arg(valuesText(event.value(QStringLiteral("train")).toObject()));
    if (const QJsonObject validation = event.value(QStringLiteral("validation")).toObject(); !validation.isEmpty())
        text += LogPanel::tr("; validation %1").arg(valuesText(validation));
    if (const double seconds = event.value(QStringLiteral("seconds")).toDouble(); seconds > 0)
        text += LogPanel::tr("; %1 s").arg(QLocale().toString(seconds, 'f', 1));
    return text;
}

QString controlText(const QJsonObject& event)
{
    const QString command = event.value(QStringLiteral("command")).toString();
    if (event.value(QStringLiteral("accepted")).toBool())
        return LogPanel::tr("Command %1 accepted.").arg(command);
    return LogPanel::tr("Command %1 refused: %2").arg(command, event.value(QStringLiteral("reason")).toString());
}

QString textOf(const QJsonObject& event)
{
    const QString kind = event.value(QStringLiteral("event")).toString();
    const QString step = formatCount(event.value(QStringLiteral("step")).toInteger());
    const QString message = event.value(QStringLiteral("message")).toString();
    if (kind == QLatin1String("started"))
        return startedText(event);
    if (kind == QLatin1String("epoch"))
        return epochText(event);
    if (kind == QLatin1String("control"))
        return controlText(event);
    if (kind == QLatin1String("checkpoint"))
        return event.value(QStringLiteral("best")).toBool() ? LogPanel::tr("Checkpoint at step %1, the best so far.").arg(step)
                                                            : LogPanel::tr("Checkpoint at step %1.").arg(step);
    if (kind == QLatin1String("paused"))
        return LogPanel::tr("Paused at step %1.").arg(step);
    if (kind == QLatin1String("resumed"))
        return LogPanel::tr("Goes on from step %1.").arg(step);
    if (event.value(QStringLiteral("at_once")).toBool())
        return LogPanel::tr("Ended at once.");
    if (kind == QLatin1String("stopped"))
        return LogPanel::tr("Stopped at step %1.").arg(step);
    if (kind == QLatin1String("finished"))
        return LogPanel::tr("Finished after %1 steps.").arg(step);
    if (kind == QLatin1String("warning"))
        return LogPanel::tr("Warning: %1").arg(message);
    if (kind == QLatin1String("failed"))
        return LogPanel::tr("Failed: %1").arg(message);
    return kind == QLatin1String("batch") ? QString() : kind;
}

} // namespace

QString logLine(const QJsonObject& event)
{
    const QString text = textOf(event);
    return text.isEmpty() ? QString() : timeOf(event) + text;
}

LogPanel::LogPanel(RunController* runs, QWidget* parent) : QWidget(parent), m_runs(runs)
{
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("log"));
    m_text->setAccessibleName(tr("Log"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setMaximumBlockCount(mostLines);
    m_text->setPlaceholderText(tr("What a run does stands here, line by line."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->addWidget(m_text);
    connect(runs, &RunController::runChanged, this, &LogPanel::start);
    connect(runs, &RunController::eventRead, this, &LogPanel::take);
    connect(runs, &RunController::failed, this, [this](const QString& message) { append(message); });
    connect(runs, &RunController::stateChanged, this, [this](RunController::State state) {
        if (state != RunController::State::Failed || m_hasPrinted)
            return;
        const QString printed = lastLines(m_runs->runDir() + QStringLiteral("/train.log"), 20);
        m_hasPrinted = !printed.isEmpty();
        if (m_hasPrinted)
            append(tr("What the process printed last:") + QLatin1Char('\n') + printed);
    });
}

QString LogPanel::text() const
{
    return m_text->toPlainText();
}

void LogPanel::start(const QString&)
{
    m_text->clear();
    m_hasPrinted = false;
}

void LogPanel::take(const QJsonObject& event)
{
    append(logLine(event));
}

void LogPanel::append(const QString& line)
{
    if (!line.isEmpty())
        m_text->appendPlainText(line);
}

} // namespace weft
