#include <algorithm>
#include <map>

#include <QPaintEvent>
#include <QPainter>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/theme/theme.h"

// The network from far away: thousands of nodes as rectangles of few colours, painted at one go. Going through
// the scene's items one by one would take longer than a frame has.

namespace weft {
namespace {

constexpr double farZoom = 0.45;
/// Of a network so large, nodes that are still small are painted this way as well.
constexpr double farZoomOfMany = 0.7;
constexpr std::size_t many = 2000;
constexpr double nameZoom = 0.24;
/// Below this a node is a dot: it has the colour of its bar, and a wire that runs back is one line.
constexpr double dotZoom = 0.07;
/// More wires than this are drawn without smoothing: so small that it would hardly be seen.
constexpr int mostSmooth = 150;
/// Names of so few letters fit in any case: they need not be measured.
constexpr int shortName = 7;

/// Rectangles by their colour, in whole pixels of the viewport: these are filled fastest.
struct Brushes {
    QTransform toView;
    std::map<QRgb, std::pair<QColor, QVector<QRect>>> rects = {};
    void add(const QColor& color, const QRectF& rect)
    {
        auto& [brush, list] = rects[color.rgba()];
        brush = color;
        const QPointF corner = toView.map(rect.topLeft());
        const QPoint first(qRound(corner.x()), qRound(corner.y()));
        const int width = qRound(corner.x() + rect.width() * toView.m11()) - first.x();
        const int height = qRound(corner.y() + rect.height() * toView.m22()) - first.y();
        list.append({first, QSize(std::max(1, width), std::max(1, height))});
    }
    void paint(QPainter* painter) const
    {
        painter->save();
        painter->resetTransform();
        painter->setPen(Qt::NoPen);
        for (const auto& [key, entry] : rects) {
            painter->setBrush(entry.first);
            painter->drawRects(entry.second);
        }
        painter->restore();
    }
};

void addWire(QVector<QLineF>& lines, const WireItem& wire, bool isDot)
{
    const QPointF& from = wire.from();
    const QPointF& to = wire.to();
    if (!wire.bends().empty()) {
        QPointF last = from;
        for (const QPointF& bend : wire.bends())
            lines.append({std::exchange(last, bend), bend});
        lines.append({last, to});
        return;
    }
    if (isDot || to.x() >= from.x()) {
        lines.append({from, to});
        return;
    }
    // A wire that runs back goes out, across between the rows, and in again.
    const double middle = (from.y() + to.y()) / 2;
    const QPointF out(from.x() + 40, middle);
    const QPointF in(to.x() - 40, middle);
    lines.append({from, {out.x(), from.y()}});
    lines.append({{out.x(), from.y()}, out});
    lines.append({out, in});
    lines.append({in, {in.x(), to.y()}});
    lines.append({{in.x(), to.y()}, to});
}

} // namespace

void CanvasView::paintEvent(QPaintEvent* event)
{
    if (zoom() >= (m_scene->nodes().size() > many ? farZoomOfMany : farZoom)) {
        QGraphicsView::paintEvent(event);
        return;
    }
    QPainter painter(viewport());
    painter.setWorldTransform(viewportTransform());
    const QRectF exposed = viewportTransform().inverted().mapRect(QRectF(event->rect().adjusted(-1, -1, 1, 1)));
    drawBackground(&painter, exposed);
    paintFar(&painter, exposed);
    drawForeground(&painter, exposed);
}

void CanvasView::paintFar(QPainter* painter, const QRectF& exposed)
{
    const Colors& c = themeColors();
    for (const auto& [id, item] : m_scene->notes()) {
        if (item->boundingRect().intersects(exposed))
            item->paint(painter, nullptr, nullptr);
    }
    const bool isDot = zoom() < dotZoom;
    const bool isAll = exposed.contains(m_scene->contentRect()); // then none need be looked at
    QVector<QLineF> wires;
    QVector<QLineF> marked;
    wires.reserve(static_cast<qsizetype>(m_scene->wires().size()));
    for (const WireItem* item : m_scene->wires()) {
        if (!item->isDetached() && (isAll || item->lineRect().adjusted(-1, -1, 1, 1).intersects(exposed)))
            addWire(item->isSelected() || item->isTargeted() ? marked : wires, *item, isDot);
    }
    painter->setRenderHint(QPainter::Antialiasing, wires.size() < mostSmooth);
    for (const auto& [lines, color] : {std::pair(&wires, c.wire), std::pair(&marked, c.accent)}) {
        QPen pen(color, zoom() > 0.2 ? 1.3 : 1);
        pen.setCosmetic(true);
        painter->setPen(pen);
        painter->drawLines(*lines);
    }

    Brushes rings{painter->worldTransform()};
    Brushes bodies{painter->worldTransform()};
    Brushes bars{painter->worldTransform()};
    std::vector<const NodeItem*> shown;
    const double ring = 2 / zoom();
    const double bar = std::max(12.0, 3 / zoom());
    for (const auto& [id, item] : m_scene->nodes()) {
        const QRectF body = item->body().translated(item->pos());
        if (!isAll && !body.adjusted(-ring, -ring, ring, ring).intersects(exposed))
            continue;
        shown.push_back(item);
        const NodeFace& face = item->face();
        const bool isFaulty = face.hasFault && face.severity == Severity::Error;
        const auto dim = [&](const QColor& color) { return item->isDimmed() || face.isBypassed ? mixed(c.canvas, color, 0.35) : color; };
        if (item->isSelected() || item->isTargeted())
            rings.add(c.accent, body.adjusted(-ring, -ring, ring, ring));
        bodies.add(dim(isFaulty ? mixed(c.raised, c.error, 0.5) : isDot ? face.bar : c.raised), body);
        if (!isDot)
            bars.add(dim(face.bar), QRectF(body.topLeft(), QSizeF(bar, body.height())));
        if (!isDot && face.share > 0)
            bars.add(dim(face.bar), farBar(body, bar, face.share));
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    for (const Brushes* brushes : {&rings, &bodies, &bars})
        brushes->paint(painter);
    if (zoom() < nameZoom)
        return;
    // The name stays readable longer than the rest: it is drawn larger.
    QFont font = Theme::instance().bodyFont();
    font.setPixelSize(24);
    font.setBold(true);
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    for (const NodeItem* item : shown) {
        const QString& name = item->face().name;
        painter->setPen(item->isDimmed() || item->face().isBypassed ? mixed(c.canvas, c.text, 0.35) : c.text);
        const QRectF room = item->body().translated(item->pos()).adjusted(bar + 8, 0, -4, 0);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          name.size() <= shortName ? name : metrics.elidedText(name, Qt::ElideRight, room.width()));
        if (item->face().hasFault)
            paintSign(painter, QRectF(item->pos() + QPointF(nodeWidth - 22, -18), QSizeF(36, 36)), item->face().severity);
    }
}

} // namespace weft
