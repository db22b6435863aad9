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
        = {"source",   "path",     "validation",  "test",           "folds",      "fold",         "seed",
           "size",     "channels", "labelColumn", "labelKind",      "classNames", "textColumn",   "files",
           "encoding", "tokens",   "maxLength",   "vocabularySize", "minCount",   "attributions", "bagOfWords"};
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

/// The setting where it is there and not null.
const Tree* given(const Tree& data, const char* key)
{
    const Tree* value = data.find(key);
    return value && !value->isNull() ? value : nullptr;
}

std::vector<std::string> textsSetting(const Tree& data, const char* key)
{
    std::vector<std::string> texts;
    const Tree* value = given(data, key);
    if (!value)
        return texts;
    if (!value->isList())
        wrongValue(key, "a list of texts");
    for (const Tree& text : value->list()) {
        if (!text.isText())
            wrongValue(key, "a list of texts");
        texts.push_back(text.text());
    }
    return texts;
}

/// The place of a text setting among `choices`; that of the first where it is absent.
std::size_t choiceSetting(const Tree& data, const char* key, const std::vector<std::string>& choices)
{
    const std::string chosen = textSetting(data, key);
    const auto found = std::find(choices.begin(), choices.end(), chosen);
    if (!chosen.empty() && found == choices.end())
        throw Error(WEFT_TEXT("Data", "The data setting \"%1\" is \"%2\". It can be: %3."), key, chosen, didYouMean(chosen, choices));
    return chosen.empty() ? 0 : static_cast<std::size_t>(found - choices.begin());
}

void readFolds(const Tree& data, DataSettings& settings)
{
    constexpr std::int64_t most = 1000;
    const Tree* folds = given(data, "folds");
    const Tree* fold = given(data, "fold");
    if (fold && !folds)
        throw Error(WEFT_TEXT("Data", "The data setting \"fold\" needs \"folds\", the number of folds."));
    if (!folds)
        return;
    if (settings.test)
        throw Error(WEFT_TEXT("Data", "The data settings \"folds\" and \"test\" both name the test samples. Remove one of them."));
    SplitRule rule;
    rule.folds = integerSetting(*folds, "folds", 2, most, "an integer from 2 to 1000");
    rule.fold = fold ? integerSetting(*fold, "fold", 0, rule.folds - 1, "an integer from 0, less than \"folds\"") : 0;
    settings.test = rule;
}

void readText(const Tree& data, DataSettings& settings)
{
    constexpr std::int64_t longest = 1 << 20;
    constexpr std::int64_t largestVocabulary = 10'000'000;
    settings.textColumn = textSetting(data, "textColumn");
    settings.files = textsSetting(data, "files");
    settings.encoding = static_cast<TextEncoding>(choiceSetting(data, "encoding", {"auto", "utf-8", "gb18030"}));
    const std::size_t tokens = choiceSetting(data, "tokens", {"auto", "words", "characters", "bigrams", "subwords"});
    settings.fitsTokens = tokens == 0;
    if (tokens > 0)
        settings.text.tokens = static_cast<TokenKind>(tokens - 1);
    settings.text.countsOnly = choiceSetting(data, "bagOfWords", {"weighted", "counts"}) == 1;
    if (const Tree* value = given(data, "maxLength"))
        settings.text.maxLength = integerSetting(*value, "maxLength", 1, longest, "an integer from 1 to 1048576");
    if (const Tree* value = given(data, "vocabularySize"))
        settings.text.vocabularySize = integerSetting(*value, "vocabularySize", 3, largestVocabulary, "an integer from 3 to 10000000");
    if (const Tree* value = given(data, "minCount"))
        settings.text.minCount = integerSetting(*value, "minCount", 1, INT32_MAX, "an integer from 1");
    if (const Tree* value = given(data, "attributions")) {
        if (!value->isBool())
            wrongValue("attributions", "true or false");
        settings.attributions = value->boolean();
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
    static const std::vector<std::string> sources = {"fashion-mnist", "idx", "images", "csv", "text", "fortunes", "fortunes-zh"};
    if (settings.source.empty())
        throw Error(WEFT_TEXT("Data", "The project names no data. Choose a data set, a folder or a table."));
    if (std::find(sources.begin(), sources.end(), settings.source) == sources.end())
        throw Error(WEFT_TEXT("Data", "Unknown data source \"%1\". Known here: %2."), settings.source, didYouMean(settings.source, sources));
    settings.path = resolved(textSetting(data, "path"), baseDir);
    static const std::vector<std::string> withoutPath = {"fashion-mnist", "fortunes", "fortunes-zh"};
    if (settings.path.empty() && std::find(withoutPath.begin(), withoutPath.end(), settings.source) == withoutPath.end())
        throw Error(WEFT_TEXT("Data", "The data source \"%1\" needs a \"path\"."), settings.source);
    settings.labelColumn = textSetting(data, "labelColumn");
    settings.labelKind = textSetting(data, "labelKind");
    if (!settings.labelKind.empty() && settings.labelKind != "class" && settings.labelKind != "number")
        wrongValue("labelKind", "\"class\" or \"number\"");
    settings.validation = splitSetting(data, "validation");
    settings.test = splitSetting(data, "test");
    readFolds(data, settings);
    if (const Tree* seed = data.find("seed"))
        settings.seed = static_cast<std::uint64_t>(integerSetting(*seed, "seed", 0, INT64_MAX, "an integer from 0"));
    if (const Tree* size = data.find("size"); size && !size->isNull())
        readSize(*size, settings);
    if (const Tree* channels = data.find("channels"); channels && !channels->isNull()) {
        settings.channels = integerSetting(*channels, "channels", 1, 3, "1 (grey) or 3 (colour)");
        if (settings.channels == 2)
            wrongValue("channels", "1 (grey) or 3 (colour)");
    }
    settings.classNames = textsSetting(data, "classNames");
    readText(data, settings);
    return settings;
}

} // namespace weft
