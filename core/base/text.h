#pragma once

#include <string>
#include <vector>

namespace weft {

/// A piece of English text marked for translation. Qt-free rooms mark, the borders (Studio and
/// command line) translate. Both pointers are string literals.
struct Text {
    const char* context = "";
    const char* source = "";
};

/// Marks `source` for translation under `context`; lupdate reads this macro as QT_TRANSLATE_NOOP.
#define WEFT_TEXT(context, source) \
    ::weft::Text { context, source }

/// A text with its arguments: `%1`, `%2`, … in the text stand for them.
struct Message {
    Text text;
    std::vector<std::string> args;
};

/// Replaces `%1` to `%9` in `pattern` by `args`. An index without an argument stays as it is.
std::string substitute(const std::string& pattern, const std::vector<std::string>& args);

/// The message in English, arguments filled in.
std::string english(const Message& message);

namespace detail {
inline std::string argumentText(std::string text) { return text; }
inline std::string argumentText(const char* text) { return text; }
template <class Number> std::string argumentText(Number number) { return std::to_string(number); }
std::string argumentText(double number);
inline std::string argumentText(float number) { return argumentText(static_cast<double>(number)); }
} // namespace detail

/// Builds a message from a marked text and its arguments (strings or numbers).
template <class... Args> Message message(Text text, Args&&... args)
{
    return Message{text, {detail::argumentText(std::forward<Args>(args))...}};
}

} // namespace weft
