#pragma once

#include <QGraphicsItem>
#include <QPainterPath>
#include <QString>

#include "core/network/network.h"
#include "widgets/canvas/wire_bends.h"

namespace weft {

/// The smooth curve of a wire between two ports.
QPainterPath wirePath(const QPointF& from, const QPointF& to);
/// The curve through points between them.
QPainterPath wirePath(const QPointF& from, const Bends& bends, const QPointF& to);
/// A rectangle that holds it, found without making it.
QRectF wireRect(const QPointF& from, const QPointF& to);

/// A wire on the canvas, with the shape that flows through it in a pill at its middle; from near with type and bytes.
class WireItem : public QGraphicsItem {
public:
    enum { Type = UserType + 2 };

    explicit WireItem(Wire wire);

    int type() const override { return Type; }
    const Wire& wire() const { return m_wire; }
    void setRoute(const QPointF& from, const Bends& bends, const QPointF& to);
    /// Shows other bends while they are being dragged.
    void setBends(const Bends& bends) { setRoute(m_from, bends, m_to); }
    /// The pill's text ("N×6×28×28"), empty for none, what stands below it from near ("float32 · 18.8 kB"), and the tool tip.
    void setShapeText(const QString& text, const QString& typeText, const QString& toolTip);
    const QString& shapeText() const { return m_shapeText; }
    const QString& typeText() const { return m_typeText; }
    /// Hides the wire's line while its end is being dragged.
    void setDetached(bool isDetached);
    /// Marks the wire that what is being dragged would be put into.
    void setTargeted(bool isTargeted);
    QRectF pillRect() const { return m_pill; }
    /// The same with type and bytes, from near.
    QRectF nearPillRect() const { return m_nearPill; }
    const QPainterPath& path() const;
    const QPointF& from() const { return m_from; }
    const QPointF& to() const { return m_to; }
    const Bends& bends() const { return m_bends; }
    /// The bend within `reach` of a point; −1 for none.
    int bendAt(const QPointF& point, double reach) const;
    /// Before which bend one at this point of the wire lies.
    int placeOf(const QPointF& point) const;
    /// A rectangle that holds the wire's line, found without making it.
    QRectF lineRect() const;
    bool isTargeted() const { return m_isTargeted; }
    bool isDetached() const { return m_isDetached; }

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;

private:
    void placePills();
    /// The ends of the part on which the pill lies.
    std::pair<QPointF, QPointF> middlePart() const;
    QRectF pillOf(const QSizeF& size) const;

    Wire m_wire;
    QPointF m_from;
    QPointF m_to;
    Bends m_bends;
    mutable QPainterPath m_path; ///< these are made when they are needed: there may be very many wires
    mutable QPainterPath m_hitPath;
    QString m_shapeText;
    QString m_typeText;
    double m_shapeWidth = 0; ///< of the texts, as they are drawn
    double m_typeWidth = 0;
    double m_dotWidth = 0;
    QRectF m_pill;
    QRectF m_nearPill;
    bool m_isNearOneLine = false;
    bool m_isHovered = false;
    bool m_isDetached = false;
    bool m_isTargeted = false;
};

} // namespace weft
