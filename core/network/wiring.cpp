#include "core/network/wiring.h"

#include <algorithm>
#include <set>

#include "core/base/nearest.h"
#include "core/network/blocks.h"
#include "core/network/bypass.h"

namespace weft {

namespace {

/// Builds a Wiring step by step; each method adds one kind of fault.
class Resolver {
public:
    Resolver(const Network& network, const Sheet& sheet, const SheetScope& scope) : m_network(network), m_sheet(sheet), m_scope(scope) {}

    Wiring resolve()
    {
        resolveNodes();
        for (std::size_t i = 0; i < m_sheet.wires.size(); ++i)
            resolveWire(m_sheet.wires[i], static_cast<int>(i));
        for (std::size_t i = 0; i < m_sheet.nodes.size(); ++i) {
            checkInputs(m_sheet.nodes[i], m_wiring.nodes[i]);
            checkSharing(m_sheet.nodes[i], m_wiring.nodes[i]);
        }
        sortNodes(m_sheet, m_wiring);
        passBypassed(m_sheet, m_wiring);
        return std::move(m_wiring);
    }

private:
    void report(const char* code, const std::string& node, Message text, std::vector<Fix> fixes = {})
    {
        m_wiring.diagnostics.push_back({code, Severity::Error, node, std::move(text), std::move(fixes)});
    }

    void resolveNodes();
    void reportUnknownLayer(const Node& node);
    void checkPlace(const Node& node, WiredNode& wired);
    void checkBypass(const Node& node, WiredNode& wired);
    Tree evaluated(const ParamSpec& param, const Tree& value) const;
    void resolveParams(const Node& node, WiredNode& wired);
    void resolveWire(const Wire& wire, int index);
    void noteFaultyWire(const Wire& wire);
    void checkInputs(const Node& node, WiredNode& wired);
    void checkSharing(const Node& node, WiredNode& wired);
    std::vector<bool> downstream(int start) const;
    std::vector<Fix> connectFixes(const Node& node, const std::string& port) const;

    int find(const std::string& id) const
    {
        const auto it = m_wiring.indexOf.find(id);
        return it == m_wiring.indexOf.end() ? -1 : it->second;
    }

