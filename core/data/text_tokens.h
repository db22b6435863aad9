#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// What a text is cut into.
enum class TokenKind {
    Words, ///< words in lower case and single marks; single characters of scripts without spaces
    Characters, ///< single characters in lower case
    Bigrams, ///< those of Words, each followed by its pair with the next one
    Subwords ///< those of Words, each followed by its pieces of 3 to 5 letters, the word's ends marked by < and >
};

/// The tokens of a text in their order. Compatibility forms are made one (full-width letters become plain
/// ones), terminal colours are left out.
std::vector<std::string> tokensOf(std::string_view text, TokenKind kind);

/// How many letters a text has, and how many of them are of scripts without spaces between words:
/// Chinese, Japanese, Thai, Lao, Khmer, Burmese.
struct LetterCounts {
    std::size_t letters = 0;
    std::size_t unspaced = 0;
};
LetterCounts countLetters(std::string_view text);

/// `text` without the sequences that colour it in a terminal.
std::string withoutColours(std::string_view text);

} // namespace weft
