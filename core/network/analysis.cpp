#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "core/network/advice.h"
#include "core/network/blocks.h"
#include "core/network/bypass.h"
#include "core/network/lowering.h"
#include "core/network/network_lowering.h"
#include "core/network/stride_fix.h"

namespace weft {

const NodeInfo* Analysis::find(const std::string& node) const
{
    const std::vector<NodeInfo>& infos = node.find('/') == std::string::npos ? nodes : inner;
    const auto it = std::find_if(infos.begin(), infos.end(), [&](const NodeInfo& info) { return info.node == node; });
    return it == infos.end() ? nullptr : &*it;
}

namespace {

/// An added layer of the first type that `isWanted` accepts, as a fix; `wireFrom` is wired to its first input.
template <class Predicate> std::vector<Fix> addLayerFix(const Network& network, const PortRef* wireFrom, Predicate isWanted)
{
    const auto& catalogue = layerCatalogue();
    const auto layer = std::find_if(catalogue.begin(), catalogue.end(), isWanted);
    if (layer == catalogue.end())
        return {};
    const std::string id = freshId(network, layer->type());
    Fix fix{message(WEFT_TEXT("Network", "Add %1"), layer->type()), {addNodeEdit(network, {id, id, layer->type(), Tree::Map{}, {}})}};
    if (wireFrom)
        fix.edits.push_back(addWireEdit(network, {*wireFrom, {id, layer->inputs()[0].name}}));
    return {fix};
}

/// Outputs that nothing uses.
std::vector<PortRef> openOutputs(const Network& network, const Wiring& wiring)
{
    std::vector<PortRef> open;
    for (std::size_t i = 0; i < wiring.nodes.size(); ++i) {
        if (wiring.nodes[i].isBypassed)
            continue;
        for (std::size_t port = 0; port < wiring.nodes[i].wiresOut.size(); ++port) {
            if (wiring.nodes[i].wiresOut[port] == 0)
                open.push_back({network.nodes[i].id, wiring.nodes[i].layer->outputs()[port].name});
        }
    }
    return open;
}

/// The layers of all nodes, those inside the blocks that are used as well; null for unknown ones.
void collectLayers(const Network& network, const Sheet& sheet, std::vector<const LayerSpec*>& layers, std::set<std::string>& seen)
{
    for (const Node& node : sheet.nodes) {
        if (node.isBypassed)
            continue;
        layers.push_back(findLayer(network, node.type));
        const Block* block = network.findBlock(node.type);
        if (block && seen.insert(block->id).second)
            collectLayers(network, *block, layers, seen);
    }
}

/// What concerns the network as a whole: that it has an Input, a loss, and no loose ends.
void checkWhole(const Network& network, const Wiring& wiring, std::vector<Diagnostic>& diagnostics)
{
    std::vector<const LayerSpec*> layers;
    std::set<std::string> seen;
    collectLayers(network, network, layers, seen);
    const auto has
        = [&](auto isWanted) { return std::any_of(layers.begin(), layers.end(), [&](const LayerSpec* layer) { return layer && isWanted(*layer); }); };
    const bool hasUnknown = std::any_of(layers.begin(), layers.end(), [](const LayerSpec* layer) { return !layer; });
    const auto isInput = [](const LayerSpec& layer) { return layer.category() == Category::Data && layer.inputs().empty(); };
    const auto isLoss = [](const LayerSpec& layer) { return layer.isLoss(); };
    if (!has(isInput) && !hasUnknown)
        diagnostics.push_back({"network.noInput",
                               Severity::Error,
                               {},
                               message(WEFT_TEXT("Network", "The network has no Input, so no data enters it.")),
                               addLayerFix(network, nullptr, isInput)});
    const std::vector<PortRef> open = openOutputs(network, wiring);
    if (!has(isLoss) && !hasUnknown) {
        diagnostics.push_back(
            {"network.noLoss",
             Severity::Warning,
             {},
             message(WEFT_TEXT("Network", "The network has no loss, so it cannot be trained. Wire its last layer to a loss such as CrossEntropy.")),
             addLayerFix(network, open.size() == 1 ? &open[0] : nullptr, isLoss)});
        return;
    }
    for (const PortRef& ref : open)
        diagnostics.push_back(
            {"wire.unused", Severity::Hint, ref.node, message(WEFT_TEXT("Network", "Nothing uses the output \"%1\"."), ref.port), {}});
}

/// More faults with one remedy than this are mended one by one.
constexpr std::size_t mostOfOneRemedy = 50;

/// The nodes behind `start`, along the wires.
std::set<std::string> nodesBehind(const Network& network, const std::string& start)
{
    std::multimap<std::string_view, std::string_view> next;
    for (const Wire& wire : network.wires)
        next.emplace(wire.from.node, wire.to.node);
    std::set<std::string> behind;
    std::vector<std::string> open{start};
    while (!open.empty()) {
        const std::string at = std::move(open.back());
        open.pop_back();
        for (auto [it, end] = next.equal_range(at); it != end; ++it) {
            if (behind.insert(std::string(it->second)).second)
                open.emplace_back(it->second);
        }
    }
    return behind;
}

/// A fault often shows again further on, as when a loss gets pictures because a Dense before it did: the same remedy is
/// then that of the first, where it mends both.
void mendAtTheRoot(const Network& network, std::vector<Diagnostic>& diagnostics)
{
    std::map<std::string, std::vector<std::pair<const Diagnostic*, Fix*>>> remedies;
    for (Diagnostic& diagnostic : diagnostics) {
        for (Fix& fix : diagnostic.fixes)
            remedies[english(fix.label)].push_back({&diagnostic, &fix});
    }
    for (auto& [label, all] : remedies) {
        if (all.size() < 2 || all.size() > mostOfOneRemedy)
            continue;
        for (const auto& [first, root] : all) {
            const std::set<std::string> behind = first->node.empty() ? std::set<std::string>() : nodesBehind(network, first->node);
            for (const auto& [other, fix] : all) {
                if (other->node != first->node && behind.contains(other->node))
                    fix->edits = root->edits;
            }
        }
    }
}

} // namespace

Analysis analyze(const Network& network)
{
    NetworkLowering lowering(network, {Mode::Infer, true}, true);
    lowering.run();
    Analysis analysis;
    analysis.nodes = std::move(lowering.infos());
    analysis.inner = std::move(lowering.innerInfos());
    analysis.diagnostics = std::move(lowering.diagnostics());
    blameBypassed(network, analysis.diagnostics);
    checkWhole(network, lowering.wiring(), analysis.diagnostics);
    advise(network, lowering.lowered(), analysis.diagnostics);
    offerStrides(network, analysis.diagnostics);
    mendAtTheRoot(network, analysis.diagnostics);
    for (const NodeInfo& info : analysis.nodes) {
        analysis.parameters += info.parameters;
        analysis.multiplyAdds += info.multiplyAdds;
    }
    return analysis;
}

} // namespace weft
