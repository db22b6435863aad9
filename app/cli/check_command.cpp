#include <algorithm>

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/project/check.h"

namespace weft::cli {

namespace {

QJsonObject describe(const Diagnostic& diagnostic)
{
    QJsonObject object = jsonDiagnostic(diagnostic);
    QJsonArray fixes;
    for (const Fix& fix : diagnostic.fixes)
        fixes.append(translated(fix.label));
    object.insert(QStringLiteral("fixes"), fixes);
    return object;
}

int run(const Arguments& arguments)
{
    const std::string& path = arguments.at(0);
    const Project project = readProject(path);
    const std::string baseDir = QFileInfo(QString::fromStdString(path)).absolutePath().toStdString();
    std::vector<Diagnostic> diagnostics = checkProject(project, analyze(project.network), baseDir);
    if (!hasErrors(diagnostics)) {
        for (Diagnostic& diagnostic : checkData(project, baseDir))
            diagnostics.push_back(std::move(diagnostic));
    }
    const auto count = [&](Severity severity) {
        return static_cast<int>(std::count_if(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& d) { return d.severity == severity; }));
    };
    const int errors = count(Severity::Error);
    if (arguments.has("json")) {
        QJsonArray problems;
        for (const Diagnostic& diagnostic : diagnostics)
            problems.append(describe(diagnostic));
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("project"), QString::fromStdString(path)},
                                            {QStringLiteral("errors"), errors},
                                            {QStringLiteral("warnings"), count(Severity::Warning)},
                                            {QStringLiteral("problems"), problems}}));
    } else {
        printDiagnostics(diagnostics);
        // One of the warnings is that nothing can be trained without a loss.
        if (errors == 0 && count(Severity::Warning) > 0)
            print(Cli::tr("%1 has no errors.").arg(QString::fromStdString(path)));
        else if (errors == 0)
            print(Cli::tr("%1 can be trained.").arg(QString::fromStdString(path)));
    }
    return errors == 0 ? done : failed;
}

} // namespace

Command checkCommand()
{
    return {"check",
            "PROJECT",
            1,
            1,
            WEFT_TEXT("cli", "Says what is wrong with a project and how to mend it."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document."), {}}},
            run};
}

} // namespace weft::cli
