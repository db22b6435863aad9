#include "widgets/text.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include "core/layers/layer_spec.h"

namespace weft {

QString translated(const Text& text)
{
    return text.source[0] ? QCoreApplication::translate(text.context, text.source) : QString();
}

QString translated(const Message& message)
{
    // Messages name layers by their types; people read them by their names.
    std::vector<std::string> args = message.args;
    for (std::string& arg : args) {
        if (const LayerSpec* layer = findLayer(arg))
            arg = layerTitle(*layer).toStdString();
    }
    return QString::fromStdString(substitute(translated(message.text).toStdString(), args));
}

QString translated(const Diagnostic& diagnostic)
{
    const QString text = translated(diagnostic.message);
    return diagnostic.inner.empty() ? text : QStringLiteral("%1: %2").arg(QString::fromStdString(diagnostic.inner), text);
}

QString layerTitle(const LayerSpec& layer)
{
    // A block that a template brought has a name in every language, as long as nobody has changed it.
    return translated(layer.name().source[0] ? layer.name() : Text{"TemplateBlock", layer.title().c_str()});
}

QString choiceText(const std::string& choice)
{
    // Layers name their choices as project files do; here they are marked for translation.
    static constexpr const char* marked[] = {
        QT_TRANSLATE_NOOP("Choice", "classes"),       QT_TRANSLATE_NOOP("Choice", "numbers"),
        QT_TRANSLATE_NOOP("Choice", "glorotUniform"), QT_TRANSLATE_NOOP("Choice", "glorotNormal"),
        QT_TRANSLATE_NOOP("Choice", "heUniform"),     QT_TRANSLATE_NOOP("Choice", "heNormal"),
        QT_TRANSLATE_NOOP("Choice", "lecunUniform"),  QT_TRANSLATE_NOOP("Choice", "lecunNormal"),
        QT_TRANSLATE_NOOP("Choice", "orthogonal"),    QT_TRANSLATE_NOOP("Choice", "truncatedNormal"),
        QT_TRANSLATE_NOOP("Choice", "image"),         QT_TRANSLATE_NOOP("Choice", "tokens"),
        QT_TRANSLATE_NOOP("Choice", "nearest"),       QT_TRANSLATE_NOOP("Choice", "bilinear"),
        QT_TRANSLATE_NOOP("Choice", "relu"),          QT_TRANSLATE_NOOP("Choice", "gelu"),
        QT_TRANSLATE_NOOP("Choice", "sinusoidal"),    QT_TRANSLATE_NOOP("Choice", "learned"),
        QT_TRANSLATE_NOOP("Choice", "valid"),         QT_TRANSLATE_NOOP("Choice", "same"),
        QT_TRANSLATE_NOOP("Choice", "explicit"),
    };
    static_cast<void>(marked);
    return QCoreApplication::translate("Choice", choice.c_str());
}

QString formatCount(std::int64_t count)
{
    // English separators in every language: they also stand in files, papers and the other tools.
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(count));
}

QString formatLarge(double number)
{
    struct Unit {
        double size;
        const char* name;
    };
    static constexpr Unit units[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
    for (const Unit& unit : units) {
        if (number < unit.size * 0.1 || (unit.size == 1e3 && number < 10000))
            continue;
        const double scaled = number / unit.size;
        const int digits = scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
        return QStringLiteral("%1 %2").arg(scaled, 0, 'f', digits).arg(QLatin1String(unit.name));
    }
    return formatCount(std::llround(number));
}

QString formatBytes(double bytes)
{
    static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    while (bytes >= 1000 && unit < 4) {
        bytes /= 1000;
        ++unit;
    }
    return QStringLiteral("%1 %2").arg(bytes, 0, 'f', unit == 0 || bytes >= 100 ? 0 : 1).arg(QLatin1String(units[unit]));
}

QString formatShape(const Shape& shape)
{
    if (shape.isScalar())
        return QStringLiteral("1");
    QStringList dims;
    for (const Dim& dim : shape)
        dims << QString::fromStdString(toString(dim));
    return dims.join(QStringLiteral("×"));
}

QString formatIntegers(const Tree& list, const QString& separator)
{
    if (!list.isList())
        return formatValue(list);
    QStringList numbers;
    for (const Tree& item : list.list())
        numbers << (item.isInt() ? QString::number(item.integer()) : formatValue(item));
    return numbers.join(separator);
}

std::optional<std::vector<std::int64_t>> parseIntegers(const QString& text)
{
    static const QRegularExpression separators(QStringLiteral("[\\s×xX*,;]+"));
    std::vector<std::int64_t> numbers;
    for (const QString& part : text.trimmed().split(separators, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        numbers.push_back(part.toLongLong(&isNumber));
        if (!isNumber)
            return std::nullopt;
    }
    if (numbers.empty())
        return std::nullopt;
    return numbers;
}

QString formatValue(const Tree& value)
{
    if (value.isBool())
        return value.boolean() ? QCoreApplication::translate("weft", "yes") : QCoreApplication::translate("weft", "no");
    if (value.isInt())
        return formatCount(value.integer());
    if (value.isNumber())
        return QString::number(value.number(), 'g', 6);
    if (value.isText())
        return QString::fromStdString(value.text());
    if (value.isList())
        return formatIntegers(value);
    return {};
}

QString paramValueText(const ParamSpec& param, const Tree& value)
{
    return param.kind == ParamKind::Choice && value.isText() ? choiceText(value.text()) : formatValue(value);
}

QString labelFromKey(const std::string& key)
{
    QString label;
    for (const QChar c : QString::fromStdString(key)) {
        if (label.isEmpty())
            label += c.toUpper();
        else if (c.isUpper())
            label += QLatin1Char(' ') + c.toLower();
        else
            label += c;
    }
    return label;
}

} // namespace weft
