#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/layers/layer_spec.h"
#include "core/network/expression.h"
#include "core/network/network.h"

namespace weft {

/// Where the value on an input comes from, by indices.
struct WireSource {
    int node = -1;
    int port = -1; ///< index of the output port
    int wire = -1; ///< index in Sheet::wires
};

/// A node with its layer and its wires resolved.
struct WiredNode {
    const LayerSpec* layer = nullptr; ///< null for an unknown type
    const Block* block = nullptr; ///< of which it is an instance
    std::vector<std::vector<WireSource>> inputs; ///< for each input port its wires
    std::vector<Tree> values; ///< checked parameters, in the layer's order
    std::vector<int> wiresOut; ///< number of wires that leave each output port
    std::string owner; ///< id whose variables it uses (itself or sharesWith)
    bool isBypassed = false; ///< what it feeds is wired to what feeds it; only its first input counts
    bool isFaulty = false; ///< cannot be lowered; a diagnostic says why
};

/// Where a sheet stands: the network's own, or that of a block in one instance.
struct SheetScope {
    const Block* block = nullptr; ///< null: the network's own
    NamedIntegers values = {}; ///< of the block's parameters
};

/// A sheet resolved by indices, with the faults that need no shapes: unknown layers, parameters,
/// ports, missing or doubled wires, circles, sharing.
struct Wiring {
    std::vector<WiredNode> nodes; ///< in network order
    std::vector<int> order; ///< indices so that sources come first; nodes of a circle are absent
    std::unordered_map<std::string, int> indexOf;
    std::vector<Diagnostic> diagnostics;

    const WiredNode& at(int index) const { return nodes[static_cast<std::size_t>(index)]; }
};

/// Resolves `sheet`, the network's own or that of the block in `scope`. Fixes are edits of the sheet.
Wiring resolve(const Network& network, const Sheet& sheet, const SheetScope& scope);

/// Fills `order`; reports the first circle that keeps nodes out of it.
void sortNodes(const Sheet& sheet, Wiring& wiring);

/// The edits of a layer's remedies on node `id`, whose inputs are `inputs` (in the order of the
/// context's values). Remedies that do not apply are left out.
std::vector<Fix> fixesOf(const Sheet& sheet, const std::string& id, const std::vector<WireSource>& inputs, const std::vector<Remedy>& remedies);

} // namespace weft
