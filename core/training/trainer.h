#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QJsonObject>

#include "core/base/tree.h"
#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/network/network.h"
#include "core/training/settings.h"

namespace weft {

/// What to train. The caller has read the project; `snapshot` is its text for the run folder.
struct TrainingJob {
    Network network;
    TrainingSettings settings;
    const Dataset* dataset = nullptr;
    std::string snapshot;
    std::string projectId;
    std::string projectName;
    std::string projectPath; ///< the file the user named; may be empty
    std::string baseDir; ///< folder that relative data paths of the snapshot refer to
};

struct TrainingOptions {
    std::string runDir;
    bool resume = false;
    /// On resume: take settings.epochs from the job, not from the checkpoint.
    bool epochsGiven = false;
    SessionOptions session; ///< its seed is replaced by that of the settings
    /// What was measured to choose how to compute; `run.json` keeps it as "measured".
    QJsonObject measured;
    std::string weightsFile; ///< safetensors with `param/…` keys to start from
    /// Sees every event after it was written; for the progress bar and `--follow`. Called by the
    /// trainer's or the control thread, one call at a time.
    std::function<void(const QJsonObject&)> onEvent;
    /// Sees progress inside an epoch, at most ten times a second. Loss and accuracy are the epoch's means;
    /// samplesPerSecond is 0 until it is known.
    std::function<void(std::int64_t epoch, std::int64_t step, std::int64_t stepsPerEpoch, double loss, double accuracy, double samplesPerSecond)>
        onProgress;
    /// Set from a signal handler: finish the batch, write a checkpoint, stop.
    const std::atomic<bool>* stopRequested = nullptr;
    /// The same, but the end is `Saved`: the run is to be resumed.
    const std::atomic<bool>* saveRequested = nullptr;
};

enum class TrainingEnd { Finished, Stopped, Saved };

/// Trains in this thread and writes the run folder as ARCHITECTURE.md describes. Throws Error for
/// faults (after a `failed` event): bad network, NaN loss, full disk, changed data; and, without
/// touching the folder, when it is no fresh one, another process uses it, or the memory does not suffice.
TrainingEnd train(const TrainingJob& job, const TrainingOptions& options);

} // namespace weft
