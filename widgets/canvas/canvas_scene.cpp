#include "widgets/canvas/canvas_scene.h"

#include <algorithm>
#include <unordered_set>

#include "core/network/blocks.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// The scene is wide enough that panning never meets an edge.
constexpr double sceneHalf = 200000;

} // namespace

CanvasScene::CanvasScene(ProjectDocument* document, QObject* parent) : QGraphicsScene(parent), m_document(document)
{
    setSceneRect(-sceneHalf, -sceneHalf, 2 * sceneHalf, 2 * sceneHalf);
    connect(document, &ProjectDocument::reset, this, [this] {
        clearItems();
        sync();
    });
    connect(document, &ProjectDocument::edited, this, &CanvasScene::sync);
    connect(document, &ProjectDocument::analysisChanged, this, &CanvasScene::showAnalysis);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        showAnalysis();
        update();
    });
    sync();
}

void CanvasScene::clearItems()
{
    m_nodes.clear();
    m_wires.clear();
    clear();
}

CanvasScene::~CanvasScene()
{
    // The base class announces changes of the selection while it removes the items; listeners would
    // then ask a scene whose own part is gone.
    blockSignals(true);
}

NodeItem* CanvasScene::node(const std::string& id) const
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? nullptr : found->second;
}

WireItem* CanvasScene::wire(const Wire& wire) const
{
    const auto found = std::find_if(m_wires.begin(), m_wires.end(), [&](const WireItem* item) { return item->wire() == wire; });
    return found == m_wires.end() ? nullptr : *found;
}

std::vector<std::string> CanvasScene::selectedNodes() const
{
    std::vector<std::string> ids;
    for (const Node& entry : m_document->project().network.nodes) {
        const NodeItem* item = node(entry.id);
        if (item && item->isSelected())
            ids.push_back(entry.id);
    }
    return ids;
}

std::vector<Wire> CanvasScene::selectedWires() const
{
    std::vector<Wire> selected;
    for (const WireItem* item : m_wires) {
        if (item->isSelected())
            selected.push_back(item->wire());
    }
    return selected;
}

void CanvasScene::select(const std::vector<std::string>& ids)
{
    const std::vector<std::string> before = selectedNodes();
    const bool hadWires = !selectedWires().empty();
    {
        const QSignalBlocker quiet(this);
        clearSelection();
        for (const std::string& id : ids) {
            if (NodeItem* item = node(id))
                item->setSelected(true);
        }
    }
    if (hadWires || selectedNodes() != before)
        Q_EMIT selectionChanged();
}

NodeItem* CanvasScene::nodeAt(const QPointF& point) const
{
    for (QGraphicsItem* item : items(point)) {
        if (auto* found = qgraphicsitem_cast<NodeItem*>(item))
            return found;
    }
    return nullptr;
}

WireItem* CanvasScene::wireAt(const QPointF& point) const
{
    for (QGraphicsItem* item : items(point)) {
        if (auto* found = qgraphicsitem_cast<WireItem*>(item))
            return found;
    }
    return nullptr;
}

CanvasScene::PortHit CanvasScene::portAt(const QPointF& point, double reach) const
{
    PortHit best;
    double nearest = reach;
    const QRectF around(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach);
    for (QGraphicsItem* item : items(around, Qt::IntersectsItemBoundingRect)) {
        auto* candidate = qgraphicsitem_cast<NodeItem*>(item);
        if (!candidate)
            continue;
        for (const CanvasPort& port : candidate->ports()) {
            const double distance = QLineF(candidate->mapToScene(port.center), point).length();
            if (distance <= nearest) {
                nearest = distance;
                best = {candidate, &port};
            }
        }
    }
    return best;
}

void CanvasScene::moveItem(const std::string& id, const QPointF& position)
{
    if (NodeItem* item = node(id))
        item->setPos(position);
    updateWireEnds();
    Q_EMIT contentChanged();
}

QRectF CanvasScene::contentRect() const
{
    QRectF rect;
    for (const auto& [id, item] : m_nodes)
        rect |= item->mapRectToScene(item->body());
    for (const WireItem* item : m_wires)
        rect |= item->path().boundingRect(); // wires that run back swing out beside the nodes
    return rect;
}

void CanvasScene::setCostKind(CostKind kind)
{
    m_costKind = kind;
    showAnalysis();
}

void CanvasScene::sync()
{
    syncNodes();
    syncWires();
    showAnalysis();
    Q_EMIT contentChanged();
}

void CanvasScene::syncNodes()
{
    const Project& project = m_document->project();
    std::unordered_set<std::string> present;
    std::unordered_map<std::string, QPointF> automatic; // positions for nodes that the project gives none
    for (const Node& entry : project.network.nodes) {
        present.insert(entry.id);
        const LayerSpec* layer = findLayer(project.network, entry.type);
        NodeItem*& item = m_nodes[entry.id];
        if (item && item->layer() != layer) { // a block got other ports, or the node another type
            delete item;
            item = nullptr;
        }
        if (!item) {
            item = new NodeItem(entry.id, layer);
            addItem(item);
        }
        std::optional<QPointF> position = savedPosition(project, entry.id);
        if (!position) {
            if (automatic.empty())
                automatic = arranged(project.network, 1.8);
            position = automatic[entry.id];
        }
        item->setPos(*position);
    }
    for (auto entry = m_nodes.begin(); entry != m_nodes.end();) {
        if (present.count(entry->first)) {
            ++entry;
            continue;
        }
        delete entry->second;
        entry = m_nodes.erase(entry);
    }
}

void CanvasScene::syncWires()
{
    std::map<std::string, WireItem*> old;
    for (WireItem* item : m_wires)
        old[toString(item->wire())] = item;
    m_wires.clear();
    for (const auto& [id, item] : m_nodes) {
        for (const CanvasPort& port : item->ports())
            item->setPortWired(port.name, port.isInput, false);
    }
    for (const Wire& entry : m_document->project().network.wires) {
        if (!node(entry.from.node) || !node(entry.to.node))
            continue;
        node(entry.from.node)->setPortWired(entry.from.port, false, true);
        node(entry.to.node)->setPortWired(entry.to.port, true, true);
        const auto found = old.find(toString(entry));
        if (found != old.end()) {
            m_wires.push_back(found->second);
            old.erase(found);
            continue;
        }
        auto* item = new WireItem(entry);
        addItem(item);
        m_wires.push_back(item);
    }
    for (const auto& [name, item] : old)
        delete item;
    updateWireEnds();
}

void CanvasScene::updateWireEnds()
{
    for (WireItem* item : m_wires) {
        const NodeItem* from = node(item->wire().from.node);
        const NodeItem* to = node(item->wire().to.node);
        item->setEnds(from->portPoint(item->wire().from.port, false), to->portPoint(item->wire().to.port, true));
    }
}

} // namespace weft
