#pragma once

#include <cstdint>
#include <string>

#include "core/base/tree.h"

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
    friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

/// Reads {"optimizer": {"type", "learningRate", "momentum", "nesterov", "beta1", "beta2", "epsilon",
/// "weightDecay"}, "epochs", "batchSize", "seed", "shuffle"}. Throws Error for unknown keys, wrong
/// kinds and ranges.
TrainingSettings trainingSettings(const Tree& training);
/// The inverse, with every key, for forms.
Tree trainingTree(const TrainingSettings& settings);

} // namespace weft
