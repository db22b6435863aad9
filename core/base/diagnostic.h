#pragma once

#include <string>
#include <vector>

#include "core/base/edit.h"
#include "core/base/text.h"

namespace weft {

enum class Severity { Hint, Warning, Error };

/// A remedy for a diagnostic: what the button says and the edits that mend the fault.
struct Fix {
    Message label;
    Edits edits;
};

/// A fault in the user's work, shown on the node. Data only; texts are translated at the borders.
struct Diagnostic {
    std::string code;     ///< stable, e.g. "shape.mismatch"
    Severity severity = Severity::Error;
    std::string node;     ///< id of the node, empty for the whole project
    Message message;
    std::vector<Fix> fixes;
    std::string inner = {}; ///< where `node` is an instance of a block, the way to the node inside: "conv1", "branch/conv1"
};

bool hasErrors(const std::vector<Diagnostic>& diagnostics);

} // namespace weft
