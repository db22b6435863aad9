#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/device/kernel_table.h"

namespace weft {

/// The id that a plugin must be built with to be loaded into this libweft: the version and a hash of
/// the headers that both compile.
const char* buildId();

/// A plugin is a shared library with one export,
///     extern "C" const char* weftPlugin(const char* buildId, weft::KernelTable& table, weft::RefusalArguments& arguments);
/// It first compares `buildId` with its own (`pluginRefusal` does), then adds its kernels and devices
/// to `table` and returns nullptr, or returns why it cannot be used, with the table untouched: an English text that stays
/// valid, marked for translation in the context Plugin. %1 in it is the plugin's path, %2 and so on what it adds to `arguments`.
using RefusalArguments = std::vector<std::string>;
using PluginEntry = const char* (*)(const char* buildId, KernelTable& table, RefusalArguments& arguments);

/// For plugins: the reason to refuse a libweft of another build, or nullptr when the ids agree.
inline const char* pluginRefusal(const char* ofLibrary, const char* ofPlugin)
{
    static std::string reason;
    if (std::string(ofLibrary) == ofPlugin)
        return nullptr;
    reason = "The plugin %1 cannot be used: it was built for Weft " + std::string(ofPlugin) + ", and this is Weft " + ofLibrary
        + "; install both from the same build.";
    return reason.c_str();
}

/// Opens the plugin at `path` and lets it fill `table`. Returns why it cannot be used, or nothing
/// when it is loaded. A loaded plugin stays until the process ends.
std::optional<Message> loadPlugin(const std::string& path, KernelTable& table);

/// Where the plugin `name` ("cuda", "mpi") is looked for: in $WEFT_PLUGIN_DIR, else beside libweft.
std::string pluginPath(const std::string& name);

} // namespace weft
