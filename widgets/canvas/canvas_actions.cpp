#include <algorithm>

#include <QClipboard>
#include <QGuiApplication>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "widgets/canvas/arrange_task.h"
#include "widgets/canvas/block_library.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/fix_edits.h"
#include "widgets/canvas/layer_search.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

// Commands on the network: each is one named undo step.

namespace weft {
namespace {

const QPointF halfNode(nodeWidth / 2, nodeHeight / 2);

/// Moves down in grid steps until no node lies there.
QPointF freeSpot(const CanvasScene& scene, QPointF position)
{
    const auto isTaken = [&](const QPointF& point) {
        const QRectF rect(point, QSizeF(nodeWidth, nodeHeight));
        return std::any_of(scene.nodes().begin(), scene.nodes().end(),
                           [&](const auto& entry) { return entry.second->mapRectToScene(entry.second->body()).intersects(rect); });
    };
    position = snapped(position);
    while (isTaken(position))
        position.ry() += gridStep * 5;
    return position;
}

/// What the user reads for the layer of a node.
QString titleIn(const EditBatch& batch, const std::string& node)
{
    const std::string& type = batch.sheet().findNode(node)->type;
    const LayerSpec* layer = findLayer(batch.network(), type);
    return layer ? layerTitle(*layer) : QString::fromStdString(type);
}

} // namespace

void CanvasView::perform(const QString& name, const EditBatch& batch, const QString& mergeKey)
{
    m_document->perform(name, batch.edits(), mergeKey);
}

void CanvasView::appendLayer(const QString& type)
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    QPointF position = toScene(QPointF(viewport()->rect().center())) - halfNode;
    const NodeItem* source = selected.size() == 1 ? m_scene->node(selected.front()) : nullptr;
    if (source)
        position = source->pos() + QPointF(nodeWidth + gridStep * 6, 0);
    attempt([&] {
        EditBatch batch = m_scene->batch();
        const std::string id = addOffered(batch, type, freeSpot(*m_scene, position));
        if (id.empty())
            return;
        if (source && source->layer() && !source->layer()->outputs().empty()) {
            const PortRef from{source->id(), source->layer()->outputs().front().name};
            if (const auto to = bestInput(batch.view(), from, id))
                batch.addWire(from, *to);
        }
        perform(tr("Add %1").arg(titleIn(batch, id)), batch);
        LayerSearch::countUse(type);
        showNode(m_scene->pathOf(id));
    });
}

void CanvasView::dropLayer(const QString& type, const QPointF& scenePoint)
{
    const WireItem* onto = m_scene->nodeAt(scenePoint) ? nullptr : m_scene->wireAt(scenePoint);
    attempt([&] {
        EditBatch batch = m_scene->batch();
        const std::string id = addOffered(batch, type, snapped(scenePoint - halfNode));
        if (id.empty())
            return;
        const bool isInserted = onto && insertInto(batch, onto->wire(), id);
        const QString title = titleIn(batch, id);
        perform(isInserted ? tr("Insert %1").arg(title) : tr("Add %1").arg(title), batch);
        LayerSearch::countUse(type);
        m_scene->select({id});
    });
}

/// What may be added, and with an end of a wire what fits there.
std::vector<LayerOffer> CanvasView::offersFor(const std::optional<PortRef>& from, const std::optional<PortRef>& to) const
{
    const Network& network = m_document->project().network;
    std::vector<LayerOffer> offers = layerOffers(network, m_scene->block());
    if (to)
        std::erase_if(offers, [](const LayerOffer& offer) { return !offer.hasOutput; });
    if (!from)
        return offers;
    std::erase_if(offers, [](const LayerOffer& offer) { return !offer.hasInput; });
    const TensorType* type = m_scene->typeAt(*from);
    return type ? thatTake(network, *type, std::move(offers)) : offers;
}

void CanvasView::openSearch(const QPoint& viewportPoint, std::optional<PortRef> from, std::optional<PortRef> to)
{
    const QPointF at = toScene(QPointF(viewportPoint));
    m_search->open(viewport()->mapToGlobal(viewportPoint), offersFor(from, to), [this, at, from, to](const QString& type) {
        const QPointF corner = from ? at - QPointF(0, nodeHeight / 2) : to ? at - QPointF(nodeWidth, nodeHeight / 2) : at - halfNode;
        attempt([&] {
            EditBatch batch = m_scene->batch();
            const std::string id = addOffered(batch, type, freeSpot(*m_scene, corner));
            if (id.empty())
                return;
            if (from) {
                if (const auto input = bestInput(batch.view(), *from, id))
                    batch.addWire(*from, *input);
            } else if (to) {
                if (const auto output = bestOutput(batch.view(), *to, id))
                    batch.addWire(*output, *to);
            }
            perform(tr("Add %1").arg(titleIn(batch, id)), batch);
            LayerSearch::countUse(type);
            m_scene->select({id});
        });
        setFocus();
    });
}

