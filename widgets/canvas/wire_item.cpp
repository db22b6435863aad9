#include "widgets/canvas/wire_item.h"

#include <cmath>

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include "widgets/canvas/network_edits.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double hitWidth = 16;
constexpr double bendRadius = 5;
constexpr double lineWidth = 2.2;
constexpr double thinLine = 1.35; ///< on the screen
constexpr double pillDetail = 0.55;
constexpr double nearDetail = 0.99; ///< from here on there is room for type and bytes
constexpr double pillHeight = 18;
constexpr double nearPillHeight = 31;
constexpr double level = 24; ///< ends that differ by less lie beside each other
constexpr double swing = 64; ///< how far a wire that runs back reaches out at its ends
const QString dot = QStringLiteral(" · ");

/// The height at which a wire that runs back crosses between the rows.
double levelBetween(const QPointF& from, const QPointF& to)
{
    const double middle = (from.y() + to.y()) / 2;
    return std::abs(to.y() - from.y()) < 30 ? middle + 60 : middle;
}

/// A wire leaves and enters level: rightwards at its ports, and at a bend the way in which it goes on.
struct Part {
    QPointF from, leaving, arriving, to;
};
Part partOf(const std::vector<QPointF>& points, std::size_t i)
{
    const auto way = [&](std::size_t at) { return at == 0 || at + 1 == points.size() || points[at + 1].x() >= points[at - 1].x() ? 1.0 : -1.0; };
    const QPointF from = points[i], to = points[i + 1];
    const double dx = to.x() - from.x(), shortest = std::min(40.0, QLineF(from, to).length() / 3);
    // Where it has to turn back it swings out, the further the longer it runs.
    const auto reach = [&](double direction) {
        return direction * (direction * dx >= 0 ? std::max(std::abs(dx) * 0.45, shortest) : std::max(std::abs(dx) * 0.3, swing));
    };
    return {from, from + QPointF(reach(way(i)), 0), to - QPointF(reach(way(i + 1)), 0), to};
}

std::vector<QPointF> pointsOf(const QPointF& from, const Bends& bends, const QPointF& to)
{
    std::vector<QPointF> points{from};
    points.insert(points.end(), bends.begin(), bends.end());
    points.push_back(to);
    return points;
}

} // namespace

QPainterPath wirePath(const QPointF& from, const QPointF& to)
{
    const double dx = to.x() - from.x();
    // Forward wires bend softly; backward ones swing out far enough to be seen as loops.
    const double reach = dx >= 0 ? std::max(std::min(40.0, dx / 2), dx * 0.45) : swing;
    QPainterPath path(from);
    if (dx >= 0) {
        path.cubicTo(from + QPointF(reach, 0), to - QPointF(reach, 0), to);
        return path;
    }
    // Two halves that meet in a level run between the rows.
    const QPointF center((from.x() + to.x()) / 2, levelBetween(from, to));
    path.cubicTo(from + QPointF(reach, 0), QPointF(from.x() + reach, center.y()), QPointF(std::max(from.x() - 40, center.x()), center.y()));
    path.lineTo(QPointF(std::min(to.x() + 40, center.x()), center.y()));
    path.cubicTo(QPointF(to.x() - reach, center.y()), to - QPointF(reach, 0), to);
    return path;
}

QPainterPath wirePath(const QPointF& from, const Bends& bends, const QPointF& to)
{
    if (bends.empty())
        return wirePath(from, to);
    const std::vector<QPointF> points = pointsOf(from, bends, to);
    QPainterPath path(from);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Part part = partOf(points, i);
        path.cubicTo(part.leaving, part.arriving, part.to);
    }
    return path;
}

QRectF wireRect(const QPointF& from, const QPointF& to)
{
    const QRectF ends = QRectF(from, to).normalized();
    if (to.x() >= from.x())
        return ends;
    return ends.adjusted(-swing, 0, swing, std::max(0.0, levelBetween(from, to) - ends.bottom()));
}

WireItem::WireItem(Wire wire) : m_wire(std::move(wire))
{
    setFlag(ItemIsSelectable);
    setAcceptHoverEvents(true);
    setZValue(0);
}

