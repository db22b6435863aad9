#include "widgets/canvas/canvas_scene.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "core/network/blocks.h"
#include "widgets/canvas/fix_edits.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// The scene is wide enough that panning never meets an edge.
constexpr double sceneHalf = 200000;

/// While it lives, a scene finds its items without an index, which costs less to make anew than to keep up with many changes.
class ManyChanges {
public:
    ManyChanges(QGraphicsScene* scene, std::size_t changes) : m_scene(changes > few ? scene : nullptr)
    {
        if (m_scene)
            m_scene->setItemIndexMethod(QGraphicsScene::NoIndex);
    }
    ~ManyChanges()
    {
        if (!m_scene)
            return;
        m_scene->setItemIndexMethod(QGraphicsScene::BspTreeIndex);
        // A new index learns how large the scene is when that changes.
        const QRectF whole = m_scene->sceneRect();
        m_scene->setSceneRect(whole.adjusted(0, 0, 1, 1));
        m_scene->setSceneRect(whole);
    }
    ManyChanges(const ManyChanges&) = delete;
    ManyChanges& operator=(const ManyChanges&) = delete;

private:
    static constexpr std::size_t few = 500;
    QGraphicsScene* m_scene;
};

/// How many places these edits set at most: those of many nodes are one edit.
std::size_t placesIn(const Edits& edits)
{
    std::size_t count = edits.size();
    for (const Edit& edit : edits)
        count = std::max(count, edit.after.isMap() ? edit.after.map().size() : 0);
    return count;
}

} // namespace

