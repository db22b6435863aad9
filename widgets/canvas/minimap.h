#pragma once

#include <QPixmap>
#include <QTransform>
#include <QWidget>

namespace weft {

class CanvasView;

/// The whole network in the canvas' corner; dragging the frame moves the view. Hidden while
/// everything is in view anyway.
class Minimap : public QWidget {
    Q_OBJECT

public:
    explicit Minimap(CanvasView* view);
    /// Moves to the view's lower right corner.
    void place();
    /// Repaints; shows itself only when part of the network is out of view.
    void refresh();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void forget();
    void paintNodes(const QTransform& map);
    QRectF visibleRect() const;
    QTransform toMap() const;
    void centerOn(const QPointF& point);

    CanvasView* m_view;
    QPixmap m_picture; ///< of the nodes
};

} // namespace weft
