#include "widgets/targets/target_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/invalid_mark.h"
#include "widgets/text.h"

namespace weft {
namespace {

constexpr int labelWidth = 132;

QString labelOf(const TargetField& field)
{
    return field.label.source[0] ? translated(field.label) : labelFromKey(field.key);
}

/// Messages name a field by its key, as files do; here it has a name.
QString faultText(const Error& error, const TargetField& field)
{
    Message message = error.message();
    if (!message.args.empty() && message.args.front() == field.key)
        message.args.front() = labelOf(field).toStdString();
    return translated(message);
}

QString exampleOf(const TargetField& field)
{
    switch (field.kind) {
    case FieldKind::Hosts: return QStringLiteral("node1:4,node2:4");
    case FieldKind::Host: return QStringLiteral("me@login");
    case FieldKind::Pairs: return QStringLiteral("disk=ssd,zone=b");
    default: return QLatin1String(field.fallback);
    }
}

QFormLayout* newForm()
{
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(10);
    form->setHorizontalSpacing(16);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

QLabel* newLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    label->setFixedWidth(labelWidth);
    label->setContentsMargins(0, 6, 0, 0);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

QWidget* withHelp(QWidget* editor, const QString& help)
{
    auto* box = new QWidget;
    auto* lines = new QVBoxLayout(box);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(3);
    lines->addWidget(editor);
    auto* sentence = new QLabel(help);
    sentence->setProperty("role", "secondary");
    sentence->setWordWrap(true);
    lines->addWidget(sentence);
    return box;
}

} // namespace

QString targetKindText(TargetKind kind)
{
    switch (kind) {
    case TargetKind::Mpi: return TargetForm::tr("Hosts over SSH");
    case TargetKind::Slurm: return TargetForm::tr("Slurm");
    case TargetKind::Kubernetes: return TargetForm::tr("Kubernetes");
    default: return TargetForm::tr("This machine");
    }
}

TargetForm::TargetForm(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("targetForm"));
    m_layout->setContentsMargins(0, 0, 0, 0);
}

void TargetForm::setTarget(const Target& target, bool isStored)
{
    m_target = target;
    m_isStored = isStored;
    m_faults.clear();
    delete m_body;
    m_body = new QWidget;
    m_layout->insertWidget(0, m_body);
    addFields();
    check();
}

void TargetForm::addFields()
{
    auto* lines = new QVBoxLayout(m_body);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(10);
    QFormLayout* first = newForm();
    m_name = new QLineEdit(QString::fromStdString(m_target.name));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setAccessibleName(tr("Name"));
    m_name->setEnabled(!m_isStored);
    m_name->setMaxLength(64);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& text) {
        m_target.name = text.trimmed().toStdString();
        check();
        Q_EMIT changed();
    });
    first->addRow(newLabel(tr("Name")),
                  withHelp(m_name, m_isStored ? tr("Runs are told apart by it, so it stays.") : tr("Up to 64 letters, digits, - and _.")));
    auto* rest = new QWidget;
    QFormLayout* folded = newForm();
    rest->setLayout(folded);
    for (const TargetField& field : targetFields(m_target.kind))
        addField(field.isEssential ? first : folded, field);
    lines->addLayout(first);
    m_fold = new QToolButton;
    m_fold->setObjectName(QStringLiteral("fold"));
    m_fold->setText(tr("More settings (%1)").arg(folded->rowCount()));
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setAutoRaise(true);
    m_fold->setCheckable(true);
    m_fold->setVisible(folded->rowCount() > 0);
    lines->addWidget(m_fold);
    lines->addWidget(rest);
    connect(m_fold, &QToolButton::toggled, rest, [this, rest](bool isOpen) {
        m_isFoldOpen = isOpen;
        m_fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        rest->setVisible(isOpen);
    });
    m_fold->setArrowType(Qt::RightArrow);
    rest->setVisible(false);
    m_fold->setChecked(m_isFoldOpen);
}

