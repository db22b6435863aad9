#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <QGraphicsView>
#include <QTimer>

#include "widgets/canvas/canvas_scene.h"

namespace weft {

struct LayerOffer;
class ArrangeTask;
class BlockTrail;
class CanvasGesture;
class ChoicePopup;
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
    /// Shows this part of the scene; so many pixels at the upper edge stay free.
    void fitRect(const QRectF& sceneRect, int above = 0);
    /// What lies over the upper right corner: showing everything keeps the network clear of it.
    void setCorner(const QWidget* corner) { m_corner = corner; }
    /// Shows the canvas as it was shown before.
    void keepView(const QTransform& view);
    QPointF toScene(const QPointF& viewportPoint) const;

    /// Adds a layer behind the selected node and wires it; at the view's middle without a selection.
    void appendLayer(const QString& type);
    /// Adds a layer with its middle at a scene point; into the wire that lies there.
    void dropLayer(const QString& type, const QPointF& scenePoint);
    /// Opens the search that adds a layer, at a point of the viewport. With an end of a wire it lists
    /// only what can be wired to it and wires it.
    void openSearch(const QPoint& viewportPoint, std::optional<PortRef> from = {}, std::optional<PortRef> to = {});
    /// Opens the context menu of what lies at a point of the viewport.
    void openMenu(const QPoint& viewportPoint);
    /// Takes away the bend of a wire that lies at a point; false where none does.
    bool removeBendAt(const WireItem& item, const QPointF& scenePoint);
    /// Lets the selected wires run straight.
    void straighten();
    /// Selects a node and brings it into view; one inside blocks by the way to it, "stage1/conv1".
    void showNode(const std::string& path);
    /// Shows the sheet of the block that this node of the shown sheet is; nothing for a layer.
    void enterBlock(const std::string& id);
    /// Shows the sheet `depth` blocks deep, 0 for the network's own.
    void leaveTo(std::size_t depth);

    /// Where a comment's text is written.
    void editNote(const std::string& id);

public Q_SLOTS:
    /// Searches the layers of the network, those inside blocks included.
    void find();
    void connectByKeys();
    void addNote();
    void deleteSelection();
    void deleteAndHeal();
    /// Has the network run past the selected layers, or through them again where all are bypassed.
    void toggleBypass();
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
    /// Turns the selected nodes into a block.
    void group();
    /// Puts the nodes of the selected blocks in their places.
    void ungroup();
    /// Saves the selected block, or the one that is shown, for all projects.
    void saveBlock();
    void enterSelected();
    void leaveBlock();
    void alignLefts();
    void alignTops();
    void distributeAcross();
    void distributeDown();
    void openSearchAtCursor();
    /// Mends the gravest problem of the selected nodes, or of the network where none is selected.
    void applyFirstFix();

Q_SIGNALS:
    /// The blocks saved for all projects are others now.
    void savedBlocksChanged();
    void zoomChanged(double zoom);
    /// A sentence for the status bar; empty clears it.
    void message(const QString& text);
    void renameRequested();
    void helpRequested(const QString& layerType);
    /// Something was dropped that is no layer: a project, data.
    void fileDropped(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;
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
    void showNote(const std::string& id);
    void nudge(const QPointF& delta);
    void selectNext(const QPointF& direction, bool extends);
    /// Where a context menu belongs: at the mouse, or at what is selected when a key asks for it.
    QPoint menuPoint(const QContextMenuEvent& event) const;
    void connectNodes(const std::string& from, const std::string& to);
    void showArranged(const std::unordered_map<std::string, QPointF>& positions);
    void paintFar(QPainter* painter, const QRectF& exposed);
    void align(bool alongX);
    void distribute(bool alongX);
    void pasteAt(bool keepIncoming);
    std::vector<std::string> nodesToCopy() const;
    void selectPasted(const Pasted& added);
    bool handleKey(QKeyEvent* event);
    void removeSelected(bool heal);
    void targetWireAt(const QPointF& scenePoint);
    QPointF cursorPoint() const; ///< the mouse in scene coordinates, or the view's middle
    void viewMoved();
    void showPlace();
    /// The document's edit, saying in the status bar why it cannot be where it cannot.
    bool attempt(const std::function<void()>& work);
    std::vector<LayerOffer> offersFor(const std::optional<PortRef>& from, const std::optional<PortRef>& to) const;
    void perform(const QString& name, const EditBatch& batch, const QString& mergeKey = {});
    std::string addOffered(EditBatch& batch, const QString& type, const QPointF& position);

    ProjectDocument* m_document;
    CanvasScene* m_scene;
    Minimap* m_minimap;
    LayerSearch* m_search;
    ChoicePopup* m_finder;
    ArrangeTask* m_arrangeTask;
    BlockTrail* m_trail;
    std::vector<std::string> m_shownPlace;
    std::map<std::vector<std::string>, QTransform> m_looks; ///< how each sheet was looked at before another was shown
    std::unique_ptr<CanvasGesture> m_gesture;
    QTimer m_autoScroll;
    QPoint m_lastMouse;
    std::string m_lastByKey; ///< the layer to which the arrows went last
    QPointF m_ghost; ///< where the layer dragged from the palette would come to lie
    bool m_hasGhost = false;
    QString m_ghostType;
    Wire m_targetWire;
    bool m_isSpaceHeld = false;
    const QWidget* m_corner = nullptr;
    bool m_isFitted = true; ///< the view shows everything and goes on doing so until someone moves it
};

} // namespace weft
