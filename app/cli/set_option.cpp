#include "app/cli/set_option.h"

#include "app/cli/arguments.h"
#include "app/cli/output.h"

namespace weft::cli {

Option setOption()
{
    return {"set", "KEY=VALUE", WEFT_TEXT("cli", "Changes a setting of the project for this run; may be repeated.")};
}

void applySettings(Project& project, const Arguments& arguments)
{
    for (const std::string& setting : arguments.values("set")) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos)
            throw UsageError(
                Cli::tr("--set takes KEY=VALUE, such as training.shuffle=false, not \"%1\".").arg(QString::fromStdString(setting)).toStdString());
        apply(project, settingEdit(project, setting.substr(0, equals), setting.substr(equals + 1)));
    }
}

} // namespace weft::cli