void TargetForm::openFold(bool isOpen)
{
    m_isFoldOpen = isOpen;
    if (m_fold)
        m_fold->setChecked(isOpen);
}

void TargetForm::addField(QFormLayout* form, const TargetField& field)
{
    QWidget* editor = editorOf(field);
    const QString label = labelOf(field);
    const QString help = translated(field.help);
    editor->setObjectName(QLatin1String(field.key));
    editor->setAccessibleName(label);
    editor->setAccessibleDescription(help);
    form->addRow(newLabel(field.isRequired ? tr("%1 (needed)").arg(label) : label), withHelp(editor, help));
}

QWidget* TargetForm::editorOf(const TargetField& field)
{
    switch (field.kind) {
    case FieldKind::Integer: return numberEditor(field);
    case FieldKind::Choice: return choiceEditor(field);
    default: return textEditor(field);
    }
}

QWidget* TargetForm::numberEditor(const TargetField& field)
{
    auto* box = new QSpinBox;
    box->setRange(static_cast<int>(field.minimum), static_cast<int>(field.maximum));
    box->setGroupSeparatorShown(true);
    box->setFocusPolicy(Qt::StrongFocus);
    box->setValue(static_cast<int>(m_target.integer(field.key)));
    connect(box, &QSpinBox::valueChanged, this, [this, &field, box](int value) { set(field, QString::number(value), box); });
    return box;
}

QWidget* TargetForm::choiceEditor(const TargetField& field)
{
    auto* box = new QComboBox;
    box->setFocusPolicy(Qt::StrongFocus);
    // Words of the schedulers themselves: they are looked up as they are.
    for (const char* choice : field.choices)
        box->addItem(QLatin1String(choice));
    box->setCurrentText(QString::fromStdString(m_target.value(field.key)));
    connect(box, &QComboBox::currentTextChanged, this, [this, &field, box](const QString& value) { set(field, value, box); });
    return box;
}

QWidget* TargetForm::textEditor(const TargetField& field)
{
    const auto given = m_target.fields.find(field.key);
    auto* line = new QLineEdit(given == m_target.fields.end() ? QString() : QString::fromStdString(given->second));
    line->setPlaceholderText(exampleOf(field));
    connect(line, &QLineEdit::textEdited, this, [this, &field, line](const QString& text) { set(field, text.trimmed(), line); });
    return line;
}

/// What is as it would be anyway is not written down, so that it goes with the catalogue.
void TargetForm::set(const TargetField& field, const QString& value, QWidget* editor)
{
    try {
        setField(m_target, field.key, value == QLatin1String(field.fallback) ? std::string() : value.toStdString());
        m_faults.erase(field.key);
    } catch (const Error& error) {
        m_faults[field.key] = faultText(error, field);
    }
    const bool isWrong = m_faults.count(field.key) > 0;
    markInvalid(editor, isWrong);
    editor->setToolTip(isWrong ? m_faults[field.key] : QString());
    check();
    Q_EMIT changed();
}

void TargetForm::check()
{
    m_fault = m_faults.empty() ? QString() : m_faults.begin()->second;
    if (!m_fault.isEmpty())
        return;
    if (m_target.name.empty()) {
        m_fault = tr("The target needs a name.");
        return;
    }
    for (const TargetField& field : targetFields(m_target.kind)) {
        if (field.isRequired && m_target.value(field.key).empty()) {
            m_fault = tr("%1: this is needed.").arg(labelOf(field));
            return;
        }
    }
    try {
        checkTarget(m_target);
    } catch (const Error& error) {
        m_fault = translated(error.message());
    }
    markInvalid(m_name, !m_fault.isEmpty());
}

std::optional<Target> TargetForm::target() const
{
    return m_fault.isEmpty() ? std::optional(m_target) : std::nullopt;
}

QString TargetForm::fault() const
{
    return m_fault;
}

} // namespace weft
