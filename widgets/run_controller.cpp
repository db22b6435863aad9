#include "widgets/run_controller_private.h"

#include <algorithm>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>

#include "core/base/error.h"
#include "widgets/project_document.h"
#include "widgets/runs/run_list.h"
#include "widgets/text.h"

namespace weft {

namespace {

constexpr int tickMs = 100;

bool isHeld(const QString& dir)
{
    try {
        return RunLock::isHeld(pathsOf(dir).lock());
    } catch (const Error&) {
        return false;
    }
}

/// A process elsewhere trains it; the one here only follows.
bool isOfTarget(const QString& dir)
{
    return QFile::exists(QString::fromStdString(pathsOf(dir).target()));
}

enum class WhenGoing { Queue, Beside, Cancel };

WhenGoing askWhenGoing()
{
    QMessageBox box(QApplication::activeWindow());
    box.setObjectName(QStringLiteral("runIsGoing"));
    box.setIcon(QMessageBox::Question);
    box.setWindowTitle(RunController::tr("A run is going"));
    box.setText(RunController::tr("A run of this project is going."));
    box.setInformativeText(RunController::tr(
        "A queued run starts when it ends, as long as the Studio is open. Two runs at once share the processor and both take longer."));
    QPushButton* queue = box.addButton(RunController::tr("Queue"), QMessageBox::AcceptRole);
    queue->setObjectName(QStringLiteral("queue"));
    QPushButton* beside = box.addButton(RunController::tr("Run beside it"), QMessageBox::ActionRole);
    beside->setObjectName(QStringLiteral("beside"));
    box.addButton(RunController::tr("Cancel"), QMessageBox::RejectRole)->setObjectName(QStringLiteral("cancel"));
    box.setDefaultButton(queue);
    box.exec();
    return box.clickedButton() == queue ? WhenGoing::Queue : box.clickedButton() == beside ? WhenGoing::Beside : WhenGoing::Cancel;
}

} // namespace

RunController::RunController(ProjectDocument* document, QObject* parent) : QObject(parent), m_private(std::make_unique<Private>())
{
    m_private->self = this;
    m_private->document = document;
    m_private->keeper = new JobKeeper(this);
    m_private->tick.setInterval(tickMs);
    connect(&m_private->tick, &QTimer::timeout, this, [this] { m_private->onTick(); });
    connect(document, &ProjectDocument::reset, this, &RunController::showNewest);
    connect(m_private->keeper, &JobKeeper::taken, this, [this](const QString& taken) {
        if (taken == m_private->dir)
            m_private->tellTrouble();
        Q_EMIT runsChanged();
    });
}

RunController::~RunController() = default;

RunController::State RunController::state() const
{
    return m_private->state;
}

bool RunController::isGoing() const
{
    return m_private->state == State::Starting || m_private->state == State::Running || m_private->state == State::Paused
        || m_private->state == State::Stopping;
}

QString RunController::runDir() const
{
    return m_private->dir;
}

void RunController::setPlace(const QStringList& arguments)
{
    m_private->place = arguments;
}

void RunController::replay()
{
    const QString dir = runDir();
    show({});
    show(dir);
}

int RunController::queued() const
{
    return static_cast<int>(m_private->queue.size());
}

qint64 RunController::stepsPerEpoch() const
{
    return m_private->facts.stepsPerEpoch;
}

qint64 RunController::epochsDone() const
{
    return stepsPerEpoch() > 0 ? m_private->step / stepsPerEpoch() : 0;
}

double RunController::progress() const
{
    if (m_private->state == State::Finished && !m_private->wasStopped)
        return 1;
    const qint64 total = m_private->facts.epochs * m_private->facts.stepsPerEpoch;
    return total > 0 ? std::clamp(static_cast<double>(m_private->step) / static_cast<double>(total), 0.0, 1.0) : 0;
}

QString RunController::progressText() const
{
    const QString text = m_private->ownText();
    const QString waiting = queued() > 0 ? tr("%n run(s) queued", nullptr, queued()) : QString();
    return text.isEmpty() || waiting.isEmpty() ? text + waiting : text + QStringLiteral(" · ") + waiting;
}

RunController::Private::Waiting RunController::Private::whatIsThere(const QStringList& at) const
{
    return {document->project(), document->displayName(), document->baseDir(), at};
}

bool RunController::Private::mayTrain() const
{
    for (const Diagnostic& diagnostic : document->analysis().diagnostics) {
        if (diagnostic.severity != Severity::Error)
            continue;
        const QString node = diagnostic.node.empty() ? QString() : QString::fromStdString(diagnostic.node) + QStringLiteral(": ");
        Q_EMIT self->failed(RunController::tr("The network cannot be trained yet. %1%2").arg(node, translated(diagnostic)));
        return false;
    }
    return true;
}

void RunController::trainByScript(const QString& target, const QString& script)
{
    if (!m_private->mayTrain())
        return;
    Private::Waiting what = m_private->whatIsThere({QStringLiteral("--target"), target});
    what.script = script;
    m_private->start(what, true);
}

void RunController::train()
{
    if (!m_private->mayTrain())
        return;
    Private::Waiting what = m_private->whatIsThere(m_private->place);
    // What trains elsewhere takes nothing from what trains here.
    if (what.place.contains(QStringLiteral("--target")) || !m_private->isProjectGoing()) {
        m_private->start(what, true);
        return;
    }
    switch (askWhenGoing()) {
    case WhenGoing::Queue:
        m_private->queue.push_back(std::move(what));
        m_private->tick.start();
        Q_EMIT runsChanged();
        Q_EMIT progressChanged();
        return;
    case WhenGoing::Beside: m_private->start(what, true); return;
    case WhenGoing::Cancel: return;
    }
}

void RunController::dropQueued()
{
    if (m_private->queue.empty())
        return;
    m_private->queue.pop_back();
    Q_EMIT runsChanged();
    Q_EMIT progressChanged();
}

void RunController::pause()
{
    m_private->control(QStringLiteral("pause"));
}

void RunController::resume()
{
    m_private->control(QStringLiteral("resume"));
}

void RunController::stop()
{
    if (!isGoing())
        return;
    m_private->isStopping = true;
    m_private->control(QStringLiteral("stop"));
    if (m_private->state == State::Running || m_private->state == State::Paused)
        m_private->setState(State::Stopping);
}

void RunController::send(const QString& runDir, const QString& command)
{
    try {
        sendControl(pathsOf(runDir), command);
    } catch (const Error& error) {
        Q_EMIT failed(translated(error.message()));
    }
    m_private->keeper->look();
}

void RunController::show(const QString& runDir)
{
    const QString clean = runDir.isEmpty() ? QString() : QDir::cleanPath(runDir);
    if (clean == m_private->dir && m_private->feed)
        return;
    m_private->forgetRun();
    m_private->dir = clean;
    Q_EMIT runChanged(clean);
    if (clean.isEmpty()) {
        m_private->setState(State::Idle);
        return;
    }
    m_private->facts = runFacts({}, clean);
    if (m_private->isStartingShown())
        m_private->setState(State::Starting);
    m_private->feed = std::make_unique<EventFeed>(clean);
    connect(m_private->feed.get(), &EventFeed::read, this, [this](const EventList& events) { m_private->takePortion(events); });
    connect(m_private->feed.get(), &EventFeed::jobChanged, this, [this](const JobReport& report) { m_private->takeJob(report); });
    connect(m_private->feed.get(), &EventFeed::aliveChanged, this, [this](bool alive) { m_private->takeAlive(alive); });
}

void RunController::showNewest()
{
    for (const QString& dir : runFolders(m_private->document->project().id)) {
        if (QFile::exists(QString::fromStdString(pathsOf(dir).events()))) {
            show(dir);
            return;
        }
    }
    show({});
}

void RunController::Private::setState(State next)
{
    if (next == state)
        return;
    state = next;
    Q_EMIT self->stateChanged(next);
    Q_EMIT self->progressChanged();
    if (next != State::Stopping)
        Q_EMIT self->runsChanged();
}

void RunController::Private::onTick()
{
    for (auto run = starting.begin(); run != starting.end();) {
        if (settleStaging(*run)) {
            run = starting.erase(run);
            continue;
        }
        if (isProcessAlive(run->processId)) {
            ++run;
            continue;
        }
        const StartedRun dead = *run;
        run = starting.erase(run);
        // It may have written its first event between the two looks.
        if (!settleStaging(dead)) {
            const QString log = lastLines(dead.stagingDir + QStringLiteral("/train.log"), 3);
            QDir(dead.stagingDir).removeRecursively();
            if (dead.runDir == dir)
                setState(State::Failed);
            Q_EMIT self->failed(log.isEmpty() ? RunController::tr("Training ended before it began.") : log);
        }
    }
    if (!queue.empty() && !isProjectGoing()) {
        const Waiting next = std::move(queue.front());
        queue.pop_front();
        start(next, true);
        Q_EMIT self->runsChanged();
    }
    if (starting.empty() && queue.empty())
        tick.stop();
}

void RunController::Private::start(const Waiting& what, bool showsIt)
{
    try {
        starting.push_back(startTraining(what.project, what.name, what.baseDir, what.place, what.script));
        keeper->expect(starting.back().runDir, starting.back().processId);
    } catch (const Error& error) {
        Q_EMIT self->failed(translated(error.message()));
        return;
    }
    tick.start();
    if (!showsIt)
        return;
    untold = starting.back().runDir;
    self->show(untold);
}

void RunController::Private::control(const QString& command)
{
    if (!dir.isEmpty() && self->isGoing())
        self->send(dir, command);
}

bool RunController::Private::isStartingShown() const
{
    return std::any_of(starting.begin(), starting.end(), [this](const StartedRun& run) { return run.runDir == dir; });
}

bool RunController::Private::isProjectGoing() const
{
    if (std::any_of(starting.begin(), starting.end(), [](const StartedRun& run) { return !isOfTarget(run.runDir); }))
        return true;
    const std::vector<QString> folders = runFolders(document->project().id);
    return std::any_of(folders.begin(), folders.end(), [](const QString& folder) { return !isOfTarget(folder) && isHeld(folder); });
}

} // namespace weft
