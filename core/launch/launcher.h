#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/launch/program.h"
#include "core/launch/target.h"

namespace weft {

/// What a target shall do: train a project.
struct JobRequest {
    std::string id; ///< "weft-3f2a9c1b": every object, folder and key of the job bears it, so none is made twice
    std::string project; ///< text of the project file, settings and data path as they count over there
    std::string projectName;
    std::vector<std::string> options; ///< of `weft train`, such as "--device=cpu"
    std::string data = {}; ///< file or folder of this machine to copy there first, into `dataName`; empty without one
    std::string dataName = {}; ///< bears the data's fingerprint: the same data are copied once
    std::string shards = {}; ///< folder of this machine with the lists of `writeShards`; empty where all hosts get all of the data
    std::string script = {}; ///< the user's own, instead of the one that `plan` shows
};

/// A new id, random.
std::string newJobId();

/// Absent: the target knows no such job.
enum class JobPhase { Absent, Queued, Starting, Running, Succeeded, Failed };
const char* nameOf(JobPhase phase);

/// A pod, or the process that leads the ranks.
struct JobPart {
    std::string name;
    std::string state; ///< as the target calls it
    std::string node;
    int restarts = 0;
    std::string message; ///< the last that the target said of it
    bool hasBegun = false; ///< so there is something to read of it
    bool isOver = false;
};

/// How far the log of a part is known.
struct KnownLog {
    std::int64_t bytes = 0;
    std::string time; ///< at the beginning of its last line; empty without one
};

/// How a job stands.
struct JobState {
    JobPhase phase = JobPhase::Absent;
    std::vector<Message> reasons; ///< why it waits or failed, in words with what to do
    bool isEndedFromOutside = false; ///< the reason is the target's or a person's: what the run says of its end follows from it
    std::vector<JobPart> parts;
};

/// Whether both say the same in the same words.
bool isSame(const JobState& a, const JobState& b);

/// One thing that `weft target test` looked at.
struct Finding {
    Severity severity = Severity::Hint; ///< Hint: it is as it should be
    Message message;
};

/// The ways in which jobs run on one target. Calls take as long as the target takes to answer, and may come from any
/// thread. They throw Error where the target cannot be reached or refuses, saying what to do.
class Launcher {
public:
    virtual ~Launcher() = default;
    /// What is there and what is missing.
    virtual std::vector<Finding> check() = 0;
    /// What `submit` would give to the target: YAML, a script, command lines. Asks the target as little as it can.
    virtual std::string plan(const JobRequest& request) = 0;
    /// Whether the target can be reached and could take a job. Makes nothing there; `submit` comes after it.
    virtual void prepare() = 0;
    /// A job of that id that is there already is the one meant.
    virtual void submit(const JobRequest& request) = 0;
    virtual JobState state(const std::string& id) = 0;
    /// A program that prints a line where `state` may have changed, so that it need not be asked often. Nothing where the
    /// target has no such thing.
    virtual std::optional<CommandLine> changes(const std::string& id);
    /// How long `state` may go unasked while nothing changes. Many users ask a scheduler, which has better to do.
    virtual std::chrono::milliseconds longestRest() const;
    /// A program that prints the run's events from `fromSeq` on, among other lines and perhaps earlier ones, as they come.
    virtual CommandLine follow(const std::string& id, std::int64_t fromSeq) = 0;
    /// A program that prints what a part of the job prints, as it comes, from about where it is known on. It may print
    /// lines again that begin with a time which is not later than the known one.
    virtual CommandLine followPart(const std::string& id, const std::string& part, const KnownLog& known) = 0;
    /// What `followPart` calls the log of a rank; empty where ranks print into the log of their part.
    virtual std::string rankLog(int rank) const;
    /// Appends a line to the run's control.jsonl.
    virtual void control(const std::string& id, const std::string& line) = 0;
    /// What `weft link --json` prints between the target's hosts, with a rank on each. Throws Error, also where nothing can be
    /// started there at once.
    virtual std::string measureLink();
    /// What the job printed.
    virtual std::string log(const std::string& id) = 0;
    /// Copies the run folder into `folder`, which is there. False where there is none yet.
    virtual bool fetch(const std::string& id, const std::string& folder) = 0;
    /// Ends the job at once.
    virtual void kill(const std::string& id) = 0;
    /// Removes all that the job has over there; ends it where it still runs.
    virtual void clean(const std::string& id) = 0;
};

/// Throws Error for `local`, which needs no launcher: `weft train` itself starts its ranks.
std::unique_ptr<Launcher> makeLauncher(const Target& target);

} // namespace weft