void CanvasView::openSearchAtCursor()
{
    const QPoint point = viewport()->mapFromGlobal(QCursor::pos());
    openSearch(viewport()->rect().contains(point) ? point : viewport()->rect().center());
}

void CanvasView::deleteSelection()
{
    removeSelected(false);
}

void CanvasView::deleteAndHeal()
{
    removeSelected(true);
}

void CanvasView::removeSelected(bool heal)
{
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    const std::vector<Wire> wires = m_scene->selectedWires();
    EditBatch batch = m_scene->batch();
    for (const Wire& wire : wires)
        batch.removeWire(wire);
    for (const std::string& id : nodes) {
        if (heal)
            batch.removeAndHeal(id);
        else
            batch.clearPosition(id);
    }
    if (!heal)
        batch.addInSheet(removeNodesEdits(batch.sheet(), nodes));
    for (const std::string& id : m_scene->selectedNotes())
        setNote(batch, {id, {}, {}});
    const QString name = nodes.empty() && wires.empty() ? tr("Delete the comment")
        : nodes.empty()                                 ? tr("Delete %n wire(s)", nullptr, static_cast<int>(wires.size()))
                                                        : tr("Delete %n layer(s)", nullptr, static_cast<int>(nodes.size()));
    m_document->perform(name, batch.edits());
}

/// The selected nodes and those on selected frames.
std::vector<std::string> CanvasView::nodesToCopy() const
{
    std::vector<std::string> nodes = m_scene->selectedNodes();
    for (const std::string& frame : m_scene->selectedNotes()) {
        for (const std::string& id : m_scene->nodesOn(m_scene->note(frame)->note())) {
            if (std::find(nodes.begin(), nodes.end(), id) == nodes.end())
                nodes.push_back(id);
        }
    }
    return nodes;
}

void CanvasView::copy()
{
    const std::vector<std::string> nodes = nodesToCopy();
    const std::vector<std::string> notes = m_scene->selectedNotes();
    if (!nodes.empty() || !notes.empty())
        QGuiApplication::clipboard()->setText(copiedText(m_document->project(), nodes, m_scene->block(), notes));
}

void CanvasView::cut()
{
    copy();
    for (const std::string& id : nodesToCopy())
        m_scene->node(id)->setSelected(true); // what a frame took along goes as well
    deleteSelection();
}

void CanvasView::paste()
{
    pasteAt(false);
}

void CanvasView::pasteWithWires()
{
    pasteAt(true);
}

void CanvasView::pasteAt(bool keepIncoming)
{
    EditBatch batch = m_scene->batch();
    const QPointF position = snapped(cursorPoint());
    const Pasted added = weft::paste(batch, QGuiApplication::clipboard()->text(), position, keepIncoming);
    if (added.isEmpty()) {
        Q_EMIT message(tr("The clipboard holds no layers."));
        return;
    }
    const int layers = static_cast<int>(added.nodes.size());
    m_document->perform(layers > 0 ? tr("Paste %n layer(s)", nullptr, layers) : tr("Paste the comment"), batch.edits());
    selectPasted(added);
}

void CanvasView::selectPasted(const Pasted& added)
{
    m_scene->select(added.nodes);
    for (const std::string& id : added.notes) {
        if (NoteItem* item = m_scene->note(id))
            item->setSelected(true);
    }
}

