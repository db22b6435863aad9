#include <algorithm>
#include <clocale>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <QCoreApplication>
#include <QGuiApplication>
#include <QLoggingCategory>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/start_anew.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/device/cpu_info.h"
#include "core/translation.h"
#include "core/version.h"

namespace weft::cli {

namespace {

void printOverview()
{
    print(Cli::tr("weft designs, trains and exports neural networks.") + QStringLiteral("\n\n") + Cli::tr("Usage:")
          + QStringLiteral(" weft COMMAND [ARGUMENT]...\n"));
    for (const Command& command : commands())
        print(QStringLiteral("  %1 %2").arg(QString::fromUtf8(command.name), -10).arg(translated(command.summary)));
    print(QStringLiteral("\n") + Cli::tr("weft COMMAND --help explains one command."));
}

const Command* findCommand(const std::string& name)
{
    const auto it = std::find_if(commands().begin(), commands().end(), [&](const Command& command) { return name == command.name; });
    return it == commands().end() ? nullptr : &*it;
}

int unknownCommand(const std::string& name)
{
    std::vector<std::string> names;
    for (const Command& command : commands())
        names.push_back(command.name);
    const std::string near = nearest(name, names);
    QString text = Cli::tr("weft: unknown command \"%1\".").arg(QString::fromStdString(name));
    if (!near.empty())
        text += QStringLiteral(" ") + Cli::tr("Did you mean %1?").arg(QString::fromStdString(near));
    printError(text + QStringLiteral(" ") + Cli::tr("weft --help lists them."));
    return wrongUsage;
}

int runCommand(const Command& command, const std::vector<std::string>& words)
{
    if (std::find(words.begin(), words.end(), "--help") != words.end()) {
        print(QString::fromStdString(usage(command)));
        return done;
    }
    try {
        if (command.threads == Threads::Team && !cpuIsSupported())
            throw Error(
                WEFT_TEXT("cli",
                          "This processor has no AVX2, which Weft computes with: use a computer with an Intel processor since 2013 (Haswell) or "
                          "an AMD processor since 2015 (Excavator)."));
        return command.run(Arguments(command, words));
    } catch (const UsageError& error) {
        printError(QStringLiteral("weft %1: %2").arg(QString::fromUtf8(command.name), QString::fromUtf8(error.what())));
        printError(Cli::tr("weft %1 --help explains it.").arg(QString::fromUtf8(command.name)));
        return wrongUsage;
    } catch (const Error& error) {
        printError(QStringLiteral("weft %1: %2").arg(QString::fromUtf8(command.name), translated(error.message())));
    } catch (const std::exception& error) {
        printError(QStringLiteral("weft %1: %2").arg(QString::fromUtf8(command.name), QString::fromUtf8(error.what())));
    }
    return failed;
}

/// Fonts need a QGuiApplication; what paints no text starts faster without.
std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv, const Command* command, const std::vector<std::string>& words)
{
    if (!command || words.size() < 2 || words[1] != command->paintingVerb)
        return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QGuiApplication>(argc, argv);
}

} // namespace

} // namespace weft::cli

int main(int argc, char** argv)
{
    using namespace weft::cli;
    const std::vector<std::string> words(argv + 1, argv + argc);
    // Answered before anything is set up, so that scripts get it at once.
    if (!words.empty() && words[0] == "--version") {
        std::printf("weft %s\n", weft::versionText());
        return done;
    }
    const Command* command = words.empty() ? nullptr : findCommand(words[0]);
    if (command && command->threads == Threads::Team)
        startAnewWhereNeeded(argv);

    const auto application = makeApplication(argc, argv, command, words);
    QCoreApplication::setApplicationName(QStringLiteral("weft"));
    // What decoders mutter about damaged pictures; the program names each such file itself.
    QLoggingCategory::setFilterRules(QStringLiteral("qt.gui.imageio*=false"));
    // Numbers in files and JSON keep the point whatever the language is.
    std::setlocale(LC_NUMERIC, "C");
    weft::loadTranslation();

    if (words.empty()) {
        printOverview();
        return wrongUsage;
    }
    if (words[0] == "--help" || words[0] == "help") {
        printOverview();
        return done;
    }
    return command ? runCommand(*command, {words.begin() + 1, words.end()}) : unknownCommand(words[0]);
}
