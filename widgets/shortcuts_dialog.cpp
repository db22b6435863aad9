#include "widgets/shortcuts_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "widgets/actions.h"
#include "widgets/keep_geometry.h"

namespace weft {
namespace {

constexpr int idRole = Qt::UserRole;

/// What the mouse and keys without an action do: shown, not chosen.
std::vector<std::pair<QString, QString>> gestures()
{
    return {
        {ShortcutsDialog::tr("Zoom at the cursor"), ShortcutsDialog::tr("Wheel")},
        {ShortcutsDialog::tr("Pan"), ShortcutsDialog::tr("Middle button, or Space and drag")},
        {ShortcutsDialog::tr("Pan sideways"), ShortcutsDialog::tr("Shift and wheel")},
        {ShortcutsDialog::tr("Add a layer at the cursor"), ShortcutsDialog::tr("Double-click, or Tab")},
        {ShortcutsDialog::tr("Move the selection"), ShortcutsDialog::tr("Arrow keys; with Shift further")},
        {ShortcutsDialog::tr("Select several"), ShortcutsDialog::tr("Drag a box, or Shift and click")},
        {ShortcutsDialog::tr("Take a wire off"), ShortcutsDialog::tr("Drag its end off the input")},
        {ShortcutsDialog::tr("Cut wires"), ShortcutsDialog::tr("Ctrl and drag with the right button across them")},
        {ShortcutsDialog::tr("Lead a wire around something"), ShortcutsDialog::tr("Drag the wire; a double-click on a bend takes it away")},
    };
}

const ActionSpec* specOf(const QString& id)
{
    for (const ActionSpec& spec : Actions::specs()) {
        if (id == QLatin1String(spec.id))
            return &spec;
    }
    return nullptr;
}

QString keysText(const QAction& action)
{
    return QKeySequence::listToString(action.shortcuts(), QKeySequence::NativeText);
}

} // namespace

ShortcutsDialog::ShortcutsDialog(Actions& actions, QWidget* parent) :
    QDialog(parent), m_actions(actions), m_search(new QLineEdit), m_list(new QTreeWidget), m_keys(new QKeySequenceEdit), m_conflict(new QLabel),
    m_assign(new QPushButton(tr("Assign"))), m_remove(new QPushButton(tr("No key"))), m_reset(new QPushButton(tr("Reset")))
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(560, 640);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search actions or keys"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("actions"));
    m_list->setAccessibleName(windowTitle());
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setHeaderLabels({tr("Action"), tr("Keys")});
    m_list->header()->setStretchLastSection(true);
    m_list->setColumnWidth(0, 280);
    m_keys->setObjectName(QStringLiteral("keys"));
    m_keys->setAccessibleName(tr("New keys"));
    for (QLineEdit* field : m_keys->findChildren<QLineEdit*>()) {
        field->setAccessibleName(tr("New keys"));
        field->setPlaceholderText(tr("Press the new keys"));
    }
    m_conflict->setObjectName(QStringLiteral("conflict"));
    m_conflict->setProperty("role", "error");
    m_conflict->setWordWrap(true);
    m_conflict->setMinimumHeight(m_conflict->fontMetrics().height() * 2);
    m_assign->setObjectName(QStringLiteral("assign"));
    m_remove->setObjectName(QStringLiteral("remove"));
    m_reset->setObjectName(QStringLiteral("reset"));

    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_keys, 1);
    row->addWidget(m_assign);
    row->addWidget(m_remove);
    row->addWidget(m_reset);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* resetAll = buttons->addButton(tr("Reset all"), QDialogButtonBox::ResetRole);
    resetAll->setObjectName(QStringLiteral("resetAll"));
    for (QPushButton* button : {m_assign, m_remove, m_reset, resetAll, buttons->button(QDialogButtonBox::Close)})
        button->setAutoDefault(false); // Enter is a key like others here
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    layout->addLayout(row);
    layout->addWidget(m_conflict);
    layout->addWidget(buttons);

    connect(m_search, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutsDialog::showConflict);
    connect(m_assign, &QPushButton::clicked, this, &ShortcutsDialog::assign);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_actions.setKeys(*current(), {});
        fill();
    });
    connect(m_reset, &QPushButton::clicked, this, &ShortcutsDialog::reset);
    connect(resetAll, &QPushButton::clicked, this, [this] {
        m_actions.resetKeys();
        fill();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    fill();
    m_search->setFocus();
    keepGeometry(this);
}

const ActionSpec* ShortcutsDialog::current() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item ? specOf(item->data(0, idRole).toString()) : nullptr;
}