void CanvasView::duplicate()
{
    const std::vector<std::string> nodes = nodesToCopy();
    const std::vector<std::string> notes = m_scene->selectedNotes();
    if (nodes.empty() && notes.empty())
        return;
    QPointF corner(1e9, 1e9);
    double bottom = -1e9;
    const auto take = [&](const QRectF& rect) {
        corner = {std::min(corner.x(), rect.left()), std::min(corner.y(), rect.top())};
        bottom = std::max(bottom, rect.bottom());
    };
    for (const std::string& id : nodes)
        take(m_scene->node(id)->mapRectToScene(m_scene->node(id)->body()));
    for (const std::string& id : notes)
        take(m_scene->note(id)->rect());
    // A frame's copy lies below it: where frames overlap, each would take the other's layers along.
    const QPointF place = notes.empty() ? corner + QPointF(gridStep * 2, gridStep * 4) : QPointF(corner.x(), bottom + gridStep * 2);
    EditBatch batch = m_scene->batch();
    const Pasted added = weft::paste(batch, copiedText(m_document->project(), nodes, m_scene->block(), notes), place, false);
    const int layers = static_cast<int>(added.nodes.size());
    m_document->perform(layers > 0 ? tr("Duplicate %n layer(s)", nullptr, layers) : tr("Duplicate the comment"), batch.edits());
    selectPasted(added);
}

void CanvasView::selectAllNodes()
{
    std::vector<std::string> ids;
    for (const auto& [id, item] : m_scene->nodes())
        ids.push_back(id);
    m_scene->select(ids);
}

void CanvasView::nudge(const QPointF& delta)
{
    EditBatch batch = m_scene->batch();
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    std::unordered_map<std::string, QPointF> places;
    for (const std::string& id : nodes)
        places[id] = m_scene->node(id)->pos() + delta;
    batch.setPositions(places);
    batch.moveBends(places, delta);
    m_document->perform(tr("Move %n layer(s)", nullptr, static_cast<int>(nodes.size())), batch.edits(), QStringLiteral("nudge"));
}

void CanvasView::arrange()
{
    const double aspect = static_cast<double>(viewport()->width()) / std::max(1, viewport()->height());
    m_arrangeTask->start(m_scene->sheet(), aspect);
    Q_EMIT message(tr("Arranging … Esc leaves everything where it is."));
}

void CanvasView::showArranged(const ArrangeTask::Positions& positions)
{
    EditBatch batch = m_scene->batch();
    batch.setPositions(positions);
    batch.straighten();
    perform(tr("Arrange"), batch);
    QTimer::singleShot(0, this, &CanvasView::fitAll); // of very many nodes each is enough for one turn of the event loop
    Q_EMIT message({});
}

void CanvasView::alignLefts()
{
    align(true);
}

void CanvasView::alignTops()
{
    align(false);
}

void CanvasView::align(bool alongX)
{
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    double least = 1e9;
    for (const std::string& id : nodes)
        least = std::min(least, alongX ? m_scene->node(id)->x() : m_scene->node(id)->y());
    EditBatch batch = m_scene->batch();
    for (const std::string& id : nodes) {
        const QPointF at = m_scene->node(id)->pos();
        batch.setPosition(id, alongX ? QPointF(least, at.y()) : QPointF(at.x(), least));
    }
    m_document->perform(tr("Align"), batch.edits());
}

void CanvasView::distributeAcross()
{
    distribute(true);
}

void CanvasView::distributeDown()
{
    distribute(false);
}

void CanvasView::distribute(bool alongX)
{
    std::vector<NodeItem*> items;
    for (const std::string& id : m_scene->selectedNodes())
        items.push_back(m_scene->node(id));
    if (items.size() < 3)
        return;
    const auto place = [alongX](const NodeItem* item) { return alongX ? item->x() : item->y(); };
    std::stable_sort(items.begin(), items.end(), [&](const NodeItem* a, const NodeItem* b) { return place(a) < place(b); });
    const double first = place(items.front());
    const double step = (place(items.back()) - first) / static_cast<double>(items.size() - 1);
    EditBatch batch = m_scene->batch();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const double value = first + step * static_cast<double>(i);
        batch.setPosition(items[i]->id(), snapped(alongX ? QPointF(value, items[i]->y()) : QPointF(items[i]->x(), value)));
    }
    m_document->perform(tr("Distribute"), batch.edits());
}

void CanvasView::applyFirstFix()
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    std::vector<Diagnostic> problems = m_document->problems();
    std::stable_sort(problems.begin(), problems.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.severity > b.severity; });
    for (const Diagnostic& diagnostic : problems) {
        const std::string node = m_scene->nodeOf(diagnostic);
        const bool isMeant = selected.empty() || std::find(selected.begin(), selected.end(), node) != selected.end();
        if (!isMeant || diagnostic.fixes.empty())
            continue;
        try {
            performFix(*m_document, diagnostic.fixes.front());
        } catch (const Error& error) {
            Q_EMIT message(translated(error.message()));
        }
        return;
    }
    Q_EMIT message(tr("There is no quick fix here."));
}

} // namespace weft
