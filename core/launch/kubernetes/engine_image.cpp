#include "core/launch/kubernetes/engine_image.h"

#include <QRegularExpression>

#include "core/base/error.h"
#include "core/version.h"

namespace weft {

namespace {

const std::string nameWithoutRegistry = "localhost/weft:";

bool fits(const std::string& text, const char* pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(QString::fromLatin1(pattern))).match(QString::fromStdString(text)).hasMatch();
}

} // namespace

std::string engineImage(const std::string& registry, const std::string& tag)
{
    if (!registry.empty() && !fits(registry, "[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"))
        throw Error(WEFT_TEXT("Launch", "\"%1\" is no place for images: give a registry as HOST[:PORT][/FOLDER]..., with folders in small letters."),
                    registry);
    if (!tag.empty() && !fits(tag, "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"))
        throw Error(WEFT_TEXT("Launch", "\"%1\" is no tag of an image: take up to 128 letters, digits, _, . and -."), tag);
    return (registry.empty() ? nameWithoutRegistry : registry + "/weft:") + (tag.empty() ? versionText() : tag);
}

std::vector<CommandLine> engineImageCommands(const std::string& builder, const std::string& image)
{
    std::vector<CommandLine> commands{{builder, {"build", "-f", "packaging/Containerfile", "-t", image, "."}}};
    if (image.rfind(nameWithoutRegistry, 0) != 0)
        commands.push_back({builder, {"push", image}});
    return commands;
}

std::string imageBuilder()
{
    for (const char* builder : {"docker", "podman", "buildah"}) {
        if (isInstalled(builder))
            return builder;
    }
    return "docker";
}

} // namespace weft
