#pragma once

#include <functional>

#include <QAbstractScrollArea>

namespace weft {

/// A grid of equal tiles that scrolls, painted by its owner: only what is visible is asked for, so ten
/// thousand pictures cost as much as a screenful. Tiles grow in width to fill the rows.
/// Arrows go from tile to tile, Enter clicks.
class TileView : public QAbstractScrollArea {
    Q_OBJECT

public:
    using PaintTile = std::function<void(QPainter& painter, const QRect& rect, qint64 index)>;
    using TipText = std::function<QString(qint64 index)>;

    /// `tile` is the smallest size.
    TileView(QSize tile, PaintTile paint, QWidget* parent = nullptr);

    void setCount(qint64 count);
    qint64 count() const { return m_count; }
    void setTipText(TipText text) { m_tip = std::move(text); }
    /// What stands in the middle while there are no tiles.
    void setEmptyText(const QString& text);
    QString emptyText() const { return m_emptyText; }
    /// The tile at a point of the viewport, −1 for none.
    qint64 indexAt(const QPoint& point) const;
    QRect tileRect(qint64 index) const;
    void refresh() { viewport()->update(); }

Q_SIGNALS:
    void clicked(qint64 index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    QSize sizeHint() const override { return {420, 200}; }
    QSize minimumSizeHint() const override { return {160, 90}; }

private:
    void goTo(qint64 index);
    qint64 columns() const;
    int tileWidth() const;
    void layOut();

    QSize m_tile;
    PaintTile m_paint;
    TipText m_tip;
    QString m_emptyText;
    qint64 m_count = 0;
    qint64 m_current = 0; ///< where the keys are
};

/// Frames the sample whose values the wires show, with a pin in its corner.
void paintPin(QPainter& painter, const QRect& rect);

} // namespace weft
