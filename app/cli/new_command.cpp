#include <QCoreApplication>
#include <QFileInfo>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/project/project.h"

namespace weft::cli {

namespace {

int run(const Arguments& arguments)
{
    const Project project = projectFromTemplate(arguments.at(0));
    const std::string path = arguments.value("output", arguments.at(0) + ".weft");
    if (QFileInfo::exists(QString::fromStdString(path)))
        throw Error(WEFT_TEXT("cli", "%1 is there already and is not overwritten. Name another file with -o."), path);
    writeProject(project, path);
    print(Cli::tr("Wrote %1. Train it with: weft train %1").arg(QString::fromStdString(path)));
    return done;
}

} // namespace

Command newCommand()
{
    return {"new",
            "TEMPLATE",
            1,
            1,
            WEFT_TEXT("cli", "Writes a project from a template: mlp or lenet."),
            {{"output", "FILE", WEFT_TEXT("cli", "Where to write it (default: TEMPLATE.weft)."), {}}},
            run};
}

} // namespace weft::cli
