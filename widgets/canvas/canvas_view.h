#pragma once

#include <memory>
#include <optional>

#include <QGraphicsView>
#include <QTimer>

#include "widgets/canvas/canvas_scene.h"

namespace weft {

class CanvasGesture;
class LayerSearch;
class Minimap;
class ProjectDocument;

/// The mime type of a layer that is dragged from the palette: its type's name.
inline constexpr const char* layerMimeType = "application/x-weft-layer";

/// The canvas: shows the network and turns what hands do into edits of the document.
class CanvasView : public QGraphicsView {
    Q_OBJECT

public:
    explicit CanvasView(ProjectDocument* document, QWidget* parent = nullptr);
    ~CanvasView() override;

    CanvasScene& canvas() const { return *m_scene; }
    ProjectDocument& document() const { return *m_document; }

    double zoom() const { return transform().m11(); }
    /// Zooms by `factor` so that what is under `point` (viewport coordinates) stays there.
    void zoomAt(const QPointF& point, double factor);
    /// Moves the view by screen pixels.
    void panBy(const QPointF& pixels);
    void fitRect(const QRectF& sceneRect);
    QPointF toScene(const QPointF& viewportPoint) const;

    /// Adds a layer behind the selected node and wires it; at the view's middle without a selection.
    void appendLayer(const QString& type);
    /// Adds a layer with its middle at a scene point; into the wire that lies there.
    void dropLayer(const QString& type, const QPointF& scenePoint);
    /// Opens the search that adds a layer, at a point of the viewport. With an end of a wire it lists
    /// only what can be wired to it and wires it.
    void openSearch(const QPoint& viewportPoint, std::optional<PortRef> from = {}, std::optional<PortRef> to = {});
    /// Selects a node and brings it into view.
    void showNode(const std::string& id);

public Q_SLOTS:
    void deleteSelection();
    void deleteAndHeal();
    void cut();
    void copy();
    void paste();
    void pasteWithWires();
    void duplicate();
    void selectAllNodes();
    void fitAll();
    void fitSelection();
    void resetZoom();
    void zoomIn();
    void zoomOut();
    void arrange();
    void alignLefts();
    void alignTops();
    void distributeAcross();
    void distributeDown();
    void openSearchAtCursor();
    void applyFirstFix();

Q_SIGNALS:
    void zoomChanged(double zoom);
    /// A sentence for the status bar; empty clears it.
    void message(const QString& text);
    void renameRequested();
    void helpRequested(const QString& layerType);
    /// Something was dropped that is no layer: a project, data.
    void fileDropped(const QString& path);

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool viewportEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void endGesture();
    void autoScroll();
    void updateCursor(const QPointF& viewportPoint);
    void nudge(const QPointF& delta);
    void align(bool alongX);
    void distribute(bool alongX);
    void pasteAt(bool keepIncoming);
    bool handleKey(QKeyEvent* event);
    void removeSelected(bool heal);
    void targetWireAt(const QPointF& scenePoint);
    QPointF cursorPoint() const; ///< the mouse in scene coordinates, or the view's middle
    void viewMoved();

    ProjectDocument* m_document;
    CanvasScene* m_scene;
    Minimap* m_minimap;
    LayerSearch* m_search;
    std::unique_ptr<CanvasGesture> m_gesture;
    QTimer m_autoScroll;
    QPoint m_lastMouse;
    QPointF m_ghost; ///< where the layer dragged from the palette would come to lie
    bool m_hasGhost = false;
    QString m_ghostType;
    Wire m_targetWire;
    bool m_isSpaceHeld = false;
    bool m_isFitted = true; ///< the view shows everything and goes on doing so until someone moves it
};

} // namespace weft
