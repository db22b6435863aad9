#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace weft
{

/// What a run folder says of itself, for tables and for the end of a run.
struct RunSummary {
    enum class State { Running, Paused, Finished, Stopped, Failed, Interrupted };

    QString dir;
    QDateTime started; ///< local time; invalid when the run never wrote an event
    State state = State::Interrupted;
    qint64 epochsDone = 0;
    qint64 epochs = 0; ///< 0 when unknown
    std::optional<double> bestMetric; ///< of validation, else of training
    QString metric; ///< "accuracy"
    std::optional<double> bestLoss;
    QString failure; ///< why it failed
};

/// Reads one run folder. Missing or damaged files leave fields empty; never throws.
RunSummary readRunSummary(const QString& dir);
/// Folders of a project's runs in the default place, newest first.
std::vector<QString> runFolders(const std::string& projectId);
/// "running", "finished", … translated.
QString nameOf(RunSummary::State state);
/// The last `count` lines of a text file, e.g. of train.log; empty when there is none.
QString lastLines(const QString& file, int count);

/// Numbers of a run that events count with.
struct RunFacts {
    qint64 epochs = 0;
    qint64 stepsPerEpoch = 0;
    qint64 batchSize = 0;
};
/// From a `started` event, filled up from the folder's run.json; zeros where nothing is known.
RunFacts runFacts(const QJsonObject& started, const QString& dir);

} // namespace weft
