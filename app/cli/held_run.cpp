#include "app/cli/held_run.h"

#include <chrono>
#include <limits>
#include <thread>

#include <QCoreApplication>

#include "app/cli/output.h"
#include "core/training/run_folder.h"

namespace weft::cli {

namespace {

using std::chrono::seconds;

/// A pod that is ended has 30 s, and a file server keeps the locks of a machine that is lost for 90 s.
constexpr std::int64_t usualWait = 120;

/// "HOST, process PID"
std::string holderOf(const RunPaths& run)
{
    try {
        const QJsonObject holder = readJsonObject(run.lock());
        return QStringLiteral("%1, %2")
            .arg(holder.value(QStringLiteral("host")).toString(), QString::number(holder.value(QStringLiteral("pid")).toInteger()))
            .toStdString();
    } catch (const Error&) {
        return "?"; // it is just being written
    }
}

} // namespace

void waitForHeldRun(const Arguments& arguments)
{
    const std::int64_t limit = arguments.integer("lock-wait", 0, std::numeric_limits<int>::max()).value_or(usualWait);
    const RunPaths run{arguments.value("run-dir")};
    if (!arguments.has("continue") || run.dir.empty() || !RunLock::isHeld(run.lock()))
        return;
    const std::string holder = holderOf(run);
    printError(Cli::tr("The run %1 is still held by another process (%2). Waiting up to %3 seconds for its end.")
                   .arg(QString::fromStdString(run.dir), QString::fromStdString(holder))
                   .arg(limit));
    const auto end = std::chrono::steady_clock::now() + seconds(limit);
    while (RunLock::isHeld(run.lock())) {
        if (std::chrono::steady_clock::now() >= end)
            throw HeldRunError(WEFT_TEXT("cli",
                                         "%1 is still held by another process (%2) after %3 seconds, so it could not be gone on with. End that "
                                         "process, or try again."),
                               run.dir, holder, limit);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

} // namespace weft::cli
