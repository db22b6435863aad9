#pragma once

#include <string>
#include <vector>

#include "core/base/diagnostic.h"

namespace weft {

class ProjectDocument;

/// A node that edits add, and the block in whose sheet; empty for the network's own.
struct AddedNode {
    std::string block;
    std::string id;
};
std::vector<AddedNode> addedNodes(const Edits& edits);

/// Mends a fault in one undo step. Layers that the remedy adds get a place between those that they are wired to.
/// Throws Error when the network has changed since the remedy was made.
void performFix(ProjectDocument& document, const Fix& fix);

} // namespace weft
