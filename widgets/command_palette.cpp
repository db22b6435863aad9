#include "widgets/command_palette.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "widgets/actions.h"
#include "widgets/canvas/layer_search.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int idRole = Qt::UserRole + 10;

struct Hit {
    int score;
    QListWidgetItem* item;
};

} // namespace

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent) :
    QFrame(parent, Qt::Popup), m_actions(actions), m_field(new QLineEdit), m_list(new QListWidget)
{
    setObjectName(QStringLiteral("commandPalette"));
    setProperty("role", "popup");
    setFixedSize(420, 380);
    m_field->setPlaceholderText(tr("Search layers and commands"));
    m_field->setAccessibleName(tr("Search layers and commands"));
    m_field->installEventFilter(this);
    m_list->setItemDelegate(new LayerDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
}

void CommandPalette::openBelow(const QWidget* anchor)
{
    m_field->clear();
    fill();
    const QPoint corner = anchor->mapToGlobal(QPoint(anchor->width() - width(), anchor->height() + 4));
    move(std::max(0, corner.x()), corner.y());
    show();
    m_field->setFocus();
}

void CommandPalette::fill()
{
    std::vector<Hit> hits;
    for (const ActionSpec& spec : Actions::specs()) {
        const QAction* action = m_actions[spec.id];
        const int score = fuzzyScore(m_field->text(), action->text());
        if (score < 0 || !action->isEnabled())
            continue;
        auto* item = new QListWidgetItem(action->text());
        item->setData(idRole, QLatin1String(spec.id));
        item->setData(CategoryRole, -1);
        item->setData(HintRole, action->shortcut().toString(QKeySequence::NativeText));
        hits.push_back({score * 2 + 1, item});
    }
    for (const LayerSpec& layer : layerCatalogue()) {
        const int score = fuzzyScore(m_field->text(), QString::fromStdString(layer.type()));
        if (score >= 0 && !m_field->text().isEmpty())
            hits.push_back({score * 2, layerListItem(layer)});
    }
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit& hit : hits)
        m_list->addItem(hit.item);
    m_list->setCurrentRow(0);
}

void CommandPalette::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    hide();
    if (!item)
        return;
    const QString id = item->data(idRole).toString();
    if (id.isEmpty())
        Q_EMIT layerChosen(item->text());
    else
        m_actions[id.toLatin1().constData()]->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int rows = m_list->count();
    if ((key == Qt::Key_Down || key == Qt::Key_Up) && rows > 0) {
        m_list->setCurrentRow((m_list->currentRow() + (key == Qt::Key_Down ? 1 : rows - 1)) % rows);
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        choose();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace weft
