#include "widgets/palette/layer_delegate.h"

#include <QListWidgetItem>
#include <QPainter>

#include "widgets/canvas/wire_fit.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {

QListWidgetItem* layerListItem(const LayerOffer& offer)
{
    auto* item = new QListWidgetItem(offer.title);
    item->setData(TypeRole, offer.type);
    item->setData(CategoryRole, static_cast<int>(offer.category));
    item->setData(HintRole, translated(titleOf(offer.category)));
    item->setToolTip(offer.summary);
    return item;
}

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colors& c = themeColors();
    const QVariant category = index.data(CategoryRole);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF row = QRectF(option.rect).adjusted(2, 1, -2, -1);
    if (!category.isValid()) {
        QFont heading = Theme::instance().smallFont();
        heading.setBold(true);
        painter->setFont(heading);
        painter->setPen(c.secondary);
        const QRect arrow(static_cast<int>(row.left()), static_cast<int>(row.center().y()) - 5, 10, 10);
        icon(option.state & QStyle::State_Open ? QStringLiteral("down") : QStringLiteral("right"), c.secondary).paint(painter, arrow);
        painter->drawText(row.adjusted(15, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        painter->restore();
        return;
    }
    painter->setPen(Qt::NoPen);
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->setBrush(option.state & QStyle::State_Selected ? mixed(c.panel, c.accent, 0.2) : mixed(c.raised, c.text, 0.05));
        painter->drawRoundedRect(row, 5, 5);
    }
    if (category.toInt() >= 0) { // a command has no category
        painter->setBrush(Theme::instance().categoryColor(static_cast<Category>(category.toInt())));
        painter->drawRoundedRect(QRectF(row.left() + 8, row.center().y() - 8, 4, 16), 1.5, 1.5);
    }
    painter->setPen(c.text);
    painter->setFont(Theme::instance().bodyFont());
    const QRectF room = row.adjusted(22, 0, -8, 0);
    const QString name = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, static_cast<int>(room.width()));
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, name);
    const QString hint = index.data(HintRole).toString();
    if (!hint.isEmpty()) {
        painter->setPen(c.secondary);
        painter->setFont(Theme::instance().smallFont());
        painter->drawText(row.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight, hint);
    }
    painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const bool isHeading = !index.data(CategoryRole).isValid();
    return {QStyledItemDelegate::sizeHint(option, index).width(), isHeading ? 24 : 26};
}

} // namespace weft
