#pragma once

#include <QImage>
#include <QTimer>
#include <QWidget>

namespace weft {

/// A dark sheet of the network's input size to draw on with a soft light brush, shown as large pixels.
/// `drawn` follows 150 ms after the last stroke. Takes dropped image files.
class DrawingPad : public QWidget {
    Q_OBJECT

public:
    explicit DrawingPad(QWidget* parent = nullptr);

    /// Width and height that the network wants.
    void setInputSize(const QSize& size);
    /// What the network would see, at its input size.
    QImage image() const;
    bool isBlank() const { return m_isBlank; }
    /// Shows a picture instead of a drawing.
    void showPicture(const QImage& picture);

    QSize sizeHint() const override { return {160, 160}; }
    QSize minimumSizeHint() const override { return {96, 96}; }

public Q_SLOTS:
    void clear();

Q_SIGNALS:
    void drawn(const QImage& image);
    void cleared();
    void fileDropped(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QRectF sheet() const;
    void strokeTo(const QPointF& point);

    QSize m_size{28, 28};
    QImage m_canvas; ///< finer than the input, so that strokes get soft edges
    QPointF m_last;
    QTimer m_timer;
    bool m_isBlank = true;
};

} // namespace weft
