#include "widgets/canvas/network_insight.h"

#include "widgets/project_document.h"
#include "widgets/project_request.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

constexpr int refreshMs = 250;

/// Whether the sample may run before anybody asks for it, so that the first wire answers at once.
bool isQuick(const ProjectDocument& document)
{
    constexpr std::int64_t mostParameters = 5'000'000;
    constexpr double mostMultiplyAdds = 1e9;
    const Analysis& analysis = document.analysis();
    return document.project().data.find("source") && !analysis.nodes.empty() && !hasErrors(analysis.diagnostics)
        && analysis.parameters <= mostParameters && analysis.multiplyAdds <= mostMultiplyAdds;
}

/// Nobody waits for the answer: a fault is told when a wire is looked at.
void prepare(WorkerClient& worker, const QJsonObject& network)
{
    worker.request(QStringLiteral("wire.tensor"), network, &worker, [](const QJsonObject&, const QString&) {});
}

} // namespace

NetworkInsight::NetworkInsight(ProjectDocument* document, RunController* runs, WorkerClient* worker, QObject* parent) :
    QObject(parent), m_document(document), m_runs(runs), m_worker(worker)
{
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMs);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (!m_port.isEmpty())
            askFor(m_port);
        else if (isQuick(*m_document) && !m_runs->isGoing())
            prepare(*m_worker, network());
    });
    connect(document, &ProjectDocument::reset, this, [this] {
        m_port.clear();
        pin({});
    });
    connect(document, &ProjectDocument::analysisChanged, &m_refresh, qOverload<>(&QTimer::start));
    connect(runs, &RunController::runChanged, &m_refresh, qOverload<>(&QTimer::start));
    connect(runs, &RunController::eventRead, this, [this](const QJsonObject& event) {
        if (event.value(QStringLiteral("event")).toString() == QLatin1String("checkpoint"))
            m_refresh.start(); // what is shown stays until newer numbers are there
    });
}

void NetworkInsight::pin(const PinnedSample& sample)
{
    if (sample == m_pinned)
        return;
    m_pinned = sample;
    Q_EMIT pinnedChanged();
    if (!m_port.isEmpty())
        askFor(m_port);
}

QJsonObject NetworkInsight::network() const
{
    QJsonObject params = projectRequest(*m_document);
    params.insert(QStringLiteral("run"), m_runs->runDir());
    return params;
}

void NetworkInsight::askFor(const QString& port)
{
    m_port = port;
    if (m_tensorRequest != 0)
        m_worker->cancel(m_tensorRequest);
    Q_EMIT asked();
    QJsonObject params = network();
    params.insert(QStringLiteral("port"), port);
    params.insert(QStringLiteral("split"), m_pinned.split);
    params.insert(QStringLiteral("index"), m_pinned.index);
    m_tensorRequest = m_worker->request(QStringLiteral("wire.tensor"), params, this, [this, port](const QJsonObject& result, const QString& error) {
        m_tensorRequest = 0;
        if (error.isEmpty())
            Q_EMIT arrived(port, result);
        else
            Q_EMIT refused(port, error);
    });
}

void NetworkInsight::forget()
{
    m_port.clear();
    if (m_tensorRequest != 0)
        m_worker->cancel(m_tensorRequest);
    m_tensorRequest = 0;
}

} // namespace weft
