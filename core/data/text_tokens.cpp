#include "core/data/text_tokens.h"

#include <algorithm>

#include <QChar>
#include <QList>
#include <QString>

namespace weft {

namespace {

constexpr char32_t apostrophe = U'\'';

bool isUnspaced(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar: return true;
    default: return false;
    }
}

bool isWordCharacter(char32_t c)
{
    return QChar::isLetterOrNumber(c) || QChar::isMark(c);
}

std::vector<char32_t> charactersOf(std::string_view text)
{
    const QString plain = QString::fromStdString(withoutColours(text)).normalized(QString::NormalizationForm_KC).toLower();
    std::vector<char32_t> characters;
    for (const uint c : plain.toUcs4())
        characters.push_back(c == 0x2019 ? apostrophe : c);
    return characters;
}

std::string utf8(const char32_t* first, std::size_t count)
{
    return QString::fromUcs4(first, static_cast<qsizetype>(count)).toStdString();
}

/// Bytes of the escape sequence "\e[…m" at the start of `text`, 0 when there is none.
std::size_t colourLength(std::string_view text)
{
    if (!text.starts_with("\x1b["))
        return 0;
    const std::size_t end = text.find_first_not_of("0123456789;", 2);
    return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

/// End of the word that begins at `at`: letters and digits of scripts with spaces, apostrophes between them.
std::size_t wordEnd(const std::vector<char32_t>& text, std::size_t at)
{
    const auto belongs = [&](std::size_t i) { return i < text.size() && isWordCharacter(text[i]) && !isUnspaced(text[i]); };
    while (belongs(at) || (at < text.size() && text[at] == apostrophe && belongs(at + 1)))
        ++at;
    return at;
}

std::vector<std::string> wordsOf(const std::vector<char32_t>& text)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const bool isSkipped = QChar::isSpace(text[at]) || QChar::category(text[at]) == QChar::Other_Control;
        const bool startsWord = isWordCharacter(text[at]) && !isUnspaced(text[at]);
        const std::size_t end = startsWord ? wordEnd(text, at) : at + 1;
        if (!isSkipped)
            words.push_back(utf8(text.data() + at, end - at));
        at = end;
    }
    return words;
}

/// White space counts as one blank where it parts words, and as nothing between characters of scripts
/// that have no use for it.
std::vector<std::string> singleCharactersOf(const std::vector<char32_t>& text)
{
    std::vector<std::string> characters;
    bool isBlankDue = false;
    bool wasUnspaced = true;
    for (const char32_t& c : text) {
        if (QChar::isSpace(c)) {
            isBlankDue = true;
        } else if (QChar::category(c) != QChar::Other_Control) {
            if (isBlankDue && !wasUnspaced && !isUnspaced(c))
                characters.emplace_back(" ");
            characters.push_back(utf8(&c, 1));
            isBlankDue = false;
            wasUnspaced = isUnspaced(c);
        }
    }
    return characters;
}

/// A blank within the pair keeps it apart from a word of the same letters.
std::vector<std::string> withPairs(const std::vector<std::string>& words)
{
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < words.size(); ++i) {
        tokens.push_back(words[i]);
        if (i + 1 < words.size())
            tokens.push_back(words[i] + ' ' + words[i + 1]);
    }
    return tokens;
}

/// Pieces tell that "painter" and "paintings" have to do with each other. Source: Bojanowski et al.,
/// "Enriching Word Vectors with Subword Information", 2017.
std::vector<std::string> withPieces(const std::vector<std::string>& words)
{
    constexpr std::size_t shortest = 3;
    constexpr std::size_t longest = 5;
    std::vector<std::string> tokens;
    for (const std::string& word : words) {
        tokens.push_back(word);
        std::vector<char32_t> letters{U'<'};
        for (const uint c : QString::fromStdString(word).toUcs4())
            letters.push_back(c);
        letters.push_back(U'>');
        if (!isWordCharacter(letters[1]))
            continue;
        for (std::size_t size = shortest; size <= std::min(longest, letters.size()); ++size) {
            for (std::size_t at = 0; at + size <= letters.size(); ++at)
                tokens.push_back(utf8(letters.data() + at, size));
        }
    }
    return tokens;
}

} // namespace

std::vector<std::string> tokensOf(std::string_view text, TokenKind kind)
{
    const std::vector<char32_t> characters = charactersOf(text);
    if (kind == TokenKind::Characters)
        return singleCharactersOf(characters);
    std::vector<std::string> words = wordsOf(characters);
    return kind == TokenKind::Bigrams ? withPairs(words) : kind == TokenKind::Subwords ? withPieces(words) : words;
}

LetterCounts countLetters(std::string_view text)
{
    LetterCounts counts;
    for (const char32_t c : charactersOf(text)) {
        counts.letters += QChar::isLetter(c) ? 1 : 0;
        counts.unspaced += QChar::isLetter(c) && isUnspaced(c) ? 1 : 0;
    }
    return counts;
}

std::string withoutColours(std::string_view text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t skipped = text[at] == '\x1b' ? colourLength(text.substr(at)) : 0;
        if (skipped == 0)
            plain += text[at];
        at += skipped > 0 ? skipped : 1;
    }
    return plain;
}

} // namespace weft
