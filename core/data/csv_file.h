#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/text_encoding.h"

namespace weft {

/// Reads a table row by row. The first line names the columns; the delimiter (comma, semicolon or tab)
/// is the one that it holds most of; fields may be quoted, with "" for a quote inside. UTF-8, with or
/// without a mark at the start, or another encoding of TextEncoding.
class CsvReader {
public:
    /// Opens and reads the header. Throws Error when the file is missing, empty, of another encoding, or has
    /// no header or the same name twice.
    explicit CsvReader(const std::string& path, TextEncoding encoding = TextEncoding::Automatic);
    ~CsvReader();
    CsvReader(const CsvReader&) = delete;
    CsvReader& operator=(const CsvReader&) = delete;

    const std::vector<std::string>& headers() const { return m_headers; }
    char delimiter() const { return m_delimiter; }
    /// Reads the next row that is not blank; false at the end. Throws Error for a row with another number
    /// of fields and for a quote that is never closed, naming the line.
    bool next(std::vector<std::string>& fields);
    /// The line on which the row read last begins, from 1.
    std::int64_t line() const { return m_rowLine; }
    const std::string& path() const { return m_path; }
    /// How much of the file was read, and its size, in bytes.
    std::int64_t position() const;
    std::int64_t totalBytes() const;

private:
    struct Contents;

    char findDelimiter() const;
    bool readFields(std::vector<std::string>& fields);
    void readQuoted(std::string& field);

    std::string m_path;
    std::unique_ptr<Contents> m_contents;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
    std::int64_t m_rowLine = 1;
    char m_delimiter = ',';
    std::vector<std::string> m_headers;
};

/// "", "NA", "NaN", "null", "?": ways to write that a value is missing.
bool isMissingValue(std::string_view field);

/// A finite number, or nothing. Blanks around it are allowed, and a decimal comma where the delimiter is
/// not one.
std::optional<double> numberInField(std::string_view field, char delimiter);

} // namespace weft
