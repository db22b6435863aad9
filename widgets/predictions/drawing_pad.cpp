#include "widgets/predictions/drawing_pad.h"

#include <algorithm>

#include <QDragEnterEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int finer = 8; ///< canvas pixels of one input pixel
constexpr int settleMs = 150;
constexpr double brush = 2.2; ///< width in input pixels, for an input of 28

} // namespace

DrawingPad::DrawingPad(QWidget* parent) : QWidget(parent)
{
    setAcceptDrops(true);
    setCursor(Qt::CrossCursor);

    setToolTip(tr("Draw here, or drop an image file."));
    setAccessibleName(toolTip());
    m_timer.setSingleShot(true);
    m_timer.setInterval(settleMs);
    connect(&m_timer, &QTimer::timeout, this, [this] { Q_EMIT drawn(image()); });
    clear();
}

void DrawingPad::setInputSize(const QSize& size)
{
    if (size == m_size || size.isEmpty())
        return;
    m_size = size;
    clear();
}

void DrawingPad::clear()
{
    // Large inputs need no finer canvas than their own.
    const int factor = std::max(m_size.width(), m_size.height()) > 128 ? 1 : finer;
    m_canvas = QImage(m_size * factor, QImage::Format_RGB32);
    m_canvas.fill(Qt::black);
    m_isBlank = true;
    m_timer.stop();
    update();
    Q_EMIT cleared();
}

QImage DrawingPad::image() const
{
    return m_canvas.scaled(m_size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

void DrawingPad::showPicture(const QImage& picture)
{
    m_canvas = picture.convertToFormat(QImage::Format_RGB32).scaled(m_canvas.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    m_isBlank = false;
    m_timer.stop();
    update();
}

QRectF DrawingPad::sheet() const
{
    const QSizeF size = QSizeF(m_size).scaled(QSizeF(width(), height()), Qt::KeepAspectRatio);
    return {QPointF((width() - size.width()) / 2, 0), size};
}

void DrawingPad::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF place = sheet();
    painter.drawImage(place, image());
    painter.setPen(QPen(themeColors().line, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5));
    if (m_isBlank) {
        painter.setPen(QColor(150, 155, 168));
        painter.drawText(place.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, tr("Draw here"));
    }
}

void DrawingPad::strokeTo(const QPointF& point)
{
    const QRectF place = sheet();
    const double scale = m_canvas.width() / place.width();
    const QPointF from = (m_last - place.topLeft()) * scale;
    const QPointF to = (point - place.topLeft()) * scale;
    QPainter painter(&m_canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Qt::white, brush * m_canvas.width() / 28.0, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (from == to)
        painter.drawPoint(to);
    else
        painter.drawLine(from, to);
    m_last = point;
    m_isBlank = false;
    m_timer.start();
    update();
}

void DrawingPad::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::RightButton) {
        clear();
        return;
    }
    m_last = event->position();
    strokeTo(event->position());
}

void DrawingPad::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        strokeTo(event->position());
}

void DrawingPad::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile())
        event->acceptProposedAction();
}

void DrawingPad::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    Q_EMIT fileDropped(event->mimeData()->urls().first().toLocalFile());
}

} // namespace weft
