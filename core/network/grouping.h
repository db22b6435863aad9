#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/network/network.h"

namespace weft {

/// What turning nodes into a block, or a block into nodes, comes to. The edits are one undo step.
struct Grouping {
    Edits edits; ///< of the network
    std::string block; ///< the new block, or the one that was taken apart
    std::string instance; ///< the node that stands for the block
    std::map<std::string, std::string> ids; ///< nodes inside the block and what they are called on the sheet outside
    bool isLast = false; ///< taken apart: no other node is of the block, so its definition goes as well
};

/// Turns nodes of a sheet into a new block called `name` (its id where that is empty) and an instance of it. Its
/// ports come from the wires that are cut, one for each value that enters or leaves; loose ends get ports as well
/// where no wire leaves or none enters. `sheet` is the block whose sheet it is, empty for the network's own.
/// Wires keep their order, so that inputs which join several values join them as before.
/// Throws Error that says why nodes cannot go into a block.
Grouping groupNodes(const Network& network, const std::string& sheet, const std::vector<std::string>& nodes, const std::string& name = {});

/// Puts the nodes of a block in the place of `instance`, with the numbers that its parameters give.
/// Throws Error when weights that it shares would be lost.
Grouping ungroupNode(const Network& network, const std::string& sheet, const std::string& instance);

/// The block whose sheet this is as a sheet; the network's own for an empty id, nullptr for an unknown one.
const Sheet* findSheet(const Network& network, const std::string& block);
/// Edits of that sheet as edits of the network.
Edits inSheet(const std::string& block, Edits edits);
/// A free id for a block, which is neither a layer's nor another block's: "block1", "block2", …
std::string freshBlockId(const Network& network, const std::string& stem = "block");
/// A whole-number expression with some of its names replaced by others' text: "2*f", {f: "a + 1"} → "2*(a + 1)".
std::string substituted(const std::string& expression, const std::map<std::string, std::string>& values);
/// The names that an expression uses, without min and max.
std::vector<std::string> namesIn(const std::string& expression);

} // namespace weft
