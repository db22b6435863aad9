#include "core/launch/mpi_launcher.h"

#include "core/base/error.h"
#include "core/launch/data_shards.h"
#include "core/launch/folder_launcher.h"

namespace weft {

namespace {

class MpiLauncher : public FolderLauncher {
public:
    explicit MpiLauncher(const Target& target) :
        FolderLauncher(target, placeBySsh(target.hosts("hosts").front().host, target.value("sshConfig"))), m_hosts(target.hosts("hosts"))
    {
    }

    std::vector<Finding> check() override
    {
        std::vector<Finding> findings;
        const std::string mpi = checkPrograms(findings);
        if (findings.front().severity == Severity::Hint)
            checkOthers(findings, mpi);
        return findings;
    }

    /// What would end the ranks at once, or leave them waiting for each other, is told before they start.
    void prepare() override
    {
        refuseWhatIsMissing();
    }

    JobState state(const std::string& id) override
    {
        const std::string found
            = run(jobWords("cd -- \"$1\" 2>/dev/null || { echo absent; exit; }\n"
                           // Another process may have its number since the host was started anew.
                           "if [ ! -e pid ]; then echo starting; elif grep -q -s -a -F -- \"$1\" \"/proc/$(cat pid)/cmdline\"; then echo running\n"
                           "elif [ -e exit ]; then echo \"ended $(cat exit)\"; else echo lost; fi",
                           id));
        JobState state;
        const std::string word = found.substr(0, found.find_first_of(" \n"));
        const bool isOver = word == "ended" || word == "lost";
        if (word != "absent")
            state.parts.push_back({place().name(), word, place().name(), 0, {}, isOver || word == "running", isOver});
        if (word == "running" || word == "starting") {
            state.phase = word == "running" ? JobPhase::Running : JobPhase::Starting;
        } else if (word == "ended") {
            state.phase = found.find("ended 0") == 0 ? JobPhase::Succeeded : JobPhase::Failed;
        } else if (word == "lost") {
            state.phase = JobPhase::Failed;
            state.isEndedFromOutside = true;
            state.reasons.push_back(message(WEFT_TEXT("Launch", "The job is gone from %1: it was ended from outside, or the host was started anew."), place().name()));
        }
        return state;
    }

    void kill(const std::string& id) override
    {
        // Both the group and its first process: it may not lead the group yet. Then what trains in the job's folder,
        // where someone has ended the first process alone.
        run(jobWords("pid=$(cat \"$1/pid\" 2>/dev/null)\n"
                     "[ -z \"$pid\" ] || ! grep -q -s -a -F -- \"$1\" \"/proc/$pid/cmdline\" || kill -KILL -- \"-$pid\" \"$pid\" 2>/dev/null\n"
                     "for pid in $(find /proc -maxdepth 2 -name cwd -lname \"*/$2\" 2>/dev/null | cut -d/ -f3); do\n"
                     "  ! grep -q -s -a -F project.weft \"/proc/$pid/cmdline\" || kill -KILL \"$pid\" 2>/dev/null\n"
                     "done\n"
                     "true",
                     id, {id}));
    }

    std::string measureLink() override
    {
        refuseWhatIsMissing();
        const bool isOne = m_hosts.size() == 1;
        std::string hosts;
        for (const HostSlots& host : m_hosts)
            hosts += nameForMpi(host) + " slots=" + (isOne ? "2" : "1") + "\n";
        std::vector<std::string> words{"env"};
        for (const auto& [name, value] : networkSettings())
            words.push_back(name + "=" + value);
        words.insert(words.end(), {target().value("weft"), "link", "--json", "--ranks=" + std::to_string(isOne ? 2 : m_hosts.size())});
        return run(shellWords("folder=$(mktemp -d) && trap 'rm -rf -- \"$folder\"' EXIT && cat > \"$folder/hosts\" && \"$@\" \"--hosts=$folder/hosts\"", words),
                   hosts);
    }

protected:
    /// The other hosts get them from the first one, unless they see its folder.
    void copyData(const JobRequest& request) const override
    {
        if (!request.shards.empty())
            return copyShards(request);
        FolderLauncher::copyData(request);
        const std::string folder = target().value("directory") + "/" + request.dataName;
        for (std::size_t i = 1; i < m_hosts.size(); ++i) {
            const std::string& host = m_hosts[i].host;
            const std::string isThere = shellQuoted({"sh", "-c", "test -e \"$1\" || { mkdir -p \"$1.part\" && exit 3; }", "weft", folder});
            const ProgramEnd found = place().run({"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", host, isThere});
            if (found.isGood())
                continue;
            std::vector<std::string> words = rsyncWords(folder + "/", host, folder + ".part", {});
            words.insert(words.begin(), "rsync");
            ProgramEnd end = place().run(words, {}, -1);
            if (end.isGood())
                end = place().run({"ssh", "-o", "BatchMode=yes", host, shellQuoted({"mv", "-T", "--", folder + ".part", folder})});
            if (!end.isGood())
                throw Error(WEFT_TEXT("Launch", "The data could not be copied to %1: %2. It takes rsync on both sides, and room."), host,
                            end.reason());
        }
    }

