#include "widgets/canvas/minimap.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "widgets/canvas/canvas_view.h"
#include "widgets/theme/theme.h"

namespace weft {

Minimap::Minimap(CanvasView* view) : QWidget(view), m_view(view)
{
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Overview of the network"));
    setFixedSize(164, 104);
    setCursor(Qt::PointingHandCursor);
}

void Minimap::place()
{
    move(m_view->width() - width() - 12, m_view->height() - height() - 12);
    raise();
}

void Minimap::refresh()
{
    const QRectF content = m_view->canvas().contentRect();
    setVisible(!content.isEmpty() && !visibleRect().adjusted(-1, -1, 1, 1).contains(content));
    update();
}

QRectF Minimap::visibleRect() const
{
    return m_view->viewportTransform().inverted().mapRect(QRectF(m_view->viewport()->rect()));
}

QTransform Minimap::toMap() const
{
    const QRectF world = m_view->canvas().contentRect().united(visibleRect());
    const QRectF inner = QRectF(rect()).adjusted(8, 8, -8, -8);
    const double factor = std::min(inner.width() / world.width(), inner.height() / world.height());
    return QTransform::fromTranslate(-world.center().x(), -world.center().y()) * QTransform::fromScale(factor, factor)
        * QTransform::fromTranslate(inner.center().x(), inner.center().y());
}

void Minimap::paintEvent(QPaintEvent*)
{
    const Colors& c = themeColors();
    if (m_view->canvas().nodes().empty())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(c.line);
    painter.setBrush(withAlpha(c.panel, 0.92));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    const QTransform map = toMap();
    painter.setPen(Qt::NoPen);
    for (const auto& [id, item] : m_view->canvas().nodes()) {
        QRectF node = map.mapRect(item->mapRectToScene(item->body()));
        node.setSize(node.size().expandedTo(QSizeF(2, 1.5)));
        const bool isFaulty = item->face().hasFault && item->face().severity == Severity::Error;
        painter.setBrush(isFaulty ? c.error : item->isSelected() ? c.accent : mixed(item->face().bar, c.secondary, 0.35));
        painter.drawRoundedRect(node, 1.5, 1.5);
    }
    painter.setPen(QPen(c.accent, 1.2));
    painter.setBrush(withAlpha(c.accent, 0.06));
    const QRectF frame = map.mapRect(visibleRect()).intersected(QRectF(rect()).adjusted(3, 3, -3, -3));
    painter.drawRoundedRect(frame, 3, 3);
}

void Minimap::centerOn(const QPointF& point)
{
    const QPointF target = toMap().inverted().map(point);
    m_view->panBy((visibleRect().center() - target) * m_view->zoom());
}

void Minimap::mousePressEvent(QMouseEvent* event)
{
    centerOn(event->position());
}

void Minimap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        centerOn(event->position());
}

void Minimap::wheelEvent(QWheelEvent* event)
{
    m_view->zoomAt(QPointF(m_view->viewport()->rect().center()), event->angleDelta().y() > 0 ? 1.15 : 1 / 1.15);
    event->accept();
}

} // namespace weft
