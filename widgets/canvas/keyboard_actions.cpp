#include <algorithm>
#include <cmath>

#include <QContextMenuEvent>

#include "core/network/blocks.h"
#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/choice_popup.h"
#include "widgets/canvas/note_item.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

// What else hands do with the mouse, by keys: finding layers, going from one to the next, wiring.

namespace weft {
namespace {

int categoryOf(const Network& network, const Node& node)
{
    const LayerSpec* layer = findLayer(network, node.type);
    return layer ? static_cast<int>(layer->category()) : -1;
}

/// A way to wire a layer, or to take one of its wires away.
struct WireChoice {
    Wire wire;
    bool isRemoval = false;
};

} // namespace

void CanvasView::find()
{
    const Network& network = m_document->project().network;
    std::vector<ChoicePopup::Choice> choices;
    std::vector<std::string> paths;
    const auto add = [&](const Sheet& sheet, const std::string& way, auto&& self) -> void {
        for (const Node& node : sheet.nodes) {
            const LayerSpec* layer = findLayer(network, node.type);
            const QString name = QString::fromStdString(node.name == node.id ? node.id : node.name + " (" + node.id + ")");
            const QString type = layer ? layerTitle(*layer) : QString::fromStdString(node.type);
            choices.push_back({name, way.empty() ? type : type + QStringLiteral(" · ") + QString::fromStdString(way), categoryOf(network, node)});
            paths.push_back(way + node.id);
            const Block* block = network.findBlock(node.type);
            if (block && circleOf(network, block->id).empty())
                self(*block, way + node.id + "/", self);
        }
    };
    add(network, {}, add);
    std::vector<std::string> notes;
    for (const auto& [id, item] : m_scene->notes()) {
        choices.push_back({item->note().text.section(QLatin1Char('\n'), 0, 0), tr("Comment"), -1});
        notes.push_back(id);
    }
    m_finder->open(std::move(choices), [this, paths, notes](std::size_t index) {
        if (index < paths.size())
            showNode(paths[index]);
        else
            showNote(notes[index - paths.size()]);
    });
}

/// From the layer that was selected last to the next one in a direction, which joins the selection or becomes it.
void CanvasView::selectNext(const QPointF& direction, bool extends)
{
    std::vector<std::string> selected = m_scene->selectedNodes();
    const auto isLast = std::find(selected.begin(), selected.end(), m_lastByKey) != selected.end();
    const NodeItem* from = selected.empty() ? nullptr : m_scene->node(isLast ? m_lastByKey : selected.back());
    const NodeItem* best = nullptr;
    double least = 0;
    for (const auto& [id, item] : m_scene->nodes()) {
        double distance = item->x() + item->y() * 4; // without a selection: the first of the upper row
        if (from) {
            const QPointF way = item->pos() - from->pos();
            const double along = QPointF::dotProduct(way, direction);
            const double aside = std::abs(QPointF::dotProduct(way, QPointF(direction.y(), direction.x())));
            if (along <= 0 || aside > along * 2)
                continue;
            distance = along + aside * 2;
        }
        if (!best || distance < least) {
            best = item;
            least = distance;
        }
    }
    if (!best)
        return;
    m_lastByKey = best->id();
    selected.push_back(m_lastByKey);
    showNode(m_scene->pathOf(m_lastByKey));
    if (extends)
        m_scene->select(selected);
}

QPoint CanvasView::menuPoint(const QContextMenuEvent& event) const
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    if (event.reason() != QContextMenuEvent::Keyboard || selected.empty())
        return event.pos();
    const NodeItem* item = m_scene->node(selected.front());
    return viewportTransform().map(item->mapToScene(item->body().center())).toPoint();
}

/// Two selected layers are wired from the left one to the right one; for one layer a list opens of what can be
/// wired to it and which of its wires can go.
void CanvasView::connectByKeys()
{
    std::vector<std::string> selected = m_scene->selectedNodes();
    if (selected.size() == 2) {
        if (m_scene->node(selected[1])->x() < m_scene->node(selected[0])->x())
            std::swap(selected[0], selected[1]);
        connectNodes(selected[0], selected[1]);
        return;
    }
    const NodeItem* own = selected.size() == 1 ? m_scene->node(selected.front()) : nullptr;
    if (!own) {
        Q_EMIT message(tr("Select one layer to wire it, or two to wire the left one to the right one."));
        return;
    }
    std::vector<ChoicePopup::Choice> choices;
    std::vector<WireChoice> wires;
    const SheetView view = m_scene->sheetView();
    const auto offer = [&](const Wire& wire, const Node& other, bool isRemoval, bool leaves) {
        const PortRef& end = leaves ? wire.to : wire.from;
        const QString name = QString::fromStdString(toString(end));
        const QString text = isRemoval ? tr("Remove the wire: %1").arg(name)
            : leaves                   ? QStringLiteral("→ %1").arg(name)
                                       : QStringLiteral("← %1").arg(name);
        choices.push_back({text, QString::fromStdString(other.type), categoryOf(view.network, other)});
        wires.push_back({wire, isRemoval});
    };
    const auto offerAll = [&](const CanvasPort& port, bool leaves) {
        const PortRef fixed{own->id(), port.name};
        const WireFits fits(view, leaves ? std::optional(fixed) : std::nullopt, leaves ? std::nullopt : std::optional(fixed));
        for (const Node& node : view.sheet.nodes) {
            const NodeItem* item = m_scene->node(node.id);
            for (const CanvasPort& other : item->ports()) {
                const PortRef end{node.id, other.name};
                if (other.isInput == leaves && fits.at(end).fits)
                    offer(leaves ? Wire{fixed, end} : Wire{end, fixed}, node, false, leaves);
            }
        }
    };
    for (const CanvasPort& port : own->ports())
        offerAll(port, !port.isInput);
    for (const Wire& wire : view.sheet.wires) {
        if (wire.from.node == own->id() || wire.to.node == own->id()) {
            const bool leaves = wire.from.node == own->id();
            offer(wire, *view.sheet.findNode(leaves ? wire.to.node : wire.from.node), true, leaves);
        }
    }
    m_finder->open(std::move(choices), [this, wires](std::size_t index) {
        EditBatch batch = m_scene->batch();
        const auto& [wire, isRemoval] = wires[index];
        if (isRemoval)
            batch.removeWire(wire);
        else
            batch.addWire(wire.from, wire.to);
        perform(isRemoval ? tr("Remove wire") : tr("Connect"), batch);
        setFocus();
    });
}

void CanvasView::connectNodes(const std::string& from, const std::string& to)
{
    EditBatch batch = m_scene->batch();
    const NodeItem* source = m_scene->node(from);
    for (const CanvasPort& port : source->ports()) {
        const PortRef output{from, port.name};
        const auto input = port.isInput ? std::nullopt : bestInput(batch.view(), output, to);
        if (!input)
            continue;
        batch.addWire(output, *input);
        perform(tr("Connect"), batch);
        return;
    }
    Q_EMIT message(tr("No wire fits from %1 to %2.").arg(QString::fromStdString(from), QString::fromStdString(to)));
}

} // namespace weft
