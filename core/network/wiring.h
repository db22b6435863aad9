#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/layers/layer_spec.h"
#include "core/network/network.h"

namespace weft {

/// Where the value on an input comes from, by indices.
struct WireSource {
    int node = -1;
    int port = -1; ///< index of the output port
    int wire = -1; ///< index in Network::wires
};

/// A node with its layer and its wires resolved.
struct WiredNode {
    const LayerSpec* layer = nullptr; ///< null for an unknown type
    std::vector<std::vector<WireSource>> inputs; ///< for each input port its wires
    std::vector<Tree> values; ///< checked parameters, in the layer's order
    std::vector<int> wiresOut; ///< number of wires that leave each output port
    std::string owner; ///< id whose variables it uses (itself or sharesWith)
    bool isFaulty = false; ///< cannot be lowered; a diagnostic says why
};

/// The network resolved by indices, with the faults that need no shapes: unknown layers, parameters,
/// ports, missing or doubled wires, circles, sharing.
struct Wiring {
    std::vector<WiredNode> nodes; ///< in network order
    std::vector<int> order; ///< indices so that sources come first; nodes of a circle are absent
    std::unordered_map<std::string, int> indexOf;
    std::vector<Diagnostic> diagnostics;

    const WiredNode& at(int index) const { return nodes[static_cast<std::size_t>(index)]; }
};

Wiring resolve(const Network& network);

/// The edits of a layer's remedies on node `id`, whose inputs are `inputs` (in the order of the
/// context's values). Remedies that do not apply are left out.
std::vector<Fix> fixesOf(const Network& network, const std::string& id, const std::vector<WireSource>& inputs, const std::vector<Remedy>& remedies);

} // namespace weft
