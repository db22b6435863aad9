#include "widgets/canvas/canvas_view.h"

#include <cmath>

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/canvas/arrange_task.h"
#include "widgets/canvas/block_trail.h"
#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/choice_popup.h"
#include "widgets/canvas/layer_search.h"
#include "widgets/canvas/minimap.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double smallestZoom = 0.04;
constexpr double largestZoom = 4;
constexpr int dotRoom = 2; ///< around the middle of a dot

/// Dots of the grid beside each other, the first one `start` behind the margin.
QPixmap rowOfDots(double start, double step, double width, double ratio)
{
    QPixmap row(QSize(static_cast<int>(width) + 3 * dotRoom, 2 * dotRoom) * ratio);
    row.setDevicePixelRatio(ratio);
    row.fill(Qt::transparent);
    QPainter painter(&row);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeColors().dots, 1.8, Qt::SolidLine, Qt::RoundCap));
    for (double x = start; x < width + dotRoom; x += step)
        painter.drawPoint(QPointF(dotRoom + x, dotRoom));
    return row;
}

} // namespace

CanvasView::CanvasView(ProjectDocument* document, QWidget* parent) :
    QGraphicsView(parent), m_document(document), m_scene(new CanvasScene(document, this)), m_minimap(new Minimap(this)),
    m_search(new LayerSearch(this)), m_finder(new ChoicePopup(tr("Search"), this)), m_arrangeTask(new ArrangeTask(this)),
    m_trail(new BlockTrail(this))
{
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Canvas"));
    viewport()->setAccessibleName(tr("Canvas"));
    setScene(m_scene);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setViewportUpdateMode(SmartViewportUpdate);
    setOptimizationFlag(DontSavePainterState, false);
    setMouseTracking(true);
    setAcceptDrops(true);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    m_autoScroll.setInterval(16);
    connect(&m_autoScroll, &QTimer::timeout, this, &CanvasView::autoScroll);
    connect(m_scene, &CanvasScene::placeChanged, this, &CanvasView::showPlace);
    connect(m_arrangeTask, &ArrangeTask::done, this, &CanvasView::showArranged);
    connect(m_trail, &BlockTrail::chosen, this, &CanvasView::leaveTo);
    connect(document, &ProjectDocument::reset, this, [this] {
        m_arrangeTask->cancel();
        m_gesture.reset();
        m_looks.clear();
        fitAll();
    });
    connect(document, &ProjectDocument::edited, this, [this] {
        m_isFitted = false; // what the user has put somewhere stays there when the window changes
        if (!m_gesture)
            return;
        m_gesture.reset(); // e.g. undo while dragging: what was grabbed may be gone
        for (const auto& [id, item] : m_scene->nodes())
            item->resetPortLooks();
        for (WireItem* item : m_scene->wires())
            item->setDetached(false);
        viewport()->update();
    });
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

CanvasView::~CanvasView() = default;

QPointF CanvasView::toScene(const QPointF& viewportPoint) const
{
    return viewportTransform().inverted().map(viewportPoint);
}

void CanvasView::zoomAt(const QPointF& point, double factor)
{
    const double bounded = std::clamp(zoom() * factor, smallestZoom, largestZoom);
    if (qFuzzyCompare(bounded, zoom()))
        return;
    m_isFitted = false;
    const QPointF before = toScene(point);
    scale(bounded / zoom(), bounded / zoom());
    const QPointF shift = toScene(point) - before;
    translate(shift.x(), shift.y());
    Q_EMIT zoomChanged(zoom());
    viewMoved();
}

void CanvasView::panBy(const QPointF& pixels)
{
    m_isFitted = false;
    translate(pixels.x() / zoom(), pixels.y() / zoom());
    viewMoved();
}

void CanvasView::viewMoved()
{
    m_minimap->refresh();
    viewport()->update();
}

void CanvasView::fitRect(const QRectF& sceneRect, int above)
{
    const QRectF room = QRectF(viewport()->rect()).adjusted(0, above, 0, 0);
    if (sceneRect.isEmpty() || room.width() < 40 || room.height() < 40)
        return;
    const QRectF padded = sceneRect.adjusted(-28, -36, 28, 28);
    const double factor = std::min(room.width() / padded.width(), room.height() / padded.height());
    m_isFitted = false;
    const double bounded = std::clamp(factor, smallestZoom, 1.0);
    setTransform(QTransform::fromScale(bounded, bounded));
    const QPointF shift = toScene(room.center()) - padded.center();
    translate(shift.x(), shift.y());
    Q_EMIT zoomChanged(zoom());
    viewMoved();
}

void CanvasView::keepView(const QTransform& view)
{
    setTransform(view);
    m_isFitted = false;
    Q_EMIT zoomChanged(zoom());
    viewMoved();
}

void CanvasView::fitAll()
{
    if (m_scene->nodes().empty()) {
        setTransform({});
        Q_EMIT zoomChanged(zoom());
        viewMoved();
    }
    fitRect(m_scene->contentRect());
    if (m_corner && !m_scene->items(viewportTransform().inverted().mapRect(QRectF(m_corner->geometry()))).isEmpty())
        fitRect(m_scene->contentRect(), m_corner->geometry().bottom());
    m_isFitted = true;
}

void CanvasView::fitSelection()
{
    QRectF rect;
    for (const std::string& id : m_scene->selectedNodes())
        rect |= m_scene->node(id)->mapRectToScene(m_scene->node(id)->body());
    fitRect(rect.isEmpty() ? m_scene->contentRect() : rect);
}

void CanvasView::resetZoom()
{
    zoomAt(QPointF(viewport()->rect().center()), 1 / zoom());
}

void CanvasView::zoomIn()
{
    zoomAt(QPointF(viewport()->rect().center()), 1.25);
}

void CanvasView::zoomOut()
{
    zoomAt(QPointF(viewport()->rect().center()), 0.8);
}

void CanvasView::showNode(const std::string& path)
{
    std::vector<std::string> place;
    std::size_t begin = 0;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; begin = slash + 1, slash = path.find('/', begin))
        place.push_back(path.substr(begin, slash - begin));
    const std::string id = path.substr(begin);
    m_scene->setPlace(place);
    NodeItem* item = m_scene->node(id);
    if (!item)
        return;
    m_scene->select({id});
    const QRectF rect = item->mapRectToScene(item->body());
    if (zoom() < 0.5)
        resetZoom();
    const QRectF visible = viewportTransform().inverted().mapRect(QRectF(viewport()->rect())).adjusted(40, 40, -40, -40);
    if (!visible.contains(rect)) {
        const QPointF shift = visible.center() - rect.center();
        panBy(shift * zoom());
    }
    // What lies over the corners must not hide it.
    for (const QWidget* over : {static_cast<const QWidget*>(m_minimap), m_corner}) {
        const QRectF shown = viewportTransform().mapRect(rect);
        if (over && over->isVisible() && shown.intersects(QRectF(over->geometry())))
            panBy({over->geometry().left() - 12 - shown.right(), 0});
    }
    setFocus();
}

