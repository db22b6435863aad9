#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/data/dataset.h"
#include "core/network/lowering.h"
#include "core/project/project.h"

namespace weft {

/// What the checks of a network against its data need to know of them.
struct DataFacts {
    std::vector<Column> columns;
    std::vector<std::string> classNames;
    std::vector<std::int64_t> classCounts; ///< samples of each class in the training part; empty without classes
    std::int64_t trainingSamples = 0;
};
DataFacts factsOf(const Dataset& dataset);

/// What is wrong or doubtful about the network for these data: a column that they do not have, an Input that takes its
/// column as something else, a vocabulary too small for the tokens, a number of classes that is not that of the labels,
/// rare classes that the loss does not weigh, far more weights than samples. The fixes are edits.
std::vector<Diagnostic> checkAgainstData(const Project& project, const Analysis& analysis, const DataFacts& facts);

} // namespace weft
