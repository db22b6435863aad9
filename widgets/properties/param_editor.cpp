#include "widgets/properties/param_editor.h"

#include <algorithm>
#include <cmath>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>

#include "core/base/error.h"
#include "widgets/invalid_mark.h"
#include "widgets/text.h"

namespace weft {
namespace {

class IntegerEditor : public ParamEditor {
public:
    IntegerEditor(const ParamSpec& param, QWidget* parent) : ParamEditor(parent), m_box(new QSpinBox)
    {
        m_box->setRange(static_cast<int>(std::max(param.minimum, -2147483647.0)), static_cast<int>(std::min(param.maximum, 2147483647.0)));
        m_box->setGroupSeparatorShown(true);
        m_box->setLocale(QLocale(QLocale::English));
        m_box->setFocusPolicy(Qt::StrongFocus);
        setField(m_box);
        connect(m_box, &QSpinBox::valueChanged, this, [this](int value) { Q_EMIT valueEdited(Tree(static_cast<std::int64_t>(value))); });
    }
    void setValue(const Tree& value) override
    {
        const QSignalBlocker quiet(m_box);
        if (value.isInt() && m_box->value() != value.integer())
            m_box->setValue(static_cast<int>(std::clamp<std::int64_t>(value.integer(), m_box->minimum(), m_box->maximum())));
    }

private:
    QSpinBox* m_box;
};

class RealEditor : public ParamEditor {
public:
    RealEditor(const ParamSpec& param, QWidget* parent) : ParamEditor(parent), m_param(param), m_field(new QLineEdit)
    {
        setField(m_field);
        connect(m_field, &QLineEdit::textEdited, this, [this](const QString& text) {
            bool isNumber = false;
            const double value = text.trimmed().toDouble(&isNumber);
            const bool isValid = isNumber && std::isfinite(value) && value >= m_param.minimum && value <= m_param.maximum;
            markInvalid(m_field, !isValid);
            if (isValid)
                Q_EMIT valueEdited(Tree(value));
        });
    }
    void setValue(const Tree& value) override
    {
        bool isNumber = false;
        if (!value.isNumber() || (m_field->text().toDouble(&isNumber) == value.number() && isNumber))
            return;
        m_field->setText(QString::number(value.number(), 'g', 8));
        markInvalid(m_field, false);
    }

private:
    ParamSpec m_param;
    QLineEdit* m_field;
};

class BooleanEditor : public ParamEditor {
public:
    explicit BooleanEditor(QWidget* parent) : ParamEditor(parent), m_box(new QCheckBox)
    {
        setField(m_box);
        connect(m_box, &QCheckBox::toggled, this, [this](bool isOn) { Q_EMIT valueEdited(Tree(isOn)); });
    }
    void setValue(const Tree& value) override
    {
        const QSignalBlocker quiet(m_box);
        m_box->setChecked(value.isBool() && value.boolean());
    }

private:
    QCheckBox* m_box;
};

/// A choice, or a column of the data (then the field can be typed into as well).
class ChoiceEditor : public ParamEditor {
public:
    ChoiceEditor(const QStringList& choices, bool isFree, QWidget* parent) : ParamEditor(parent), m_box(new QComboBox)
    {
        m_box->setEditable(isFree);
        m_box->setFocusPolicy(Qt::StrongFocus);
        m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const QString& choice : choices)
            m_box->addItem(isFree ? choice : choiceText(choice.toStdString()), choice);
        setField(m_box);
        const auto tell = [this](const QString& text) {
            if (!text.trimmed().isEmpty())
                Q_EMIT valueEdited(Tree(text.trimmed().toStdString()));
        };
        connect(m_box, &QComboBox::activated, this, [this, tell](int index) { tell(m_box->itemData(index).toString()); });
        if (isFree)
            connect(m_box->lineEdit(), &QLineEdit::editingFinished, this, [this, tell] { tell(m_box->currentText()); });
    }
    void setValue(const Tree& value) override
    {
        if (!value.isText())
            return;
        const QSignalBlocker quiet(m_box);
        const QString text = QString::fromStdString(value.text());
        if (m_box->isEditable())
            m_box->setEditText(text);
        else
            m_box->setCurrentIndex(m_box->findData(text));
    }

private:
    QComboBox* m_box;
};

class TextEditor : public ParamEditor {
public:
    explicit TextEditor(QWidget* parent) : ParamEditor(parent), m_field(new QLineEdit)
    {
        setField(m_field);
        connect(m_field, &QLineEdit::textEdited, this, [this](const QString& text) { Q_EMIT valueEdited(Tree(text.toStdString())); });
    }
    void setValue(const Tree& value) override
    {
        const QString text = value.isText() ? QString::fromStdString(value.text()) : QString();
        if (text != m_field->text())
            m_field->setText(text);
    }

private:
    QLineEdit* m_field;
};

/// "5 × 5", a shape, or a list of numbers. One number stands for all of a list of fixed length.
class ListEditor : public ParamEditor {
public:
    ListEditor(const ParamSpec& param, QWidget* parent) : ParamEditor(parent), m_param(param), m_field(new QLineEdit)
    {
        setField(m_field);
        connect(m_field, &QLineEdit::textEdited, this, [this](const QString& text) {
            const std::optional<Tree> value = parsed(text);
            markInvalid(m_field, !value);
            if (value)
                Q_EMIT valueEdited(*value);
        });
        connect(m_field, &QLineEdit::editingFinished, this, [this] {
            if (!m_shown.isNull())
                m_field->setText(formatted(m_shown));
            markInvalid(m_field, false);
        });
    }
    void setValue(const Tree& value) override
    {
        m_shown = value;
        if (parsed(m_field->text()) != value) // what is being typed stays as it is
            m_field->setText(formatted(value));
    }

private:
    QString formatted(const Tree& value) const
    {
        return formatIntegers(value, m_param.kind == ParamKind::Reals ? QStringLiteral(", ") : QStringLiteral(" × "));
    }

