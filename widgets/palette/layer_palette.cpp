#include "widgets/palette/layer_palette.h"

#include <algorithm>
#include <map>

#include <QDrag>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "widgets/canvas/block_library.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/project_document.h"
#include "widgets/search_popup.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// Of headings: their category.
constexpr int GroupRole = Qt::UserRole + 20;

/// The node that a layer will become, as it is carried by the mouse.
QPixmap ghostPixmap(const QString& type, Category category)
{
    const Colors& c = themeColors();
    const QSize size(150, 34);
    QPixmap pixmap(size * 2);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(c.line);
    painter.setBrush(c.raised);
    painter.drawRoundedRect(QRectF(QPointF(0, 0), size).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().categoryColor(category));
    painter.drawRoundedRect(QRectF(6, 8, 4, 18), 1.5, 1.5);
    painter.setPen(c.text);
    painter.setFont(Theme::instance().bodyFont());
    painter.drawText(QRect(QPoint(20, 0), size), Qt::AlignVCenter | Qt::AlignLeft, type);
    return pixmap;
}

} // namespace

LayerTree::LayerTree(QWidget* parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("layerTree"));
    setAccessibleName(tr("Layers"));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setItemDelegate(new LayerDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setMouseTracking(true);
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

QStringList LayerTree::mimeTypes() const
{
    return {QLatin1String(layerMimeType)};
}

QMimeData* LayerTree::mimeData(const QList<QTreeWidgetItem*>& items) const
{
    if (items.isEmpty() || !items.first()->data(0, CategoryRole).isValid())
        return nullptr;
    auto* carried = new QMimeData;
    carried->setData(QLatin1String(layerMimeType), items.first()->data(0, TypeRole).toString().toUtf8());
    return carried;
}

void LayerTree::startDrag(Qt::DropActions)
{
    QMimeData* carried = mimeData(selectedItems());
    if (!carried)
        return;
    auto* drag = new QDrag(this);
    drag->setMimeData(carried);
    const QTreeWidgetItem* item = selectedItems().first();
    drag->setPixmap(ghostPixmap(item->text(0), static_cast<Category>(item->data(0, CategoryRole).toInt())));
    drag->setHotSpot(QPoint(20, 17));
    drag->exec(Qt::CopyAction);
    clearSelection(); // the new node is what is selected now
}

void LayerTree::mousePressEvent(QMouseEvent* event)
{
    QTreeWidgetItem* item = itemAt(event->position().toPoint());
    if (item && !item->data(0, CategoryRole).isValid()) {
        item->setExpanded(!item->isExpanded());
        return;
    }
    QTreeWidget::mousePressEvent(event);
}

void LayerTree::contextMenuEvent(QContextMenuEvent* event)
{
    const QTreeWidgetItem* item = itemAt(event->pos());
    const QString type = item ? item->data(0, TypeRole).toString() : QString();
    if (!type.startsWith(QLatin1String(savedBlockPrefix)))
        return;
    QMenu menu;
    menu.addAction(icon(QStringLiteral("delete")), tr("Remove from the palette"), this, [this, type] {
        BlockLibrary::remove(type);
        Q_EMIT savedBlockRemoved();
    });
    menu.exec(event->globalPos());
}

LayerPalette::LayerPalette(QWidget* parent) : QWidget(parent), m_filter(new QLineEdit), m_tree(new LayerTree)
{
    setObjectName(QStringLiteral("layerPalette"));
    auto* heading = new QLabel(tr("Layers").toUpper());
    heading->setProperty("role", "heading");
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Filter layers"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(QStringLiteral("search"), Theme::instance().colors().secondary), QLineEdit::LeadingPosition);
    for (QToolButton* part : m_filter->findChildren<QToolButton*>()) // the magnifying glass, and the cross that clears
        part->setAccessibleName(m_filter->accessibleName());
    m_filter->installEventFilter(this);
    m_tree->installEventFilter(this);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 6, 0);
    layout->setSpacing(8);
    layout->addWidget(heading);
    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(0, 0, 6, 0);
    filterRow->addWidget(m_filter);
    layout->addLayout(filterRow);
    layout->addWidget(m_tree);

    connect(m_filter, &QLineEdit::textChanged, this, &LayerPalette::applyFilter);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, &LayerPalette::activate);
    refill();
}

