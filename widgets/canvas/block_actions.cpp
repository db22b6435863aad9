#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/arrange_task.h"
#include "widgets/canvas/block_library.h"
#include "widgets/canvas/block_trail.h"
#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

// Blocks on the canvas: made of a selection, entered, left, taken apart, saved.

namespace weft {
namespace {

/// Where a block comes to lie: in the middle of where its nodes lay.
QPointF cornerFor(const std::vector<QPointF>& corners)
{
    QRectF around;
    for (const QPointF& corner : corners)
        around |= QRectF(corner, QSizeF(nodeWidth, nodeHeight));
    return snapped(around.center() - QPointF(nodeWidth, nodeHeight) / 2);
}

/// Puts the positions of a block's nodes on record: where they lay, and the ports before and behind them.
void placeInside(EditBatch& batch, const Grouping& grouping, const std::map<std::string, QPointF>& before)
{
    const Block& block = *batch.network().findBlock(grouping.block);
    QRectF around;
    for (const auto& [id, corner] : before)
        around |= QRectF(corner, QSizeF(nodeWidth, nodeHeight));
    const double top = snapped(around.center() - QPointF(0, nodeHeight / 2)).y(); // level with a single row
    double nextInput = top;
    double nextOutput = top;
    Tree::Map places;
    for (const Node& node : block.nodes) {
        QPointF corner;
        if (node.type == blockInputLayer().type()) {
            corner = {around.left() - nodeWidth - gridStep * 6, nextInput};
            nextInput += nodeHeight + gridStep * 2;
        } else if (node.type == blockOutputLayer().type()) {
            corner = {around.right() + gridStep * 6, nextOutput};
            nextOutput += nodeHeight + gridStep * 2;
        } else {
            corner = before.at(node.id);
        }
        places.emplace_back(node.id, toTree(snapped(corner)));
    }
    batch.add(Edit{positionsPath(grouping.block), {}, Tree(std::move(places))});
}

} // namespace

bool CanvasView::attempt(const std::function<void()>& work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        Q_EMIT message(translated(error.message()));
        return false;
    }
}

void CanvasView::group()
{
    const std::vector<std::string> nodes = m_scene->selectedNodes();
    attempt([&] {
        const Grouping grouping = groupNodes(m_document->project().network, m_scene->block(), nodes);
        EditBatch batch = m_scene->batch();
        std::map<std::string, QPointF> before;
        std::vector<QPointF> corners;
        for (const std::string& id : nodes) {
            before[id] = m_scene->node(id)->pos();
            corners.push_back(before[id]);
            batch.clearPosition(id);
        }
        batch.add(grouping.edits);
        placeInside(batch, grouping, before);
        batch.setPosition(grouping.instance, cornerFor(corners));
        m_document->perform(tr("Group %n layer(s)", nullptr, static_cast<int>(nodes.size())), batch.edits());
        m_scene->select({grouping.instance});
    });
}

void CanvasView::ungroup()
{
    std::vector<std::string> added;
    EditBatch batch = m_scene->batch();
    const bool isDone = attempt([&] {
        for (const std::string& id : m_scene->selectedNodes()) {
            const Block* block = batch.network().findBlock(batch.sheet().findNode(id)->type);
            if (!block)
                continue;
            std::unordered_map<std::string, QPointF> places = arranged(*block, 1.8);
            const Grouping grouping = ungroupNode(batch.network(), batch.block(), id);
            std::vector<QPointF> corners;
            for (const auto& [inner, outer] : grouping.ids) {
                if (const auto saved = savedPosition(batch.project(), inner, block->id))
                    places[inner] = *saved;
                corners.push_back(places[inner]);
            }
            const QPointF shift = m_scene->node(id)->pos() - cornerFor(corners); // none where the block was not moved
            batch.clearPosition(id);
            const Tree* inside = grouping.isLast ? positionsOf(batch.project(), grouping.block) : nullptr;
            const Tree before = inside ? *inside : Tree();
            batch.add(grouping.edits);
            batch.add(Edit{positionsPath(grouping.block), before, {}});
            for (const auto& [inner, outer] : grouping.ids) {
                batch.setPosition(outer, places[inner] + shift);
                added.push_back(outer);
            }
        }
    });
    if (!isDone)
        return;
    if (added.empty()) {
        Q_EMIT message(tr("Select a block to take it apart."));
        return;
    }
    m_document->perform(tr("Ungroup"), batch.edits());
    m_scene->select(added);
}

void CanvasView::saveBlock()
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    const Node* node = selected.size() == 1 ? m_scene->sheet().findNode(selected.front()) : nullptr;
    const std::string id = node ? node->type : m_scene->block();
    const Block* block = m_document->project().network.findBlock(id);
    if (!block) {
        Q_EMIT message(tr("Select a block to save it for other projects."));
        return;
    }
    if (!attempt([&] { BlockLibrary::save(m_document->project(), id); }))
        return;
    Q_EMIT savedBlocksChanged();
    Q_EMIT message(tr("%1 is in the palette of every project now.").arg(QString::fromStdString(block->name)));
}

void CanvasView::enterBlock(const std::string& id)
{
    const Node* node = m_scene->sheet().findNode(id);
    if (!node || !m_document->project().network.findBlock(node->type))
        return;
    std::vector<std::string> place = m_scene->place();
    place.push_back(id);
    m_scene->setPlace(std::move(place));
}

void CanvasView::enterSelected()
{
    const std::vector<std::string> selected = m_scene->selectedNodes();
    const std::vector<std::string> notes = m_scene->selectedNotes();
    if (selected.size() == 1)
        enterBlock(selected.front());
    else if (selected.empty() && notes.size() == 1)
        editNote(notes.front());
}

void CanvasView::leaveTo(std::size_t depth)
{
    std::vector<std::string> place = m_scene->place();
    if (depth >= place.size())
        return;
    const std::string left = place[depth];
    place.resize(depth);
    m_scene->setPlace(std::move(place));
    m_scene->select({left});
}

void CanvasView::leaveBlock()
{
    if (!m_scene->place().empty())
        leaveTo(m_scene->place().size() - 1);
}

/// Another sheet is shown: as it was looked at before, or as a whole.
void CanvasView::showPlace()
{
    m_gesture.reset();
    m_arrangeTask->cancel();
    m_looks[m_shownPlace] = transform();
    m_shownPlace = m_scene->place();
    QStringList names{m_document->displayName()};
    const Network& network = m_document->project().network;
    const Sheet* at = &network;
    for (const std::string& id : m_shownPlace) {
        const Node* instance = at->findNode(id);
        names << QString::fromStdString(instance->name);
        at = network.findBlock(instance->type);
    }
    m_trail->setNames(names);
    const auto look = m_looks.find(m_shownPlace);
    if (look == m_looks.end()) {
        fitAll();
        return;
    }
    setTransform(look->second);
    Q_EMIT zoomChanged(zoom());
    viewMoved();
}

std::string CanvasView::addOffered(EditBatch& batch, const QString& type, const QPointF& position)
{
    const LayerSpec* layer = findOffered(batch, type);
    if (!layer)
        return {};
    if (!mayContain(batch.network(), batch.block(), layer->type())) {
        Q_EMIT message(batch.block().empty() ? tr("Ports belong inside blocks. Enter one first.") : tr("A block cannot contain itself."));
        return {};
    }
    return batch.addNode(*layer, position);
}

} // namespace weft