    const Network& m_network;
    const Sheet& m_sheet;
    const SheetScope& m_scope;
    Wiring m_wiring;
    std::set<std::string> m_faultyInputs; ///< "node.port" where a wire ends whose other end is wrong
};

void Resolver::resolveNodes()
{
    m_wiring.nodes.resize(m_sheet.nodes.size());
    for (std::size_t i = 0; i < m_sheet.nodes.size(); ++i) {
        const Node& node = m_sheet.nodes[i];
        WiredNode& wired = m_wiring.nodes[i];
        wired.owner = node.id;
        wired.layer = findLayer(m_network, node.type);
        wired.block = m_network.findBlock(node.type);
        if (!m_wiring.indexOf.emplace(node.id, static_cast<int>(i)).second) {
            report("node.duplicate", node.id, message(WEFT_TEXT("Network", "Two nodes have the id \"%1\"; each needs its own."), node.id));
            wired.isFaulty = true;
        }
        if (!wired.layer) {
            reportUnknownLayer(node);
            wired.isFaulty = true;
            continue;
        }
        checkPlace(node, wired);
        checkBypass(node, wired);
        wired.inputs.resize(wired.layer->inputs().size());
        wired.wiresOut.resize(wired.layer->outputs().size());
        if (!wired.isBypassed) // what is out of use may be set as it likes
            resolveParams(node, wired);
    }
}

void Resolver::reportUnknownLayer(const Node& node)
{
    std::vector<std::string> types;
    for (const LayerSpec& layer : layerCatalogue())
        types.push_back(layer.type());
    for (const Block& block : m_network.blocks)
        types.push_back(block.id);
    const std::string near = nearest(node.type, types);
    if (near.empty())
        report("layer.unknown", node.id, message(WEFT_TEXT("Network", "There is no layer \"%1\"."), node.type));
    else
        report("layer.unknown", node.id, message(WEFT_TEXT("Network", "There is no layer \"%1\". Did you mean \"%2\"?"), node.type, near),
               {{message(WEFT_TEXT("Network", "Make it \"%1\""), near), {retypeEdit(m_sheet, node.id, near)}}});
}

/// Ports of blocks belong inside blocks, and no block may contain itself.
void Resolver::checkPlace(const Node& node, WiredNode& wired)
{
    const bool isPort = wired.layer == &blockInputLayer() || wired.layer == &blockOutputLayer();
    if (isPort && !m_scope.block) {
        report("block.portOutside", node.id, message(WEFT_TEXT("Network", "%1 is a port of a block and belongs inside one."), node.type));
        wired.isFaulty = true;
    }
    if (!wired.block)
        return;
    const std::vector<std::string> circle = circleOf(m_network, node.type);
    if (circle.empty())
        return;
    std::string text;
    for (const std::string& block : circle)
        text += (text.empty() ? "" : " → ") + block;
    report("block.circle", node.id, message(WEFT_TEXT("Network", "A block cannot contain itself: %1. Take one of these out of the other."), text));
    wired.isFaulty = true;
}

void Resolver::checkBypass(const Node& node, WiredNode& wired)
{
    if (!node.isBypassed)
        return;
    if (std::optional<Message> reason = whyNotBypassed(*wired.layer)) {
        report("bypass.refused", node.id, std::move(*reason), {useAgainFix(m_sheet, node)});
        wired.isFaulty = true;
        return;
    }
    wired.isBypassed = true;
}

/// Inside a block, texts where numbers belong are expressions of the block's parameters. Throws Error.
Tree Resolver::evaluated(const ParamSpec& param, const Tree& value) const
{
    using enum ParamKind;
    const bool isNumeric = param.kind == Integer || param.kind == Real || param.kind == Integers || param.kind == Shape || param.kind == Reals;
    if (!m_scope.block || !isNumeric)
        return value;
    if (value.isText())
        return evaluateExpression(value.text(), m_scope.values);
    Tree result = value;
    if (result.isList()) {
        for (Tree& item : result.list())
            item = evaluated(param, item);
    }
    return result;
}

void Resolver::resolveParams(const Node& node, WiredNode& wired)
{
    const LayerSpec& layer = *wired.layer;
    for (const ParamSpec& param : layer.params()) {
        const Tree* given = node.params.find(param.key);
        if (!given) {
            wired.values.push_back(param.defaultValue);
            continue;
        }
        try {
            wired.values.push_back(checkedValue(param, evaluated(param, *given), layer.type()));
        } catch (const Error& error) {
            wired.values.push_back(param.defaultValue);
            wired.isFaulty = true;
            const auto* fault = dynamic_cast<const LayerFault*>(&error);
            std::vector<Fix> fixes = fault ? fixesOf(m_sheet, node.id, {}, fault->remedies()) : std::vector<Fix>();
            fixes.push_back({message(WEFT_TEXT("Network", "Use the default of \"%1\""), param.key), {setParamEdit(m_sheet, node.id, param.key, {})}});
            report(fault ? fault->code().c_str() : "param.expression", node.id, error.message(), std::move(fixes));
        }
    }
    for (const auto& [key, value] : node.params.map()) {
        if (layer.findParam(key))
            continue;
        std::vector<std::string> keys;
        for (const ParamSpec& param : layer.params())
            keys.push_back(param.key);
        const std::string near = nearest(key, keys);
        const Edit remove = setParamEdit(m_sheet, node.id, key, {});
        std::vector<Fix> fixes;
        if (!near.empty() && !node.params.find(near))
            fixes.push_back({message(WEFT_TEXT("Network", "Rename it to \"%1\""), near), {remove, setParamEdit(m_sheet, node.id, near, value)}});
        fixes.push_back({message(WEFT_TEXT("Network", "Remove \"%1\""), key), {remove}});
        const Message text = near.empty()
            ? message(WEFT_TEXT("Network", "%1 has no parameter \"%2\"."), layer.type(), key)
            : message(WEFT_TEXT("Network", "%1 has no parameter \"%2\". Did you mean \"%3\"?"), layer.type(), key, near);
        report("param.unknown", node.id, text, std::move(fixes));
        wired.isFaulty = true;
    }
}

std::string portList(const std::vector<PortSpec>& ports)
{
    std::string list;
    for (const PortSpec& port : ports)
        list += (list.empty() ? "" : ", ") + port.name;
    return list;
}

/// A port with a faulty wire is not one without a wire: the wire's fault is reported, its ports are not.
void Resolver::noteFaultyWire(const Wire& wire)
{
    m_faultyInputs.insert(toString(wire.to));
    const int from = find(wire.from.node);
    if (from < 0 || !m_wiring.at(from).layer)
        return;
    WiredNode& source = m_wiring.nodes[static_cast<std::size_t>(from)];
    if (const int port = source.layer->outputIndex(wire.from.port); port >= 0)
        ++source.wiresOut[static_cast<std::size_t>(port)];
}

void Resolver::resolveWire(const Wire& wire, int index)
{
    const int from = find(wire.from.node);
    const int to = find(wire.to.node);
    const Fix remove{message(WEFT_TEXT("Network", "Remove this wire")), {removeWireEdit(m_sheet, wire)}};
    if (from < 0 || to < 0) {
        // Shown on the end that exists, so that the Problems list has somewhere to jump to.
        const std::string& shown = from >= 0 ? wire.from.node : to >= 0 ? wire.to.node : std::string();
        report("wire.unknownNode", shown,
               message(WEFT_TEXT("Network", "The wire from %1 to %2 has a loose end: there is no node \"%3\"."), toString(wire.from),
                       toString(wire.to), from < 0 ? wire.from.node : wire.to.node),
               {remove});
        noteFaultyWire(wire);
        return;
    }
    WiredNode& source = m_wiring.nodes[static_cast<std::size_t>(from)];
    WiredNode& target = m_wiring.nodes[static_cast<std::size_t>(to)];
    if (!source.layer || !target.layer) {
        noteFaultyWire(wire); // the unknown layer is reported; which ports it has nobody knows
        return;
    }
    const int outPort = source.layer->outputIndex(wire.from.port);
    const int inPort = target.layer->inputIndex(wire.to.port);
    if (outPort < 0) {
        const Message text = source.layer->outputs().empty()
            ? message(WEFT_TEXT("Network", "The wire to %1 starts at %2, but %3 has no outputs."), toString(wire.to), toString(wire.from),
                      source.layer->type())
            : message(WEFT_TEXT("Network", "The wire to %1 starts at %2, but %3 has no output \"%4\". Its outputs: %5."), toString(wire.to),
                      toString(wire.from), source.layer->type(), wire.from.port, portList(source.layer->outputs()));
        report("wire.unknownPort", wire.from.node, text, {remove});
        noteFaultyWire(wire);
        return;
    }
    if (inPort < 0) {
        const Message text = target.layer->inputs().empty()
            ? message(WEFT_TEXT("Network", "The wire from %1 ends at %2, but %3 has no inputs."), toString(wire.from), toString(wire.to),
                      target.layer->type())
            : message(WEFT_TEXT("Network", "The wire from %1 ends at %2, but %3 has no input \"%4\". Its inputs: %5."), toString(wire.from),
                      toString(wire.to), target.layer->type(), wire.to.port, portList(target.layer->inputs()));
        report("wire.unknownPort", wire.to.node, text, {remove});
        noteFaultyWire(wire);
        return;
    }
    auto& wires = target.inputs[static_cast<std::size_t>(inPort)];
    ++source.wiresOut[static_cast<std::size_t>(outPort)];
    wires.push_back({from, outPort, index});
}

void Resolver::checkInputs(const Node& node, WiredNode& wired)
{
    if (!wired.layer)
        return;
    const std::size_t counted = wired.isBypassed ? 1 : wired.inputs.size();
    for (std::size_t i = 0; i < counted; ++i) {
        const PortSpec& port = wired.layer->inputs()[i];
        const auto& wires = wired.inputs[i];
        const bool isEnough = wired.isBypassed ? !wires.empty() : port.isVariadic ? wires.size() >= 2 : !wires.empty() || port.isOptional;
        if (isEnough && (port.isVariadic || wires.size() < 2))
            continue;
        wired.isFaulty = true;
        if (wires.size() < 2 && m_faultyInputs.count(node.id + "." + port.name))
            continue;
        if (port.isVariadic) {
            report("wire.tooFew", node.id,
                   message(WEFT_TEXT("Network", "Input \"%1\" of %2 takes two or more wires, but has %3."), port.name, wired.layer->type(),
                           wires.size()),
                   connectFixes(node, port.name));
        } else if (wires.empty()) {
            report("wire.missing", node.id, message(WEFT_TEXT("Network", "Nothing is wired to input \"%1\" of %2."), port.name, wired.layer->type()),
                   connectFixes(node, port.name));
        } else {
            std::vector<Fix> fixes;
            for (const WireSource& source : wires) {
                const Wire& wire = m_sheet.wires[static_cast<std::size_t>(source.wire)];
                fixes.push_back({message(WEFT_TEXT("Network", "Remove the wire from %1"), toString(wire.from)), {removeWireEdit(m_sheet, wire)}});
            }
            const auto fromOf = [&](std::size_t k) { return toString(m_sheet.wires[static_cast<std::size_t>(wires[k].wire)].from); };
            report("wire.doubled", node.id,
                   message(WEFT_TEXT("Network",
                                     "Two wires end at input \"%1\": from %2 and from %3. An input takes one wire; join values with Add or Concat."),
                           port.name, fromOf(0), fromOf(1)),
                   std::move(fixes));
        }
    }
}

/// The nodes that the value of `start` flows to, itself included.
std::vector<bool> Resolver::downstream(int start) const
{
    std::vector<bool> isReached(m_wiring.nodes.size(), false);
    isReached[static_cast<std::size_t>(start)] = true;
    for (bool grows = true; grows;) {
        grows = false;
        for (std::size_t i = 0; i < m_wiring.nodes.size(); ++i) {
            for (const auto& wires : m_wiring.nodes[i].inputs) {
                for (const WireSource& source : wires) {
                    if (!isReached[i] && isReached[static_cast<std::size_t>(source.node)])
                        isReached[i] = grows = true;
                }
            }
        }
    }
    return isReached;
}

/// Offers the one output that nothing uses yet, if there is exactly one that closes no circle.
std::vector<Fix> Resolver::connectFixes(const Node& node, const std::string& port) const
{
    std::vector<PortRef> open;
    const std::vector<bool> isDownstream = downstream(find(node.id));
    for (std::size_t i = 0; i < m_wiring.nodes.size(); ++i) {
        const WiredNode& other = m_wiring.nodes[i];
        if (!other.layer || isDownstream[i])
            continue;
        for (std::size_t k = 0; k < other.wiresOut.size(); ++k) {
            if (other.wiresOut[k] == 0)
                open.push_back({m_sheet.nodes[i].id, other.layer->outputs()[k].name});
        }
    }
    if (open.size() != 1)
        return {};
    const Wire wire{open[0], {node.id, port}};
    return {{message(WEFT_TEXT("Network", "Wire %1 to it"), toString(open[0])), {addWireEdit(m_sheet, wire)}}};
}

void Resolver::checkSharing(const Node& node, WiredNode& wired)
{
    if (node.sharesWith.empty() || wired.isBypassed)
        return;
    const Fix unshare{message(WEFT_TEXT("Network", "Give it its own weights")), {{"nodes/" + node.id + "/sharesWith", node.sharesWith, {}}}};
    const Node* owner = find(node.sharesWith) < 0 ? nullptr : &m_sheet.nodes[static_cast<std::size_t>(find(node.sharesWith))];
    wired.isFaulty = true;
    if (!owner || owner->id == node.id)
        report("shares.unknown", node.id, message(WEFT_TEXT("Network", "It shares the weights of \"%1\", which is no other node."), node.sharesWith),
               {unshare});
    else if (!owner->sharesWith.empty())
        report("shares.chain", node.id,
               message(WEFT_TEXT("Network", "It shares the weights of \"%1\", which itself shares those of \"%2\". Share with \"%2\"."), owner->id,
                       owner->sharesWith),
               {unshare});
    else if (owner->type != node.type)
        report("shares.type", node.id,
               message(WEFT_TEXT("Network", "A %1 cannot share the weights of \"%2\", which is a %3."), node.type, owner->id, owner->type),
               {unshare});
    else {
        wired.owner = owner->id;
        wired.isFaulty = false;
    }
}

} // namespace

Wiring resolve(const Network& network, const Sheet& sheet, const SheetScope& scope)
{
    return Resolver(network, sheet, scope).resolve();
}

} // namespace weft
