#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QString>

#include "core/network/lowering.h"
#include "widgets/canvas/network_edits.h"

namespace weft {

/// A layer or block that may be added to a sheet.
struct LayerOffer {
    QString type; ///< as `findOffered` knows it
    QString title;
    QString summary;
    Category category = Category::Core;
    bool hasInput = false;
    bool hasOutput = false;
    friend bool operator==(const LayerOffer&, const LayerOffer&) = default;
};
/// Layers, ports of a block, blocks of the project and saved ones, as far as they may lie on the sheet of `block`.
std::vector<LayerOffer> layerOffers(const Network& network, const std::string& block);

/// What `node` says when values of these types arrive at its inputs, by port; empty where it takes them, and
/// where it cannot be known before more is wired. It is asked by lowering the node alone.
QString faultOf(const Network& network, const Node& node, const std::vector<std::pair<std::string, TensorType>>& inputs);
/// The offers that take a value of this type.
std::vector<LayerOffer> thatTake(const Network& network, const TensorType& type, std::vector<LayerOffer> offers);

} // namespace weft
