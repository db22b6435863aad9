#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <QStringList>

#include "app/cli/output.h"
#include "core/base/nearest.h"

namespace weft::cli {

namespace {

const Option& findOption(const Command& command, const std::string& name)
{
    for (const Option& option : command.options) {
        if (name == option.name)
            return option;
    }
    std::vector<std::string> known;
    for (const Option& option : command.options)
        known.push_back(option.name);
    const std::string near = nearest(name, known);
    const QString hint = near.empty() ? QString() : QStringLiteral(" ") + Cli::tr("Did you mean --%1?").arg(QString::fromStdString(near));
    throw UsageError((Cli::tr("Unknown option --%1.").arg(QString::fromStdString(name)) + hint).toStdString());
}

void checkChoice(const Option& option, const std::string& value)
{
    if (option.choices.empty() || std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end())
        return;
    QStringList choices;
    for (const char* choice : option.choices)
        choices << QString::fromUtf8(choice);
    throw UsageError(Cli::tr("--%1 takes one of %2, not \"%3\".")
                         .arg(QString::fromUtf8(option.name), choices.join(QStringLiteral(", ")), QString::fromStdString(value))
                         .toStdString());
}

/// What the command takes behind the words that were given; "INPUT..." ends by its own dots.
QString missingOf(const Command& command, int given)
{
    const QString all = QString::fromUtf8(command.positional);
    const QString rest = all.contains(QStringLiteral(" | ")) ? all : all.section(QLatin1Char(' '), given);
    return rest.endsWith(QLatin1Char('.')) ? rest : rest + QLatin1Char('.');
}

} // namespace

Arguments::Arguments(const Command& command, const std::vector<std::string>& words)
{
    bool onlyPositional = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--" && !onlyPositional) {
            onlyPositional = true;
            continue;
        }
        const bool isShort = !onlyPositional && word == "-o";
        if (onlyPositional || (!isShort && word.rfind("--", 0) != 0)) {
            m_positional.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string name = isShort ? "output" : word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const Option& option = findOption(command, name);
        const bool isSwitch = option.value[0] == '\0';
        if (isSwitch && equals != std::string::npos)
            throw UsageError(Cli::tr("--%1 takes no value.").arg(QString::fromStdString(name)).toStdString());
        std::string value;
        if (!isSwitch) {
            if (!isShort && equals != std::string::npos)
                value = word.substr(equals + 1);
            else if (i + 1 < words.size())
                value = words[++i];
            else
                throw UsageError(Cli::tr("--%1 needs a value: %2.").arg(QString::fromStdString(name), QString::fromUtf8(option.value)).toStdString());
            checkChoice(option, value);
        }
        m_values.emplace(name, value);
    }
    const int count = static_cast<int>(m_positional.size());
    if (count < command.minPositional)
        throw UsageError(Cli::tr("Missing: %1").arg(missingOf(command, count)).toStdString());
    if (command.maxPositional >= 0 && count > command.maxPositional)
        throw UsageError(Cli::tr("\"%1\" is one argument too many.")
                             .arg(QString::fromStdString(m_positional[static_cast<std::size_t>(command.maxPositional)]))
                             .toStdString());
}

std::string Arguments::value(const std::string& option, const std::string& fallback) const
{
    const auto range = m_values.equal_range(option);
    return range.first == range.second ? fallback : std::prev(range.second)->second;
}

std::vector<std::string> Arguments::values(const std::string& option) const
{
    std::vector<std::string> all;
    const auto range = m_values.equal_range(option);
    for (auto it = range.first; it != range.second; ++it)
        all.push_back(it->second);
    return all;
}

std::optional<std::int64_t> Arguments::integer(const std::string& option, std::int64_t minimum, std::int64_t maximum) const
{
    if (!has(option))
        return std::nullopt;
    const std::string text = value(option);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = fault == std::errc() && end == text.data() + text.size() && number >= minimum && number <= maximum;
    if (!isNumber && maximum == std::numeric_limits<std::int64_t>::max())
        throw UsageError(Cli::tr("--%1 takes an integer of at least %2, not \"%3\".")
                             .arg(QString::fromStdString(option))
                             .arg(minimum)
                             .arg(QString::fromStdString(text))
                             .toStdString());
    if (!isNumber)
        throw UsageError(Cli::tr("--%1 takes an integer from %2 to %3, not \"%4\".")
                             .arg(QString::fromStdString(option))
                             .arg(minimum)
                             .arg(maximum)
                             .arg(QString::fromStdString(text))
                             .toStdString());
    return number;
}

std::string usage(const Command& command)
{
    QString text = Cli::tr("Usage:") + QStringLiteral(" weft %1").arg(QString::fromUtf8(command.name));
    if (command.positional[0] != '\0')
        text += QStringLiteral(" %1").arg(QString::fromUtf8(command.positional));
    if (!command.options.empty())
        text += QStringLiteral(" [OPTION]...");
    text += QStringLiteral("\n\n") + translated(command.summary) + QStringLiteral("\n");
    for (const Option& option : command.options) {
        QString name = QStringLiteral("  --%1 %2").arg(QString::fromUtf8(option.name), QString::fromUtf8(option.value)).trimmed();
        if (std::string_view(option.name) == "output")
            name = QStringLiteral("-o, ") + name;
        text += QStringLiteral("\n  %1 %2").arg(name, -28).arg(translated(option.help));
    }
    if (!command.settings.empty())
        text += QStringLiteral("\n\n") + Cli::tr("Settings of the project, which --set changes:") + QStringLiteral("\n");
    for (const Option& setting : command.settings)
        text
            += QStringLiteral("\n  %1=%2\n      %3").arg(QString::fromUtf8(setting.name), QString::fromUtf8(setting.value), translated(setting.help));
    return text.toStdString();
}

} // namespace weft::cli
