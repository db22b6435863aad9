#include "widgets/training/forecast_table.h"

#include <QGridLayout>
#include <QJsonObject>
#include <QLabel>
#include <QVBoxLayout>

#include "core/training/localized.h"
#include "core/training/step_forecast.h"
#include "widgets/text.h"

namespace weft {
namespace {

constexpr int sentenceWidth = 400;
constexpr int columns = 4;

double number(const QJsonObject& forecast, const char* key)
{
    return forecast.value(QLatin1String(key)).toDouble();
}

bool isTimed(const QJsonObject& forecast)
{
    return forecast.value(QStringLiteral("step_ms")).isDouble();
}

/// A part of a batch was timed.
bool isEstimate(const QJsonObject& forecast)
{
    return isTimed(forecast) && number(forecast, "timed_batch_size") < number(forecast, "batch_size");
}

QString problemOf(const QJsonObject& forecast)
{
    return forecast.value(QStringLiteral("problem")).toString();
}

QString reasonOf(const QJsonObject& forecast)
{
    return forecast.value(QStringLiteral("reason")).toString();
}

QString spanText(double seconds)
{
    return localized(spanMessage(seconds));
}

/// "11 s", "≈ 21 min" where it is no more than an estimate.
QString epochText(const QJsonObject& forecast)
{
    const QString span = spanText(number(forecast, "epoch_seconds"));
    return isEstimate(forecast) ? QStringLiteral("≈ ") + span : span;
}

QString stepSentence(const QJsonObject& forecast)
{
    const double milliseconds = number(forecast, "step_ms");
    const double speed = number(forecast, "samples_per_second");
    const QString batch = formatCount(forecast.value(QStringLiteral("batch_size")).toInteger());
    const QString span = milliseconds < 1000 ? ForecastTable::tr("%1 ms").arg(QString::number(milliseconds, 'g', 3)) : spanText(milliseconds * 1e-3);
    const QString rate = speed < 10 ? QString::number(speed, 'g', 2) : formatCount(qRound64(speed));
    if (!isEstimate(forecast))
        return ForecastTable::tr("A step of %1 samples takes %2: %3 samples a second.").arg(batch, span, rate);
    const QString timed = formatCount(forecast.value(QStringLiteral("timed_batch_size")).toInteger());
    return ForecastTable::tr("A step of %1 samples takes about %2, or %3 samples a second: an estimate, from steps of %4 of them.")
        .arg(batch, span, rate, timed);
}

} // namespace

ForecastText forecastText(const QJsonObject& forecast)
{
    if (const QString reason = reasonOf(forecast); !reason.isEmpty())
        return {ForecastTable::tr("Not usable"), reason, true};
    const QString memory = formatBytes(number(forecast, "memory_bytes"));
    const qint64 largest = forecast.value(QStringLiteral("largest_batch_size")).toInteger();
    ForecastText text;
    text.isProblem = !problemOf(forecast).isEmpty();
    QStringList sentences;
    if (text.isProblem) {
        text.brief = largest > 0 ? ForecastTable::tr("No room · batch %1 fits").arg(formatCount(largest)) : ForecastTable::tr("No room for it");
        sentences << problemOf(forecast);
    } else if (isTimed(forecast)) {
        text.brief = ForecastTable::tr("%1 an epoch · %2").arg(epochText(forecast), memory);
    } else {
        text.brief = ForecastTable::tr("measuring … · %1").arg(memory);
    }
    if (isTimed(forecast))
        sentences << stepSentence(forecast)
                  << ForecastTable::tr("An epoch has %1 steps and takes %2, its validation included.")
                         .arg(formatCount(forecast.value(QStringLiteral("steps_per_epoch")).toInteger()), epochText(forecast));
    if (!text.isProblem)
        sentences << ForecastTable::tr("Training takes %1 of the %2 of memory that are free; batches of up to %3 samples fit.")
                         .arg(memory, formatBytes(number(forecast, "available_memory_bytes")), formatCount(largest));
    text.details = sentences.join(QLatin1Char('\n'));
    return text;
}

ForecastTable::ForecastTable(QWidget* parent) : QFrame(parent, Qt::Popup)
{
    setObjectName(QStringLiteral("forecastTable"));
    setProperty("role", "popup");
    setAccessibleName(tr("Forecast for each device"));
    new QVBoxLayout(this);
    layout()->setContentsMargins(14, 12, 14, 12);
    layout()->setSizeConstraint(QLayout::SetFixedSize);
    setDevices({});
}

void ForecastTable::setDevices(const QJsonArray& devices)
{
    delete m_body;
    m_body = new QWidget;
    m_grid = new QGridLayout(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(18);
    m_grid->setVerticalSpacing(5);
    m_rows = 0;
    layout()->addWidget(m_body);
    addRow({tr("Device"), tr("An epoch"), tr("Memory"), tr("Largest batch")}, "secondary");
    if (devices.isEmpty())
        addSentence(tr("Nothing has been measured yet."), "secondary");
    for (const QJsonValue& value : devices) {
        const QJsonObject forecast = value.toObject();
        const QString name = forecast.value(QStringLiteral("name")).toString();
        const QString none = QStringLiteral("–");
        const bool isKnown = forecast.contains(QStringLiteral("memory_bytes"));
        const QString problem = problemOf(forecast);
        addRow({name, isTimed(forecast) ? epochText(forecast) : isKnown && problem.isEmpty() ? tr("measuring …") : none,
                isKnown ? formatBytes(number(forecast, "memory_bytes")) : none,
                isKnown ? formatCount(forecast.value(QStringLiteral("largest_batch_size")).toInteger()) : none},
               "value");
        if (const QString reason = reasonOf(forecast); !reason.isEmpty())
            addSentence(reason, "secondary");
        else if (!problem.isEmpty())
            addSentence(problem, "problem");
        else if (isEstimate(forecast))
            addSentence(stepSentence(forecast), "secondary");
    }
}

void ForecastTable::addRow(const QStringList& cells, const char* role)
{
    for (int i = 0; i < cells.size(); ++i) {
        auto* label = new QLabel(cells[i]);
        label->setProperty("role", role);
        m_grid->addWidget(label, m_rows, i, i == 0 ? Qt::AlignLeft : Qt::AlignRight);
    }
    ++m_rows;
}

void ForecastTable::addSentence(const QString& text, const char* role)
{
    auto* label = new QLabel(text);
    label->setProperty("role", role);
    label->setWordWrap(true);
    label->setFixedWidth(sentenceWidth);
    m_grid->addWidget(label, m_rows++, 0, 1, columns);
}

} // namespace weft
