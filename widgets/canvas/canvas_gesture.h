#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <QLineF>
#include <QPointF>
#include <QRectF>

#include "core/network/network.h"
#include "widgets/canvas/note_item.h"
#include "widgets/canvas/wire_bends.h"

class QPainter;

namespace weft {

class CanvasView;
class NodeItem;
class WireItem;

/// How far from a port's centre the mouse still takes it, in scene units: 13 pixels on the screen,
/// but never more than a third of the way to the neighbour.
double portReach(double zoom);

/// What the mouse does between press and release. Points are viewport coordinates.
class CanvasGesture {
public:
    explicit CanvasGesture(CanvasView& view) : m_view(view) {}
    virtual ~CanvasGesture() = default;
    virtual void move(const QPointF& point) = 0;
    /// The button was released: make the edit.
    virtual void finish(const QPointF& point) = 0;
    /// Esc: leave everything as it was.
    virtual void cancel() {}
    /// In scene coordinates.
    virtual void paint(QPainter*) {}
    virtual bool scrollsAtEdges() const { return true; }

protected:
    CanvasView& m_view;
};

class PanGesture : public CanvasGesture {
public:
    PanGesture(CanvasView& view, const QPointF& start) : CanvasGesture(view), m_last(start) {}
    void move(const QPointF& point) override;
    void finish(const QPointF&) override {}
    bool scrollsAtEdges() const override { return false; }

private:
    QPointF m_last;
};

/// Selects what a box touches; `keep` adds to the selection.
class BoxGesture : public CanvasGesture {
public:
    BoxGesture(CanvasView& view, const QPointF& start, bool keep);
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;
    void paint(QPainter* painter) override;

private:
    QPointF m_start;
    QRectF m_box;
    std::vector<std::string> m_before;
};

/// Moves the selected nodes on the grid: one undo step.
class MoveGesture : public CanvasGesture {
public:
    MoveGesture(CanvasView& view, const QPointF& start);
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;

private:
    void show(const QPointF& delta);
    /// The wire into which the moved layer would be put: one that lies under a single layer without wires.
    WireItem* wireBelow() const;

    QPointF m_start;
    QPointF m_delta;
    std::map<std::string, QPointF> m_from;
    bool m_isLoose = false; ///< a single layer without wires is moved
};

/// Moves a comment or a frame with what lies on it, or drags its corner: one undo step.
class NoteGesture : public CanvasGesture {
public:
    NoteGesture(CanvasView& view, NoteItem& item, const QPointF& start);
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;

private:
    void show(const QPointF& delta);
    QRectF rectFor(const QPointF& delta) const;

    Note m_note;
    QPointF m_start;
    QPointF m_delta;
    bool m_isResizing;
    std::map<std::string, QPointF> m_nodes; ///< that lie on it, and where they began
};

/// Cuts the wires that a straight line crosses: one undo step. A click without a drag asks for the context menu.
class CutGesture : public CanvasGesture {
public:
    CutGesture(CanvasView& view, const QPointF& start);
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;
    void paint(QPainter* painter) override;

private:
    /// Shows the crossed wires faded, as good as gone.
    void showCut(const std::vector<Wire>& wires);

    QPointF m_start; ///< in viewport coordinates
    QLineF m_line; ///< in scene coordinates
    std::vector<Wire> m_crossed;
    bool m_hasMoved = false;
};

/// Leads a wire through the point where it is dragged to: one undo step. A click without a drag leaves it as it is.
class BendGesture : public CanvasGesture {
public:
    BendGesture(CanvasView& view, const WireItem& wire, const QPointF& start);
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;

private:
    void takeBend(const WireItem& item);

    Wire m_wire;
    Bends m_before, m_bends;
    QPointF m_start; ///< in viewport coordinates
    int m_bend = -1; ///< that is dragged; −1 before the first move
};

/// Draws a wire from one of its ends, or takes an existing one off its input.
class WireGesture : public CanvasGesture {
public:
    /// From an output: looks for an input.
    static std::unique_ptr<WireGesture> fromOutput(CanvasView& view, const PortRef& from, const QPointF& point);
    /// From an input: looks for an output, or, when a wire ends there, takes that wire's end.
    static std::unique_ptr<WireGesture> fromInput(CanvasView& view, const PortRef& to, const QPointF& point);

    explicit WireGesture(CanvasView& view) : CanvasGesture(view) {}
    void move(const QPointF& point) override;
    void finish(const QPointF& point) override;
    void cancel() override;
    void paint(QPainter* painter) override;

private:
    void showFits();
    QString shapeFault(const Sheet& sheet, const PortRef& end) const;
    void reset();
    /// The other end at a point: a port, or the best port of the node there.
    std::optional<PortRef> endAt(const QPointF& scenePoint) const;
    void connectTo(const PortRef& end);

    std::optional<PortRef> m_from;
    std::optional<PortRef> m_to;
    std::optional<Wire> m_detached;
    QPointF m_free; ///< the end that follows the mouse, in scene coordinates
    QPointF m_start; ///< in viewport coordinates
    bool m_hasMoved = false;
    std::optional<PortRef> m_end;
    std::map<std::string, QString> m_faults; ///< by port: what the layer there says about the value, though it may be wired
};

} // namespace weft