void LayerPalette::follow(CanvasView* canvas)
{
    m_canvas = canvas;
    connect(&canvas->document(), &ProjectDocument::reset, this, &LayerPalette::refill);
    connect(&canvas->document(), &ProjectDocument::edited, this, [this](const Edits& edits) {
        if (std::any_of(edits.begin(), edits.end(), [](const Edit& edit) { return edit.path.starts_with("blocks/"); }))
            refill();
    });
    connect(&canvas->canvas(), &CanvasScene::placeChanged, this, &LayerPalette::refill);
    connect(canvas, &CanvasView::savedBlocksChanged, this, &LayerPalette::refill);
    connect(m_tree, &LayerTree::savedBlockRemoved, this, &LayerPalette::refill);
    refill();
}

void LayerPalette::refill()
{
    const Network none;
    std::vector<LayerOffer> offers
        = m_canvas ? layerOffers(m_canvas->document().project().network, m_canvas->canvas().block()) : layerOffers(none, {});
    if (offers == m_offers)
        return;
    const int scrolled = m_tree->verticalScrollBar()->value();
    m_offers = std::move(offers);
    fill(m_offers);
    applyFilter(m_filter->text());
    m_tree->verticalScrollBar()->setValue(scrolled);
}

void LayerPalette::fill(const std::vector<LayerOffer>& offers)
{
    std::map<Category, bool> wasExpanded;
    for (int g = 0; g < m_tree->topLevelItemCount(); ++g)
        wasExpanded[static_cast<Category>(m_tree->topLevelItem(g)->data(0, GroupRole).toInt())] = m_tree->topLevelItem(g)->isExpanded();
    m_tree->clear();
    std::map<Category, QTreeWidgetItem*> groups;
    for (const LayerOffer& offer : offers) {
        QTreeWidgetItem*& group = groups[offer.category];
        if (!group) {
            group = new QTreeWidgetItem({translated(titleOf(offer.category))});
            group->setData(0, GroupRole, static_cast<int>(offer.category));
            group->setFlags(Qt::ItemIsEnabled);
        }
        auto* item = new QTreeWidgetItem({offer.title});
        item->setData(0, TypeRole, offer.type);
        item->setData(0, CategoryRole, static_cast<int>(offer.category));
        item->setToolTip(0, offer.summary);
        group->addChild(item);
    }
    for (const auto& [category, group] : groups) { // in the order of the categories
        m_tree->addTopLevelItem(group);
        group->setExpanded(!wasExpanded.count(category) || wasExpanded.at(category));
    }
}

void LayerPalette::applyFilter(const QString& text)
{
    for (int g = 0; g < m_tree->topLevelItemCount(); ++g) {
        QTreeWidgetItem* group = m_tree->topLevelItem(g);
        bool isAnyVisible = false;
        for (int i = 0; i < group->childCount(); ++i) {
            QTreeWidgetItem* item = group->child(i);
            const bool matches = fuzzyScore(text, item->text(0)) >= 0 || fuzzyScore(text, item->data(0, TypeRole).toString()) >= 0
                || (text.size() > 2 && item->toolTip(0).contains(text, Qt::CaseInsensitive));
            item->setHidden(!matches);
            isAnyVisible = isAnyVisible || matches;
        }
        group->setHidden(!isAnyVisible);
        if (!text.isEmpty())
            group->setExpanded(true);
    }
}

void LayerPalette::activate(const QTreeWidgetItem* item)
{
    if (item && item->data(0, CategoryRole).isValid())
        Q_EMIT layerActivated(item->data(0, TypeRole).toString());
}

bool LayerPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        const QTreeWidgetItem* item = m_tree->currentItem();
        if (watched == m_filter) { // the first that the filter leaves
            for (QTreeWidgetItemIterator it(m_tree, QTreeWidgetItemIterator::NotHidden | QTreeWidgetItemIterator::NoChildren); *it; ++it) {
                item = *it;
                break;
            }
        }
        activate(item);
        return true;
    }
    if (watched == m_filter && key == Qt::Key_Down) {
        m_tree->setFocus();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace weft
