#include "widgets/training/forecast_card.h"

#include <QJsonObject>
#include <QLabel>
#include <QMouseEvent>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/project_document.h"
#include "widgets/project_request.h"
#include "widgets/run_controller.h"
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

ForecastCard::ForecastCard(ProjectDocument* document, RunController* runs, WorkerClient* worker, QWidget* parent) :
    QWidget(parent), m_document(document), m_runs(runs), m_worker(worker), m_value(new QLabel), m_more(new QToolButton),
    m_table(new ForecastTable(this))
{
    setObjectName(QStringLiteral("forecastCard"));
    auto* heading = new QLabel(tr("Forecast"));
    heading->setProperty("role", "secondary");
    m_value->setObjectName(QStringLiteral("forecastText"));
    m_value->setProperty("role", "value");
    m_more->setObjectName(QStringLiteral("forecastDevices"));
    m_more->setArrowType(Qt::DownArrow);
    m_more->setAutoRaise(true);
    m_more->setToolTip(tr("Forecast for each device"));
    m_more->setAccessibleName(m_more->toolTip());
    connect(m_more, &QToolButton::clicked, this, &ForecastCard::openTable);
    auto* across = new QHBoxLayout(this);
    across->setContentsMargins(12, 0, 6, 0);
    across->setSpacing(2);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    lines->addWidget(heading);
    lines->addWidget(m_value);
    across->addLayout(lines);
    across->addWidget(m_more);
    setCursor(Qt::PointingHandCursor);

    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &ForecastCard::measure);
    connect(document, &ProjectDocument::reset, this, &ForecastCard::edited);
    connect(document, &ProjectDocument::edited, this, &ForecastCard::edited);
    connect(document, &ProjectDocument::analysisChanged, this, &ForecastCard::edited);
    connect(runs, &RunController::stateChanged, this, &ForecastCard::watchRun);
    connect(worker, &WorkerClient::known, this, [this](qint64 id, const QJsonObject& part) {
        if (id == m_request)
            take(part);
    });
    tell({});
    edited();
}

void ForecastCard::setDevice(const QString& device)
{
    m_device = device;
    m_devices.isEmpty() ? edited() : showDevice();
}

void ForecastCard::setElsewhere(const Elsewhere& place)
{
    m_elsewhere = place;
    if (!m_devices.isEmpty())
        showDevice();
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
        tell({QString(), tr("Said when the run has ended.")});
    giveUp();
}

void ForecastCard::measure()
{
    if (m_runs->isGoing())
        return;
    if (!isTrainable(*m_document)) {
        giveUp();
        forget();
        m_shown.clear();
        tell({QString(), tr("Said as soon as the network is whole and has data.")});
        return;
    }
    QJsonObject request = projectRequest(*m_document);
    const QByteArray key = request.value(QStringLiteral("project")).toString().toUtf8() + m_document->baseDir().toUtf8();
    if (key == m_shown)
        return;
    request.insert(QStringLiteral("device"), m_device);
    giveUp();
    forget();
    tell({tr("measuring …"), tr("Some steps are timed.")});
    m_request = m_worker->request(QStringLiteral("training.forecast"), request, this, [this, key](const QJsonObject& result, const QString& error) {
        m_request = 0;
        m_shown = key;
        if (error.isEmpty())
            return take(result);
        forget();
        tell({QString(), error});
    });
}

/// The worker knows more: of the memory first, then of the time, of one device after another.
void ForecastCard::take(const QJsonObject& known)
{
    m_devices = known.value(QStringLiteral("devices")).toArray();
    m_table->setDevices(m_devices);
    showDevice();
}

void ForecastCard::forget()
{
    m_devices = {};
    m_table->setDevices({});
}

/// The chosen device; where that is left to the machine, the first, which the worker took.
void ForecastCard::showDevice()
{
    QJsonObject shown = m_devices.first().toObject();
    for (const QJsonValue& value : m_devices) {
        if (value.toObject().value(QStringLiteral("device")).toString() == m_device)
            shown = value.toObject();
    }
    if (!m_elsewhere.target.isEmpty())
        return tell(targetForecastText(shown, *m_document, m_elsewhere));
    const bool isWaiting = !shown.contains(QStringLiteral("memory_bytes")) && !shown.contains(QStringLiteral("reason"));
    tell(isWaiting ? ForecastText{tr("measuring …"), tr("Some steps are timed."), false} : forecastText(shown));
}

void ForecastCard::openTable()
{
    m_table->move(mapToGlobal(QPoint(0, height() + 2)));
    m_table->show();
}

void ForecastCard::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        openTable();
}

void ForecastCard::tell(const ForecastText& text)
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