    std::optional<Tree> parsed(const QString& text) const
    {
        Tree::List items;
        if (m_param.kind == ParamKind::Reals) {
            for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
                bool isNumber = false;
                items.emplace_back(part.trimmed().toDouble(&isNumber));
                if (!isNumber)
                    return std::nullopt;
            }
        } else {
            const auto numbers = parseIntegers(text);
            for (const std::int64_t number : numbers.value_or(std::vector<std::int64_t>{}))
                items.emplace_back(number);
        }
        const std::size_t wanted = m_param.defaultValue.isList() ? m_param.defaultValue.list().size() : 0;
        if (m_param.kind == ParamKind::Integers && items.size() == 1 && wanted > 1)
            items.resize(wanted, items.front());
        const bool fits = std::all_of(items.begin(), items.end(),
                                      [this](const Tree& item) { return item.number() >= m_param.minimum && item.number() <= m_param.maximum; });
        if (items.empty() || !fits || (m_param.kind == ParamKind::Integers && items.size() != wanted))
            return std::nullopt;
        return Tree(items);
    }

    ParamSpec m_param;
    QLineEdit* m_field;
    Tree m_shown;
};

/// Inside a block: a number, several ("5 × 5"), or expressions of the block's parameters ("filters * 2").
class ExpressionEditor : public ParamEditor {
public:
    ExpressionEditor(const ParamSpec& param, const NamedIntegers& names, QWidget* parent) :
        ParamEditor(parent), m_param(param), m_names(names), m_field(new QLineEdit)
    {
        setField(m_field);
        connect(m_field, &QLineEdit::textEdited, this, [this](const QString& text) {
            const std::optional<Tree> value = parsed(text);
            markInvalid(m_field, !value);
            if (value)
                Q_EMIT valueEdited(*value);
        });
    }
    void setValue(const Tree& value) override
    {
        if (parsed(m_field->text()) == value)
            return; // what is being typed stays as it is
        m_field->setText(formatted(value));
        markInvalid(m_field, false);
    }

private:
    static QString formatted(const Tree& value)
    {
        if (!value.isList())
            return value.isText() ? QString::fromStdString(value.text()) : formatValue(value);
        QStringList parts;
        for (const Tree& item : value.list())
            parts << formatted(item);
        return parts.join(QStringLiteral(" × "));
    }

