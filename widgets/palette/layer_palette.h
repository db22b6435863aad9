#pragma once

#include <QTreeWidget>
#include <QWidget>

#include "widgets/canvas/wire_fit.h"

class QLineEdit;

namespace weft {

class CanvasView;

/// The tree of layers by category; dragging one carries its type.
class LayerTree : public QTreeWidget {
    Q_OBJECT

public:
    explicit LayerTree(QWidget* parent = nullptr);

protected:
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QList<QTreeWidgetItem*>& items) const override;
    void startDrag(Qt::DropActions actions) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

Q_SIGNALS:
    /// The file of a saved block was removed.
    void savedBlockRemoved();
};

/// All layers with a filter. Drag one to the canvas, or double-click (Enter) to append it.
class LayerPalette : public QWidget {
    Q_OBJECT

public:
    explicit LayerPalette(QWidget* parent = nullptr);
    /// Lists what may be added to the sheet that this canvas shows, its project's blocks included.
    void follow(CanvasView* canvas);

    LayerTree* tree() const { return m_tree; }
    QLineEdit* filter() const { return m_filter; }

Q_SIGNALS:
    void layerActivated(const QString& type);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const std::vector<LayerOffer>& offers);
    void refill();
    void applyFilter(const QString& text);
    void activate(const QTreeWidgetItem* item);

    QLineEdit* m_filter;
    LayerTree* m_tree;
    CanvasView* m_canvas = nullptr;
    std::vector<LayerOffer> m_offers;
};

} // namespace weft
