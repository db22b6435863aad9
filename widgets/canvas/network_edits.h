#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <QCoreApplication>
#include <QPointF>
#include <QString>

#include "core/layers/layer_spec.h"
#include "core/project/project.h"

namespace weft {

/// Size of a node and of the canvas' grid, in scene units (pixels at 100 %).
inline constexpr double nodeWidth = 180;
inline constexpr double nodeHeight = 60;
inline constexpr double gridStep = 20;

/// Texts of the canvas' free functions.
class CanvasText {
    Q_DECLARE_TR_FUNCTIONS(weft::CanvasText)
};

/// The nearest point of the grid.
QPointF snapped(const QPointF& point);

/// A sheet with the network whose blocks its nodes may be.
struct SheetView {
    SheetView(const Network& whole) : network(whole), sheet(whole) {}
    SheetView(const Network& whole, const Sheet& part) : network(whole), sheet(part) {}
    const Network& network;
    const Sheet& sheet;
};

/// Collects edits that build on each other: each is applied to a scratch copy at once. Nodes, wires and
/// positions are those of one sheet: the network's own, or that of the block `block`.
class EditBatch {
public:
    explicit EditBatch(const Project& project, std::string block = {}) : m_project(project), m_block(std::move(block)) {}

    const Project& project() const { return m_project; }
    const Network& network() const { return m_project.network; }
    const std::string& block() const { return m_block; }
    const Sheet& sheet() const;
    SheetView view() const { return {m_project.network, sheet()}; }
    void add(const Edit& edit);
    void add(const Edits& edits);
    /// Edits of the sheet, as the builders of `core/network` make them. The bends of a wire go with it.
    void addInSheet(const Edits& edits);
    void addInSheet(const Edit& edit) { addInSheet(Edits{edit}); }
    const Edits& edits() const { return m_edits; }

    /// Adds a node of this layer type with its top left corner at `position`; returns its id.
    std::string addNode(const LayerSpec& layer, const QPointF& position);
    void setPosition(const std::string& node, const QPointF& position);
    /// Forgets a position.
    void clearPosition(const std::string& node);
    /// The same as setPosition for several at once, which is fast for very many.
    void setPositions(const std::unordered_map<std::string, QPointF>& positions);
    /// Adds a wire; a wire that already ends in a single input goes. Nothing for a wire that is there.
    /// `at` is its place among the wires, which is the order in which an input for several takes them; −1: the last.
    void addWire(const PortRef& from, const PortRef& to, int at = -1);
    void removeWire(const Wire& wire);
    /// Leads a wire through points; straight where there are none.
    void setBends(const Wire& wire, const std::vector<QPointF>& bends);
    /// Moves the bends of the wires that run between the nodes that were moved to `positions`.
    void moveBends(const std::unordered_map<std::string, QPointF>& positions, const QPointF& delta);
    /// Lets all wires run straight.
    void straighten();
    /// Removes the node, its wires and its position.
    void removeNode(const std::string& node);
    /// Removes the node and joins its source to its targets, so that a chain stays a chain.
    void removeAndHeal(const std::string& node);

private:
    Project m_project;
    std::string m_block;
    Edits m_edits;
};

/// Where `view` keeps the positions of a sheet's nodes: "view/positions" or "view/blocks/BLOCK".
std::string positionsPath(const std::string& block);
/// The positions of a sheet's nodes by id; nullptr where none is saved.
const Tree* positionsOf(const Project& project, const std::string& block);
/// The saved position of a node's top left corner.
std::optional<QPointF> savedPosition(const Project& project, const std::string& node, const std::string& block = {});
/// A position as `view` keeps it, [x, y].
std::optional<QPointF> pointFrom(const Tree* tree);
Tree toTree(const QPointF& point);

/// What the ids of new nodes of this layer begin with.
std::string idStem(const LayerSpec& layer);

/// The nodes that can be reached from `start` by following wires, `start` included; against their way where `isBackwards`.
std::unordered_set<std::string> reachedFrom(const Sheet& sheet, const std::string& start, bool isBackwards = false);
/// Whether `node` can be reached from `start` by following wires.
bool isReachable(const Sheet& sheet, const std::string& start, const std::string& node);

/// How an end of a wire that is being drawn meets a port.
struct PortFit {
    bool fits = false;
    QString reason; ///< why not, for the reader
};
/// Whether a wire may run from output `from` to input `to`: kinds, cycles, duplicates.
PortFit portFit(const Sheet& sheet, const PortRef& from, const PortRef& to);
/// Which ends a wire that is being drawn may take, asked for many: what can be reached is worked out once.
/// One of `from` and `to` is known.
class WireFits {
public:
    WireFits(const SheetView& view, std::optional<PortRef> from, std::optional<PortRef> to);
    /// Whether the wire may end in this port of another node: kinds, cycles, duplicates.
    PortFit at(const PortRef& end) const;

private:
    const Sheet& m_sheet;
    std::optional<PortRef> m_from;
    std::optional<PortRef> m_to;
    std::unordered_set<std::string> m_reached; ///< nodes that a wire to (or from) would close a cycle with
};

/// The input of `node` that a wire from `from` takes when it is dropped on the node: the first free
/// one, then the first that would be replaced.
std::optional<PortRef> bestInput(const SheetView& view, const PortRef& from, const std::string& node);
std::optional<PortRef> bestOutput(const SheetView& view, const PortRef& to, const std::string& node);

/// Puts a node into a wire: it is wired from where the wire comes and to where it goes. False when it has no
/// input or output for that.
bool insertInto(EditBatch& batch, const Wire& wire, const std::string& node);

/// Nodes of a sheet, the wires between them, their positions and the blocks that they are, as text for the clipboard;
/// with comments and frames of the sheet.
QString copiedText(const Project& project, const std::vector<std::string>& nodes, const std::string& block = {},
                   const std::vector<std::string>& notes = {});
/// The new ids of what was pasted.
struct Pasted {
    std::vector<std::string> nodes;
    std::vector<std::string> notes;
    bool isEmpty() const { return nodes.empty() && notes.empty(); }
};
/// Adds what `copiedText` wrote with new ids, moved so that its corner is at `position`; nothing when the text is
/// something else. `keepIncoming` also wires the copies to the sources that the originals have outside the selection.
Pasted paste(EditBatch& batch, const QString& text, const QPointF& position, bool keepIncoming);
/// Whether the clipboard text holds nodes.
bool holdsNodes(const QString& text);

/// Positions in layers from left to right, broken into rows so that the whole has about the aspect
/// ratio (width / height) given.
/// Nothing when `cancelled` becomes true meanwhile.
std::unordered_map<std::string, QPointF> arranged(const Sheet& sheet, double aspect, const std::atomic<bool>* cancelled = nullptr);

} // namespace weft
