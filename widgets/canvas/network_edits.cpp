#include "widgets/canvas/network_edits.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/network/blocks.h"

namespace weft {
namespace {

std::string positionPath(const std::string& node)
{
    return "view/positions/" + node;
}

const Tree* positionTree(const Project& project, const std::string& node)
{
    const Tree* positions = project.view.find("positions");
    return positions ? positions->find(node) : nullptr;
}

const PortSpec* findPort(const std::vector<PortSpec>& ports, const std::string& name)
{
    for (const PortSpec& port : ports) {
        if (port.name == name)
            return &port;
    }
    return nullptr;
}

const LayerSpec* layerOf(const Network& network, const std::string& id)
{
    const Node* node = network.findNode(id);
    return node ? findLayer(network, node->type) : nullptr;
}

} // namespace

QPointF snapped(const QPointF& point)
{
    return {std::round(point.x() / gridStep) * gridStep, std::round(point.y() / gridStep) * gridStep};
}

void EditBatch::add(const Edit& edit)
{
    if (edit.before == edit.after)
        return;
    apply(m_project, edit);
    m_edits.push_back(edit);
}

void EditBatch::add(const Edits& edits)
{
    for (const Edit& edit : edits)
        add(edit);
}

std::string EditBatch::addNode(const LayerSpec& layer, const QPointF& position)
{
    Node node;
    node.id = freshId(network(), layer.isLoss() ? "loss" : layer.type());
    node.name = node.id;
    node.type = layer.type();
    add(addNodeEdit(network(), node));
    setPosition(node.id, position);
    return node.id;
}

void EditBatch::setPosition(const std::string& node, const QPointF& position)
{
    const Tree* before = positionTree(m_project, node);
    const Tree after(
        Tree::List{Tree(static_cast<std::int64_t>(std::llround(position.x()))), Tree(static_cast<std::int64_t>(std::llround(position.y())))});
    add(Edit{positionPath(node), before ? *before : Tree(), after});
}

void EditBatch::addWire(const PortRef& from, const PortRef& to)
{
    const Wire wire{from, to};
    const LayerSpec* layer = layerOf(network(), to.node);
    const PortSpec* port = layer ? findPort(layer->inputs(), to.port) : nullptr;
    const std::vector<Wire> wires = network().wires;
    for (const Wire& old : wires) {
        if (old == wire)
            return;
        if (old.to == to && !(port && port->isVariadic))
            removeWire(old);
    }
    add(addWireEdit(network(), wire));
}

void EditBatch::removeWire(const Wire& wire)
{
    add(removeWireEdit(network(), wire));
}

void EditBatch::removeNode(const std::string& node)
{
    if (const Tree* position = positionTree(m_project, node)) {
        const Tree before = *position;
        add(Edit{positionPath(node), before, Tree()});
    }
    add(removeNodeEdits(network(), node));
}

void EditBatch::removeAndHeal(const std::string& node)
{
    std::vector<PortRef> sources;
    std::vector<PortRef> targets;
    for (const Wire& wire : network().wires) {
        if (wire.to.node == node)
            sources.push_back(wire.from);
        if (wire.from.node == node)
            targets.push_back(wire.to);
    }
    removeNode(node);
    if (sources.size() != 1)
        return;
    for (const PortRef& target : targets)
        addWire(sources.front(), target);
}

std::optional<QPointF> savedPosition(const Project& project, const std::string& node)
{
    const Tree* tree = positionTree(project, node);
    if (!tree || !tree->isList() || tree->list().size() != 2 || !tree->list()[0].isNumber() || !tree->list()[1].isNumber())
        return std::nullopt;
    return QPointF(tree->list()[0].number(), tree->list()[1].number());
}

bool isReachable(const Network& network, const std::string& start, const std::string& node)
{
    std::unordered_multimap<std::string, std::string> next;
    for (const Wire& wire : network.wires)
        next.emplace(wire.from.node, wire.to.node);
    std::unordered_set<std::string> seen{start};
    std::vector<std::string> open{start};
    while (!open.empty()) {
        const std::string at = open.back();
        open.pop_back();
        if (at == node)
            return true;
        const auto [begin, end] = next.equal_range(at);
        for (auto edge = begin; edge != end; ++edge) {
            if (seen.insert(edge->second).second)
                open.push_back(edge->second);
        }
    }
    return false;
}

PortFit portFit(const Network& network, const PortRef& from, const PortRef& to)
{
    if (from.node == to.node)
        return {false, CanvasText::tr("A layer cannot feed itself.")};
    for (const Wire& wire : network.wires) {
        if (wire.from == from && wire.to == to)
            return {false, CanvasText::tr("This wire is there already.")};
    }
    if (isReachable(network, to.node, from.node))
        return {false, CanvasText::tr("This wire would close a cycle.")};
    return {true, {}};
}

std::optional<PortRef> bestInput(const Network& network, const PortRef& from, const std::string& node)
{
    const LayerSpec* layer = layerOf(network, node);
    if (!layer)
        return std::nullopt;
    std::optional<PortRef> replaceable;
    for (const bool withOptional : {false, true}) {
        for (const PortSpec& port : layer->inputs()) {
            const PortRef to{node, port.name};
            if (port.isOptional != withOptional || !portFit(network, from, to).fits)
                continue;
            const bool isTaken = std::any_of(network.wires.begin(), network.wires.end(), [&](const Wire& wire) { return wire.to == to; });
            if (!isTaken || port.isVariadic)
                return to;
            if (!replaceable)
                replaceable = to;
        }
        if (replaceable)
            return replaceable;
    }
    return std::nullopt;
}

std::optional<PortRef> bestOutput(const Network& network, const PortRef& to, const std::string& node)
{
    const LayerSpec* layer = layerOf(network, node);
    if (!layer)
        return std::nullopt;
    for (const PortSpec& port : layer->outputs()) {
        const PortRef from{node, port.name};
        if (portFit(network, from, to).fits)
            return from;
    }
    return std::nullopt;
}

} // namespace weft
