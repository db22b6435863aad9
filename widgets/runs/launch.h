#pragma once

#include <QString>
#include <QStringList>

#include "core/project/project.h"

namespace weft {

/// A `weft train` process that was started detached.
struct StartedRun {
    QString runDir;
    QString stagingDir; ///< holds the snapshot and train.log until the run folder is there
    qint64 processId = 0;
};

/// The project with every relative data path made absolute, so that its snapshot finds the data from
/// any folder.
Project withAbsolutePaths(Project project, const QString& baseDir);

/// Writes the project, with absolute data paths, as `name`.weft into a folder that is there; gives its path. Throws Error.
QString writeSnapshot(const Project& project, const QString& name, const QString& baseDir, const QString& folder);

/// Writes a snapshot of `project` and starts `weft train` on it in a new run folder of the default
/// place. `arguments` are given to it too: where to train, and `script` where the user has written that of the job. What the process
/// prints goes to train.log. Throws Error.
StartedRun startTraining(const Project& project, const QString& name, const QString& baseDir, const QStringList& arguments, const QString& script = {});

/// Starts `weft follow` detached, which goes on with the job that a target has of the run. Gives the process' id; 0
/// where it did not start.
qint64 startFollowing(const QString& runDir);

/// Moves train.log into the run folder, once there is one, and removes the staging folder. True when
/// nothing is left to do.
bool settleStaging(const StartedRun& run);

/// True while the process exists.
bool isProcessAlive(qint64 processId);

} // namespace weft
