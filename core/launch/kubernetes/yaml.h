#pragma once

#include <string>
#include <vector>

#include "core/base/tree.h"

namespace weft {

/// Objects as YAML documents. Every text is quoted, or stands in a literal block where it has several lines that need no
/// escapes: no value, whatever it holds, becomes another type, a key or a document. Throws Error for bytes that are no UTF-8.
std::string yamlDocuments(const std::vector<Tree>& objects);

} // namespace weft
