#include "core/launch/slurm_launcher.h"

#include <array>
#include <map>

#include <QMap>
#include <QString>
#include <QStringList>

#include "core/base/error.h"
#include "core/launch/folder_launcher.h"

namespace weft {

namespace {

/// Slurm's words for why a job waits, in ours.
Message pendingReason(const std::string& reason, const std::string& begin)
{
    static const std::map<std::string, Text> texts{
        {"None", WEFT_TEXT("Slurm", "It has just been queued.")},
        {"Resources", WEFT_TEXT("Slurm", "It waits until nodes are free.")},
        {"Priority", WEFT_TEXT("Slurm", "Jobs of higher priority come first.")},
        {"Dependency", WEFT_TEXT("Slurm", "It waits for another job.")},
        {"BeginTime", WEFT_TEXT("Slurm", "It waits for its begin time: after a stop Slurm queues a job again with some delay.")},
        {"QOSMaxCpuPerUserLimit", WEFT_TEXT("Slurm", "Your jobs use all the cores that you may have at one time.")},
        {"AssocGrpCpuLimit", WEFT_TEXT("Slurm", "Your account uses all the cores that it may have at one time.")},
        {"PartitionTimeLimit", WEFT_TEXT("Slurm", "The time limit is longer than the partition allows: lower time.")},
        {"PartitionNodeLimit", WEFT_TEXT("Slurm", "The partition has fewer nodes than the job asks for: lower nodes.")},
        {"PartitionDown", WEFT_TEXT("Slurm", "The partition is down.")},
        {"ReqNodeNotAvail", WEFT_TEXT("Slurm", "A node that the job asks for is down or reserved.")},
        {"JobHeldUser", WEFT_TEXT("Slurm", "The job is held: scontrol release lets it go.")},
        {"JobHeldAdmin", WEFT_TEXT("Slurm", "An administrator holds the job.")},
        {"BadConstraints", WEFT_TEXT("Slurm", "No node has what constraint asks for.")},
        {"InvalidAccount", WEFT_TEXT("Slurm", "The account is not known.")},
    };
    const std::string word = reason.substr(0, reason.find_first_of(", ("));
    const auto it = texts.find(word);
    if (it != texts.end())
        return message(it->second);
    if (!begin.empty() && begin != "N/A")
        return message(WEFT_TEXT("Slurm", "It waits (%1) and may begin at %2."), reason, begin);
    return message(WEFT_TEXT("Slurm", "It waits: %1."), reason);
}

/// Faults that Weft names would come again; 75 is no fault.
constexpr const char* againAfterLoss = "case $code in 0|1|2|75) break ;; esac\n"
                                       "[ $tries -lt 3 ] || break\n"
                                       "tries=$((tries + 1))\n"
                                       "lost=$(tail -n \"+$((known + 1))\" log | grep -m 1 '^srun: error: .*: task ')\n"
                                       "sleep $((1 << tries))\ndone\n";

Message endReason(const std::string& state)
{
    if (state == "TIMEOUT")
        return message(WEFT_TEXT("Slurm", "The time limit ended the job."));
    if (state == "OUT_OF_MEMORY")
        return message(WEFT_TEXT("Slurm", "The job needed more memory than it may have: raise memory, or lower the batch size."));
    if (state == "NODE_FAIL")
        return message(WEFT_TEXT("Slurm", "A node of the job failed."));
    if (state == "CANCELLED")
        return message(WEFT_TEXT("Slurm", "The job was cancelled."));
    return message(WEFT_TEXT("Slurm", "Slurm ended the job: %1."), state);
}

class SlurmLauncher : public FolderLauncher {
public:
    explicit SlurmLauncher(const Target& target) :
        FolderLauncher(target, target.value("login").empty() ? placeHere() : placeBySsh(target.value("login"), target.value("sshConfig")))
    {
    }

