#pragma once

#include <string>
#include <vector>

#include "core/base/attributes.h"
#include "core/training/settings.h"

namespace weft {

/// An optimizer as project files name it.
struct OptimizerInfo {
    std::string name; ///< "adamw"
    std::string title; ///< "AdamW"; a proper name, the same in all languages
    std::vector<std::string> keys; ///< the settings of `training.optimizer` that only some optimizers read
    void (*setDefaults)(TrainingSettings&) = nullptr; ///< where they differ from those of TrainingSettings
};

/// All of them, the usual ones first.
const std::vector<OptimizerInfo>& optimizers();
/// The one of this name, or nullptr.
const OptimizerInfo* findOptimizer(const std::string& name);

/// How the optimizer of the settings is computed.
struct OptimizerRule {
    std::string op; ///< of core/ops/optimizer_update
    Attributes numbers;
    std::vector<std::string> slots; ///< names of what it remembers for each parameter
};
OptimizerRule optimizerRule(const TrainingSettings& settings);

} // namespace weft
