#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <QGraphicsScene>

#include "core/network/lowering.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/canvas/node_item.h"
#include "widgets/canvas/wire_item.h"

namespace weft {

class ProjectDocument;

/// Which cost the bar on each node shows.
enum class CostKind { MultiplyAdds, Parameters, Memory };

/// Items for the document's network. They hold no truth: after every edit they are brought in line
/// with the project, and the analysis gives their shapes, costs and faults.
class CanvasScene : public QGraphicsScene {
    Q_OBJECT

public:
    explicit CanvasScene(ProjectDocument* document, QObject* parent = nullptr);
    ~CanvasScene() override;

    NodeItem* node(const std::string& id) const;
    WireItem* wire(const Wire& wire) const;
    const std::unordered_map<std::string, NodeItem*>& nodes() const { return m_nodes; }
    const std::vector<WireItem*>& wires() const { return m_wires; }
    std::vector<std::string> selectedNodes() const; ///< in network order
    std::vector<Wire> selectedWires() const;
    void select(const std::vector<std::string>& nodes);
    /// The node whose body holds the point.
    NodeItem* nodeAt(const QPointF& point) const;
    WireItem* wireAt(const QPointF& point) const;
    /// The nearest port within `reach` scene units, as a node and a port of it.
    struct PortHit {
        NodeItem* node = nullptr;
        const CanvasPort* port = nullptr;
        explicit operator bool() const { return node != nullptr; }
        PortRef ref() const { return {node->id(), port->name}; }
    };
    PortHit portAt(const QPointF& point, double reach) const;
    /// Moves an item without an edit, while it is being dragged.
    void moveItem(const std::string& node, const QPointF& position);
    /// All nodes' rectangle; empty without nodes.
    QRectF contentRect() const;
    CostKind costKind() const { return m_costKind; }
    void setCostKind(CostKind kind);

    /// Brings the items in line with the project.
    void sync();

Q_SIGNALS:
    /// Items came, went or moved.
    void contentChanged();

private:
    void clearItems();
    void syncNodes();
    void syncWires();
    void updateWireEnds();
    void showAnalysis();

    ProjectDocument* m_document;
    std::unordered_map<std::string, NodeItem*> m_nodes;
    std::vector<WireItem*> m_wires;
    CostKind m_costKind = CostKind::MultiplyAdds;
};

/// "2,416 parameters", "2 × 2", "target: label": the line that tells most about a node.
QString nodeLine(const Node& node, const LayerSpec* layer, const NodeInfo* info);

} // namespace weft
