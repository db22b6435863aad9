#pragma once

#include <QStyledItemDelegate>

class QListWidgetItem;

namespace weft {

class LayerSpec;

/// Roles of items that stand for a layer.
enum LayerItemRole { CategoryRole = Qt::UserRole + 1, HintRole };

/// A list item that stands for a layer: its type as text, category, summary as tool tip.
QListWidgetItem* layerListItem(const LayerSpec& layer);

/// Paints a layer with the bar of its category; headings of categories in small bold type.
class LayerDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace weft
