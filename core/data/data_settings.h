#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/tree.h"
#include "core/data/text_encoder.h"
#include "core/data/text_encoding.h"

namespace weft {

/// How many samples are set aside for a split: the last `count`, a fraction drawn by the seed, or one of
/// several folds that share the samples of each class evenly.
struct SplitRule {
    std::int64_t count = 0;
    double fraction = 0;
    bool isLast = false;
    std::int64_t folds = 0; ///< 0: none
    std::int64_t fold = 0;
};

/// A project's `data` tree, checked, with paths resolved. What is absent stays at its default here and
/// is decided by the source.
struct DataSettings {
    std::string source; ///< "fashion-mnist", "idx", "images", "csv", "text", "fortunes", "fortunes-zh"
    std::string path; ///< absolute; empty when the source needs none
    std::string labelColumn; ///< csv, text: by name; empty: the last column
    std::string labelKind; ///< csv: "class", "number"; empty: seen from the values
    std::int64_t height = 0, width = 0; ///< images; 0: from the first image
    std::int64_t channels = 0; ///< images: 1 or 3; 0: 1 when all are grey
    std::vector<std::string> classNames; ///< idx; empty: the numbers. text: the class of each of `files`
    std::string textColumn; ///< text in a table; empty: "text", or the column with the longest fields
    std::vector<std::string> files; ///< text in a folder, one for each class; empty: all
    TextEncoding encoding = TextEncoding::Automatic; ///< text
    bool attributions = true; ///< text: lines that say where a fortune comes from count
    bool fitsTokens = true; ///< text: `text.tokens` is chosen by the texts
    TextSettings text; ///< text
    std::optional<SplitRule> validation;
    std::optional<SplitRule> test; ///< that of "folds" and "fold" as well
    std::uint64_t seed = 1; ///< of the split
};

/// Reads {"source", "path"?, "validation"?, "test"?, "folds"?, "fold"?, "seed"?, "size"?, "channels"?,
/// "labelColumn"?, "labelKind"?, "classNames"?, "textColumn"?, "files"?, "encoding"?, "attributions"?,
/// "tokens"?, "maxLength"?, "vocabularySize"?, "minCount"?, "bagOfWords"?}. `size` is an integer (square) or
/// [height, width]. Throws Error for unknown keys and sources (with the nearest known one) and for values of
/// the wrong kind or range.
DataSettings dataSettings(const Tree& data, const std::string& baseDir);

} // namespace weft