    std::vector<Finding> check() override
    {
        std::vector<Finding> findings;
        checkPrograms(findings);
        if (findings.front().severity != Severity::Hint)
            return findings;
        for (const char* program : {"sbatch", "squeue", "scancel"}) {
            const ProgramEnd end = place().run({program, "--version"});
            if (!end.isGood()) {
                findings.push_back({Severity::Error, message(WEFT_TEXT("Slurm", "%1 has no program %2. Is it a login host of the cluster?"), place().name(), program)});
                return findings;
            }
        }
        const ProgramEnd test = place().run({"sbatch", "--test-only", "/dev/stdin"}, header() + "true\n");
        if (test.isGood())
            findings.push_back({Severity::Hint, message(WEFT_TEXT("Slurm", "Slurm would take a job: %1"), test.reason())});
        else
            findings.push_back({Severity::Error, message(WEFT_TEXT("Slurm", "Slurm refuses such a job: %1"), test.reason())});
        return findings;
    }

    JobState state(const std::string& id) override
    {
        const std::string line = run(jobWords("exec squeue --noheader --states=all --name=\"${1##*/}\" '--format=%T|%r|%S|%N|%i'", id));
        JobState state = slurmState(line.substr(0, line.find('\n')));
        // Slurm forgets jobs that ended; the script has left how.
        if (state.phase == JobPhase::Queued)
            addPlace(state, id);
        const bool isKnown = state.phase == JobPhase::Queued || state.phase == JobPhase::Running;
        const std::string code = isKnown ? std::string() : exitCode(id);
        if (!code.empty())
            state.phase = code == "0" ? JobPhase::Succeeded : JobPhase::Failed;
        return state;
    }

    /// What the run does comes by its events at once; the queue moves in minutes.
    std::chrono::milliseconds longestRest() const override { return std::chrono::seconds(20); }

    /// Ranks of srun write to the job's own log.
    std::string rankLog(int rank) const override { return startsBySrun() ? std::string() : FolderLauncher::rankLog(rank); }

    void kill(const std::string& id) override { run({"scancel", "--name=" + id}); }

protected:
    std::string script(const JobRequest& request) const override
    {
        std::string text = header();
        for (const std::string& module : target().list("modules"))
            text += "module load " + shellQuoted({module}) + "\n";
        text += "export OMP_NUM_THREADS=" + std::to_string(target().integer("threads")) + "\n";
        text += networkExports();
        const bool isSrun = startsBySrun();
        const int ranks = static_cast<int>(target().integer("nodes") * target().integer("ranksPerNode"));
        // mpirun reads from Slurm which nodes it has.
        // Since 22.05 steps no longer take over how many cores a task has; and the others would wait for a rank that is lost.
        const std::string srun = "srun --mpi=pmix --kill-on-bad-exit=1 --cpus-per-task=" + target().value("threads") + " ";
        const std::string train = (isSrun ? srun : "") + shellQuoted(trainWords(request, isSrun ? 0 : ranks, isSrun ? "" : "slurm"));
        // mpirun is started by weft, which starts it again where ranks are lost.
        text += isSrun ? "tries=0 lost=\nwhile :; do\nknown=$(cat log 2>/dev/null | wc -l)\n" : "";
        // The shell must not wait in the foreground, or it would not hear the signal that comes before the end.
        text += train + (isSrun ? " --expect-world=" + std::to_string(ranks) + " ${lost:+\"--lost=$lost\"}" : "") + " >> log 2>&1 &\njob=$!\n";
        text += "trap 'kill -USR1 $job' USR1\nwait $job\ncode=$?\nwhile kill -0 $job 2>/dev/null; do wait $job; code=$?; done\n";
        text += isSrun ? againAfterLoss : "";
        // 75: saved before the end of its time; it goes on when its turn comes again.
        text += "if [ $code = 75 ]; then scontrol requeue \"$SLURM_JOB_ID\"; exit 75; fi\n";
        return text + "echo $code > exit.new && mv exit.new exit\nexit $code\n";
    }

