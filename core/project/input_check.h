#pragma once

#include <vector>

#include "core/base/diagnostic.h"
#include "core/project/data_check.h"

// The part of checkAgainstData that looks at what layers read.

namespace weft {

/// What a node gives for a parameter, or what counts where it says nothing.
const Tree& valueOf(const Node& node, const ParamSpec& param);

/// Layers that read a column which the data do not have; the fixes name those most like it.
void checkColumns(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics);
/// Inputs that take their column in another shape or as another kind of values.
void checkInputs(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics);
/// Layers behind an Input with fewer rows than its column has tokens.
void checkVocabularies(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics);

} // namespace weft
