#include "widgets/data/tile_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int gap = 8;
constexpr int rightMargin = 6; ///< between the tiles and the scroll bar

} // namespace

TileView::TileView(QSize tile, PaintTile paint, QWidget* parent) : QAbstractScrollArea(parent), m_tile(tile), m_paint(std::move(paint))
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(tile.width() + rightMargin + verticalScrollBar()->sizeHint().width());
    viewport()->setAutoFillBackground(false);
    connect(&Theme::instance(), &Theme::changed, this, &TileView::refresh);
}

void TileView::setCount(qint64 count)
{
    m_count = count;
    m_current = 0;
    verticalScrollBar()->setValue(0);
    layOut();
    refresh();
}

void TileView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    refresh();
}

qint64 TileView::columns() const
{
    return std::max(1, (viewport()->width() - rightMargin + gap) / (m_tile.width() + gap));
}

int TileView::tileWidth() const
{
    const int count = static_cast<int>(columns());
    return std::max(m_tile.width(), (viewport()->width() - rightMargin - (count - 1) * gap) / count);
}

void TileView::layOut()
{
    const qint64 rows = (m_count + columns() - 1) / columns();
    const qint64 height = rows * (m_tile.height() + gap) - gap;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(m_tile.height() / 2);
    verticalScrollBar()->setRange(0, static_cast<int>(std::clamp<qint64>(height - viewport()->height(), 0, 1 << 30)));
}

QRect TileView::tileRect(qint64 index) const
{
    const qint64 row = index / columns();
    const qint64 column = index % columns();
    return {static_cast<int>(column) * (tileWidth() + gap), static_cast<int>(row * (m_tile.height() + gap) - verticalScrollBar()->value()),
            tileWidth(), m_tile.height()};
}

qint64 TileView::indexAt(const QPoint& point) const
{
    const qint64 column = point.x() / (tileWidth() + gap);
    const qint64 row = (point.y() + verticalScrollBar()->value()) / (m_tile.height() + gap);
    const qint64 index = row * columns() + column;
    return point.x() >= 0 && point.y() >= 0 && column < columns() && index < m_count && tileRect(index).contains(point) ? index : -1;
}

void TileView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_count == 0) {
        painter.setPen(themeColors().secondary);
        painter.drawText(viewport()->rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const qint64 first = verticalScrollBar()->value() / (m_tile.height() + gap) * columns();
    for (qint64 index = first; index < m_count; ++index) {
        const QRect rect = tileRect(index);
        if (rect.top() > viewport()->height())
            break;
        painter.save();
        m_paint(painter, rect, index);
        painter.restore();
        if (index == m_current && hasFocus()) {
            // Of another colour than the frames that tiles have by themselves, with a light between both.
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(themeColors().panel, 1));
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -2, -2), 3, 3);
            painter.setPen(QPen(themeColors().text, 1.5));
            painter.drawRoundedRect(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
        }
    }
}

void TileView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TileView::mouseReleaseEvent(QMouseEvent* event)
{
    const qint64 index = indexAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || index < 0)
        return;
    m_current = index;
    Q_EMIT clicked(index);
}

void TileView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left: return goTo(m_current - 1);
    case Qt::Key_Right: return goTo(m_current + 1);
    case Qt::Key_Up: return goTo(m_current >= columns() ? m_current - columns() : m_current);
    case Qt::Key_Down: return goTo(m_current + columns() < m_count ? m_current + columns() : m_current);
    case Qt::Key_Home: return goTo(0);
    case Qt::Key_End: return goTo(m_count - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current < m_count)
            Q_EMIT clicked(m_current);
        return;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void TileView::goTo(qint64 index)
{
    m_current = std::clamp<qint64>(index, 0, std::max<qint64>(0, m_count - 1));
    const QRect rect = tileRect(m_current);
    const int below = rect.bottom() - viewport()->height() + 1;
    verticalScrollBar()->setValue(verticalScrollBar()->value() + (rect.top() < 0 ? rect.top() : std::max(0, below)));
    refresh();
}

void TileView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    refresh();
}

void TileView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    refresh();
}

bool TileView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_tip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const qint64 index = indexAt(help->pos());
        if (index >= 0)
            QToolTip::showText(help->globalPos(), m_tip(index), viewport(), tileRect(index));
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void paintPin(QPainter& painter, const QRect& rect)
{
    const Colors& c = themeColors();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1));
    const QPointF head(rect.right() - 8, rect.top() + 8);
    painter.setPen(QPen(c.onAccent, 1.5));
    painter.drawLine(head, head + QPointF(-6, 8));
    painter.setBrush(c.accent);
    painter.drawEllipse(head, 5, 5);
    painter.restore();
}

} // namespace weft
