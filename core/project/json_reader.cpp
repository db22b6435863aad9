#include "core/project/json.h"

#include <algorithm>

#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "core/project/project.h"

namespace weft {

namespace {

constexpr std::size_t deepest = 64;

/// Takes RapidJSON's events and builds the tree. Returning false ends the parse; `m_fault` says why.
class TreeBuilder {
public:
    TreeBuilder(const std::string& text, const rapidjson::MemoryStream& stream, JsonDocument& document, bool withLines) :
        m_text(text), m_stream(stream), m_document(document), m_withLines(withLines)
    {
    }

    bool Null() { return take(Tree()); }
    bool Bool(bool value) { return take(value); }
    bool Int(int value) { return take(value); }
    bool Uint(unsigned value) { return take(static_cast<std::int64_t>(value)); }
    bool Int64(std::int64_t value) { return take(value); }
    bool Uint64(std::uint64_t value)
    {
        return take(value <= INT64_MAX ? Tree(static_cast<std::int64_t>(value)) : Tree(static_cast<double>(value)));
    }
    bool Double(double value) { return take(value); }
    bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
    bool String(const char* text, rapidjson::SizeType length, bool) { return take(std::string(text, length)); }
    bool StartObject() { return open(Tree::Map{}); }
    bool StartArray() { return open(Tree::List{}); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }

    bool Key(const char* text, rapidjson::SizeType length, bool)
    {
        m_key.assign(text, length);
        if (!m_open.back()->find(m_key))
            return true;
        m_fault
            = message(WEFT_TEXT("Json", "%1, line %2: the key \"%3\" stands twice in one map. Remove one of them."), m_document.name, line(), m_key);
        return false;
    }

    bool hasFault() const { return !m_fault.args.empty(); }
    const Message& fault() const { return m_fault; }

private:
    /// The line that the stream has reached; counts on from the last call.
    int line()
    {
        const std::size_t offset = std::min(m_stream.Tell(), m_text.size());
        m_line += static_cast<int>(
            std::count(m_text.begin() + static_cast<std::ptrdiff_t>(m_counted), m_text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
        m_counted = offset;
        return m_line;
    }

    Tree& place(Tree value)
    {
        if (m_open.empty())
            return m_document.root = std::move(value);
        Tree& parent = *m_open.back();
        if (parent.isList())
            return parent.list().emplace_back(std::move(value));
        return parent.map().emplace_back(m_key, std::move(value)).second;
    }

    /// Notes the line under the path of the value that comes next.
    void note()
    {
        if (!m_withLines)
            return;
        m_document.lines.emplace(nextPath(), line());
    }

    std::string nextPath() const
    {
        if (m_open.empty())
            return {};
        const std::string step = m_open.back()->isList() ? std::to_string(m_open.back()->list().size()) : m_key;
        return m_paths.back().empty() ? step : m_paths.back() + "/" + step;
    }

    bool take(Tree value)
    {
        note();
        place(std::move(value));
        return true;
    }

    bool open(Tree value)
    {
        if (m_open.size() == deepest) {
            m_fault = message(WEFT_TEXT("Json", "%1, line %2: maps and lists are nested more than %3 deep."), m_document.name, line(), deepest);
            return false;
        }
        note();
        std::string path = m_withLines ? nextPath() : std::string();
        // Pointers stay good: a parent's list does not grow while its child is open.
        m_open.push_back(&place(std::move(value)));
        m_paths.push_back(std::move(path));
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        m_paths.pop_back();
        return true;
    }

    const std::string& m_text;
    const rapidjson::MemoryStream& m_stream;
    JsonDocument& m_document;
    bool m_withLines;
    std::vector<Tree*> m_open;
    std::vector<std::string> m_paths;
    std::string m_key;
    Message m_fault;
    std::size_t m_counted = 0;
    int m_line = 1;
};

Text describe(rapidjson::ParseErrorCode code)
{
    switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular: return WEFT_TEXT("Json", "%1, line %2: there is text after the end of the document.");
    case rapidjson::kParseErrorObjectMissName:
        return WEFT_TEXT("Json", "%1, line %2: a key in double quotes is missing, or there is a comma too many.");
    case rapidjson::kParseErrorObjectMissColon: return WEFT_TEXT("Json", "%1, line %2: a colon is missing after a key.");
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return WEFT_TEXT("Json", "%1, line %2: a comma or a closing brace } is missing.");
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return WEFT_TEXT("Json", "%1, line %2: a comma or a closing bracket ] is missing.");
    case rapidjson::kParseErrorStringMissQuotationMark: return WEFT_TEXT("Json", "%1, line %2: a text lacks its closing quote.");
    case rapidjson::kParseErrorStringInvalidEncoding: return WEFT_TEXT("Json", "%1, line %2: a text holds bytes that are not UTF-8.");
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
    case rapidjson::kParseErrorStringEscapeInvalid: return WEFT_TEXT("Json", "%1, line %2: a backslash in a text is followed by something unknown.");
    case rapidjson::kParseErrorNumberTooBig:
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent: return WEFT_TEXT("Json", "%1, line %2: a number is damaged or too large.");
    default:
        return WEFT_TEXT("Json", "%1, line %2: this is no value. Texts stand in double quotes; numbers, true, false, null, lists and maps do not.");
    }
}

} // namespace

int JsonDocument::lineOf(std::string path) const
{
    for (;;) {
        if (const auto it = lines.find(path); it != lines.end())
            return it->second;
        const std::size_t slash = path.rfind('/');
        if (path.empty())
            return 1;
        path = slash == std::string::npos ? std::string() : path.substr(0, slash);
    }
}

JsonDocument parseJson(const std::string& text, const std::string& name, bool withLines)
{
    JsonDocument document;
    document.name = name;
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    if (std::all_of(text.begin(), text.end(), isBlank))
        throw Error(WEFT_TEXT("Json", "%1 is empty."), name);
    if (text.find('\0') != std::string::npos)
        throw Error(WEFT_TEXT("Json", "%1 is no text: it holds zero bytes."), name);

    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    TreeBuilder builder(text, stream, document, withLines);
    constexpr unsigned flags = rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag;
    const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
    if (!result.IsError())
        return document;
    if (builder.hasFault())
        throw Error(builder.fault());
    const std::size_t offset = std::min(result.Offset(), text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    // The reader reports an unclosed text at its opening quote, so what follows decides.
    const bool endsEarly = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(offset), text.end(), isBlank)
        || (result.Code() == rapidjson::kParseErrorStringMissQuotationMark && text.find('\n', offset) == std::string::npos);
    if (endsEarly)
        throw Error(WEFT_TEXT("Json", "%1 ends in the middle, at line %2: the file is cut off. Open an older copy of it."), name, line);
    // RapidJSON calls a line break inside a text an encoding fault; it is a forgotten quote.
    const bool isLineBreak = result.Code() == rapidjson::kParseErrorStringInvalidEncoding && static_cast<unsigned char>(text[offset]) < 0x20;
    throw Error(describe(isLineBreak ? rapidjson::kParseErrorStringMissQuotationMark : result.Code()), name, line);
}

Tree fromJson(const std::string& text, const std::string& name)
{
    return parseJson(text, name, false).root;
}

} // namespace weft
