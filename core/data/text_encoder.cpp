#include "core/data/text_encoder.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <QJsonArray>
#include <QJsonObject>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr int schema = 1;
constexpr TokenKind kinds[] = {TokenKind::Words, TokenKind::Characters, TokenKind::Bigrams, TokenKind::Subwords};

struct WordCount {
    std::int64_t occurrences = 0;
    std::int64_t texts = 0;
    std::int64_t lastText = -1;
};

[[noreturn]] void refuse(const std::string& name, const char* key)
{
    throw Error(WEFT_TEXT("Data", "%1 is no vocabulary of a run: it has no usable \"%2\"."), name, key);
}

std::int64_t integerIn(const QJsonObject& object, const char* key, const std::string& name)
{
    const qint64 value = object.value(QLatin1String(key)).toInteger();
    if (value < 1 || value > INT32_MAX)
        refuse(name, key);
    return value;
}

} // namespace

const char* nameOf(TokenKind kind)
{
    switch (kind) {
    case TokenKind::Words: return "words";
    case TokenKind::Characters: return "characters";
    case TokenKind::Bigrams: return "bigrams";
    case TokenKind::Subwords: return "subwords";
    }
    return "";
}

TokenKind fittingTokens(std::span<const std::string_view> texts)
{
    constexpr std::size_t looked = 1000;
    LetterCounts all;
    for (const std::string_view text : texts.first(std::min(texts.size(), looked))) {
        const LetterCounts one = countLetters(text);
        all.letters += one.letters;
        all.unspaced += one.unspaced;
    }
    return 2 * all.unspaced > all.letters ? TokenKind::Bigrams : TokenKind::Words;
}

TextEncoder TextEncoder::learn(std::span<const std::string_view> texts, const TextSettings& settings)
{
    std::unordered_map<std::string, WordCount> counts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::string& token : tokensOf(texts[i], settings.tokens)) {
            WordCount& count = counts[std::move(token)];
            ++count.occurrences;
            count.texts += count.lastText != static_cast<std::int64_t>(i) ? 1 : 0;
            count.lastText = static_cast<std::int64_t>(i);
        }
    }
    std::vector<std::pair<std::string, WordCount>> frequent;
    for (auto& [word, count] : counts) {
        if (count.occurrences >= settings.minCount)
            frequent.emplace_back(word, count);
    }
    std::sort(frequent.begin(), frequent.end(), [](const auto& a, const auto& b) {
        return a.second.occurrences != b.second.occurrences ? a.second.occurrences > b.second.occurrences : a.first < b.first;
    });
    frequent.resize(std::min(frequent.size(), static_cast<std::size_t>(settings.vocabularySize - 2)));

    TextEncoder encoder;
    encoder.m_settings = settings;
    for (const auto& [word, count] : frequent) {
        encoder.m_words.push_back(word);
        const double share = static_cast<double>(1 + texts.size()) / static_cast<double>(1 + count.texts);
        encoder.m_weights.push_back(static_cast<float>(1.0 + std::log(share)));
    }
    encoder.indexWords();
    return encoder;
}

void TextEncoder::indexWords()
{
    m_indices.reserve(m_words.size());
    for (std::size_t i = 0; i < m_words.size(); ++i)
        m_indices.emplace(m_words[i], static_cast<std::int32_t>(i + 2));
}

std::vector<std::int32_t> TextEncoder::encode(std::string_view text) const
{
    std::vector<std::int32_t> indices;
    for (const std::string& token : tokensOf(text, m_settings.tokens)) {
        const auto found = m_indices.find(token);
        indices.push_back(found == m_indices.end() ? unknown : found->second);
    }
    return indices;
}

void TextEncoder::fillBag(std::span<const std::int32_t> tokens, float* to) const
{
    std::fill_n(to, m_settings.vocabularySize, 0.0f);
    for (const std::int32_t token : tokens)
        to[token] += token > unknown ? 1.0f : 0.0f;
    if (m_settings.countsOnly)
        return;
    double squares = 0;
    const std::set<std::int32_t> different(tokens.begin(), tokens.end());
    for (const std::int32_t token : different) {
        if (token <= unknown)
            continue;
        to[token] = (1.0f + std::log(to[token])) * m_weights[static_cast<std::size_t>(token - 2)];
        squares += static_cast<double>(to[token]) * static_cast<double>(to[token]);
    }
    const auto scale = static_cast<float>(squares > 0 ? 1.0 / std::sqrt(squares) : 0.0);
    for (const std::int32_t token : different)
        to[token] *= scale;
}

QJsonObject TextEncoder::toJson() const
{
    QJsonArray words, weights;
    for (const std::string& word : m_words)
        words.append(QString::fromStdString(word));
    for (const float weight : m_weights)
        weights.append(static_cast<double>(weight));
    return {{QStringLiteral("schema"), schema},
            {QStringLiteral("tokens"), QString::fromLatin1(nameOf(m_settings.tokens))},
            {QStringLiteral("max_length"), static_cast<qint64>(m_settings.maxLength)},
            {QStringLiteral("vocabulary_size"), static_cast<qint64>(m_settings.vocabularySize)},
            {QStringLiteral("bag_of_words"), m_settings.countsOnly ? QStringLiteral("counts") : QStringLiteral("weighted")},
            {QStringLiteral("words"), words},
            {QStringLiteral("weights"), weights}};
}

TextEncoder TextEncoder::fromJson(const QJsonObject& object, const std::string& name)
{
    if (integerIn(object, "schema", name) != schema)
        throw Error(WEFT_TEXT("Data", "%1 was written by a newer version of Weft. Update Weft to use it."), name);
    TextEncoder encoder;
    const std::string tokens = object.value(QStringLiteral("tokens")).toString().toStdString();
    const auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](TokenKind one) { return tokens == nameOf(one); });
    if (kind == std::end(kinds))
        refuse(name, "tokens");
    encoder.m_settings.tokens = *kind;
    encoder.m_settings.maxLength = integerIn(object, "max_length", name);
    encoder.m_settings.vocabularySize = integerIn(object, "vocabulary_size", name);
    encoder.m_settings.countsOnly = object.value(QStringLiteral("bag_of_words")) == QStringLiteral("counts");
    const QJsonArray words = object.value(QStringLiteral("words")).toArray();
    const QJsonArray weights = object.value(QStringLiteral("weights")).toArray();
    if (words.size() + 2 > encoder.m_settings.vocabularySize)
        refuse(name, "words");
    if (weights.size() != words.size())
        refuse(name, "weights");
    for (qsizetype i = 0; i < words.size(); ++i) {
        encoder.m_words.push_back(words[i].toString().toStdString());
        encoder.m_weights.push_back(static_cast<float>(weights[i].toDouble()));
    }
    encoder.indexWords();
    return encoder;
}

} // namespace weft
