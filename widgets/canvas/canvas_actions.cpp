#include <algorithm>

#include <QClipboard>
#include <QGuiApplication>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "widgets/canvas/canvas_view.h"
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

} // namespace

void CanvasView::appendLayer(const QString& type)
{
    const LayerSpec* layer = findLayer(m_document->project().network, type.toStdString());
    if (!layer)
        return;
    const std::vector<std::string> selected = m_scene->selectedNodes();
    EditBatch batch(m_document->project());
    QPointF position = toScene(QPointF(viewport()->rect().center())) - halfNode;
    const NodeItem* source = selected.size() == 1 ? m_scene->node(selected.front()) : nullptr;
    if (source)
        position = source->pos() + QPointF(nodeWidth + gridStep * 6, 0);
    const std::string id = batch.addNode(*layer, freeSpot(*m_scene, position));
    const LayerSpec* sourceLayer
        = source ? findLayer(m_document->project().network, m_document->project().network.findNode(source->id())->type) : nullptr;
    if (sourceLayer && !sourceLayer->outputs().empty()) {
        const PortRef from{source->id(), sourceLayer->outputs().front().name};
        if (const auto to = bestInput(batch.network(), from, id))
            batch.addWire(from, *to);
    }
    m_document->perform(tr("Add %1").arg(type), batch.edits());
    LayerSearch::countUse(type);
    showNode(id);
}

void CanvasView::dropLayer(const QString& type, const QPointF& scenePoint)
{
    const LayerSpec* layer = findLayer(m_document->project().network, type.toStdString());
    if (!layer)
        return;
    const WireItem* onto = m_scene->nodeAt(scenePoint) ? nullptr : m_scene->wireAt(scenePoint);
    EditBatch batch(m_document->project());
    const std::string id = batch.addNode(*layer, snapped(scenePoint - halfNode));
    if (onto && !layer->inputs().empty() && !layer->outputs().empty()) {
        const Wire wire = onto->wire();
        batch.removeWire(wire);
        batch.addWire(wire.from, {id, layer->inputs().front().name});
        batch.addWire({id, layer->outputs().front().name}, wire.to);
    }
    m_document->perform(onto ? tr("Insert %1").arg(type) : tr("Add %1").arg(type), batch.edits());
    LayerSearch::countUse(type);
    m_scene->select({id});
}

void CanvasView::openSearch(const QPoint& viewportPoint, std::optional<PortRef> from, std::optional<PortRef> to)
{
    const QPointF at = toScene(QPointF(viewportPoint));
    LayerSearch::Filter filter = from ? LayerSearch::Filter::WithInput : to ? LayerSearch::Filter::WithOutput : LayerSearch::Filter::All;
    m_search->open(viewport()->mapToGlobal(viewportPoint), filter, [this, at, from, to](const QString& type) {
        const LayerSpec* layer = findLayer(m_document->project().network, type.toStdString());
        EditBatch batch(m_document->project());
        const QPointF corner = from ? at - QPointF(0, nodeHeight / 2) : to ? at - QPointF(nodeWidth, nodeHeight / 2) : at - halfNode;
        const std::string id = batch.addNode(*layer, freeSpot(*m_scene, corner));
        if (from) {
            if (const auto input = bestInput(batch.network(), *from, id))
                batch.addWire(*from, *input);
        } else if (to) {
            if (const auto output = bestOutput(batch.network(), *to, id))
                batch.addWire(*output, *to);
        }
        m_document->perform(tr("Add %1").arg(type), batch.edits());
        LayerSearch::countUse(type);
        m_scene->select({id});
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
    EditBatch batch(m_document->project());
    for (const Wire& wire : wires)
        batch.removeWire(wire);
    for (const std::string& id : nodes) {
        if (heal)
            batch.removeAndHeal(id);
        else
            batch.removeNode(id);
    }
    const QString name = nodes.empty() ? tr("Delete %n wire(s)", nullptr, static_cast<int>(wires.size()))
                                       : tr("Delete %n layer(s)", nullptr, static_cast<int>(nodes.size()));
    m_document->perform(name, batch.edits());
}

void CanvasView::copy()
{
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    if (!nodes.empty())
        QGuiApplication::clipboard()->setText(copiedText(m_document->project(), nodes));
}

void CanvasView::cut()
{
    copy();
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
    EditBatch batch(m_document->project());
    const QPointF position = snapped(cursorPoint());
    const std::vector<std::string> added = weft::paste(batch, QGuiApplication::clipboard()->text(), position, keepIncoming);
    if (added.empty()) {
        Q_EMIT message(tr("The clipboard holds no layers."));
        return;
    }
    m_document->perform(tr("Paste %n layer(s)", nullptr, static_cast<int>(added.size())), batch.edits());
    m_scene->select(added);
}

void CanvasView::duplicate()
{
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    if (nodes.empty())
        return;
    QPointF corner(1e9, 1e9);
    for (const std::string& id : nodes) {
        const QPointF at = m_scene->node(id)->pos();
        corner = {std::min(corner.x(), at.x()), std::min(corner.y(), at.y())};
    }
    EditBatch batch(m_document->project());
    const std::vector<std::string> added
        = weft::paste(batch, copiedText(m_document->project(), nodes), corner + QPointF(gridStep * 2, gridStep * 4), false);
    m_document->perform(tr("Duplicate %n layer(s)", nullptr, static_cast<int>(added.size())), batch.edits());
    m_scene->select(added);
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
    EditBatch batch(m_document->project());
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    for (const std::string& id : nodes)
        batch.setPosition(id, m_scene->node(id)->pos() + delta);
    m_document->perform(tr("Move %n layer(s)", nullptr, static_cast<int>(nodes.size())), batch.edits(), QStringLiteral("nudge"));
}

void CanvasView::arrange()
{
    const double aspect = static_cast<double>(viewport()->width()) / std::max(1, viewport()->height());
    EditBatch batch(m_document->project());
    for (const auto& [id, position] : arranged(m_document->project().network, aspect))
        batch.setPosition(id, position);
    m_document->perform(tr("Arrange"), batch.edits());
    fitAll();
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
    EditBatch batch(m_document->project());
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
    EditBatch batch(m_document->project());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const double value = first + step * static_cast<double>(i);
        batch.setPosition(items[i]->id(), snapped(alongX ? QPointF(value, items[i]->y()) : QPointF(items[i]->x(), value)));
    }
    m_document->perform(tr("Distribute"), batch.edits());
}

void CanvasView::applyFirstFix()
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    for (const Diagnostic& diagnostic : m_document->analysis().diagnostics) {
        const bool isMeant = selected.empty() || std::find(selected.begin(), selected.end(), diagnostic.node) != selected.end();
        if (!isMeant || diagnostic.fixes.empty())
            continue;
        const Fix fix = diagnostic.fixes.front(); // a copy: performing it replaces the analysis
        try {
            m_document->perform(translated(fix.label), fix.edits);
        } catch (const Error& error) {
            Q_EMIT message(translated(error.message()));
        }
        return;
    }
    Q_EMIT message(tr("There is no quick fix here."));
}

} // namespace weft
