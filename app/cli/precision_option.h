#pragma once

#include "app/cli/arguments.h"
#include "core/engine/session.h"

namespace weft::cli {

/// `--tf32 on|off`.
Option tf32Option();

/// What `--precision` and `--tf32` ask for; `auto` counts as fp32. Throws UsageError where they contradict each other, and
/// Error with the reason where the device of the session would only be slower.
Precision askedPrecision(const Arguments& arguments, const SessionOptions& session);

/// For a run that began with `ofRun` and goes on: throws Error where the arguments ask for another.
void checkSamePrecision(const Arguments& arguments, Precision ofRun);

} // namespace weft::cli
