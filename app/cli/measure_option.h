#pragma once

#include "app/cli/arguments.h"
#include "core/engine/session.h"

namespace weft::cli {

/// `--measure-kernels on|off`.
Option measureOption();

/// What it asks for. Throws Error where the device of the session has nothing to measure.
bool asksForMeasuring(const Arguments& arguments, const SessionOptions& session);

} // namespace weft::cli
