#include "core/data/data_settings.h"

#include <algorithm>
#include <array>

#include <QDir>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace weft {

namespace {

constexpr std::int64_t largestSide = 4096;

std::string didYouMean(const std::string& word, const std::vector<std::string>& known)
{
    const std::string near = nearest(word, known);
    if (!near.empty())
        return near;
    std::string all;
    for (const std::string& name : known)
        all += (all.empty() ? "" : ", ") + name;
    return all;
}

[[noreturn]] void wrongValue(const char* key, const char* wanted)
{
    throw Error(WEFT_TEXT("Data", "The data setting \"%1\" must be %2."), key, wanted);
}

void checkKeys(const Tree& data)
{
    static const std::vector<std::string> known
        = {"source", "path", "validation", "test", "seed", "size", "channels", "labelColumn", "labelKind", "classNames"};
    for (const auto& [key, value] : data.map()) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw Error(WEFT_TEXT("Data", "Unknown data setting \"%1\". Known here: %2."), key, didYouMean(key, known));
    }
}

std::string textSetting(const Tree& data, const char* key)
{
    const Tree* value = data.find(key);
    if (!value || value->isNull())
        return {};
    if (!value->isText())
        wrongValue(key, "a text");
    return value->text();
}

std::int64_t integerSetting(const Tree& value, const char* key, std::int64_t low, std::int64_t high, const char* wanted)
{
    if (!value.isInt() || value.integer() < low || value.integer() > high)
        wrongValue(key, wanted);
    return value.integer();
}

std::optional<SplitRule> splitSetting(const Tree& data, const char* key)
{
    static const char* wanted = "{\"last\": COUNT} or {\"fraction\": 0.1}";
    const Tree* value = data.find(key);
    if (!value || value->isNull())
        return std::nullopt;
    if (!value->isMap() || value->map().size() != 1)
        wrongValue(key, wanted);
    SplitRule rule;
    const auto& [kind, amount] = value->map().front();
    if (kind == "last" && amount.isInt() && amount.integer() >= 0) {
        rule.isLast = true;
        rule.count = amount.integer();
    } else if (kind == "fraction" && amount.isNumber() && amount.number() >= 0 && amount.number() < 1) {
        rule.fraction = amount.number();
    } else {
        wrongValue(key, wanted);
    }
    return rule;
}

void readSize(const Tree& value, DataSettings& settings)
{
    static const char* wanted = "an integer from 1 to 4096, or [height, width]";
    if (value.isList() && value.list().size() == 2) {
        settings.height = integerSetting(value.list()[0], "size", 1, largestSide, wanted);
        settings.width = integerSetting(value.list()[1], "size", 1, largestSide, wanted);
    } else {
        const Tree& side = value.isList() && value.list().size() == 1 ? value.list()[0] : value;
        settings.height = settings.width = integerSetting(side, "size", 1, largestSide, wanted);
    }
}

void readClassNames(const Tree& value, DataSettings& settings)
{
    if (!value.isList())
        wrongValue("classNames", "a list of texts");
    for (const Tree& name : value.list()) {
        if (!name.isText())
            wrongValue("classNames", "a list of texts");
        settings.classNames.push_back(name.text());
    }
}

std::string resolved(const std::string& path, const std::string& baseDir)
{
    if (path.empty())
        return {};
    QString text = QString::fromStdString(path);
    if (text == QStringLiteral("~") || text.startsWith(QStringLiteral("~/")))
        text.replace(0, 1, QDir::homePath());
    return QDir::cleanPath(QDir(baseDir.empty() ? QDir::currentPath() : QString::fromStdString(baseDir)).absoluteFilePath(text)).toStdString();
}

} // namespace

DataSettings dataSettings(const Tree& data, const std::string& baseDir)
{
    if (!data.isMap())
        throw Error(WEFT_TEXT("Data", "The project's data must be a map with a \"source\"."));
    checkKeys(data);
    DataSettings settings;
    settings.source = textSetting(data, "source");
    static const std::vector<std::string> sources = {"fashion-mnist", "idx", "images", "csv"};
    if (settings.source.empty())
        throw Error(WEFT_TEXT("Data", "The project names no data. Choose a data set, a folder or a table."));
    if (std::find(sources.begin(), sources.end(), settings.source) == sources.end())
        throw Error(WEFT_TEXT("Data", "Unknown data source \"%1\". Known here: %2."), settings.source, didYouMean(settings.source, sources));
    settings.path = resolved(textSetting(data, "path"), baseDir);
    if (settings.path.empty() && settings.source != "fashion-mnist")
        throw Error(WEFT_TEXT("Data", "The data source \"%1\" needs a \"path\"."), settings.source);
    settings.labelColumn = textSetting(data, "labelColumn");
    settings.labelKind = textSetting(data, "labelKind");
    if (!settings.labelKind.empty() && settings.labelKind != "class" && settings.labelKind != "number")
        wrongValue("labelKind", "\"class\" or \"number\"");
    settings.validation = splitSetting(data, "validation");
    settings.test = splitSetting(data, "test");
    if (const Tree* seed = data.find("seed"))
        settings.seed = static_cast<std::uint64_t>(integerSetting(*seed, "seed", 0, INT64_MAX, "an integer from 0"));
    if (const Tree* size = data.find("size"); size && !size->isNull())
        readSize(*size, settings);
    if (const Tree* channels = data.find("channels"); channels && !channels->isNull()) {
        settings.channels = integerSetting(*channels, "channels", 1, 3, "1 (grey) or 3 (colour)");
        if (settings.channels == 2)
            wrongValue("channels", "1 (grey) or 3 (colour)");
    }
    if (const Tree* names = data.find("classNames"); names && !names->isNull())
        readClassNames(*names, settings);
    return settings;
}

} // namespace weft
