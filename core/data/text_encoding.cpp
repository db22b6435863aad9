#include "core/data/text_encoding.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <iconv.h>

#include <QFile>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::string_view utf8Mark = "\xEF\xBB\xBF";

unsigned char byteAt(std::string_view text, std::size_t i)
{
    return static_cast<unsigned char>(text[i]);
}

/// Bytes of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t sequenceLength(std::string_view text)
{
    const unsigned char lead = byteAt(text, 0);
    const std::size_t length = lead == 0 ? 0
        : lead < 0x80                    ? 1
        : lead >= 0xC2 && lead < 0xE0    ? 2
        : lead >= 0xE0 && lead < 0xF0    ? 3
        : lead >= 0xF0 && lead < 0xF5    ? 4
                                         : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(text, i) & 0xC0) != 0x80)
            return 0;
    }
    // Overlong forms, surrogates and what lies beyond U+10FFFF.
    const bool isBad = length > 2
        && ((lead == 0xE0 && byteAt(text, 1) < 0xA0) || (lead == 0xED && byteAt(text, 1) > 0x9F) || (lead == 0xF0 && byteAt(text, 1) < 0x90)
            || (lead == 0xF4 && byteAt(text, 1) > 0x8F));
    return isBad ? 0 : length;
}

struct LineCounts {
    std::int64_t firstBad = 0; ///< from 1; 0: none
    std::int64_t bad = 0;
    std::int64_t good = 0; ///< lines with characters beyond ASCII, all of them whole
};

LineCounts countLines(std::string_view text)
{
    LineCounts counts;
    std::int64_t line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        bool isAscii = true;
        bool isGood = true;
        for (std::size_t at = begin; at < end && isGood;) {
            const std::size_t length = sequenceLength(text.substr(at, std::min<std::size_t>(4, end - at)));
            isAscii = isAscii && length == 1;
            isGood = length > 0;
            at += length;
        }
        if (!isGood && counts.firstBad == 0)
            counts.firstBad = line;
        counts.bad += isGood ? 0 : 1;
        counts.good += isGood && !isAscii ? 1 : 0;
        begin = end + 1;
    }
    return counts;
}

/// UTF-8 of GB18030 bytes, by the C library; `badLine` gets the line of the first fault.
std::optional<std::string> fromGb18030(std::string_view bytes, std::int64_t& badLine)
{
    const iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1))
        throw Error(WEFT_TEXT("Data", "This system cannot read GB18030: its C library lacks the table. Save the text in UTF-8."));
    std::string text;
    std::array<char, 8192> buffer;
    std::string input(bytes);
    char* from = input.data();
    std::size_t left = input.size();
    bool isWhole = true;
    while (left > 0 && isWhole) {
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t result = iconv(converter, &from, &left, &to, &room);
        text.append(buffer.data(), buffer.size() - room);
        isWhole = result != static_cast<std::size_t>(-1) || errno == E2BIG;
    }
    iconv_close(converter);
    if (isWhole && bytes.find('\0') == std::string_view::npos)
        return text;
    badLine = 1 + std::count(bytes.begin(), bytes.begin() + (from - input.data()), '\n');
    return std::nullopt;
}

/// In Chinese text most characters of two bytes are of the old set GB 2312, whose second byte is high;
/// single accented letters of Western encodings before a Latin letter would pass for the rest.
bool looksChinese(std::string_view bytes)
{
    std::int64_t pairs = 0;
    std::int64_t high = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        if (byteAt(bytes, i) < 0x81)
            continue;
        ++pairs;
        high += byteAt(bytes, i + 1) >= 0xA1 ? 1 : 0;
        ++i;
    }
    return 2 * high > pairs;
}

} // namespace

std::int64_t firstLineNotUtf8(std::string_view text)
{
    return countLines(text).firstBad;
}

std::string decodeText(std::string_view bytes, TextEncoding encoding, const std::string& path)
{
    if (encoding != TextEncoding::Gb18030) {
        if (bytes.starts_with(utf8Mark))
            bytes.remove_prefix(utf8Mark.size());
        const LineCounts counts = countLines(bytes);
        if (counts.firstBad == 0)
            return std::string(bytes);
        // A few bad lines among many good ones are damage, not another encoding.
        const bool mayBeOther = encoding == TextEncoding::Automatic && counts.bad > counts.good && looksChinese(bytes);
        if (!mayBeOther)
            throw Error(WEFT_TEXT("Data", "Line %2 of %1 is not UTF-8 text. Mend it, or save the file in UTF-8."), path, counts.firstBad);
    }
    std::int64_t badLine = 0;
    if (std::optional<std::string> text = fromGb18030(bytes, badLine))
        return *std::move(text);
    throw Error(WEFT_TEXT("Data", "Line %2 of %1 is neither UTF-8 nor GB18030 text. Mend it, or save the file in UTF-8."), path, badLine);
}

std::string readTextFile(const std::string& path, TextEncoding encoding)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        throw Error(WEFT_TEXT("Data", "%1 is not there."), path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Data", "%1 cannot be opened: %2."), path, file.errorString().toStdString());
    const QByteArray bytes = file.readAll();
    return decodeText({bytes.constData(), static_cast<std::size_t>(bytes.size())}, encoding, path);
}

} // namespace weft
