#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/tree.h"

namespace weft {

/// How many samples are set aside for a split: the last `count`, or a fraction drawn by the seed.
struct SplitRule {
    std::int64_t count = 0;
    double fraction = 0;
    bool isLast = false;
};

/// A project's `data` tree, checked, with paths resolved. What is absent stays at its default here and
/// is decided by the source.
struct DataSettings {
    std::string source; ///< "fashion-mnist", "idx", "images", "csv"
    std::string path; ///< absolute; empty when the source needs none
    std::string labelColumn; ///< csv: by name; empty: the last column
    std::string labelKind; ///< csv: "class", "number"; empty: seen from the values
    std::int64_t height = 0, width = 0; ///< images; 0: from the first image
    std::int64_t channels = 0; ///< images: 1 or 3; 0: 1 when all are grey
    std::vector<std::string> classNames; ///< idx; empty: the numbers
    std::optional<SplitRule> validation;
    std::optional<SplitRule> test;
    std::uint64_t seed = 1; ///< of the split
};

/// Reads {"source", "path"?, "validation"?, "test"?, "seed"?, "size"?, "channels"?, "labelColumn"?,
/// "labelKind"?, "classNames"?}. `size` is an integer (square) or [height, width]. Throws Error for
/// unknown keys and sources (with the nearest known one) and for values of the wrong kind or range.
DataSettings dataSettings(const Tree& data, const std::string& baseDir);

} // namespace weft
