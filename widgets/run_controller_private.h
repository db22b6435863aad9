#pragma once

#include <deque>
#include <memory>
#include <vector>

#include <QTimer>

#include "core/training/run_folder.h"
#include "widgets/run_controller.h"
#include "widgets/runs/event_feed.h"
#include "widgets/runs/launch.h"
#include "widgets/runs/run_list.h"
#include "widgets/targets/job_keeper.h"

// What a RunController remembers: for its own sources only.

namespace weft {

/// Places of a run's files.
inline RunPaths pathsOf(const QString& dir)
{
    return RunPaths{dir.toStdString()};
}

struct RunController::Private {
    /// A run that waits: the project as it was when Train was pressed.
    struct Waiting {
        Project project;
        QString name;
        QString baseDir;
        QStringList place;
        QString script = {}; ///< the user's own, for a target
    };

    RunController* self = nullptr;
    QStringList place; ///< for `weft train`
    /// The project as it is now, to be trained at a place.
    Waiting whatIsThere(const QStringList& at) const;
    bool mayTrain() const;
    JobKeeper* keeper = nullptr;
    ProjectDocument* document = nullptr;
    State state = State::Idle;
    QString dir;
    std::unique_ptr<EventFeed> feed;
    QTimer tick;
    std::vector<StartedRun> starting;
    std::deque<Waiting> queue;
    QString untold; ///< the run that was started last, until its end was told: it may be over before it is first looked at

    // Of the shown run, as its events told.
    State said = State::Idle;
    bool isAlive = false;
    bool wasAlive = false;
    bool isStopping = false;
    bool wasStopped = false;
    QString failure;
    bool hasToldTrouble = false; ///< of a job that nobody could submit yet
    QString jobText; ///< how the job of a target stands, while nothing else tells
    RunFacts facts;
    qint64 step = 0;
    /// Mean over the last events, so that the time left does not jump with each of them.
    double secondsPerSample = 0;
    bool isFirstRate = true;

    void takeRate(double samplesPerSecond);
    QString ownText() const;
    void setState(State next);
    void forgetRun();
    void take(const QJsonObject& event);
    void takePortion(const EventList& events);
    void takeAlive(bool alive);
    void settle();
    void onTick();
    void start(const Waiting& what, bool showsIt);
    void control(const QString& command);
    bool isStartingShown() const;
    bool isProjectGoing() const;
    void reportDeath();
    void takeJob(const JobReport& report);
    bool isShownUnfollowed() const;
    bool isShownUnsubmitted() const;
    void tellTrouble();
    qint64 epochNow() const;
    QString epochText() const;
};

} // namespace weft
