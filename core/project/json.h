#pragma once

#include <map>
#include <string>

#include "core/base/error.h"
#include "core/base/tree.h"

namespace weft {

/// A JSON text as a tree, with the line on which each key or element stands, for messages.
struct JsonDocument {
    Tree root;
    std::string name; ///< of the file, for messages
    std::map<std::string, int> lines; ///< by path, such as "nodes/3/params/filters"; the root is ""

    /// The line of `path` or of the nearest thing around it.
    int lineOf(std::string path) const;
};

/// Reads JSON by RFC 8259. Throws Error with the name, the line and what is wrong: damage, a file that
/// ends in the middle, a key twice in one map, nesting deeper than 64, bytes that are no UTF-8.
/// `withLines` fills `lines`.
JsonDocument parseJson(const std::string& text, const std::string& name, bool withLines);

/// A tree on one line: `{"a": 1, "b": [1, 2.0]}`. Reals keep every bit and a point or exponent, so that
/// they stay reals; infinities and NaN, which JSON lacks, become null.
std::string jsonLine(const Tree& tree);
/// A text with its quotes and escapes.
std::string jsonText(const std::string& text);

} // namespace weft
