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

namespace weft {

/// The project's `training` with defaults filled in and checked.
struct TrainingSettings {
    std::string optimizer = "adam"; ///< "sgd" or "adam"
    double learningRate = 1e-3;
    double momentum = 0.0;
    bool nesterov = false;
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double weightDecay = 0.0;
    std::int64_t epochs = 5;
    std::int64_t batchSize = 64;
    std::uint64_t seed = 1;
    bool shuffle = true;
};

/// Reads {"optimizer": {"type", "learningRate", "momentum", "nesterov", "beta1", "beta2", "epsilon",
/// "weightDecay"}, "epochs", "batchSize", "seed", "shuffle"}. Throws Error for wrong kinds and ranges.
TrainingSettings trainingSettings(const Tree& training);
/// The inverse, with every key, for forms.
Tree trainingTree(const TrainingSettings& settings);

/// What to train. The caller has read the project; `snapshot` is its text for the run folder.
struct TrainingJob {
    Network network;
    TrainingSettings settings;
    const Dataset* dataset = nullptr;
    std::string snapshot;
    std::string projectId;
    std::string projectName;
};

struct TrainingOptions {
    std::string runDir;
    bool resume = false;
    SessionOptions session;
    std::string weightsFile;       ///< safetensors with `param/…` keys to start from
    /// Sees every event after it was written; for the progress bar and `--follow`.
    std::function<void(const QJsonObject&)> onEvent;
    /// Sees progress inside an epoch, at most ten times a second.
    std::function<void(std::int64_t epoch, std::int64_t step, std::int64_t stepsPerEpoch, double loss, double accuracy, double samplesPerSecond)> onProgress;
    /// Set from a signal handler: finish the batch, write a checkpoint, stop.
    const std::atomic<bool>* stopRequested = nullptr;
};

enum class TrainingEnd { Finished, Stopped };

/// Trains in this thread and writes the run folder as ARCHITECTURE.md describes. Throws Error for
/// faults (after a `failed` event): bad network, NaN loss, full disk, a run that another process uses.
TrainingEnd train(const TrainingJob& job, const TrainingOptions& options);

} // namespace weft