void ShortcutsDialog::fill()
{
    const QString kept = m_list->currentItem() ? m_list->currentItem()->data(0, idRole).toString() : QString();
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    QPixmap nothing(m_list->iconSize().isValid() ? m_list->iconSize() : QSize(16, 16));
    nothing.fill(Qt::transparent);
    const QIcon noIcon(nothing); // so that all texts begin at one place
    for (const ActionSpec& spec : Actions::specs()) {
        const QAction* action = m_actions[spec.id];
        auto* item = new QTreeWidgetItem(m_list, {Actions::title(spec), keysText(*action)});
        item->setData(0, idRole, QLatin1String(spec.id));
        item->setIcon(0, action->icon().isNull() ? noIcon : action->icon());
        if (action->shortcuts() != Actions::defaultKeys(spec)) {
            QFont bold = item->font(1);
            bold.setBold(true);
            item->setFont(1, bold);
            item->setToolTip(1, tr("Changed; it was %1.").arg(QKeySequence::listToString(Actions::defaultKeys(spec), QKeySequence::NativeText)));
        }
        if (kept == QLatin1String(spec.id))
            m_list->setCurrentItem(item);
    }
    for (const auto& [what, how] : gestures()) {
        auto* item = new QTreeWidgetItem(m_list, {what, how});
        item->setFlags(Qt::ItemIsEnabled);
        item->setForeground(0, palette().placeholderText());
        item->setForeground(1, palette().placeholderText());
    }
    filter(m_search->text());
    showCurrent();
}

void ShortcutsDialog::filter(const QString& text)
{
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem* item = m_list->topLevelItem(i);
        item->setHidden(!item->text(0).contains(text, Qt::CaseInsensitive) && !item->text(1).contains(text, Qt::CaseInsensitive));
    }
}

void ShortcutsDialog::showCurrent()
{
    const ActionSpec* spec = current();
    const QSignalBlocker quiet(m_keys);
    m_keys->setKeySequence(spec ? m_actions[spec->id]->shortcut() : QKeySequence());
    m_keys->setEnabled(spec);
    m_remove->setEnabled(spec && !m_actions[spec->id]->shortcuts().isEmpty());
    m_reset->setEnabled(spec && m_actions[spec->id]->shortcuts() != Actions::defaultKeys(*spec));
    showConflict();
}

/// Says whose keys they are.
void ShortcutsDialog::showConflict()
{
    const ActionSpec* spec = current();
    const QKeySequence keys = m_keys->keySequence();
    QStringList users;
    for (const ActionSpec* user : m_actions.usersOf(keys)) {
        if (user != spec)
            users << Actions::title(*user);
    }
    const bool isNew = spec && !keys.isEmpty() && !m_actions[spec->id]->shortcuts().contains(keys);
    m_assign->setEnabled(isNew);
    m_conflict->setText(users.isEmpty() ? QString()
                                        : tr("%1 belongs to \"%2\". Assigning takes it away from there.")
                                              .arg(keys.toString(QKeySequence::NativeText), users.join(QStringLiteral("\", \""))));
}

void ShortcutsDialog::assign()
{
    if (const ActionSpec* spec = current()) {
        m_actions.setKeys(*spec, {m_keys->keySequence()});
        fill();
    }
}

void ShortcutsDialog::reset()
{
    if (const ActionSpec* spec = current()) {
        m_actions.setKeys(*spec, Actions::defaultKeys(*spec));
        fill();
    }
}

} // namespace weft