    /// One number or expression, checked with the values of the instance that is shown.
    std::optional<Tree> parsedPart(const QString& text) const
    {
        bool isNumber = false;
        const qlonglong number = text.toLongLong(&isNumber);
        if (isNumber)
            return Tree(static_cast<std::int64_t>(number));
        try {
            evaluateExpression(text.toStdString(), m_names);
            return Tree(text.toStdString());
        } catch (const Error&) {
            return std::nullopt;
        }
    }

    std::optional<Tree> parsed(const QString& text) const
    {
        Tree::List items;
        for (const QString& part : text.split(QChar(0x00D7))) {
            const std::optional<Tree> item = parsedPart(part.trimmed());
            if (!item)
                return std::nullopt;
            items.push_back(*item);
        }
        const bool isList = m_param.kind != ParamKind::Integer;
        const std::size_t wanted = m_param.defaultValue.isList() ? m_param.defaultValue.list().size() : 1;
        if (!isList)
            return items.size() == 1 ? std::optional<Tree>(items.front()) : std::nullopt;
        if (m_param.kind == ParamKind::Integers && items.size() == 1 && wanted > 1)
            return items.front(); // one stands for all
        return m_param.kind == ParamKind::Integers && items.size() != wanted ? std::nullopt : std::optional<Tree>(Tree(items));
    }

    ParamSpec m_param;
    NamedIntegers m_names;
    QLineEdit* m_field;
};

QStringList toQt(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const std::string& text : texts)
        list << QString::fromStdString(text);
    return list;
}

} // namespace

void ParamEditor::setField(QWidget* field)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(field);
    setFocusProxy(field);
}

ParamEditor* ParamEditor::create(const ParamSpec& param, const QStringList& columns, QWidget* parent, const NamedIntegers& names)
{
    ParamEditor* editor = nullptr;
    const bool isWhole = param.kind == ParamKind::Integer || param.kind == ParamKind::Integers || param.kind == ParamKind::Shape;
    switch (param.kind) {
    case ParamKind::Integer: editor = new IntegerEditor(param, parent); break;
    case ParamKind::Real: editor = new RealEditor(param, parent); break;
    case ParamKind::Boolean: editor = new BooleanEditor(parent); break;
    case ParamKind::Choice: editor = new ChoiceEditor(toQt(param.choices), false, parent); break;
    case ParamKind::Column: editor = new ChoiceEditor(columns, true, parent); break;
    case ParamKind::Text: editor = new TextEditor(parent); break;
    case ParamKind::Integers:
    case ParamKind::Shape:
    case ParamKind::Reals: editor = new ListEditor(param, parent); break;
    }
    if (isWhole && !names.empty()) {
        delete editor;
        editor = new ExpressionEditor(param, names, parent);
    }
    editor->setObjectName(QStringLiteral("param.") + QString::fromStdString(param.key));
    if (QWidget* field = editor->focusProxy())
        field->setAccessibleName(paramLabel(param));
    return editor;
}

QString paramLabel(const ParamSpec& param)
{
    return param.label.source[0] ? translated(param.label) : labelFromKey(param.key);
}

QString paramHelp(const ParamSpec& param)
{
    QString text = translated(param.help);
    const auto number = [](double value) {
        return std::abs(value) < 1e15 && value == std::floor(value) ? formatCount(std::llround(value)) : QString::number(value);
    };
    const bool hasMinimum = param.minimum > -1e300;
    const bool hasMaximum = param.maximum < 1e300;
    QString range;
    if (hasMinimum && hasMaximum)
        range = ParamEditor::tr("%1 to %2.").arg(number(param.minimum), number(param.maximum));
    else if (hasMinimum)
        range = ParamEditor::tr("At least %1.").arg(number(param.minimum));
    else if (hasMaximum)
        range = ParamEditor::tr("At most %1.").arg(number(param.maximum));
    return range.isEmpty() ? text : text + QLatin1Char(' ') + range;
}

} // namespace weft
