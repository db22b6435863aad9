#include "widgets/training/settings_form.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpressionValidator>
#include <QSpinBox>
#include <QToolButton>

#include "widgets/invalid_mark.h"

namespace weft {

namespace {

constexpr int narrowestField = 72;
constexpr int widestWord = 104; ///< of a choice

/// Reads "0.001", "1e-3" and, in languages that write it so, "0,001".
std::optional<double> parseReal(const QString& text)
{
    bool isNumber = false;
    double value = text.trimmed().toDouble(&isNumber);
    if (!isNumber)
        value = QLocale().toDouble(text.trimmed(), &isNumber);
    return isNumber && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> parseReal(const QString& text, const NumberRange& range)
{
    const std::optional<double> value = parseReal(text);
    const bool isInside = value && (range.isMinimumAllowed ? *value >= range.minimum : *value > range.minimum) && *value < range.limit;
    return isInside ? value : std::nullopt;
}

} // namespace

SettingsForm::SettingsForm(QWidget* parent) : QObject(parent), m_form(new QFormLayout)
{
    m_form->setVerticalSpacing(8);
    m_form->setHorizontalSpacing(16);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
}

void SettingsForm::addRow(const SettingField& field, QWidget* widget)
{
    widget->setObjectName(QString::fromStdString(field.key));
    widget->setToolTip(field.help);
    widget->setAccessibleName(field.label);
    // A long label must not push the fields out of the panel: they shrink as far as a number or a word needs. Longer choices stand
    // below their label where the panel is too narrow.
    const int wanted = qobject_cast<QComboBox*>(widget) ? widget->sizeHint().width() : 0;
    widget->setMinimumWidth(wanted > widestWord ? wanted : narrowestField);
    m_form->addRow(field.label, widget);
    if (m_fold || field.applies)
        m_rows.push_back({widget, m_fold, field.applies});
}

void SettingsForm::report(const SettingField& field, const Tree& value)
{
    if (!m_isShowing)
        Q_EMIT changed(QString::fromStdString(field.key), value, field.label);
}

void SettingsForm::addInteger(const SettingField& field, int minimum, int maximum, Get<std::int64_t> get)
{
    auto* box = new QSpinBox;
    box->setRange(minimum, maximum);
    box->setGroupSeparatorShown(true);
    box->setKeyboardTracking(false);
    connect(box, &QSpinBox::valueChanged, this, [this, field](int value) { report(field, Tree(value)); });
    m_readers.push_back(
        [box, get = std::move(get)](const TrainingSettings& s) { box->setValue(static_cast<int>(std::min<std::int64_t>(get(s), box->maximum()))); });
    addRow(field, box);
}

void SettingsForm::addReal(const SettingField& field, const NumberRange& range, Get<double> get)
{
    auto* line = new QLineEdit;
    connect(line, &QLineEdit::textEdited, this, [line, range] { markInvalid(line, !parseReal(line->text(), range)); });
    const auto read = [line, get = std::move(get)](const TrainingSettings& s) {
        if (const double value = get(s); parseReal(line->text()) != value)
            line->setText(QString::number(value, 'g', 10));
    };
    connect(line, &QLineEdit::editingFinished, this, [this, line, range, read, field] {
        if (const std::optional<double> value = parseReal(line->text(), range))
            report(field, Tree(*value));
        else
            read(m_shown); // what is no number goes back to what is set
        markInvalid(line, false);
    });
    m_readers.push_back(read);
    addRow(field, line);
}

void SettingsForm::addIntegers(const SettingField& field, Get<std::vector<std::int64_t>> get)
{
    auto* line = new QLineEdit;
    line->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9, ]*")), line));
    connect(line, &QLineEdit::editingFinished, this, [this, line, field] {
        if (!line->isModified())
            return;
        Tree::List list;
        for (const QString& word : line->text().split(QRegularExpression(QStringLiteral("[, ]+")), Qt::SkipEmptyParts))
            list.emplace_back(static_cast<std::int64_t>(word.toLongLong()));
        report(field, list);
    });
    m_readers.push_back([line, get = std::move(get)](const TrainingSettings& s) {
        QStringList words;
        for (const std::int64_t number : get(s))
            words << QString::number(number);
        line->setText(words.join(QStringLiteral(", ")));
    });
    addRow(field, line);
}

void SettingsForm::addChoice(const SettingField& field, const std::vector<std::pair<QString, std::string>>& items, Get<std::string> get)
{
    auto* box = new QComboBox;
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (const auto& [title, value] : items)
        box->addItem(title, QString::fromStdString(value));
    box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0));
    connect(box, &QComboBox::activated, this, [this, box, field] { report(field, box->currentData().toString().toStdString()); });
    m_readers.push_back(
        [box, get = std::move(get)](const TrainingSettings& s) { box->setCurrentIndex(box->findData(QString::fromStdString(get(s)))); });
    addRow(field, box);
}

void SettingsForm::addSwitch(const SettingField& field, Get<bool> get)
{
    auto* box = new QCheckBox;
    connect(box, &QCheckBox::toggled, this, [this, field](bool value) { report(field, Tree(value)); });
    m_readers.push_back([box, get = std::move(get)](const TrainingSettings& s) { box->setChecked(get(s)); });
    addRow(field, box);
}

void SettingsForm::addFold(const QString& title, const QString& help)
{
    auto* fold = new QToolButton;
    fold->setObjectName(QStringLiteral("fold"));
    fold->setText(title);
    fold->setToolTip(help);
    fold->setCheckable(true);
    fold->setAutoRaise(true);
    fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    fold->setArrowType(Qt::RightArrow);
    m_form->addRow(fold);
    connect(fold, &QToolButton::toggled, this, [this, fold](bool isOpen) {
        fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        showRows();
    });
    m_fold = fold;
}

void SettingsForm::showRows()
{
    for (const Row& row : m_rows)
        m_form->setRowVisible(row.field, (!row.fold || row.fold->isChecked()) && (!row.applies || row.applies(m_shown)));
}

void SettingsForm::show(const TrainingSettings& settings)
{
    m_isShowing = true;
    m_shown = settings;
    for (const auto& reader : m_readers)
        reader(settings);
    showRows();
    m_isShowing = false;
}

} // namespace weft
