#include "widgets/training/forecast_card.h"

#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

#include "core/training/localized.h"
#include "core/training/step_forecast.h"
#include "widgets/project_document.h"
#include "widgets/project_request.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

constexpr int delayMs = 700;

/// Whether there is something that could be trained.
bool isTrainable(const ProjectDocument& document)
{
    const Analysis& analysis = document.analysis();
    return document.project().data.find("source") && !analysis.nodes.empty() && !hasErrors(analysis.diagnostics);
}

} // namespace

ForecastText forecastText(const QJsonObject& forecast)
{
    const auto number = [&](const char* key) { return forecast.value(QLatin1String(key)).toDouble(); };
    const QString memory = formatBytes(number("memory_bytes"));
    const qint64 largest = forecast.value(QStringLiteral("largest_batch_size")).toInteger();
    ForecastText text;
    text.isProblem = forecast.value(QStringLiteral("problem")).isString();
    if (text.isProblem) {
        text.brief = largest > 0 ? ForecastCard::tr("No room · batch %1 fits").arg(formatCount(largest)) : ForecastCard::tr("No room for it");
        text.details = forecast.value(QStringLiteral("problem")).toString();
    } else {
        text.brief = ForecastCard::tr("%1 an epoch · %2").arg(localized(spanMessage(number("epoch_seconds"))), memory);
    }
    QStringList sentences;
    if (forecast.value(QStringLiteral("step_ms")).isDouble())
        sentences << ForecastCard::tr("A step of %1 samples takes %2 ms: %3 samples a second.")
                         .arg(formatCount(forecast.value(QStringLiteral("batch_size")).toInteger()),
                              QString::number(number("step_ms"), 'g', 3), formatCount(qRound64(number("samples_per_second"))))
                  << ForecastCard::tr("An epoch has %1 steps and takes %2, its validation included.")
                         .arg(formatCount(forecast.value(QStringLiteral("steps_per_epoch")).toInteger()), localized(spanMessage(number("epoch_seconds"))));
    if (!text.isProblem)
        sentences << ForecastCard::tr("Training takes %1 of the %2 of memory that are free; batches of up to %3 samples fit.")
                         .arg(memory, formatBytes(number("available_memory_bytes")), formatCount(largest));
    if (!text.details.isEmpty())
        sentences.prepend(text.details);
    text.details = sentences.join(QLatin1Char('\n'));
    return text;
}

ForecastCard::ForecastCard(ProjectDocument* document, RunController* runs, WorkerClient* worker, QWidget* parent) :
    QWidget(parent), m_document(document), m_runs(runs), m_worker(worker), m_value(new QLabel)
{
    setObjectName(QStringLiteral("forecastCard"));
    auto* heading = new QLabel(tr("Forecast"));
    heading->setProperty("role", "secondary");
    m_value->setObjectName(QStringLiteral("forecastText"));
    m_value->setProperty("role", "value");
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(12, 0, 12, 0);
    lines->setSpacing(0);
    lines->addWidget(heading);
    lines->addWidget(m_value);

    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &ForecastCard::measure);
    connect(document, &ProjectDocument::reset, this, &ForecastCard::edited);
    connect(document, &ProjectDocument::edited, this, &ForecastCard::edited);
    connect(document, &ProjectDocument::analysisChanged, this, &ForecastCard::edited);
    connect(runs, &RunController::stateChanged, this, &ForecastCard::watchRun);
    show({});
    edited();
}

void ForecastCard::setDevice(const QString& device)
{
    m_device = device;
    edited();
}

QString ForecastCard::text() const
{
    return m_value->text();
}

void ForecastCard::edited()
{
    m_delay.start();
}

void ForecastCard::giveUp()
{
    m_delay.stop();
    if (m_request != 0)
        m_worker->cancel(m_request);
    m_request = 0;
}

/// A measurement would slow the run down, and the run it.
void ForecastCard::watchRun()
{
    if (!m_runs->isGoing())
        return edited();
    if (m_request != 0)
        show({QString(), tr("Said when the run has ended.")});
    giveUp();
}

void ForecastCard::measure()
{
    if (m_runs->isGoing())
        return;
    if (!isTrainable(*m_document)) {
        giveUp();
        m_shown.clear();
        show({QString(), tr("Said as soon as the network is whole and has data.")});
        return;
    }
    QJsonObject request = projectRequest(*m_document);
    request.insert(QStringLiteral("device"), m_device);
    const QByteArray key = request.value(QStringLiteral("project")).toString().toUtf8() + m_document->baseDir().toUtf8() + m_device.toUtf8();
    if (key == m_shown)
        return;
    giveUp();
    show({tr("measuring …"), tr("Some steps are timed.")});
    m_request = m_worker->request(QStringLiteral("training.forecast"), request, this, [this, key](const QJsonObject& result, const QString& error) {
        m_request = 0;
        m_shown = key;
        show(error.isEmpty() ? forecastText(result) : ForecastText{QString(), error});
    });
}

void ForecastCard::show(const ForecastText& text)
{
    m_value->setText(text.brief.isEmpty() ? QStringLiteral("–") : text.brief);
    m_value->setProperty("role", text.isProblem ? "problem" : "value");
    m_value->style()->unpolish(m_value);
    m_value->style()->polish(m_value);
    setToolTip(text.details.isEmpty() ? tr("What an epoch takes, before you train.") : text.details);
    m_value->setAccessibleName(tr("Forecast: %1").arg(m_value->text()));
    m_value->setAccessibleDescription(toolTip());
}

} // namespace weft
