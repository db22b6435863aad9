#include "core/data/csv_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include <QFile>

#include "core/base/error.h"

namespace weft {

/// The file's bytes, mapped where the file system allows it.
struct CsvReader::Contents {
    QFile file;
    QByteArray copy;
    std::string decoded; ///< of a file that is not UTF-8
};

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

CsvReader::CsvReader(const std::string& path, TextEncoding encoding) : m_path(path), m_contents(std::make_unique<Contents>())
{
    QFile& file = m_contents->file;
    file.setFileName(QString::fromStdString(path));
    if (!file.exists())
        throw Error(WEFT_TEXT("Data", "%1 is not there."), path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Data", "%1 cannot be opened: %2."), path, file.errorString().toStdString());
    if (const uchar* mapped = file.size() > 0 ? file.map(0, file.size()) : nullptr) {
        m_text = {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(file.size())};
    } else {
        m_contents->copy = file.readAll();
        m_text = {m_contents->copy.constData(), static_cast<std::size_t>(m_contents->copy.size())};
    }
    if (m_text.substr(0, 3) == "\xEF\xBB\xBF")
        m_text.remove_prefix(3);
    if (encoding == TextEncoding::Gb18030 || firstLineNotUtf8(m_text) != 0) {
        m_contents->decoded = decodeText(m_text, encoding, path);
        m_text = m_contents->decoded;
    }
    m_delimiter = findDelimiter();
    do {
        if (!readFields(m_headers))
            throw Error(WEFT_TEXT("Data", "%1 is empty. A first line with the names of the columns and one line a sample are expected."), path);
    } while (m_headers.size() == 1 && trimmed(m_headers[0]).empty());
    std::set<std::string> seen;
    for (std::string& header : m_headers) {
        header = std::string(trimmed(header));
        if (!header.empty() && !seen.insert(header).second)
            throw Error(WEFT_TEXT("Data", "%1 has two columns named \"%2\". Rename one of them."), path, header);
    }
    const auto isNumber = [&](const std::string& header) { return header.empty() || numberInField(header, m_delimiter).has_value(); };
    if (std::all_of(m_headers.begin(), m_headers.end(), isNumber))
        throw Error(WEFT_TEXT("Data", "The first line of %1 must name the columns; it holds only numbers. Put a line with names above it."), path);
}

CsvReader::~CsvReader() = default;

std::int64_t CsvReader::position() const
{
    return static_cast<std::int64_t>(m_at);
}

std::int64_t CsvReader::totalBytes() const
{
    return static_cast<std::int64_t>(m_text.size());
}

char CsvReader::findDelimiter() const
{
    constexpr std::array candidates = {',', ';', '\t'};
    std::array<int, 3> counts{};
    bool isQuoted = false;
    for (const char c : m_text) {
        if (c == '"')
            isQuoted = !isQuoted;
        if (isQuoted)
            continue;
        if (c == '\n' && *std::max_element(counts.begin(), counts.end()) > 0)
            break;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            counts[i] += c == candidates[i];
    }
    return candidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

void CsvReader::readQuoted(std::string& field)
{
    const std::int64_t opened = m_line;
    for (++m_at; m_at < m_text.size(); ++m_at) {
        const char c = m_text[m_at];
        m_line += c == '\n';
        if (c != '"') {
            field += c;
        } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '"') {
            field += '"';
            ++m_at;
        } else {
            ++m_at;
            return;
        }
    }
    throw Error(WEFT_TEXT("Data", "Line %2 of %1 opens a quote that is never closed."), m_path, opened);
}

bool CsvReader::readFields(std::vector<std::string>& fields)
{
    if (m_at >= m_text.size())
        return false;
    m_rowLine = m_line;
    std::size_t count = 0;
    const auto field = [&]() -> std::string& {
        if (count == fields.size())
            fields.emplace_back();
        fields[count].clear();
        return fields[count++];
    };
    for (bool isRowOpen = true; isRowOpen;) {
        std::string& text = field();
        if (m_at < m_text.size() && m_text[m_at] == '"')
            readQuoted(text);
        const std::string_view rest = m_text.substr(m_at);
        const std::array<char, 3> stops = {m_delimiter, '\n', '\r'};
        const std::size_t length = std::min(rest.find_first_of(std::string_view(stops.data(), stops.size())), rest.size());
        text += rest.substr(0, length);
        m_at += length;
        isRowOpen = m_at < m_text.size() && m_text[m_at] == m_delimiter;
        m_at += isRowOpen;
    }
    if (m_at < m_text.size() && m_text[m_at] == '\r')
        ++m_at;
    if (m_at < m_text.size() && m_text[m_at] == '\n')
        ++m_at;
    ++m_line;
    fields.resize(count);
    return true;
}

bool CsvReader::next(std::vector<std::string>& fields)
{
    do {
        if (!readFields(fields))
            return false;
    } while (fields.size() == 1 && m_headers.size() > 1 && trimmed(fields[0]).empty());
    if (fields.size() == 1 && m_headers.size() == 1 && trimmed(fields[0]).empty() && m_at >= m_text.size())
        return false;
    if (fields.size() != m_headers.size())
        throw Error(WEFT_TEXT("Data", "Line %2 of %1 has %3 fields, the first line names %4 columns."), m_path, m_rowLine, fields.size(),
                    m_headers.size());
    return true;
}

bool isMissingValue(std::string_view field)
{
    constexpr std::array<std::string_view, 9> words = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"};
    return std::find(words.begin(), words.end(), trimmed(field)) != words.end();
}

std::optional<double> numberInField(std::string_view field, char delimiter)
{
    std::string_view text = trimmed(field);
    if (!text.empty() && text[0] == '+')
        text.remove_prefix(1);
    std::string pointed;
    if (delimiter != ',' && text.find('.') == std::string_view::npos && std::count(text.begin(), text.end(), ',') == 1) {
        pointed = text;
        std::replace(pointed.begin(), pointed.end(), ',', '.');
        text = pointed;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

} // namespace weft
