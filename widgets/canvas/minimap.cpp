#include "widgets/canvas/minimap.h"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {

Minimap::Minimap(CanvasView* view) : QWidget(view), m_view(view)
{
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Overview of the network"));
    setFixedSize(164, 104);
    setCursor(Qt::PointingHandCursor);
    connect(&view->canvas(), &CanvasScene::contentChanged, this, &Minimap::forget);
    connect(&view->canvas(), &CanvasScene::selectionChanged, this, &Minimap::forget);
    connect(&view->document(), &ProjectDocument::analysisChanged, this, &Minimap::forget);
    connect(&Theme::instance(), &Theme::changed, this, &Minimap::forget);
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
    paintNodes(map);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(map.mapRect(m_view->canvas().contentRect()), m_picture, QRectF(m_picture.rect()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.accent, 1.2));
    painter.setBrush(withAlpha(c.accent, 0.06));
    const QRectF frame = map.mapRect(visibleRect()).intersected(QRectF(rect()).adjusted(3, 3, -3, -3));
    painter.drawRoundedRect(frame, 3, 3);
}

/// Paints the nodes once for all pictures until one of them changes: there may be very many.
void Minimap::paintNodes(const QTransform& map)
{
    if (!m_picture.isNull())
        return;
    const Colors& c = themeColors();
    const QRectF content = m_view->canvas().contentRect();
    const double factor = std::max(map.m11(), 1e-6) * 2;
    m_picture = QPixmap((content.size() * factor).toSize().expandedTo(QSize(1, 1)).boundedTo(QSize(512, 512)));
    m_picture.fill(Qt::transparent);
    QPainter painter(&m_picture);
    painter.scale(m_picture.width() / content.width(), m_picture.height() / content.height());
    painter.translate(-content.topLeft());
    painter.setPen(Qt::NoPen);
    const QSizeF least(4 / factor, 3 / factor);
    for (const auto& [id, item] : m_view->canvas().nodes()) {
        QRectF node = item->body().translated(item->pos());
        node.setSize(node.size().expandedTo(least));
        const bool isFaulty = item->face().hasFault && item->face().severity == Severity::Error;
        painter.fillRect(node, isFaulty ? c.error : item->isSelected() ? c.accent : mixed(item->face().bar, c.secondary, 0.35));
    }
}

void Minimap::forget()
{
    m_picture = {};
    refresh();
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
