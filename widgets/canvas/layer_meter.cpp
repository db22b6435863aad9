#include "widgets/canvas/layer_meter.h"

#include <algorithm>
#include <utility>

#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

/// Behind the last of several edits; the shapes are checked first.
constexpr int behindEditMs = 400;
/// Measuring takes a second of what a training could have, and of what who looks at wires waits for.
constexpr int apartMs = 3000;

} // namespace

LayerMeter::LayerMeter(ProjectDocument* document, RunController* runs, WorkerClient* worker, NetworkInsight* insight, CanvasScene* scene) :
    QObject(scene), m_document(document), m_worker(worker), m_insight(insight), m_scene(scene)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &LayerMeter::measure);
    connect(scene, &CanvasScene::figureChanged, this, &LayerMeter::follow);
    connect(document, &ProjectDocument::reset, this, [this] {
        m_scene->setMeasured({});
        restart(behindEditMs);
    });
    connect(document, &ProjectDocument::edited, this, [this](const Edits& edits) {
        const bool isOnlyLook = std::all_of(edits.begin(), edits.end(), [](const Edit& edit) { return edit.path.starts_with("view"); });
        if (!isOnlyLook)
            restart(behindEditMs);
    });
    connect(document, &ProjectDocument::dataProblemsChanged, this, [this] {
        if (!m_problem.isEmpty())
            restart(0); // what was in the way may be mended
    });
    connect(runs, &RunController::runChanged, this, [this] { restart(behindEditMs); });
    connect(runs, &RunController::eventRead, this, [this](const QJsonObject& event) {
        if (event.value(QStringLiteral("event")).toString() == QLatin1String("checkpoint"))
            takeNewWeights();
    });
    connect(insight, &NetworkInsight::asked, this, [this] {
        if (m_request != 0)
            restart(apartMs);
    });
    follow();
}

bool LayerMeter::isWanted() const
{
    return isMeasured(m_scene->figure());
}

void LayerMeter::follow()
{
    if (isWanted() == std::exchange(m_isFollowing, isWanted()))
        return;
    if (m_isFollowing)
        return restart(0);
    stop();
    Q_EMIT changed();
}

void LayerMeter::stop()
{
    m_timer.stop();
    if (m_request != 0)
        m_worker->cancel(m_request);
    m_request = 0;
    m_hasNewWeights = false;
}

/// What is being measured counts no more; it begins anew when nothing has changed for so long.
void LayerMeter::restart(int milliseconds)
{
    if (!isWanted())
        return;
    stop();
    m_timer.start(milliseconds);
    Q_EMIT changed();
}

/// Those that are being measured are worth knowing all the same: else a fast training would never show any.
void LayerMeter::takeNewWeights()
{
    if (m_request != 0)
        m_hasNewWeights = true;
    else if (!m_timer.isActive())
        restart(behindEditMs);
}

QString LayerMeter::whyNot() const
{
    if (!m_document->project().data.find("source"))
        return tr("Layers are measured on a batch of the data: choose them first.");
    if (hasErrors(m_document->problems()))
        return tr("Layers are measured as soon as the network has no faults.");
    return {};
}

void LayerMeter::measure()
{
    m_problem = whyNot();
    if (!m_problem.isEmpty()) {
        Q_EMIT changed();
        return;
    }
    m_request = m_worker->request(QStringLiteral("network.measure"), m_insight->network(), this, [this](const QJsonObject& answer, const QString& error) {
        m_request = 0;
        m_problem = error;
        if (std::exchange(m_hasNewWeights, false))
            m_timer.start(apartMs);
        if (error.isEmpty())
            m_scene->setMeasured(measuredNetwork(answer));
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

} // namespace weft
