#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QColor>
#include <QGraphicsItem>
#include <QString>

#include "core/base/diagnostic.h"
#include "core/layers/layer_spec.h"
#include "widgets/canvas/network_edits.h"

namespace weft {

/// An input or output of a node as the canvas shows it.
struct CanvasPort {
    enum class Look { Normal, Lit, Dim };
    std::string name;
    QString hint; ///< for the tool tip: name and shape
    bool isInput = true;
    bool isVariadic = false;
    bool isOptional = false;
    bool isWired = false;
    QPointF center; ///< in the node's coordinates
    Look look = Look::Normal;
};

/// What a node shows; made from the project and its analysis by `CanvasScene`.
struct NodeFace {
    QString name;
    QString type;
    QString line; ///< the one line that matters
    QColor bar; ///< the category's colour
    QString figure; ///< the number that all nodes show; empty where it is not known
    double share = 0; ///< its bar: 0 to 1, of the largest
    bool hasFault = false;
    Severity severity = Severity::Hint;
    QString faultText;
    bool isBypassed = false;
    QString summary;
    friend bool operator==(const NodeFace&, const NodeFace&) = default;
};

/// A layer on the canvas: painted, 180x60, ports on its left and right edge.
class NodeItem : public QGraphicsItem {
public:
    enum { Type = UserType + 1 };

    NodeItem(std::string id, const LayerSpec* layer);

    int type() const override { return Type; }
    const std::string& id() const { return m_id; }
    const LayerSpec* layer() const { return m_layer; }
    QRectF body() const { return {0, 0, nodeWidth, m_height}; }
    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    const NodeFace& face() const { return m_face; }
    void setFace(const NodeFace& face);

    const std::vector<CanvasPort>& ports() const { return m_ports; }
    const CanvasPort* findPort(const std::string& name, bool isInput) const;
    /// Index of the port among the inputs or outputs, or −1.
    int portIndex(const std::string& name, bool isInput) const;
    /// A port's centre in scene coordinates; the edge's middle for an unknown port.
    QPointF portPoint(const std::string& name, bool isInput) const;
    void setPortLook(const std::string& name, bool isInput, CanvasPort::Look look);
    void setPortWired(const std::string& name, bool isInput, bool isWired);
    void resetPortLooks();
    /// Dims the whole node while a wire is drawn that it cannot take; says why in the tool tip.
    void setDimmed(bool isDimmed, const QString& reason = {});
    /// Rings the node as the target of what is being dragged.
    void setTargeted(bool isTargeted);
    bool isTargeted() const { return m_isTargeted; }
    bool isDimmed() const { return m_isDimmed; }
    /// The tool tip at a point of the node: its fault, a port, or its summary.
    QString toolTipAt(const QPointF& point) const;

private:
    /// What fits of the face's texts, measured once: nodes are painted often and measuring takes longest.
    struct Texts {
        QString name;
        QString type;
        QString line;
        double figureWidth = 0;
    };

    const Texts& texts() const;
    void paintFar(QPainter* painter, double detail) const;
    void paintNear(QPainter* painter) const;
    void paintTexts(QPainter* painter) const;
    void paintPorts(QPainter* painter) const;
    void paintBypass(QPainter* painter) const;
    void paintFault(QPainter* painter) const;
    QRectF faultRect() const;
    bool hasError() const;

    std::string m_id;
    const LayerSpec* m_layer;
    NodeFace m_face;
    mutable std::optional<Texts> m_texts;
    std::vector<CanvasPort> m_ports;
    double m_height;
    bool m_isDimmed = false;
    bool m_isTargeted = false;
    QString m_dimReason;
};

/// Where the bar of a node's figure lies while the node is painted small: along its lower edge, right of `left`.
QRectF farBar(const QRectF& body, double left, double share);

/// Paints a round sign with an exclamation mark, for faults on nodes and in lists.
void paintSign(QPainter* painter, const QRectF& rect, Severity severity);

} // namespace weft
