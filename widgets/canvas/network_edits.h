#pragma once

#include <optional>
#include <string>
#include <unordered_map>
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

/// Collects edits that build on each other: each is applied to a scratch copy at once.
class EditBatch {
public:
    explicit EditBatch(const Project& project) : m_project(project) {}

    const Project& project() const { return m_project; }
    const Network& network() const { return m_project.network; }
    void add(const Edit& edit);
    void add(const Edits& edits);
    const Edits& edits() const { return m_edits; }

    /// Adds a node of this layer type with its top left corner at `position`; returns its id.
    std::string addNode(const LayerSpec& layer, const QPointF& position);
    void setPosition(const std::string& node, const QPointF& position);
    /// Adds a wire; a wire that already ends in a single input goes. Nothing for a wire that is there.
    void addWire(const PortRef& from, const PortRef& to);
    void removeWire(const Wire& wire);
    /// Removes the node, its wires and its position.
    void removeNode(const std::string& node);
    /// Removes the node and joins its source to its targets, so that a chain stays a chain.
    void removeAndHeal(const std::string& node);

private:
    Project m_project;
    Edits m_edits;
};

/// The saved position of a node's top left corner.
std::optional<QPointF> savedPosition(const Project& project, const std::string& node);

/// Whether `node` can be reached from `start` by following wires.
bool isReachable(const Network& network, const std::string& start, const std::string& node);

/// How an end of a wire that is being drawn meets a port.
struct PortFit {
    bool fits = false;
    QString reason; ///< why not, for the reader
};
/// Whether a wire may run from output `from` to input `to`: kinds, cycles, duplicates.
PortFit portFit(const Network& network, const PortRef& from, const PortRef& to);
/// The input of `node` that a wire from `from` takes when it is dropped on the node: the first free
/// one, then the first that would be replaced.
std::optional<PortRef> bestInput(const Network& network, const PortRef& from, const std::string& node);
std::optional<PortRef> bestOutput(const Network& network, const PortRef& to, const std::string& node);

/// Nodes, the wires between them and their positions as text for the clipboard.
QString copiedText(const Project& project, const std::vector<std::string>& nodes);
/// Adds what `copiedText` wrote with new ids, moved so that its corner is at `position`; returns the
/// new ids, empty when the text is something else. `keepIncoming` also wires the copies to the
/// sources that the originals have outside the selection.
std::vector<std::string> paste(EditBatch& batch, const QString& text, const QPointF& position, bool keepIncoming);
/// Whether the clipboard text holds nodes.
bool holdsNodes(const QString& text);

/// Positions in layers from left to right, broken into rows so that the whole has about the aspect
/// ratio (width / height) given.
std::unordered_map<std::string, QPointF> arranged(const Network& network, double aspect);

} // namespace weft
