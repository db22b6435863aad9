#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/text_tokens.h"

class QJsonObject;

namespace weft {

/// How texts become numbers, as the project sets it.
struct TextSettings {
    TokenKind tokens = TokenKind::Words;
    std::int64_t maxLength = 256; ///< tokens of a sample; the rest of a longer text is left out
    std::int64_t vocabularySize = 20000; ///< tokens that are told apart, with those for padding and unknown
    std::int64_t minCount = 1; ///< a token that is rarer in the training texts is unknown
    bool countsOnly = false; ///< bags of words hold plain counts instead of weighted ones
};

/// Turns texts into tokens' indices and bags of words, with a vocabulary learned from the training texts. It
/// travels with a run (`vocabulary.json`), so that a trained network answers without the data.
class TextEncoder {
public:
    static constexpr std::int32_t padding = 0;
    static constexpr std::int32_t unknown = 1;

    /// Counts the tokens of `texts` and keeps the most frequent ones; equal counts go by their bytes.
    static TextEncoder learn(std::span<const std::string_view> texts, const TextSettings& settings);
    /// The inverse of `toJson`. Throws Error when the object is no vocabulary; `name` is for the message.
    static TextEncoder fromJson(const QJsonObject& object, const std::string& name);
    /// {"schema", "tokens", "max_length", "vocabulary_size", "bag_of_words", "words", "weights"}
    QJsonObject toJson() const;

    const TextSettings& settings() const { return m_settings; }
    /// Indices that can occur: those of padding, unknown and the words.
    std::int64_t indexCount() const { return static_cast<std::int64_t>(m_words.size()) + 2; }
    /// The word of an index from 2.
    const std::string& word(std::int32_t index) const { return m_words[static_cast<std::size_t>(index - 2)]; }

    /// Indices of all tokens of a text; empty for a text of blanks.
    std::vector<std::int32_t> encode(std::string_view text) const;
    /// The bag of words of an encoded text, `to` [vocabularySize]: how often each index occurs; weighted, it is
    /// (1 + ln count) · (1 + ln((1 + texts) / (1 + texts with the word))), scaled to length 1. Unknown tokens
    /// count as nothing. Source: Salton and Buckley, "Term-weighting approaches", 1988.
    void fillBag(std::span<const std::int32_t> tokens, float* to) const;

private:
    void indexWords();

    TextSettings m_settings;
    std::vector<std::string> m_words; ///< of the indices from 2
    std::vector<float> m_weights; ///< of the words: rare ones say more
    std::unordered_map<std::string, std::int32_t> m_indices;
};

/// "words", "characters", "bigrams", "subwords".
const char* nameOf(TokenKind kind);
/// The kind that fits the texts: bigrams where most letters are of scripts without spaces, else words.
TokenKind fittingTokens(std::span<const std::string_view> texts);

} // namespace weft
