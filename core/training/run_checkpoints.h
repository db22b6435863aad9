#pragma once

#include <cstdint>
#include <string>

#include "core/base/error.h"
#include "core/training/checkpoint.h"
#include "core/training/progress.h"
#include "core/training/run_folder.h"

namespace weft {

/// True when the checkpoint of this moment is the best one so far.
bool isBestCheckpoint(const TrainingProgress& progress);

/// Writes the checkpoint of `progress`, points `last` (and `best`) to it, removes older ones, but not the
/// best. Returns its name relative to the run folder. Throws Error; the checkpoints before then stay.
std::string storeCheckpoint(const RunPaths& run, const TensorFile& file, const TrainingProgress& progress);

/// A checkpoint of a run. Throws Error when it is damaged; a run writes no NaN or infinite number.
TensorFile readCheckpoint(const std::string& path);
/// The same for inference: where the run kept moving averages of the weights (`ema/…`), they are the weights.
TensorFile readTrainedModel(const std::string& path);

/// The same of a run's checkpoint by "best", "last" or a step number. Where it is damaged, Error names the newest that is whole.
TensorFile readTrainedModel(const RunPaths& run, const std::string& which);

/// Throws Error unless the position is one of a run with so many steps an epoch.
void checkPosition(const TrainingProgress& progress, std::int64_t stepsPerEpoch);

/// The fault of `checkpoint`, with the way to go on from the newest whole one if the run has one.
Error withOlderCheckpoint(const Error& error, const RunPaths& run, const std::string& checkpoint);

} // namespace weft
