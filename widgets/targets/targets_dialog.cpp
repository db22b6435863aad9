#include "widgets/targets/targets_dialog.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/keep_geometry.h"
#include "widgets/targets/finding_list.h"
#include "widgets/targets/submission_dialog.h"
#include "widgets/targets/target_form.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"

namespace weft {
namespace {

QPushButton* newButton(const QString& id, const QString& text, const QString& help)
{
    auto* button = new QPushButton(text);
    button->setObjectName(id);
    button->setToolTip(help);
    button->setAutoDefault(false); // Enter ends a field here
    return button;
}

/// "cluster", "cluster-2", …
std::string freeName(const std::string& wish, const std::vector<Target>& targets)
{
    const auto isTaken
        = [&](const std::string& name) { return std::any_of(targets.begin(), targets.end(), [&](const Target& t) { return t.name == name; }); };
    std::string name = wish;
    for (int i = 2; isTaken(name); ++i)
        name = wish + "-" + std::to_string(i);
    return name;
}

std::string wishedName(TargetKind kind)
{
    return kind == TargetKind::Mpi ? "hosts" : kind == TargetKind::Slurm ? "slurm" : "cluster";
}

} // namespace

TargetsDialog::TargetsDialog(const ProjectDocument& document, QWidget* parent) : QDialog(parent), m_document(document)
{
    setObjectName(QStringLiteral("targetsDialog"));
    setWindowTitle(tr("Targets: places to train"));
    resize(860, 640);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(20);
    columns->addWidget(makeList());
    columns->addWidget(makeForm(), 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addLayout(columns, 1);
    layout->addWidget(makeButtons());
    connect(&m_test, &WeftCall::ended, this, [this](const WeftAnswer& answer) {
        m_findings->showReport(answer.output, answer.errors);
        showState();
        showFindings();
    });
    keepGeometry(this);
    fill({});
}

QWidget* TargetsDialog::makeList()
{
    auto* column = new QWidget;
    column->setFixedWidth(190);
    auto* lines = new QVBoxLayout(column);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(8);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("targets"));
    m_list->setAccessibleName(tr("Targets"));
    QPushButton* add = newButton(QStringLiteral("add"), tr("Add"), tr("Names another place to train"));
    auto* kinds = new QMenu(add);
    for (const TargetKind kind : {TargetKind::Mpi, TargetKind::Slurm, TargetKind::Kubernetes})
        kinds->addAction(targetKindText(kind), this, [this, kind] { begin(kind); })->setObjectName(QLatin1String(nameOf(kind)));
    add->setIcon(icon(QStringLiteral("add")));
    add->setMenu(kinds);
    m_remove = newButton(QStringLiteral("remove"), tr("Remove …"), tr("Forgets the target; its jobs are left as they are"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(add);
    buttons->addWidget(m_remove);
    lines->addWidget(m_list, 1);
    lines->addLayout(buttons);
    connect(m_list, &QListWidget::currentRowChanged, this, &TargetsDialog::showRow);
    connect(m_remove, &QPushButton::clicked, this, &TargetsDialog::remove);
    return column;
}

QWidget* TargetsDialog::makeForm()
{
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(windowTitle());
    auto* content = new QWidget;
    auto* lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 12, 0);
    lines->setSpacing(16);
    m_empty
        = new QLabel(tr("No target yet. Add hosts that ssh reaches, a Slurm cluster or a Kubernetes cluster: the same project then trains there."));
    m_empty->setWordWrap(true);
    m_empty->setProperty("role", "secondary");
    m_page = new QWidget;
    auto* page = new QVBoxLayout(m_page);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(16);
    m_form = new TargetForm;
    m_findings = new FindingList;
    page->addWidget(m_form);
    page->addWidget(m_findings);
    lines->addWidget(m_empty);
    lines->addWidget(m_page);
    lines->addStretch();
    m_scroll->setWidget(content);
    connect(m_form, &TargetForm::changed, this, [this] {
        m_test.cancel(); // it would tell of another target
        m_findings->clear();
        showState();
    });
    return m_scroll;
}

QWidget* TargetsDialog::makeButtons()
{
    auto* row = new QWidget;
    auto* buttons = new QHBoxLayout(row);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(8);
    m_fault = new QLabel;
    m_fault->setObjectName(QStringLiteral("fault"));
    m_fault->setProperty("role", "error");
    m_fault->setWordWrap(true);
    m_preview = newButton(QStringLiteral("preview"), tr("Preview …"),
                          tr("Shows the YAML, script or commands that Train would submit, and submits nothing"));
    m_check = newButton(QStringLiteral("test"), tr("Test"), tr("Saves the target and asks it what is missing"));
    m_save = newButton(QStringLiteral("save"), tr("Save"), tr("Keeps the target for the Studio and the command line"));
    m_save->setProperty("accent", true);
    QPushButton* close = newButton(QStringLiteral("close"), tr("Close"), {});
    buttons->addWidget(m_fault, 1);
    for (QPushButton* button : {m_preview, m_check, m_save, close})
        buttons->addWidget(button);
    connect(m_preview, &QPushButton::clicked, this, &TargetsDialog::preview);
    connect(m_check, &QPushButton::clicked, this, &TargetsDialog::test);
    connect(m_save, &QPushButton::clicked, this, &TargetsDialog::save);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    return row;
}

/// Reads the targets anew, since the command line may have changed them, and chooses one.
void TargetsDialog::fill(const QString& chosen)
{
    m_isFilling = true;
    m_list->clear();
    m_targets.clear();
    QString fault;
    try {
        m_targets = TargetStore().all();
    } catch (const Error& error) {
        fault = translated(error.message());
    }
    // This machine as it is needs no form.
    std::erase_if(m_targets, [](const Target& target) { return target == Target{"local", TargetKind::Local, {}}; });
    for (const Target& target : m_targets)
        m_list->addItem(QString::fromStdString(target.name) + QLatin1Char('\n') + targetKindText(target.kind));
    m_isFilling = false;
    choose(chosen);
    if (!fault.isEmpty())
        m_fault->setText(fault);
}

void TargetsDialog::choose(const QString& name)
{
    if (m_targets.empty())
        return showNothing();
    showTarget(m_targets[static_cast<std::size_t>(markRow(name))], true);
}

/// Marks the row of a target, or the first, and leaves the form alone.
int TargetsDialog::markRow(const QString& name)
{
    const auto found = std::find_if(m_targets.begin(), m_targets.end(), [&](const Target& target) { return target.name == name.toStdString(); });
    const int row = found == m_targets.end() ? 0 : static_cast<int>(found - m_targets.begin());
    m_isFilling = true;
    m_list->setCurrentRow(row);
    m_isFilling = false;
    return row;
}

void TargetsDialog::showRow(int row)
{
    if (m_isFilling || row < 0)
        return;
    const std::string name = m_targets[static_cast<std::size_t>(row)].name;
    if (mayLeave())
        fill(QString::fromStdString(name));
    else
        markRow(QString::fromStdString(m_shown.name)); // the one that the form still shows
}

void TargetsDialog::showTarget(const Target& target, bool isStored)
{
    m_test.cancel();
    m_shown = target;
    m_isStored = isStored;
    m_form->setTarget(target, isStored);
    m_findings->clear();
    m_page->setVisible(true);
    m_empty->setVisible(false);
    m_scroll->ensureVisible(0, 0);
    showState();
}

void TargetsDialog::showNothing()
{
    m_shown = {};
    m_isStored = false;
    m_page->setVisible(false);
    m_empty->setVisible(true);
    showState();
}

void TargetsDialog::begin(TargetKind kind)
{
    if (!mayLeave())
        return;
    m_isFilling = true;
    m_list->setCurrentRow(-1);
    m_isFilling = false;
    showTarget({freeName(wishedName(kind), m_targets), kind, {}}, false);
}

QString TargetsDialog::faultNow() const
{
    if (m_page->isHidden())
        return {};
    const std::optional<Target> target = m_form->target();
    if (!target)
        return m_form->fault();
    const bool isTaken = !m_isStored && freeName(target->name, m_targets) != target->name;
    return isTaken ? tr("There is a target %1 already: take another name.").arg(QString::fromStdString(target->name)) : QString();
}

bool TargetsDialog::isModified() const
{
    if (m_page->isHidden())
        return false;
    const std::optional<Target> target = m_form->target();
    return !m_isStored || !target || *target != m_shown;
}

void TargetsDialog::showState()
{
    const QString fault = faultNow();
    m_fault->setText(fault);
    const bool isWhole = !m_page->isHidden() && fault.isEmpty();
    m_remove->setEnabled(m_isStored);
    m_save->setEnabled(isWhole && isModified());
    m_check->setEnabled(isWhole && !isTesting());
    m_preview->setEnabled(isWhole);
}

bool TargetsDialog::save()
{
    if (!isModified())
        return true;
    const std::optional<Target> target = m_form->target();
    if (!target || !faultNow().isEmpty())
        return false;
    try {
        TargetStore().put(*target);
    } catch (const Error& error) {
        m_fault->setText(translated(error.message()));
        return false;
    }
    fill(QString::fromStdString(target->name));
    Q_EMIT targetsChanged();
    return true;
}

void TargetsDialog::test()
{
    if (!save())
        return;
    m_findings->showNote(tr("Testing: the target is asked, which takes some seconds …"));
    m_test.start({QStringLiteral("target"), QStringLiteral("test"), QString::fromStdString(m_shown.name), QStringLiteral("--json")});
    showState();
    showFindings();
}

/// What was asked for may lie below the edge of a long form; its place is known once the form is laid out.
void TargetsDialog::showFindings()
{
    QMetaObject::invokeMethod(
        this, [this] { m_scroll->ensureWidgetVisible(m_findings); }, Qt::QueuedConnection);
}

void TargetsDialog::preview()
{
    if (!save())
        return;
    auto* dialog = new SubmissionDialog(m_document, QString::fromStdString(m_shown.name), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SubmissionDialog::trainRequested, this, [this](const QString& target, const QString& script) {
        accept();
        Q_EMIT trainRequested(target, script);
    });
    dialog->open();
}

void TargetsDialog::remove()
{
    const QString name = QString::fromStdString(m_shown.name);
    QMessageBox box(QMessageBox::Warning, tr("Remove the target"), tr("Forget the target %1?").arg(name), QMessageBox::NoButton, this);
    box.setInformativeText(tr("Runs that it trains know it by themselves and go on."));
    QPushButton* yes = box.addButton(tr("Remove"), QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("removeTarget"));
    box.setDefaultButton(box.addButton(tr("Keep"), QMessageBox::RejectRole));
    box.exec();
    if (box.clickedButton() != yes)
        return;
    try {
        TargetStore().remove(m_shown.name);
    } catch (const Error& error) {
        m_fault->setText(translated(error.message()));
        return;
    }
    fill({});
    Q_EMIT targetsChanged();
}

bool TargetsDialog::mayLeave()
{
    const bool isUntouched = !m_isStored && m_form->target() == std::optional(m_shown);
    if (!isModified() || isUntouched)
        return true;
    QMessageBox box(QMessageBox::Question, tr("Targets"), tr("The target has changes that are not saved."), QMessageBox::NoButton, this);
    QPushButton* keep = box.addButton(tr("Save"), QMessageBox::AcceptRole);
    QPushButton* drop = box.addButton(tr("Discard"), QMessageBox::DestructiveRole);
    drop->setObjectName(QStringLiteral("discard"));
    box.addButton(tr("Cancel"), QMessageBox::RejectRole);
    keep->setEnabled(faultNow().isEmpty());
    box.exec();
    return box.clickedButton() == drop || (box.clickedButton() == keep && save());
}

void TargetsDialog::reject()
{
    if (mayLeave())
        QDialog::reject();
}

} // namespace weft
