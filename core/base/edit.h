#pragma once

#include <string>
#include <vector>

#include "core/base/tree.h"

namespace weft {

/// One change of a project as a value. `path` names the place with slashes
/// (`nodes/conv1/params/filters`); null `before` means it was absent, null `after` removes it.
struct Edit {
    std::string path;
    Tree before;
    Tree after;

    Edit reversed() const { return {path, after, before}; }
    friend bool operator==(const Edit&, const Edit&) = default;
};

/// Edits that belong together: one undo step with a name the user reads.
using Edits = std::vector<Edit>;

} // namespace weft
