#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <QJsonDocument>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "app/cli/target_training.h"
#include "core/base/error.h"
#include "core/launch/target_job.h"
#include "core/training/run_folder.h"

namespace weft::cli {

namespace {

/// Front ends promise a point within 250 ms of its event; this is most of what following costs.
constexpr std::chrono::milliseconds pollInterval(50);

/// False when nobody reads any more.
bool printEvents(const std::vector<QJsonObject>& events)
{
    for (const QJsonObject& event : events)
        std::printf("%s\n", QJsonDocument(event).toJson(QJsonDocument::Compact).constData());
    return std::fflush(stdout) == 0;
}

int runFollow(const Arguments& arguments)
{
    const RunPaths run = findRun(arguments.at(0));
    if (isUnfollowedJob(run) && !arguments.has("from"))
        return attach(run, "jsonl", false);
    if (!std::filesystem::exists(run.events()) && !RunLock::isHeld(run.lock()))
        throw Error(WEFT_TEXT("cli", "%1 is not the folder of a run: it has no events.jsonl."), run.dir);
    EventReader reader(run.events(), arguments.integer("from", 0, std::numeric_limits<std::int64_t>::max()).value_or(0));
    while (true) {
        // Asked first: events written before the process let go of the lock are read after it.
        const bool isAlive = RunLock::isHeld(run.lock());
        if (!printEvents(reader.poll()))
            return failed;
        if (!isAlive)
            return done;
        std::this_thread::sleep_for(pollInterval);
    }
}

} // namespace

Command followCommand()
{
    return {"follow",
            "RUN",
            1,
            1,
            WEFT_TEXT("cli", "Prints the events of a run, one JSON object a line, until it ends."),
            {{"from", "SEQ", WEFT_TEXT("cli", "The first event to print, by its seq.")}},
            runFollow};
}

} // namespace weft::cli