void CanvasView::drawBackground(QPainter* painter, const QRectF& rect)
{
    painter->fillRect(rect, themeColors().canvas);
    double step = gridStep * 2;
    while (step * zoom() < 22)
        step *= 2;
    const QPointF first = painter->worldTransform().map(QPointF(std::floor(rect.left() / step) * step, std::floor(rect.top() / step) * step));
    const QPointF last = painter->worldTransform().map(rect.bottomRight());
    const double pixels = step * zoom();
    // Round dots are dear to paint and there are thousands: one row is painted and copied.
    const QPixmap row = rowOfDots(first.x() - std::floor(first.x()), pixels, last.x() - first.x(), painter->device()->devicePixelRatioF());
    painter->save();
    painter->resetTransform();
    for (double y = first.y(); y < last.y() + dotRoom; y += pixels)
        painter->drawPixmap(QPointF(std::floor(first.x()) - dotRoom, std::round(y) - dotRoom), row);
    painter->restore();
}

void CanvasView::drawForeground(QPainter* painter, const QRectF&)
{
    if (m_gesture)
        m_gesture->paint(painter);
    if (m_hasGhost) {
        const Colors& c = themeColors();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(c.accent, 1.5, Qt::DashLine));
        painter->setBrush(withAlpha(c.raised, 0.8));
        painter->drawRoundedRect(QRectF(m_ghost, QSizeF(nodeWidth, nodeHeight)), 8, 8);
        painter->setPen(c.text);
        painter->setFont(Theme::instance().bodyFont());
        painter->drawText(QRectF(m_ghost, QSizeF(nodeWidth, nodeHeight)), Qt::AlignCenter, m_ghostType);
    }
    if (!m_scene->nodes().empty())
        return;
    painter->save();
    painter->resetTransform();
    painter->setPen(themeColors().secondary);
    painter->setFont(Theme::instance().bodyFont());
    painter->drawText(viewport()->rect(), Qt::AlignCenter, tr("Drag a layer here, or double-click to search for one."));
    painter->restore();
}

