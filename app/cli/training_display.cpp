#include "app/cli/training_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QStringList>

#include "app/cli/output.h"

namespace weft::cli {

namespace {

int terminalWidth()
{
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// Four decimals, or six digits of a loss that has run away.
QString lossText(double loss)
{
    return Cli::tr("loss %1").arg(loss, 0, loss < 1e5 ? 'f' : 'g', loss < 1e5 ? 4 : 6);
}

/// "loss 0.3121  accuracy 0.8867"
QString metricsText(const QJsonObject& part)
{
    QString text = lossText(part.value(QStringLiteral("loss")).toDouble());
    const QJsonValue accuracy = part.value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy"));
    if (accuracy.isDouble())
        text += QStringLiteral("  ") + Cli::tr("accuracy %1").arg(accuracy.toDouble(), 0, 'f', 4);
    return text;
}

/// What the line under the epochs may say.
struct ProgressLine {
    QString epoch;
    double share = 0; ///< of the epoch
    QString steps;
    QString loss;
    QString accuracy;
    QString speed;
    QString left;
};

/// The parts in at most `width` columns. What the bar tells goes first where room is short, then the bar
/// itself, then what changes least.
QString progressLine(const ProgressLine& parts, int width)
{
    constexpr int shortestBar = 6;
    constexpr int longestBar = 40;
    std::vector<const QString*> words{&parts.steps, &parts.loss, &parts.accuracy, &parts.speed, &parts.left};
    QString gap = QStringLiteral("  ");
    const auto text = [&] {
        QString line;
        for (const QString* word : words) {
            if (!word->isEmpty())
                line += gap + *word;
        }
        return line;
    };
    const auto room = [&] { return width - static_cast<int>(parts.epoch.size() + text().size()) - 3; };
    if (room() < shortestBar)
        std::erase(words, &parts.steps);
    if (room() < shortestBar)
        gap = QStringLiteral(" ");
    QString line = parts.epoch;
    if (const int length = std::min(room(), longestBar); length >= shortestBar) {
        const int filled = static_cast<int>(length * parts.share);
        line += QStringLiteral(" [") + QString(filled, QLatin1Char('=')) + QString(length - filled, QLatin1Char(' ')) + QLatin1Char(']');
    }
    for (const QString* least : {&parts.speed, &parts.accuracy, &parts.left}) {
        if (line.size() + text().size() > width)
            std::erase(words, least);
    }
    return (line + text()).left(width);
}

class ProgressDisplay : public TrainingDisplay {
public:
    explicit ProgressDisplay(std::string runDir) : m_runDir(std::move(runDir)), m_isTerminal(::isatty(STDOUT_FILENO) == 1) {}

    void event(const QJsonObject& event) override
    {
        const std::scoped_lock lock(m_mutex);
        const QString name = event.value(QStringLiteral("event")).toString();
        if (name == QStringLiteral("started")) {
            m_epochs = event.value(QStringLiteral("epochs")).toInteger();
            m_samples = event.value(QStringLiteral("samples")).toDouble();
            line(Cli::tr("run %1").arg(QString::fromStdString(m_runDir)));
            const QString precision = event.value(QStringLiteral("precision")).toString(QStringLiteral("fp32"));
            const QString device = event.value(QStringLiteral("devices")).toArray().at(0).toString();
            line(Cli::tr("%1 samples, %2 steps an epoch, %3 parameters, on %4")
                     .arg(QLocale::c().toString(event.value(QStringLiteral("samples")).toInteger()),
                          QLocale::c().toString(event.value(QStringLiteral("steps_per_epoch")).toInteger()),
                          QLocale::c().toString(event.value(QStringLiteral("parameters")).toInteger()),
                          precision == QStringLiteral("fp32") ? device : Cli::tr("%1 in %2").arg(device, precision)));
        } else if (name == QStringLiteral("epoch")) {
            showEpoch(event);
        } else if (name == QStringLiteral("paused")) {
            line(Cli::tr("paused at step %1").arg(event.value(QStringLiteral("step")).toInteger()));
        } else if (name == QStringLiteral("resumed")) {
            line(Cli::tr("going on from step %1").arg(event.value(QStringLiteral("step")).toInteger()));
        } else if (name == QStringLiteral("warning")) {
            line(Cli::tr("warning: %1").arg(event.value(QStringLiteral("message")).toString()));
        } else if (name == QStringLiteral("stopped")) {
            line(Cli::tr("stopped at step %1; weft train --resume --run-dir %2 goes on")
                     .arg(event.value(QStringLiteral("step")).toInteger())
                     .arg(QString::fromStdString(m_runDir)));
        } else if (name == QStringLiteral("finished")) {
            line(Cli::tr("finished"));
        } else if (name == QStringLiteral("failed")) {
            clearBar();
        }
    }

    void progress(std::int64_t epoch, std::int64_t step, std::int64_t stepsPerEpoch, double loss, double accuracy, double samplesPerSecond) override
    {
        if (!m_isTerminal)
            return;
        const std::scoped_lock lock(m_mutex);
        const std::int64_t inEpoch = step - (epoch - 1) * stepsPerEpoch;
        const double epochsLeft = static_cast<double>(m_epochs - epoch) + 1.0 - static_cast<double>(inEpoch) / static_cast<double>(stepsPerEpoch);
        ProgressLine parts;
        parts.epoch = Cli::tr("epoch %1/%2").arg(epoch).arg(m_epochs);
        parts.share = static_cast<double>(inEpoch) / static_cast<double>(std::max<std::int64_t>(stepsPerEpoch, 1));
        parts.steps = QStringLiteral("%1/%2").arg(inEpoch).arg(stepsPerEpoch);
        parts.loss = lossText(loss);
        if (!std::isnan(accuracy))
            parts.accuracy = Cli::tr("accuracy %1").arg(accuracy, 0, 'f', 4);
        if (samplesPerSecond > 0) {
            parts.speed = Cli::tr("%1 samples/s").arg(QLocale::c().toString(std::llround(samplesPerSecond)));
            parts.left = Cli::tr("%1 left").arg(durationText(epochsLeft * m_samples / samplesPerSecond));
        }
        std::printf("\r%s\033[K", progressLine(parts, terminalWidth() - 1).toUtf8().constData());
        std::fflush(stdout);
        m_hasBar = true;
    }

private:
    void showEpoch(const QJsonObject& event)
    {
        QString text = Cli::tr("epoch %1/%2").arg(event.value(QStringLiteral("epoch")).toInteger()).arg(m_epochs) + QStringLiteral("  ")
            + metricsText(event.value(QStringLiteral("train")).toObject());
        const QJsonValue validation = event.value(QStringLiteral("validation"));
        if (validation.isObject())
            text += QStringLiteral("  ") + Cli::tr("validation: %1").arg(metricsText(validation.toObject()));
        line(text + QStringLiteral("  ") + Cli::tr("%1 s").arg(event.value(QStringLiteral("seconds")).toDouble(), 0, 'f', 1));
    }

    void clearBar()
    {
        if (m_hasBar)
            std::fputs("\r\033[K", stdout);
        m_hasBar = false;
        std::fflush(stdout);
    }

    void line(const QString& text)
    {
        clearBar();
        print(text);
        std::fflush(stdout);
    }

    std::mutex m_mutex;
    std::string m_runDir;
    bool m_isTerminal;
    bool m_hasBar = false;
    std::int64_t m_epochs = 0;
    double m_samples = 0;
};

class JsonlDisplay : public TrainingDisplay {
public:
    void event(const QJsonObject& event) override
    {
        const std::scoped_lock lock(m_mutex);
        std::printf("%s\n", QJsonDocument(event).toJson(QJsonDocument::Compact).constData());
        std::fflush(stdout);
    }
    void progress(std::int64_t, std::int64_t, std::int64_t, double, double, double) override {}

private:
    std::mutex m_mutex;
};

} // namespace

std::unique_ptr<TrainingDisplay> progressDisplay(const std::string& runDir)
{
    return std::make_unique<ProgressDisplay>(runDir);
}

std::unique_ptr<TrainingDisplay> jsonlDisplay()
{
    return std::make_unique<JsonlDisplay>();
}

QString durationText(double seconds)
{
    const qint64 whole = std::llround(std::max(seconds, 0.0));
    const QLatin1Char zero('0');
    if (whole >= 3600)
        return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, zero).arg(whole % 60, 2, 10, zero);
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, zero);
}

} // namespace weft::cli
