#include <charconv>
#include <cmath>

#include "core/project/json.h"
#include "core/project/project.h"

namespace weft {

namespace {

void appendText(std::string& out, const std::string& text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += hex[(c >> 4) & 15];
                out += hex[c & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

void appendReal(std::string& out, double number)
{
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, number);
    const std::string_view digits(buffer, static_cast<std::size_t>(result.ptr - buffer));
    out += digits;
    if (digits.find_first_of(".e") == std::string_view::npos)
        out += ".0";
}

void append(std::string& out, const Tree& tree)
{
    if (tree.isNull()) {
        out += "null";
    } else if (tree.isBool()) {
        out += tree.boolean() ? "true" : "false";
    } else if (tree.isInt()) {
        out += std::to_string(tree.integer());
    } else if (tree.isNumber()) {
        appendReal(out, tree.number());
    } else if (tree.isText()) {
        appendText(out, tree.text());
    } else if (tree.isList()) {
        out += '[';
        for (std::size_t i = 0; i < tree.list().size(); ++i) {
            out += i == 0 ? "" : ", ";
            append(out, tree.list()[i]);
        }
        out += ']';
    } else {
        out += '{';
        bool isFirst = true;
        for (const auto& [key, value] : tree.map()) {
            out += isFirst ? "" : ", ";
            isFirst = false;
            appendText(out, key);
            out += ": ";
            append(out, value);
        }
        out += '}';
    }
}

} // namespace

std::string jsonLine(const Tree& tree)
{
    std::string out;
    append(out, tree);
    return out;
}

std::string jsonText(const std::string& text)
{
    std::string out;
    appendText(out, text);
    return out;
}

std::string toJson(const Tree& tree)
{
    return jsonLine(tree);
}

} // namespace weft
