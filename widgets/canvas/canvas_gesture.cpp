#include "widgets/canvas/canvas_gesture.h"

#include <algorithm>

#include <QPainter>

#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {

double portReach(double zoom)
{
    return std::clamp(13.0 / zoom, 9.0, 20.0);
}

void PanGesture::move(const QPointF& point)
{
    m_view.panBy(point - m_last);
    m_last = point;
}

BoxGesture::BoxGesture(CanvasView& view, const QPointF& start, bool keep) : CanvasGesture(view), m_start(view.toScene(start))
{
    if (keep)
        m_before = view.canvas().selectedNodes();
    view.canvas().select(m_before);
}

void BoxGesture::move(const QPointF& point)
{
    const QRectF old = m_box;
    m_box = QRectF(m_start, m_view.toScene(point)).normalized();
    std::vector<std::string> ids = m_before;
    for (const auto& [id, item] : m_view.canvas().nodes()) {
        if (item->mapRectToScene(item->body()).intersects(m_box))
            ids.push_back(id);
    }
    m_view.canvas().select(ids);
    m_view.canvas().update(old.united(m_box).adjusted(-4, -4, 4, 4));
}

void BoxGesture::finish(const QPointF&)
{
    m_view.canvas().update(m_box.adjusted(-4, -4, 4, 4));
}

void BoxGesture::cancel()
{
    m_view.canvas().select(m_before);
}

void BoxGesture::paint(QPainter* painter)
{
    const Colors& c = themeColors();
    QPen pen(c.accent, 1);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->setBrush(withAlpha(c.accent, 0.10));
    painter->drawRect(m_box);
}

MoveGesture::MoveGesture(CanvasView& view, const QPointF& start) : CanvasGesture(view), m_start(view.toScene(start))
{
    for (const std::string& id : view.canvas().selectedNodes())
        m_from[id] = view.canvas().node(id)->pos();
    if (m_from.size() != 1)
        return;
    const std::vector<CanvasPort>& ports = view.canvas().node(m_from.begin()->first)->ports();
    m_isLoose = std::none_of(ports.begin(), ports.end(), [](const CanvasPort& port) { return port.isWired; });
}

void MoveGesture::move(const QPointF& point)
{
    // The first node stays on the grid; the others keep their distance to it.
    const QPointF raw = m_view.toScene(point) - m_start;
    if (m_from.empty())
        return;
    const QPointF anchor = m_from.begin()->second;
    const QPointF delta = snapped(anchor + raw) - anchor;
    if (delta == m_delta)
        return;
    m_delta = (raw.manhattanLength() < 4 / m_view.zoom()) ? QPointF() : delta;
    show(m_delta);
    const WireItem* below = wireBelow();
    for (WireItem* wire : m_view.canvas().wires())
        wire->setTargeted(wire == below);
}

void MoveGesture::show(const QPointF& delta)
{
    std::unordered_map<std::string, QPointF> places;
    for (const auto& [id, from] : m_from)
        places[id] = from + delta;
    m_view.canvas().moveItems(places, delta);
}

WireItem* MoveGesture::wireBelow() const
{
    const NodeItem* item = m_isLoose && !m_delta.isNull() ? m_view.canvas().node(m_from.begin()->first) : nullptr;
    return item ? m_view.canvas().wireAt(item->mapToScene(item->body().center())) : nullptr;
}

void MoveGesture::finish(const QPointF&)
{
    const WireItem* below = wireBelow();
    for (WireItem* wire : m_view.canvas().wires())
        wire->setTargeted(false);
    if (m_delta.isNull())
        return;
    EditBatch batch = m_view.canvas().batch();
    std::unordered_map<std::string, QPointF> places;
    for (const auto& [id, from] : m_from)
        places[id] = from + m_delta;
    batch.setPositions(places);
    batch.moveBends(places, m_delta);
    const bool isInserted = below && insertInto(batch, below->wire(), m_from.begin()->first);
    const QString name
        = isInserted ? CanvasView::tr("Put into the wire") : CanvasView::tr("Move %n layer(s)", nullptr, static_cast<int>(m_from.size()));
    m_view.document().perform(name, batch.edits());
}

void MoveGesture::cancel()
{
    for (WireItem* wire : m_view.canvas().wires())
        wire->setTargeted(false);
    show({});
}

} // namespace weft
