#pragma once

#include <string>
#include <vector>

#include "core/layers/layer_spec.h"
#include "core/network/network.h"

namespace weft {

/// What a type of node means in this network: one of its blocks as a layer with the block's ports and
/// parameters, a port of a block, or a layer of the catalogue; nullptr for an unknown type. Like those of the
/// catalogue, the layers of blocks live as long as the process; another one is given after ports, parameters
/// or texts of the block have changed.
const LayerSpec* findLayer(const Network& network, const std::string& type);

/// The input of a block as a node inside it; its id names the port.
const LayerSpec& blockInputLayer();
/// The output of a block as a node inside it; its id names the port.
const LayerSpec& blockOutputLayer();

/// The blocks through which `block` contains itself, such as {"a", "b", "a"}, or that it leads to; empty when there is no such circle.
std::vector<std::string> circleOf(const Network& network, const std::string& block);

} // namespace weft
