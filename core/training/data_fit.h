#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/data/dataset.h"
#include "core/network/lowering.h"

namespace weft {

/// Column index in `dataset` of each feed. Throws Error when a column is missing, its shape or element type
/// differs from what the network declares, or its sequences are longer than the network can hold; the message
/// names the layer, both sides and a remedy.
std::vector<int> bindFeeds(const Lowered& lowered, const Dataset& dataset);

/// Throws Error when a label lies outside the classes of the prediction it is compared with, or a number outside what
/// its loss compares with.
void checkTargets(const Lowered& lowered, const Dataset& dataset, Split split);

/// A number that a loss cannot compare with.
struct StrayNumber {
    std::string sample; ///< as the data name it
    double value = 0;
};
/// The first number of a split outside 0 to 1 that `loss`, one for answers of yes or no, compares with.
std::optional<StrayNumber> strayNumber(const Lowered& lowered, const LoweredLoss& loss, const Dataset& dataset, Split split);

/// The "kind" of an Input that takes a column of this type: image, tokens or numbers.
const char* inputKindOf(DType dtype);

/// Says that an output has more units than the data have classes: no fault, but rarely meant.
std::optional<Message> unusedClasses(const Lowered& lowered, const Dataset& dataset);

/// The first embedding that has no row for each of the indices 0 to `indexCount` − 1 of `feed`.
struct ShortTable {
    std::string node;
    std::int64_t rows = 0;
};
std::optional<ShortTable> shortTable(const Lowered& lowered, const LoweredFeed& feed, std::int64_t indexCount);

} // namespace weft
