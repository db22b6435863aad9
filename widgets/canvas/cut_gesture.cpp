#include <algorithm>

#include <QApplication>
#include <QPainter>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

bool crosses(const QLineF& line, const WireItem& wire)
{
    const QRectF room = QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1);
    if (!room.intersects(wire.lineRect().adjusted(-1, -1, 1, 1))) // most are not near; their curves need not be made
        return false;
    const QList<QPolygonF> parts = wire.path().toSubpathPolygons();
    return std::any_of(parts.begin(), parts.end(), [&](const QPolygonF& points) {
        for (qsizetype i = 1; i < points.size(); ++i) {
            if (line.intersects({points[i - 1], points[i]}, nullptr) == QLineF::BoundedIntersection)
                return true;
        }
        return false;
    });
}

} // namespace

CutGesture::CutGesture(CanvasView& view, const QPointF& start) : CanvasGesture(view), m_start(start), m_line(view.toScene(start), view.toScene(start))
{
}

void CutGesture::move(const QPointF& point)
{
    m_hasMoved = m_hasMoved || (point - m_start).manhattanLength() >= QApplication::startDragDistance();
    if (!m_hasMoved)
        return;
    m_line.setP2(m_view.toScene(point));
    std::vector<Wire> crossed;
    for (const WireItem* wire : m_view.canvas().wires()) {
        if (crosses(m_line, *wire))
            crossed.push_back(wire->wire());
    }
    showCut(crossed);
    Q_EMIT m_view.message(crossed.empty() ? CanvasView::tr("Draw a line across the wires to cut; Esc leaves them.")
                                          : CanvasView::tr("Release to cut %n wire(s); Esc leaves them.", nullptr, static_cast<int>(crossed.size())));
    m_view.viewport()->update();
}

void CutGesture::showCut(const std::vector<Wire>& wires)
{
    for (WireItem* item : m_view.canvas().wires()) {
        const bool isCut = std::find(wires.begin(), wires.end(), item->wire()) != wires.end();
        if (isCut != item->isDetached())
            item->setDetached(isCut);
    }
    m_crossed = wires;
}

void CutGesture::finish(const QPointF& point)
{
    move(point);
    if (!m_hasMoved) {
        m_view.openMenu(point.toPoint());
        return;
    }
    const std::vector<Wire> cut = m_crossed;
    showCut({});
    if (cut.empty()) {
        Q_EMIT m_view.message(CanvasView::tr("The line crossed no wire."));
        return;
    }
    const int count = static_cast<int>(cut.size());
    EditBatch batch = m_view.canvas().batch();
    for (const Wire& wire : cut)
        batch.removeWire(wire);
    m_view.document().perform(CanvasView::tr("Cut %n wire(s)", nullptr, count), batch.edits());
    Q_EMIT m_view.message(CanvasView::tr("%n wire(s) cut.", nullptr, count));
}

void CutGesture::cancel()
{
    showCut({});
    Q_EMIT m_view.message({});
}

void CutGesture::paint(QPainter* painter)
{
    if (!m_hasMoved)
        return;
    QPen pen(themeColors().error, 2, Qt::DashLine, Qt::RoundCap);
    pen.setCosmetic(true);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(pen);
    painter->drawLine(m_line);
}

} // namespace weft
