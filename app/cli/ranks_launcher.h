#pragma once

#include <functional>
#include <string>

#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/stop_signals.h"

namespace weft::cli {

/// `weft train --ranks N`: starts the ranks on this machine and starts them again, up to three times, where one was
/// lost; they go on from the last checkpoint. `onEvent` sees the run's events as they are written, `asked` ends the run
/// by the ranks' own hands. Returns the exit code. Throws Error where ranks cannot be started.
int launchRanks(const Arguments& arguments, const std::string& runDir, const std::function<void(const QJsonObject&)>& onEvent,
                const StopSignals& asked);

} // namespace weft::cli
