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
    for (const auto& [id, from] : m_from)
        m_view.canvas().moveItem(id, from + m_delta);
}

void MoveGesture::finish(const QPointF&)
{
    if (m_delta.isNull())
        return;
    EditBatch batch(m_view.document().project());
    for (const auto& [id, from] : m_from)
        batch.setPosition(id, from + m_delta);
    m_view.document().perform(CanvasView::tr("Move %n layer(s)", nullptr, static_cast<int>(m_from.size())), batch.edits());
}

void MoveGesture::cancel()
{
    for (const auto& [id, from] : m_from)
        m_view.canvas().moveItem(id, from);
}

} // namespace weft