    std::string script(const JobRequest& request) const override
    {
        int ranks = 0;
        for (const HostSlots& host : m_hosts)
            ranks += host.ranks;
        std::string text = "#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit 1\n";
        text += "export OMP_NUM_THREADS=" + std::to_string(target().integer("threads")) + "\n";
        text += networkExports();
        text += shellQuoted(trainWords(request, ranks, "hosts")) + " > log 2>&1\n";
        return text + "echo $? > exit.new && mv exit.new exit\n";
    }

    std::string hostsFile() const override
    {
        std::string text;
        for (const HostSlots& host : m_hosts)
            text += nameForMpi(host) + " slots=" + std::to_string(host.ranks) + "\n";
        return text;
    }

    /// A session of its own: it outlives the link, and one signal ends all of it. Its number is known when this returns,
    /// so that whoever deletes the run at once leaves nothing behind.
    std::vector<std::string> startWords(const std::string& id) const override
    {
        return {"sh", "-c", "setsid sh \"$1/job.sh\" < /dev/null > /dev/null 2>&1 &\necho $! > \"$1/pid\"", "weft", folder(id)};
    }

private:
    /// The words that run words on a host as the first one reaches it.
    std::vector<std::string> wordsAt(std::size_t host, const std::vector<std::string>& words) const
    {
        return host == 0 ? words : std::vector<std::string>{"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", m_hosts[host].host, shellQuoted(words)};
    }

    /// Hosts that see the same folder fill it together: each has a mark of its own in it that it is done.
    void copyShards(const JobRequest& request) const
    {
        const std::string name = request.data.substr(request.data.find_last_of('/') + 1);
        const std::string folder = target().value("directory") + "/" + request.dataName + "/" + name;
        for (std::size_t host = 0; host < m_hosts.size(); ++host) {
            const std::string mark = target().value("directory") + "/" + request.dataName + "/done-" + std::to_string(host);
            if (place().run(wordsAt(host, {"test", "-e", mark})).isGood())
                continue;
            run(wordsAt(host, shellWords("umask 077; mkdir -p \"$1\"", {folder})));
            const bool isFirst = host == 0;
            const std::string first = m_hosts.front().host;
            const ProgramEnd end = runProgram({"rsync", rsyncListWords(shardList(request.shards, host), request.data, isFirst ? "" : first,
                                                                       m_hosts[host].host, folder, target().value("sshConfig"))},
                                              {}, -1);
            if (!end.isGood())
                throw Error(WEFT_TEXT("Launch", "The data could not be copied to %1: %2. It takes rsync on both sides, and room."), m_hosts[host].host,
                            end.reason());
            run(wordsAt(host, shellWords("cat > \"$1.new\" && mv \"$1.new\" \"$1\"", {folder + "/" + partIndexName})),
                shardIndex(request.shards));
            run(wordsAt(host, shellWords(": > \"$1\"", {mark})));
        }
    }

    void refuseWhatIsMissing()
    {
        for (const Finding& finding : check()) {
            if (finding.severity == Severity::Error)
                throw Error(finding.message);
        }
    }

    /// The first host may know itself by another name than this machine does.
    std::string nameForMpi(const HostSlots& host) const { return &host == &m_hosts.front() ? "localhost" : host.host; }

    /// The other hosts as the first one reaches them, which is how Open MPI will.
    void checkOthers(std::vector<Finding>& findings, const std::string& mpi) const
    {
        const std::string line = shellQuoted({"sh", "-c", "\"$1\" --version && mpirun --version", "weft", target().value("weft")});
        for (std::size_t i = 1; i < m_hosts.size(); ++i) {
            const std::string& host = m_hosts[i].host;
            const ProgramEnd end = place().run({"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", host, line});
            const std::string weft = firstLine(end.output);
            const std::string itsMpi = firstLine(end.output.substr(std::min(weft.size() + 1, end.output.size())));
            if (end.isGood() && weft == wantedVersion() && itsMpi == mpi)
                findings.push_back({Severity::Hint, message(WEFT_TEXT("Launch", "%1 reaches %2, which has %3."), place().name(), host, weft)});
            else if (end.isGood())
                findings.push_back({Severity::Error,
                                    message(WEFT_TEXT("Launch", "%1 has %2 and %3, but %4 has %5 and %6. Bring all hosts to the same versions."),
                                            host, weft, itsMpi, place().name(), wantedVersion(), mpi)});
            else
                findings.push_back({Severity::Error,
                                    message(WEFT_TEXT("Launch", "%1 cannot run Weft on %2: %3. The first host needs a key for the others, and each of them Weft."),
                                            place().name(), host, end.reason())});
        }
    }

    std::vector<HostSlots> m_hosts;
};

} // namespace

std::unique_ptr<Launcher> mpiLauncher(const Target& target)
{
    return std::make_unique<MpiLauncher>(target);
}

} // namespace weft
