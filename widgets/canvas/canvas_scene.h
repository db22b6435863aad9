#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <QGraphicsScene>

#include "core/network/expression.h"
#include "core/network/lowering.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/canvas/node_figures.h"
#include "widgets/canvas/node_item.h"
#include "widgets/canvas/note_item.h"
#include "widgets/canvas/wire_item.h"

namespace weft {

class ProjectDocument;

/// Items for the document's network. They hold no truth: after every edit they are brought in line
/// with the project, and the analysis gives their shapes, costs and faults.
class CanvasScene : public QGraphicsScene {
    Q_OBJECT

public:
    explicit CanvasScene(ProjectDocument* document, QObject* parent = nullptr);
    ~CanvasScene() override;

    /// The way into blocks: ids of instances from the outside in; empty: the network's own sheet is shown.
    const std::vector<std::string>& place() const { return m_place; }
    /// Shows the sheet of a block, or as much of the way as there is. Nothing is edited.
    void setPlace(std::vector<std::string> instances);
    /// The block whose sheet is shown; empty for the network's own.
    const std::string& block() const { return m_block; }
    const Sheet& sheet() const;
    SheetView sheetView() const;
    /// Edits of the sheet that is shown.
    EditBatch batch() const;
    /// The way to a node of the sheet, as the analysis and faults name it: "stage1/conv1".
    std::string pathOf(const std::string& node) const;
    /// The node of the shown sheet on which a fault lies; empty when it lies elsewhere.
    std::string nodeOf(const Diagnostic& diagnostic) const;
    /// The numbers that the parameters of the shown block have in this instance.
    NamedIntegers values() const;
    /// What flows out of an output; nullptr while that is not known.
    const TensorType* typeAt(const PortRef& output) const;

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
    /// Moves items without an edit, while they are being dragged, and by `shift` the bends of the wires between them.
    void moveItems(const std::unordered_map<std::string, QPointF>& positions, const QPointF& shift);
    NoteItem* note(const std::string& id) const;
    const std::map<std::string, NoteItem*>& notes() const { return m_notes; }
    std::vector<std::string> selectedNotes() const;
    /// The nodes that lie on a note: a frame takes them along.
    std::vector<std::string> nodesOn(const Note& note) const;
    /// The note whose strip or corner holds the point.
    NoteItem* noteAt(const QPointF& point) const;
    /// All nodes' rectangle; empty without nodes.
    QRectF contentRect() const;
    /// What every node shows as a number and a bar.
    NodeFigure figure() const { return m_figure; }
    void setFigure(NodeFigure figure);
    /// What was measured last, for the figures that cannot be worked out.
    const MeasuredNetwork& measured() const { return m_measured; }
    void setMeasured(MeasuredNetwork measured);

    /// Brings the items in line with the project.
    void sync();
    /// Does so after these edits, which may have moved nodes alone.
    void follow(const Edits& edits);
    void selectReturned(const Edits& edits);

Q_SIGNALS:
    /// Items came, went or moved.
    void contentChanged();
    /// Another sheet is shown.
    void placeChanged();
    /// Nodes show another figure, or other numbers were measured.
    void figureChanged();

private:
    void clearItems();
    void syncNotes();
    bool findPlace();
    void syncNodes();
    void placeNodes();
    void syncWires();
    void updateWireEnds();
    void showAnalysis();
    void showWires(const std::unordered_map<std::string, const NodeInfo*>& infos);

    ProjectDocument* m_document;
    std::vector<std::string> m_place;
    std::string m_block;
    std::unordered_map<std::string, NodeItem*> m_nodes;
    std::vector<WireItem*> m_wires;
    std::map<std::string, NoteItem*> m_notes;
    mutable std::optional<QRectF> m_contentRect;
    NodeFigure m_figure = NodeFigure::MultiplyAdds;
    MeasuredNetwork m_measured;
};

/// "2,416 parameters", "2 × 2", "target: label": the line that tells most about a node beside the figure that it shows.
QString nodeLine(const Node& node, const LayerSpec* layer, const NodeInfo* info, NodeFigure figure);

} // namespace weft
