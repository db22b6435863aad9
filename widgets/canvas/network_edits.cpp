#include "widgets/canvas/network_edits.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/wire_bends.h"

namespace weft {
namespace {

/// From so many moved nodes on the positions change as a whole, which costs one look-up instead of one each.
constexpr std::size_t manyPositions = 200;

const PortSpec* findPort(const std::vector<PortSpec>& ports, const std::string& name)
{
    for (const PortSpec& port : ports) {
        if (port.name == name)
            return &port;
    }
    return nullptr;
}

const LayerSpec* layerOf(const SheetView& view, const std::string& id)
{
    const Node* node = view.sheet.findNode(id);
    return node ? findLayer(view.network, node->type) : nullptr;
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

void EditBatch::addInSheet(const Edits& edits)
{
    static constexpr std::string_view wires = "wires/";
    for (const Edit& edit : edits) {
        if (bendsTree(m_project, m_block) && edit.after.isNull() && edit.path.starts_with(wires))
            add(bendsEdit(m_project, m_block, edit.path.substr(wires.size()), {}));
    }
    add(inSheet(m_block, edits));
}

const Sheet& EditBatch::sheet() const
{
    return *findSheet(m_project.network, m_block);
}

std::string EditBatch::addNode(const LayerSpec& layer, const QPointF& position)
{
    Node node;
    node.id = freshId(sheet(), idStem(layer));
    node.name = node.id;
    node.type = layer.type();
    addInSheet(addNodeEdit(sheet(), node));
    setPosition(node.id, position);
    return node.id;
}

std::string idStem(const LayerSpec& layer)
{
    if (layer.isLoss())
        return "loss";
    if (layer.category() != Category::Block)
        return layer.type();
    return &layer == &blockInputLayer() ? "x" : &layer == &blockOutputLayer() ? "y" : "block";
}

std::string positionsPath(const std::string& block)
{
    return block.empty() ? "view/positions" : "view/blocks/" + block;
}

const Tree* positionsOf(const Project& project, const std::string& block)
{
    if (block.empty())
        return project.view.find("positions");
    const Tree* blocks = project.view.find("blocks");
    return blocks ? blocks->find(block) : nullptr;
}

Tree toTree(const QPointF& point)
{
    return Tree::List{Tree(static_cast<std::int64_t>(std::llround(point.x()))), Tree(static_cast<std::int64_t>(std::llround(point.y())))};
}

std::optional<QPointF> pointFrom(const Tree* tree)
{
    if (!tree || !tree->isList() || tree->list().size() != 2 || !tree->list()[0].isNumber() || !tree->list()[1].isNumber())
        return std::nullopt;
    return QPointF(tree->list()[0].number(), tree->list()[1].number());
}

void EditBatch::setPosition(const std::string& node, const QPointF& position)
{
    const Tree* positions = positionsOf(m_project, m_block);
    const Tree* before = positions ? positions->find(node) : nullptr;
    add(Edit{positionsPath(m_block) + "/" + node, before ? *before : Tree(), toTree(position)});
}

void EditBatch::clearPosition(const std::string& node)
{
    const Tree* positions = positionsOf(m_project, m_block);
    const Tree* position = positions ? positions->find(node) : nullptr;
    const Tree before = position ? *position : Tree();
    add(Edit{positionsPath(m_block) + "/" + node, before, {}});
}

void EditBatch::setPositions(const std::unordered_map<std::string, QPointF>& positions)
{
    if (positions.size() < manyPositions) {
        for (const Node& node : sheet().nodes) {
            if (const auto found = positions.find(node.id); found != positions.end())
                setPosition(node.id, found->second);
        }
        return;
    }
    const Tree* saved = positionsOf(m_project, m_block);
    const Tree before = saved ? *saved : Tree();
    Tree::Map after;
    std::unordered_set<std::string> known;
    if (before.isMap()) {
        for (const auto& [id, place] : before.map()) {
            const auto found = positions.find(id);
            after.emplace_back(id, found == positions.end() ? place : toTree(found->second));
            known.insert(id);
        }
    }
    for (const Node& node : sheet().nodes) {
        const auto found = positions.find(node.id);
        if (found != positions.end() && !known.count(node.id))
            after.emplace_back(node.id, toTree(found->second));
    }
    add(Edit{positionsPath(m_block), before, Tree(std::move(after))});
}

void EditBatch::addWire(const PortRef& from, const PortRef& to, int at)
{
    const Wire wire{from, to};
    const LayerSpec* layer = layerOf(view(), to.node);
    const PortSpec* port = layer ? findPort(layer->inputs(), to.port) : nullptr;
    const std::vector<Wire> wires = sheet().wires;
    for (const Wire& old : wires) {
        if (old == wire)
            return;
        if (old.to == to && !(port && port->isVariadic))
            removeWire(old);
    }
    Edit edit = addWireEdit(sheet(), wire);
    if (at >= 0)
        edit.after = Tree::Map{{"at", at}};
    addInSheet(edit);
}

void EditBatch::removeWire(const Wire& wire)
{
    addInSheet(removeWireEdit(sheet(), wire));
}

void EditBatch::setBends(const Wire& wire, const std::vector<QPointF>& bends)
{
    add(bendsEdit(m_project, m_block, toString(wire), bends));
}

void EditBatch::moveBends(const std::unordered_map<std::string, QPointF>& positions, const QPointF& delta)
{
    if (!bendsTree(m_project, m_block))
        return;
    for (const Wire& wire : std::vector<Wire>(sheet().wires)) {
        Bends bends;
        if (positions.count(wire.from.node) && positions.count(wire.to.node))
            bends = bendsOf(bendsTree(m_project, m_block), toString(wire));
        for (QPointF& bend : bends)
            bend += delta;
        if (!bends.empty())
            setBends(wire, bends);
    }
}

void EditBatch::straighten()
{
    add(straightenEdit(m_project, m_block));
}

void EditBatch::removeNode(const std::string& node)
{
    clearPosition(node);
    addInSheet(removeNodeEdits(sheet(), node));
}

void EditBatch::removeAndHeal(const std::string& node)
{
    std::vector<PortRef> sources;
    std::vector<Wire> leaving;
    for (const Wire& wire : sheet().wires) {
        if (wire.to.node == node)
            sources.push_back(wire.from);
        else if (wire.from.node == node)
            leaving.push_back(wire);
    }
    if (sources.size() == 1) {
        for (const Wire& wire : leaving) // in its place, so that inputs for several keep their order
            addWire(sources.front(), wire.to, wireIndex(sheet(), wire));
    }
    removeNode(node);
}

std::optional<QPointF> savedPosition(const Project& project, const std::string& node, const std::string& block)
{
    const Tree* positions = positionsOf(project, block);
    return pointFrom(positions ? positions->find(node) : nullptr);
}

std::unordered_set<std::string> reachedFrom(const Sheet& sheet, const std::string& start, bool isBackwards)
{
    std::unordered_map<std::string_view, std::vector<const std::string*>> next;
    for (const Wire& wire : sheet.wires)
        next[isBackwards ? wire.to.node : wire.from.node].push_back(isBackwards ? &wire.from.node : &wire.to.node);
    std::unordered_set<std::string> seen{start};
    std::vector<std::string> open{start};
    while (!open.empty()) {
        const auto found = next.find(open.back());
        open.pop_back();
        if (found == next.end())
            continue;
        for (const std::string* node : found->second) {
            if (seen.insert(*node).second)
                open.push_back(*node);
        }
    }
    return seen;
}

bool isReachable(const Sheet& sheet, const std::string& start, const std::string& node)
{
    return reachedFrom(sheet, start).count(node) > 0;
}

WireFits::WireFits(const SheetView& view, std::optional<PortRef> from, std::optional<PortRef> to) :
    m_sheet(view.sheet), m_from(std::move(from)), m_to(std::move(to)),
    m_reached(m_from ? reachedFrom(m_sheet, m_from->node, true) : reachedFrom(m_sheet, m_to->node))
{
}

PortFit WireFits::at(const PortRef& end) const
{
    const Wire wire{m_from ? *m_from : end, m_from ? end : *m_to};
    if (wire.from.node == wire.to.node)
        return {false, CanvasText::tr("A layer cannot feed itself.")};
    if (wireIndex(m_sheet, wire) >= 0)
        return {false, CanvasText::tr("This wire is there already.")};
    if (m_reached.count(end.node))
        return {false, CanvasText::tr("This wire would close a cycle.")};
    return {true, {}};
}

PortFit portFit(const Sheet& sheet, const PortRef& from, const PortRef& to)
{
    return WireFits({Network(), sheet}, from, std::nullopt).at(to);
}

bool insertInto(EditBatch& batch, const Wire& wire, const std::string& node)
{
    EditBatch trial = batch;
    const int place = wireIndex(trial.sheet(), wire);
    trial.removeWire(wire);
    const auto input = bestInput(trial.view(), wire.from, node);
    if (!input)
        return false;
    const auto output = bestOutput(trial.view(), wire.to, node);
    if (!output)
        return false;
    trial.addWire(*output, wire.to, place);
    trial.addWire(wire.from, *input);
    batch = trial;
    return true;
}

std::optional<PortRef> bestInput(const SheetView& view, const PortRef& from, const std::string& node)
{
    const LayerSpec* layer = layerOf(view, node);
    if (!layer)
        return std::nullopt;
    std::optional<PortRef> replaceable;
    for (const bool withOptional : {false, true}) {
        for (const PortSpec& port : layer->inputs()) {
            const PortRef to{node, port.name};
            if (port.isOptional != withOptional || !portFit(view.sheet, from, to).fits)
                continue;
            const bool isTaken = std::any_of(view.sheet.wires.begin(), view.sheet.wires.end(), [&](const Wire& wire) { return wire.to == to; });
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

std::optional<PortRef> bestOutput(const SheetView& view, const PortRef& to, const std::string& node)
{
    const LayerSpec* layer = layerOf(view, node);
    if (!layer)
        return std::nullopt;
    for (const PortSpec& port : layer->outputs()) {
        const PortRef from{node, port.name};
        if (portFit(view.sheet, from, to).fits)
            return from;
    }
    return std::nullopt;
}

} // namespace weft
