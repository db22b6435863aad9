#include "widgets/canvas/wire_fit.h"

#include <optional>

#include <QFileInfo>

#include "core/network/blocks.h"
#include "widgets/canvas/block_library.h"
#include "widgets/text.h"

namespace weft {
namespace {

/// Steps that stand for a variable length while a layer is asked; any would do.
constexpr std::int64_t someSteps = 32;

LayerOffer offerOf(const LayerSpec& layer, const QString& type)
{
    return {type,
            layerTitle(layer),
            translated(layer.summary()),
            layer.category(),
            !layer.inputs().empty(),
            !layer.outputs().empty()};
}

/// An Input that gives a value of this type; nullopt for types that no Input gives.
std::optional<Node> inputGiving(const TensorType& type, const std::string& id)
{
    const Shape& shape = type.shape;
    if (shape.rank() < 2 || (type.dtype != DType::Float32 && type.dtype != DType::Int32) || shape[0] != Dim::batch())
        return std::nullopt;
    Tree::List extents;
    for (int i = 1; i < shape.rank(); ++i) {
        const bool isTime = shape[i] == Dim::time();
        if ((isTime && i != 1) || (!isTime && !shape[i].isFixed()))
            return std::nullopt;
        extents.emplace_back(isTime ? someSteps : shape[i].factor);
    }
    Node node{id, id, "Input", Tree::Map{}, {}};
    node.params["kind"] = type.dtype == DType::Int32 ? "tokens" : "numbers";
    node.params["column"] = id;
    node.params["shape"] = Tree(std::move(extents));
    if (shape[1] == Dim::time())
        node.params["variableLength"] = true;
    return node;
}

} // namespace

std::vector<LayerOffer> layerOffers(const Network& network, const std::string& block)
{
    std::vector<LayerOffer> offers;
    if (!block.empty()) {
        for (const LayerSpec* port : {&blockInputLayer(), &blockOutputLayer()})
            offers.push_back(offerOf(*port, QString::fromStdString(port->type())));
    }
    for (const Block& entry : network.blocks) {
        if (mayContain(network, block, entry.id))
            offers.push_back(offerOf(*findLayer(network, entry.id), QString::fromStdString(entry.id)));
    }
    for (const BlockLibrary::Entry& entry : BlockLibrary::entries()) {
        Network saved;
        saved.blocks = {entry.block};
        const QString type = QLatin1String(savedBlockPrefix) + QFileInfo(entry.file).completeBaseName();
        if (!network.findBlock(entry.block.id))
            offers.push_back(offerOf(*findLayer(saved, entry.block.id), type));
    }
    for (const LayerSpec& layer : layerCatalogue())
        offers.push_back(offerOf(layer, QString::fromStdString(layer.type())));
    return offers;
}

QString faultOf(const Network& network, const Node& node, const std::vector<std::pair<std::string, TensorType>>& inputs)
{
    Network alone;
    alone.blocks = network.blocks;
    for (const auto& [port, type] : inputs) {
        const std::optional<Node> source = inputGiving(type, "asked" + std::to_string(alone.nodes.size()));
        if (!source)
            return {};
        alone.nodes.push_back(*source);
        alone.wires.push_back({{source->id, "y"}, {node.id, port}});
    }
    alone.nodes.push_back(node);
    alone.nodes.back().sharesWith.clear();
    for (const Diagnostic& diagnostic : analyze(alone).diagnostics) {
        const bool isOfShapes = !diagnostic.code.starts_with("wire.") && !diagnostic.code.starts_with("param.");
        if (diagnostic.node == node.id && diagnostic.severity == Severity::Error && isOfShapes)
            return translated(diagnostic);
    }
    return {};
}

std::vector<LayerOffer> thatTake(const Network& network, const TensorType& type, std::vector<LayerOffer> offers)
{
    std::erase_if(offers, [&](const LayerOffer& offer) {
        if (!offer.hasInput)
            return true;
        const std::string name = offer.type.toStdString();
        const LayerSpec* layer = findLayer(network, name);
        return layer && !faultOf(network, {"asked", "asked", name, Tree::Map{}, {}}, {{layer->inputs().front().name, type}}).isEmpty();
    });
    return offers;
}

} // namespace weft
