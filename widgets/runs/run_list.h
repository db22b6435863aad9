#pragma once

#include <string>
#include <vector>

#include <QJsonObject>
#include <QString>

namespace weft {

/// Folders of a project's runs in the default place, newest first.
std::vector<QString> runFolders(const std::string& projectId);
/// "running", "finished", … translated.
QString runStateText(const std::string& state);
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
