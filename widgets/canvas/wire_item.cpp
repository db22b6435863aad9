#include "widgets/canvas/wire_item.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include "widgets/canvas/network_edits.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double hitWidth = 16;
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

void WireItem::setEnds(const QPointF& from, const QPointF& to)
{
    if (from == m_from && to == m_to)
        return;
    prepareGeometryChange();
    m_from = from;
    m_to = to;
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
    m_isNearOneLine = m_to.x() < m_from.x() || (std::abs(m_to.y() - m_from.y()) < level && m_to.x() - m_from.x() < twoLines.width() + 2);
    m_nearPill = pillOf(m_isNearOneLine ? QSizeF(m_shapeWidth + m_dotWidth + m_typeWidth + 14, pillHeight) : twoLines);
}

/// Where a pill of this size lies so that it hides neither the wire nor the nodes.
QRectF WireItem::pillOf(const QSizeF& size) const
{
    const double width = size.width();
    QPointF center = (m_from + m_to) / 2; // the curve is the same from both ends
    if (m_to.x() < m_from.x() && std::abs(m_to.y() - m_from.y()) < 30)
        center.ry() += 60;
    const bool isShortAndLevel = m_to.x() > m_from.x() && m_to.x() - m_from.x() < width + 90 && std::abs(m_to.y() - m_from.y()) < level;
    if (isShortAndLevel) // above, so that the line stays to be seen, and where it slopes the name of its port
        center.setY(std::min(m_from.y(), m_to.y()) - size.height() / 2 - (m_from.y() == m_to.y() ? 4 : 10));
    if (isShortAndLevel && m_to.x() - m_from.x() < width + 2)
        center.setY(std::min(m_from.y(), m_to.y()) - nodeHeight / 2 - size.height() / 2 - 3); // it does not fit between the nodes
    return {center - QPointF(size.width(), size.height()) / 2, size};
}

QRectF WireItem::boundingRect() const
{
    return wireRect(m_from, m_to).adjusted(-hitWidth, -hitWidth, hitWidth, hitWidth).united(m_pill.united(m_nearPill).adjusted(-2, -2, 2, 2));
}

const QPainterPath& WireItem::path() const
{
    if (m_path.isEmpty())
        m_path = wirePath(m_from, m_to);
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
    if (detail > 0.2)
        painter->drawPath(path());
    else
        painter->drawLine(m_from, m_to);
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
