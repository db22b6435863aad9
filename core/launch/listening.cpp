#include "core/launch/listening.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "core/device/plugin.h"

namespace weft {

namespace {

constexpr const char* preload = "LD_PRELOAD";

bool isPlain(const std::string& text, std::string_view signs)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos;
    });
}

} // namespace

std::vector<std::pair<std::string, std::string>> listeningVariables(const std::string& networks)
{
    const std::string library = pluginPath("listening");
    if (!isPlain(networks, "_./:,+-") || !isPlain(library, "_./,+-") || !std::filesystem::exists(library))
        return {};
    return {{preload, library}, {"WEFT_LISTENING", networks}};
}

std::vector<std::pair<std::string, std::string>> besideOwn(std::vector<std::pair<std::string, std::string>> variables)
{
    const char* own = std::getenv(preload);
    for (auto& [name, value] : variables) {
        if (name == preload && own && *own)
            value += std::string(":") + own;
    }
    return variables;
}

} // namespace weft
