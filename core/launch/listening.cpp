#include "core/launch/listening.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/device/plugin.h"

namespace weft {

namespace {

bool isPlain(const std::string& text)
{
    constexpr std::string_view signs = "_./:,+-";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos;
    });
}

} // namespace

std::vector<std::pair<std::string, std::string>> listeningVariables(const std::string& networks)
{
    const std::string library = pluginPath("listening");
    if (!isPlain(networks) || !isPlain(library) || !std::filesystem::exists(library))
        return {};
    return {{"LD_PRELOAD", library}, {"WEFT_LISTENING", networks}};
}

} // namespace weft
