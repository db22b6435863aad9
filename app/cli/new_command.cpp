#include <algorithm>

#include <QCoreApplication>
#include <QFileInfo>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/project/project.h"

namespace weft::cli {

namespace {

/// Name and description of each template, the descriptions below one another.
void listTemplates()
{
    int widest = 0;
    for (const TemplateInfo& info : projectTemplates())
        widest = std::max(widest, static_cast<int>(info.name.size()));
    for (const TemplateInfo& info : projectTemplates())
        print(padded(QString::fromStdString(info.name), -widest) + QStringLiteral("  ") + translated(info.description));
}

int run(const Arguments& arguments)
{
    if (arguments.has("list")) {
        listTemplates();
        return done;
    }
    if (arguments.positional().empty())
        throw UsageError(Cli::tr("Missing: %1.").arg(QStringLiteral("TEMPLATE")).toStdString());
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
            0,
            1,
            WEFT_TEXT("cli", "Writes a project from a template."),
            {{"output", "FILE", WEFT_TEXT("cli", "Where to write it (default: TEMPLATE.weft)."), {}},
             {"list", "", WEFT_TEXT("cli", "Lists the templates."), {}}},
            run};
}

} // namespace weft::cli