void WireItem::setRoute(const QPointF& from, const Bends& bends, const QPointF& to)
{
    if (from == m_from && to == m_to && bends == m_bends)
        return;
    prepareGeometryChange();
    m_from = from;
    m_to = to;
    m_bends = bends;
    m_path.clear();
    m_hitPath.clear();
    placePills();
}

void WireItem::setShapeText(const QString& text, const QString& typeText, const QString& toolTip)
{
    setToolTip(toolTip);
    if (text == m_shapeText && typeText == m_typeText)
        return;
    prepareGeometryChange();
    m_shapeText = text;
    m_typeText = typeText;
    // Measured here and not where ends move: texts change one by one, ends by the thousand.
    const QFontMetricsF metrics(Theme::instance().smallFont());
    m_shapeWidth = metrics.horizontalAdvance(text);
    m_typeWidth = metrics.horizontalAdvance(typeText);
    m_dotWidth = metrics.horizontalAdvance(dot);
    placePills();
    update();
}

void WireItem::setDetached(bool isDetached)
{
    m_isDetached = isDetached;
    update();
}

void WireItem::setTargeted(bool isTargeted)
{
    if (m_isTargeted == isTargeted)
        return;
    m_isTargeted = isTargeted;
    update();
}

QRectF WireItem::lineRect() const
{
    if (m_bends.empty())
        return wireRect(m_from, m_to);
    const std::vector<QPointF> points = pointsOf(m_from, m_bends, m_to);
    QRectF rect(m_from, QSizeF());
    for (std::size_t i = 0; i + 1 < points.size(); ++i) { // a curve stays within its four points
        const Part part = partOf(points, i);
        rect |= QRectF(part.from, part.leaving).normalized() | QRectF(part.arriving, part.to).normalized() | QRectF(part.from, part.to).normalized();
    }
    return rect;
}

int WireItem::bendAt(const QPointF& point, double reach) const
{
    for (std::size_t i = 0; i < m_bends.size(); ++i) {
        if (QLineF(m_bends[i], point).length() <= reach)
            return static_cast<int>(i);
    }
    return -1;
}

int WireItem::placeOf(const QPointF& point) const
{
    const std::vector<QPointF> points = pointsOf(m_from, m_bends, m_to);
    int nearest = 0;
    double least = -1;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Part part = partOf(points, i);
        QPainterPath path(part.from);
        path.cubicTo(part.leaving, part.arriving, part.to);
        for (int step = 0; step <= 32; ++step) {
            const double distance = QLineF(path.pointAtPercent(step / 32.0), point).length();
            if (least < 0 || distance < least) {
                least = distance;
                nearest = static_cast<int>(i);
            }
        }
    }
    return nearest;
}

std::pair<QPointF, QPointF> WireItem::middlePart() const
{
    const std::size_t count = m_bends.size(), middle = count / 2;
    return {middle > 0 ? m_bends[middle - 1] : m_from, middle < count ? m_bends[middle] : m_to};
}

void WireItem::placePills()
{
    if (m_shapeText.isEmpty()) {
        m_pill = {};
        m_nearPill = {};
        return;
    }
    m_pill = pillOf({m_shapeWidth + 14, pillHeight});
    const QSizeF twoLines(std::max(m_shapeWidth, m_typeWidth) + 14, nearPillHeight);
    // Between rows, and above nodes that stand close, there is room for one line only.
    const auto [from, to] = middlePart();
    m_isNearOneLine = to.x() < from.x() || (std::abs(to.y() - from.y()) < level && to.x() - from.x() < twoLines.width() + 2);
    m_nearPill = pillOf(m_isNearOneLine ? QSizeF(m_shapeWidth + m_dotWidth + m_typeWidth + 14, pillHeight) : twoLines);
}

