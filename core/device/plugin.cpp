#include "core/device/plugin.h"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>

#include "weft_build_id.h"

namespace weft {

const char* buildId()
{
    return WEFT_BUILD_ID;
}

std::optional<Message> loadPlugin(const std::string& path, KernelTable& table)
{
    if (!std::filesystem::exists(path))
        return message(WEFT_TEXT("Plugin", "The plugin %1 is not installed."), path);
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        return message(
            WEFT_TEXT("Plugin", "The plugin %1 cannot be opened: %2. Where a library is missing, install it, or name its folder in LD_LIBRARY_PATH."),
            path, reason ? reason : "");
    }
    // A plain pointer to data has no portable way to become one to a function; POSIX promises this one.
    const auto entry = reinterpret_cast<PluginEntry>(dlsym(library, "weftPlugin"));
    if (!entry) {
        dlclose(library);
        return message(WEFT_TEXT("Plugin", "The file %1 is not a plugin of Weft: it exports no weftPlugin."), path);
    }
    RefusalArguments arguments{path};
    if (const char* reason = entry(buildId(), table, arguments))
        return Message{{"Plugin", reason}, arguments}; // The text lies in the plugin, which therefore stays.
    return std::nullopt;
}

std::string pluginPath(const std::string& name)
{
    const std::string file = "libweft_" + name + ".so";
    if (const char* folder = std::getenv("WEFT_PLUGIN_DIR"))
        return (std::filesystem::path(folder) / file).string();
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(&buildId), &info) != 0 && info.dli_fname)
        return (std::filesystem::absolute(info.dli_fname).lexically_normal().parent_path() / file).string();
    return file;
}

} // namespace weft
