#pragma once

#include <string>
#include <vector>

#include "core/engine/session.h"
#include "core/training/checkpoint.h"

namespace weft {

/// Key of a variable in checkpoints: `param/NAME`, `state/NAME`, or the name itself for slots, which
/// are called `slot/…` already.
std::string checkpointKey(const std::string& name, Role role);

/// Adds every variable of a session to `file`.
void saveVariables(const Session& session, TensorFile& file);

/// Key of the first float32 array that holds a NaN or an infinity; empty when all are finite. Layers
/// such as BatchNorm may hide such weights from the loss.
std::string firstNotFinite(const TensorFile& file);

/// Writes every variable of `graph` from `file` into the session. Throws Error when one is missing or
/// has another shape (names it and both shapes).
void loadVariables(Session& session, const Graph& graph, const TensorFile& file);

/// Starts from given weights: writes every `param/…` and `state/…` of `file` into the session and
/// returns the names of parameters that `file` does not have. Throws Error for keys that the network
/// does not have and for other shapes. Keys of optimizer slots are passed over.
std::vector<std::string> loadWeights(Session& session, const TensorFile& file);

} // namespace weft
