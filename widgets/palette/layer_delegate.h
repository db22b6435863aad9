#pragma once

#include <QStyledItemDelegate>

class QListWidgetItem;

namespace weft {

struct LayerOffer;

/// Roles of items that stand for a layer.
enum LayerItemRole { CategoryRole = Qt::UserRole + 1, HintRole, TypeRole };

/// A list item that stands for a layer: its title as text, type, category, summary as tool tip.
QListWidgetItem* layerListItem(const LayerOffer& offer);

/// Paints a layer with the bar of its category; headings of categories in small bold type.
class LayerDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace weft
