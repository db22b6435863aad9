#include "core/base/text.h"

#include <cstdio>

namespace weft {

std::string substitute(const std::string& pattern, const std::vector<std::string>& args)
{
    std::string out;
    out.reserve(pattern.size() + 16 * args.size());
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool isPlaceholder = pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] >= '1' && pattern[i + 1] <= '9';
        const std::size_t index = isPlaceholder ? static_cast<std::size_t>(pattern[i + 1] - '1') : 0;
        if (isPlaceholder && index < args.size()) {
            out += args[index];
            ++i;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

std::string english(const Message& message)
{
    return substitute(message.text.source, message.args);
}

std::string detail::argumentText(double number)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", number);
    return buffer;
}

} // namespace weft
