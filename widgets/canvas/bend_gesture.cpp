#include <QApplication>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"

namespace weft {
namespace {

constexpr double bendReach = 10; ///< pixels on the screen

double reachIn(const CanvasView& view)
{
    return bendReach / view.zoom();
}

} // namespace

BendGesture::BendGesture(CanvasView& view, const WireItem& wire, const QPointF& start) :
    CanvasGesture(view), m_wire(wire.wire()), m_before(wire.bends()), m_start(start)
{
}

void BendGesture::move(const QPointF& point)
{
    WireItem* item = m_view.canvas().wire(m_wire);
    const bool isFirst = m_bend < 0 && (point - m_start).manhattanLength() >= QApplication::startDragDistance();
    if (!item || (m_bend < 0 && !isFirst))
        return;
    if (isFirst)
        takeBend(*item);
    m_bends[static_cast<std::size_t>(m_bend)] = snapped(m_view.toScene(point));
    item->setBends(m_bends);
    m_view.viewport()->update(); // from far the view paints wires by itself
}

/// The bend that was pressed, or a new one where the wire was.
void BendGesture::takeBend(const WireItem& item)
{
    const QPointF pressed = m_view.toScene(m_start);
    m_bends = m_before;
    m_bend = item.bendAt(pressed, reachIn(m_view));
    if (m_bend >= 0)
        return;
    m_bend = item.placeOf(pressed);
    m_bends.insert(m_bends.begin() + m_bend, pressed);
}

void BendGesture::finish(const QPointF& point)
{
    move(point);
    if (m_bend < 0)
        return;
    EditBatch batch = m_view.canvas().batch();
    batch.setBends(m_wire, m_bends);
    m_view.document().perform(CanvasView::tr("Bend the wire"), batch.edits());
    Q_EMIT m_view.message(CanvasView::tr("A double-click on a bend takes it away."));
}

void BendGesture::cancel()
{
    if (WireItem* item = m_view.canvas().wire(m_wire))
        item->setBends(m_before);
}

bool CanvasView::removeBendAt(const WireItem& item, const QPointF& point)
{
    const int bend = item.bendAt(point, reachIn(*this));
    if (bend < 0)
        return false;
    Bends bends = item.bends();
    bends.erase(bends.begin() + bend);
    EditBatch batch = m_scene->batch();
    batch.setBends(item.wire(), bends);
    perform(tr("Take the bend away"), batch);
    return true;
}

/// Every selected wire.
void CanvasView::straighten()
{
    EditBatch batch = m_scene->batch();
    for (const Wire& wire : m_scene->selectedWires())
        batch.setBends(wire, {});
    perform(tr("Straighten the wire"), batch);
}

} // namespace weft