    std::vector<std::string> startWords(const std::string& id) const override
    {
        // The name finds the job again; a script that the user has edited holds none, or another.
        return {"sh", "-c", "cd -- \"$1\" && exec sbatch --parsable --job-name=\"$2\" job.sh", "weft", folder(id), id};
    }

private:
    bool startsBySrun() const { return target().value("start") == "srun"; }

    void addPlace(JobState& state, const std::string& id) const
    {
        const auto [place, count] = slurmPlace(run({"squeue", "--noheader", "--states=PENDING", "--sort=-p,i", "--format=%P|%j"}), id);
        if (place > 0)
            state.reasons.push_back(message(WEFT_TEXT("Slurm", "It is in place %1 of %2 in the queue."), place, count));
    }

    std::string header() const
    {
        std::vector<std::string> options{"--nodes=" + target().value("nodes"),
                                         "--ntasks-per-node=" + target().value("ranksPerNode"),
                                         "--cpus-per-task=" + target().value("threads"),
                                         "--signal=B:USR1@" + target().value("saveSeconds"),
                                         "--requeue",
                                         "--open-mode=append",
                                         "--output=slurm.log"};
        for (const auto& [field, option] : {std::pair("partition", "--partition="), std::pair("account", "--account="), std::pair("qos", "--qos="),
                                            std::pair("constraint", "--constraint="), std::pair("memory", "--mem="), std::pair("time", "--time=")}) {
            if (const std::string value = target().value(field); !value.empty())
                options.push_back(option + value);
        }
        if (target().integer("gpusPerNode") > 0)
            options.push_back("--gres=gpu:" + target().value("gpusPerNode"));
        std::string text = "#!/bin/sh\n";
        for (const std::string& option : options)
            text += "#SBATCH " + shellQuoted({option}) + "\n";
        return text;
    }
};

} // namespace

JobState slurmState(const std::string& line)
{
    JobState state;
    const QStringList words = QString::fromStdString(line).split(QLatin1Char('|'));
    if (words.size() < 5)
        return state;
    const std::string word = words[0].toStdString();
    const bool hasBegun = !words[3].isEmpty();
    const bool isOver = hasBegun && word != "RUNNING" && word != "COMPLETING" && word != "CONFIGURING";
    state.parts.push_back({words[4].toStdString(), word, words[3].toStdString(), 0, words[1].toStdString(), hasBegun, isOver});
    if (word == "PENDING" || word == "REQUEUED" || word == "SUSPENDED" || word == "REQUEUE_HOLD") {
        state.phase = JobPhase::Queued;
        state.reasons.push_back(pendingReason(words[1].toStdString(), words[2].toStdString()));
    } else if (word == "CONFIGURING") {
        state.phase = JobPhase::Starting;
    } else if (word == "RUNNING" || word == "COMPLETING") {
        state.phase = JobPhase::Running;
    } else if (word == "COMPLETED") {
        state.phase = JobPhase::Succeeded;
    } else {
        state.phase = JobPhase::Failed;
        // Of a job that ended by itself the run tells more.
        state.isEndedFromOutside = word != "FAILED";
        if (state.isEndedFromOutside)
            state.reasons.push_back(endReason(word));
    }
    return state;
}

std::pair<int, int> slurmPlace(const std::string& list, const std::string& id)
{
    QMap<QString, int> waiting;
    QString partition;
    int place = 0;
    for (const QString& line : QString::fromStdString(list).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString name = line.section(QLatin1Char('|'), 0, 0);
        ++waiting[name];
        if (line.section(QLatin1Char('|'), 1) != QString::fromStdString(id))
            continue;
        partition = name;
        place = waiting[name];
    }
    return {place, waiting.value(partition)};
}

std::unique_ptr<Launcher> slurmLauncher(const Target& target)
{
    return std::make_unique<SlurmLauncher>(target);
}

} // namespace weft
