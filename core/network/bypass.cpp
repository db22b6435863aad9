#include "core/network/bypass.h"

#include <algorithm>
#include <set>

#include "core/network/blocks.h"
#include "core/network/network_lowering.h"

namespace weft {

std::optional<Message> whyNotBypassed(const LayerSpec& layer)
{
    if (layer.isLoss())
        return message(WEFT_TEXT("Network", "%1 cannot be bypassed: it is a loss, and nothing follows it."), layer.title());
    if (layer.inputs().empty())
        return message(WEFT_TEXT("Network", "%1 cannot be bypassed: it has no input that could be passed on."), layer.title());
    if (layer.outputs().empty())
        return message(WEFT_TEXT("Network", "%1 cannot be bypassed: it has no output, so nothing follows it."), layer.title());
    if (layer.outputs().size() > 1)
        return message(WEFT_TEXT("Network", "%1 cannot be bypassed: it has %2 outputs, and its input cannot stand for all of them."), layer.title(),
                       layer.outputs().size());
    return std::nullopt;
}

Fix useAgainFix(const Sheet& sheet, const Node& node)
{
    return {message(WEFT_TEXT("Network", "Use %1 again"), node.name), {setBypassedEdit(sheet, node.id, false)}};
}

namespace {

/// Where the value really comes from. The wire stays the one that is drawn: fixes act on it.
WireSource passed(const Wiring& wiring, const WireSource& source)
{
    const WiredNode& from = wiring.at(source.node);
    if (!from.isBypassed || from.isFaulty)
        return source;
    const WireSource& before = from.inputs.front().front(); // passed already: sources come first
    return {before.node, before.port, source.wire};
}

int& wiresOut(Wiring& wiring, const WireSource& source)
{
    return wiring.nodes[static_cast<std::size_t>(source.node)].wiresOut[static_cast<std::size_t>(source.port)];
}

} // namespace

void passBypassed(const Sheet& sheet, Wiring& wiring)
{
    if (std::none_of(wiring.nodes.begin(), wiring.nodes.end(), [](const WiredNode& node) { return node.isBypassed; }))
        return;
    for (const int index : wiring.order) {
        WiredNode& node = wiring.nodes[static_cast<std::size_t>(index)];
        for (auto& port : node.inputs) {
            for (WireSource& source : port) {
                const WireSource real = passed(wiring, source);
                if (!node.isBypassed && real.node != source.node)
                    ++wiresOut(wiring, real);
                if (node.isBypassed && real.node == source.node)
                    --wiresOut(wiring, source); // what only a bypassed node uses nothing uses
                source = real;
            }
        }
        if (!node.isBypassed || node.isFaulty)
            continue;
        node.inputs.front().resize(1);
        for (std::size_t i = 1; i < node.inputs.size(); ++i)
            node.inputs[i].clear();
    }
    if (wiring.order.size() < wiring.nodes.size())
        return; // a circle, which is reported
    wiring.order.clear(); // the others in the order that they have without the bypassed
    sortNodes(sheet, wiring);
}

namespace {

/// A bypassed node with the sheet that holds it and the way to it: "stage1/relu1".
struct BypassedNode {
    const Sheet& sheet;
    std::string block; ///< whose sheet it is; empty: the network's own
    std::string path;
    const Node& node;
};

/// Those of a sheet and of the blocks that it uses, each block once.
void collectBypassed(const Network& network, const Sheet& sheet, const std::string& block, const std::string& way, std::set<std::string>& seen,
                     std::vector<BypassedNode>& found)
{
    for (const Node& node : sheet.nodes) {
        const Block* inner = node.isBypassed ? nullptr : network.findBlock(node.type);
        const LayerSpec* layer = node.isBypassed ? findLayer(network, node.type) : nullptr;
        if (layer && !whyNotBypassed(*layer)) // what is refused as it is says so itself
            found.push_back({sheet, block, way + node.id, node});
        else if (inner && seen.insert(inner->id).second)
            collectBypassed(network, *inner, inner->id, way + node.id + "/", seen, found);
    }
}

std::ptrdiff_t errorsOf(const std::vector<Diagnostic>& diagnostics)
{
    return std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

std::ptrdiff_t errorsWith(Network network, const Edits& edits)
{
    for (const Edit& edit : edits)
        apply(network, edit);
    NetworkLowering lowering(network, {Mode::Infer, true}, true);
    lowering.run();
    return errorsOf(lowering.diagnostics());
}

} // namespace

void blameBypassed(const Network& network, std::vector<Diagnostic>& diagnostics)
{
    constexpr std::size_t mostTries = 20; // each lowers the network
    const std::ptrdiff_t errors = errorsOf(diagnostics);
    if (errors == 0)
        return;
    std::vector<BypassedNode> bypassed;
    std::set<std::string> seen;
    collectBypassed(network, network, {}, {}, seen, bypassed);
    for (std::size_t i = 0; i < std::min(bypassed.size(), mostTries); ++i) {
        const BypassedNode& at = bypassed[i];
        Fix fix = useAgainFix(at.sheet, at.node);
        if (!at.block.empty())
            fix.edits = insideBlock(at.block, std::move(fix.edits));
        if (errorsWith(network, fix.edits) >= errors)
            continue;
        const std::size_t slash = at.path.find('/');
        diagnostics.push_back({"bypass.shape",
                               Severity::Error,
                               at.path.substr(0, slash),
                               message(WEFT_TEXT("Network", "%1 cannot be bypassed: what enters it does not fit what follows it."), at.node.name),
                               {std::move(fix)},
                               slash == std::string::npos ? std::string() : at.path.substr(slash + 1)});
    }
}

} // namespace weft