/// Where a pill of this size lies so that it hides neither the wire nor the nodes.
QRectF WireItem::pillOf(const QSizeF& size) const
{
    const double width = size.width();
    const auto [from, to] = middlePart();
    QPointF center = (from + to) / 2; // the curve is the same from both ends
    if (!m_bends.empty())
        return {center - QPointF(size.width(), size.height()) / 2, size};
    if (to.x() < from.x() && std::abs(to.y() - from.y()) < 30)
        center.ry() += 60;
    const bool isShortAndLevel = to.x() > from.x() && to.x() - from.x() < width + 90 && std::abs(to.y() - from.y()) < level;
    if (isShortAndLevel) // above, so that the line stays to be seen, and where it slopes the name of its port
        center.setY(std::min(from.y(), to.y()) - size.height() / 2 - (from.y() == to.y() ? 4 : 10));
    if (isShortAndLevel && to.x() - from.x() < width + 2)
        center.setY(std::min(from.y(), to.y()) - nodeHeight / 2 - size.height() / 2 - 3); // it does not fit between the nodes
    return {center - QPointF(size.width(), size.height()) / 2, size};
}

QRectF WireItem::boundingRect() const
{
    return lineRect().adjusted(-hitWidth, -hitWidth, hitWidth, hitWidth).united(m_pill.united(m_nearPill).adjusted(-2, -2, 2, 2));
}

const QPainterPath& WireItem::path() const
{
    if (m_path.isEmpty())
        m_path = wirePath(m_from, m_bends, m_to);
    return m_path;
}

QPainterPath WireItem::shape() const
{
    if (m_hitPath.isEmpty()) {
        QPainterPathStroker stroker;
        stroker.setWidth(hitWidth);
        m_hitPath = stroker.createStroke(path());
    }
    QPainterPath hit = m_hitPath;
    hit.setFillRule(Qt::WindingFill);
    if (!m_pill.isNull())
        hit.addRect(m_pill);
    return hit;
}

void WireItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const Colors& c = themeColors();
    const double detail = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    const bool isMarked = isSelected() || m_isTargeted;
    const QColor color = isMarked ? c.accent : m_isHovered ? mixed(c.wire, c.text, 0.5) : c.wire;
    painter->setRenderHint(QPainter::Antialiasing, detail > 0.2);
    if (m_isDetached)
        painter->setOpacity(0.2);
    QPen pen(color, isMarked ? lineWidth + 0.6 : lineWidth);
    if (pen.widthF() * detail < thinLine) { // a line of one pixel need not be outlined and filled
        pen.setWidthF(1);
        pen.setCosmetic(true);
    }
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    if (detail > 0.2) {
        painter->drawPath(path());
    } else {
        const std::vector<QPointF> points = pointsOf(m_from, m_bends, m_to);
        painter->drawPolyline(points.data(), static_cast<int>(points.size()));
    }
    if (detail >= pillDetail && (isMarked || m_isHovered)) {
        painter->setBrush(c.canvas);
        for (const QPointF& bend : m_bends)
            painter->drawEllipse(bend, bendRadius, bendRadius);
    }
    if (m_pill.isNull() || detail < pillDetail)
        return;
    const bool isNear = detail >= nearDetail;
    const QRectF pill = isNear ? m_nearPill : m_pill;
    painter->setPen(QPen(isMarked ? c.accent : c.line, 1));
    painter->setBrush(c.canvas);
    painter->drawRoundedRect(pill, pillHeight / 2, pillHeight / 2);
    painter->setPen(isMarked || m_isHovered ? c.text : c.secondary);
    painter->setFont(Theme::instance().smallFont());
    if (!isNear || m_isNearOneLine) {
        painter->drawText(pill, Qt::AlignCenter, isNear ? m_shapeText + dot + m_typeText : m_shapeText);
        return;
    }
    painter->drawText(QRectF(pill.topLeft(), QSizeF(pill.width(), pillHeight)), Qt::AlignCenter, m_shapeText);
    painter->drawText(QRectF(pill.left(), pill.bottom() - pillHeight, pill.width(), pillHeight), Qt::AlignCenter, m_typeText);
}

void WireItem::hoverEnterEvent(QGraphicsSceneHoverEvent*)
{
    m_isHovered = true;
    update();
}

void WireItem::hoverLeaveEvent(QGraphicsSceneHoverEvent*)
{
    m_isHovered = false;
    update();
}

} // namespace weft
