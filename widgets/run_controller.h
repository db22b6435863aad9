#pragma once

#include <memory>

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QStringList>

namespace weft {

class ProjectDocument;

/// Starts and steers training processes for the open project, and watches the run that is shown.
/// Training itself is `weft train`, detached: it outlives the Studio. GUI thread only.
class RunController : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, Starting, Running, Paused, Stopping, Finished, Failed };
    Q_ENUM(State)

    explicit RunController(ProjectDocument* document, QObject* parent = nullptr);
    ~RunController() override;

    State state() const;
    /// True while a process trains the shown run, or is about to.
    bool isGoing() const;
    /// Folder of the run that is shown; empty when there is none.
    QString runDir() const;
    /// "epoch 4 of 10 · 20,900 samples/s · 18 s left", and how many runs wait.
    QString progressText() const;
    double progress() const; ///< 0 to 1
    /// Where runs that are started from now on train: what `weft train` is given for it, such as --device cpu.
    void setPlace(const QStringList& arguments);
    /// True where a target trains the shown run and has not ended it.
    bool isOnTarget() const;
    /// Tells everything about the shown run once more, for panels that were made anew.
    void replay();
    /// How many runs wait for the one that is going.
    int queued() const;
    /// Takes back the run that would start last. Nothing happens when none waits.
    void dropQueued();
    /// Epochs of the shown run that are complete.
    qint64 epochsDone() const;
    /// Steps of one epoch of the shown run; 0 until known.
    qint64 stepsPerEpoch() const;

public Q_SLOTS:
    /// Saves a snapshot and starts `weft train`. When a run of this project is going it asks: queue,
    /// run beside it, or cancel.
    void train();
    /// The same on a target whose jobs are scripts, by a script that the user has written.
    void trainByScript(const QString& target, const QString& script);
    void pause();
    void resume();
    void stop();
    /// Ends the shown run's job on its target at once; what was not saved is lost.
    void end();
    /// Commands a run, whether it is shown or not; who follows its job is told at once.
    void send(const QString& runDir, const QString& command);
    /// Shows a run (also one that an earlier Studio started) and follows it while it lives. An empty
    /// folder shows none.
    void show(const QString& runDir);
    /// Finds the newest run of the open project and shows it.
    void showNewest();

Q_SIGNALS:
    void stateChanged(weft::RunController::State state);
    /// Another run is shown: forget what was drawn. Its events follow from the first on.
    void runChanged(const QString& runDir);
    /// Every event of the run, in order, as it is read from the run folder.
    void eventRead(const QJsonObject& event);
    void progressChanged();
    /// A run started or ended or waits: lists of runs are out of date.
    void runsChanged();
    void failed(const QString& message);

private:
    struct Private;
    std::unique_ptr<Private> m_private;
};

} // namespace weft