CanvasScene::CanvasScene(ProjectDocument* document, QObject* parent) : QGraphicsScene(parent), m_document(document)
{
    setSceneRect(-sceneHalf, -sceneHalf, 2 * sceneHalf, 2 * sceneHalf);
    connect(document, &ProjectDocument::reset, this, [this] {
        const bool wasInside = !m_place.empty();
        m_place.clear(); // first: clearing tells of the selection, and who hears it looks at the sheet that is shown
        m_block.clear();
        clearItems();
        sync();
        if (wasInside)
            Q_EMIT placeChanged();
    });
    connect(document, &ProjectDocument::edited, this, &CanvasScene::follow);
    connect(document, &ProjectDocument::stepped, this, &CanvasScene::selectReturned);
    connect(document, &ProjectDocument::analysisChanged, this, &CanvasScene::showAnalysis);
    connect(document, &ProjectDocument::dataProblemsChanged, this, &CanvasScene::showAnalysis);
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
    m_notes.clear();
    m_contentRect.reset();
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
    for (const Node& entry : sheet().nodes) {
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

void CanvasScene::moveItems(const std::unordered_map<std::string, QPointF>& positions, const QPointF& shift)
{
    for (const auto& [id, position] : positions) {
        if (NodeItem* item = node(id))
            item->setPos(position);
    }
    updateWireEnds();
    for (WireItem* item : m_wires) {
        Bends bends = item->bends();
        if (bends.empty() || !positions.count(item->wire().from.node) || !positions.count(item->wire().to.node))
            continue;
        for (QPointF& bend : bends)
            bend += shift;
        item->setBends(bends);
    }
    Q_EMIT contentChanged();
}

QRectF CanvasScene::contentRect() const
{
    if (m_contentRect)
        return *m_contentRect;
    QRectF rect;
    for (const auto& [id, item] : m_nodes)
        rect |= item->body().translated(item->pos());
    for (const WireItem* item : m_wires)
        rect |= item->lineRect(); // wires that run back, or are bent, swing out beside the nodes
    for (const auto& [id, item] : m_notes)
        rect |= item->rect();
    m_contentRect = rect;
    return rect;
}

void CanvasScene::setFigure(NodeFigure figure)
{
    m_figure = figure;
    showAnalysis();
    Q_EMIT figureChanged();
}

void CanvasScene::setMeasured(MeasuredNetwork measured)
{
    m_measured = std::move(measured);
    showAnalysis();
    Q_EMIT figureChanged();
}

void CanvasScene::follow(const Edits& edits)
{
    const bool isNetwork = std::any_of(edits.begin(), edits.end(), [](const Edit& edit) { return isNetworkPath(edit.path); });
    if (isNetwork)
        return sync();
    if (std::any_of(edits.begin(), edits.end(), [](const Edit& edit) { return edit.path.starts_with("view"); })) {
        {
            const ManyChanges many(this, placesIn(edits));
            syncNotes();
            placeNodes();
            updateWireEnds();
        }
        Q_EMIT contentChanged();
    }
}

/// What undo or redo brings is selected, so that hands can go on with it.
void CanvasScene::selectReturned(const Edits& edits)
{
    std::vector<std::string> returned;
    for (const AddedNode& added : addedNodes(edits)) {
        if (added.block == m_block && node(added.id))
            returned.push_back(added.id);
    }
    if (!returned.empty())
        select(returned);
}

void CanvasScene::sync()
{
    const bool isGone = findPlace();
    if (isGone) // the block that was shown
        clearItems();
    syncNotes();
    syncNodes();
    syncWires();
    showAnalysis();
    Q_EMIT contentChanged();
    if (isGone)
        Q_EMIT placeChanged();
}

void CanvasScene::syncNodes()
{
    const Network& network = m_document->project().network;
    std::unordered_set<std::string> present;
    for (const Node& entry : sheet().nodes) {
        present.insert(entry.id);
        const LayerSpec* layer = findLayer(network, entry.type);
        NodeItem*& item = m_nodes[entry.id];
        const bool wasSelected = item && item->isSelected();
        if (item && item->layer() != layer) { // a block got other ports, or the node another type
            const QSignalBlocker quiet(this);
            delete item;
            item = nullptr;
        }
        if (!item) {
            const QSignalBlocker quiet(this); // the selection stays what it was
            item = new NodeItem(entry.id, layer);
            addItem(item);
            item->setSelected(wasSelected);
        }
    }
    for (auto entry = m_nodes.begin(); entry != m_nodes.end();) {
        if (present.count(entry->first)) {
            ++entry;
            continue;
        }
        delete entry->second;
        entry = m_nodes.erase(entry);
    }
    placeNodes();
}

void CanvasScene::placeNodes()
{
    std::unordered_map<std::string_view, const Tree*> saved;
    if (const Tree* positions = positionsOf(m_document->project(), m_block); positions && positions->isMap()) {
        for (const auto& [id, place] : positions->map())
            saved.emplace(id, &place);
    }
    std::unordered_map<std::string, QPointF> automatic; // for nodes that the project gives no place
    for (const Node& entry : sheet().nodes) {
        NodeItem* item = node(entry.id);
        if (!item)
            continue;
        const auto found = saved.find(entry.id);
        std::optional<QPointF> position = found == saved.end() ? std::nullopt : pointFrom(found->second);
        if (!position) {
            if (automatic.empty())
                automatic = arranged(sheet(), 1.8);
            position = automatic[entry.id];
        }
        item->setPos(*position);
    }
}

void CanvasScene::syncWires()
{
    std::unordered_map<std::string, WireItem*> old;
    for (WireItem* item : m_wires)
        old[toString(item->wire())] = item;
    m_wires.clear();
    for (const auto& [id, item] : m_nodes) {
        for (const CanvasPort& port : item->ports())
            item->setPortWired(port.name, port.isInput, false);
    }
    for (const Wire& entry : sheet().wires) {
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

NoteItem* CanvasScene::note(const std::string& id) const
{
    const auto found = m_notes.find(id);
    return found == m_notes.end() ? nullptr : found->second;
}

std::vector<std::string> CanvasScene::selectedNotes() const
{
    std::vector<std::string> ids;
    for (const auto& [id, item] : m_notes) {
        if (item->isSelected())
            ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> CanvasScene::nodesOn(const Note& note) const
{
    std::vector<std::string> ids;
    for (const auto& [id, item] : m_nodes) {
        if (note.rect.contains(item->mapRectToScene(item->body())))
            ids.push_back(id);
    }
    return ids;
}

NoteItem* CanvasScene::noteAt(const QPointF& point) const
{
    for (const auto& [id, item] : m_notes) {
        if (item->isHandle(point))
            return item;
    }
    return nullptr;
}

void CanvasScene::syncNotes()
{
    std::map<std::string, NoteItem*> old = std::move(m_notes);
    m_notes.clear();
    for (const Note& entry : notesOf(m_document->project(), m_block)) {
        NoteItem*& item = m_notes[entry.id];
        const auto found = old.find(entry.id);
        if (found == old.end()) {
            item = new NoteItem(entry);
            addItem(item);
        } else {
            item = found->second;
            item->setNote(entry);
            old.erase(found);
        }
    }
    for (const auto& [id, item] : old)
        delete item;
}

void CanvasScene::updateWireEnds()
{
    m_contentRect.reset();
    const Tree* bends = bendsTree(m_document->project(), m_block);
    for (WireItem* item : m_wires) {
        const NodeItem* from = node(item->wire().from.node);
        const NodeItem* to = node(item->wire().to.node);
        item->setRoute(from->portPoint(item->wire().from.port, false), bends ? bendsOf(bends, toString(item->wire())) : Bends(),
                       to->portPoint(item->wire().to.port, true));
    }
}

} // namespace weft