void CanvasView::wheelEvent(QWheelEvent* event)
{
    const QPoint delta = event->angleDelta();
    if (event->modifiers() & Qt::ShiftModifier)
        panBy(QPointF(delta.y() != 0 ? delta.y() : delta.x(), 0) * 0.5);
    else
        zoomAt(event->position(), std::pow(1.0015, delta.y()));
    event->accept();
}

void CanvasView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    m_minimap->place();
    m_minimap->refresh();
    if (m_isFitted)
        fitAll();
}

void CanvasView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    m_minimap->refresh();
}

void CanvasView::updateCursor(const QPointF& viewportPoint)
{
    if (m_isSpaceHeld) {
        viewport()->setCursor(m_gesture ? Qt::ClosedHandCursor : Qt::OpenHandCursor);
        return;
    }
    const QPointF point = toScene(viewportPoint);
    viewport()->setCursor(m_scene->portAt(point, portReach(zoom())) ? Qt::CrossCursor : Qt::ArrowCursor);
}

QPointF CanvasView::cursorPoint() const
{
    const QPoint point = viewport()->mapFromGlobal(QCursor::pos());
    return toScene(viewport()->rect().contains(point) ? QPointF(point) : QPointF(viewport()->rect().center()));
}

void CanvasView::autoScroll()
{
    if (!m_gesture || !m_gesture->scrollsAtEdges()) {
        m_autoScroll.stop();
        return;
    }
    constexpr int edge = 24;
    const QRect rect = viewport()->rect();
    const auto pull = [](int before, int after) { return before < edge ? edge - before : after < edge ? after - edge : 0; };
    const QPointF pixels(std::clamp(pull(m_lastMouse.x(), rect.right() - m_lastMouse.x()), -edge, edge) * 0.4,
                         std::clamp(pull(m_lastMouse.y(), rect.bottom() - m_lastMouse.y()), -edge, edge) * 0.4);
    if (pixels.isNull())
        return;
    panBy(pixels);
    m_gesture->move(QPointF(m_lastMouse));
    viewport()->update();
}

bool CanvasView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QPointF point = toScene(QPointF(help->pos()));
        QString text;
        if (const auto hit = m_scene->portAt(point, portReach(zoom())))
            text = hit.node->toolTipAt(hit.node->mapFromScene(point));
        else if (const NodeItem* item = m_scene->nodeAt(point))
            text = item->toolTipAt(item->mapFromScene(point));
        else if (const WireItem* wire = m_scene->wireAt(point))
            text = wire->toolTip();
        QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QGraphicsView::viewportEvent(event);
}

} // namespace weft
