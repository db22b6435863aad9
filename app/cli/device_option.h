#pragma once

#include <string>

#include "app/cli/command.h"
#include "core/engine/session.h"

namespace weft::cli {

/// `--device auto|cpu|cuda[:N]`, for every command that computes.
Option deviceOption();

/// Session options for a value of `--device`; `auto` takes a CUDA card where one can be used. Throws
/// UsageError for other words and Error with the reason when the device cannot be used here.
SessionOptions sessionOn(const std::string& device);

/// "cpu", "cuda:0"
std::string deviceId(const SessionOptions& session);

} // namespace weft::cli
