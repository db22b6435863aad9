#pragma once

#include <chrono>

#include <QJsonObject>

#include "core/training/run_folder.h"

namespace weft {

/// Sends a command to the job that trains a run on a target, while nobody mirrors it, and waits for the run's answer: its
/// `control` event. The command is written to the run's own file as well; whoever mirrors the run later knows of it.
/// Throws Error where no target trains the run, the job does not train (yet), or no answer comes.
QJsonObject controlJob(const RunPaths& run, const QString& command, const QString& key, const QString& value, std::chrono::seconds limit);

} // namespace weft
