#include "core/launch/folder_launcher.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/launch/job_report.h"
#include "core/launch/ssh_links.h"
#include "core/version.h"

namespace weft {

namespace {

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

std::string asComments(const std::string& lines)
{
    std::string text;
    for (std::size_t begin = 0; begin < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', begin), lines.size());
        text += "# " + lines.substr(begin, end - begin) + "\n";
        begin = end + 1;
    }
    return text;
}

/// ssh itself ends with 255.
constexpr int sshFailed = 255;

} // namespace

std::string firstLine(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

std::string wantedVersion()
{
    return std::string("weft ") + versionText();
}

Message sshFault(const std::string& complaint, const std::string& host)
{
    if (has(complaint, "Permission denied"))
        return message(WEFT_TEXT("Launch", "%1 refused your key. Does ssh %1 work without a password? ssh-copy-id %1 and ssh-agent help. (%2)"), host, complaint);
    if (has(complaint, "Host key verification failed") || has(complaint, "HOST IDENTIFICATION HAS CHANGED"))
        return message(WEFT_TEXT("Launch", "The key of %1 is not known, or another than before. Connect once with ssh %1 and look at it. (%2)"), host, complaint);
    if (has(complaint, "Could not resolve"))
        return message(WEFT_TEXT("Launch", "The host %1 is not known. Correct its name, or give it one in ~/.ssh/config. (%2)"), host, complaint);
    if (has(complaint, "timed out") || has(complaint, "refused") || has(complaint, "No route") || has(complaint, "unreachable"))
        return message(WEFT_TEXT("Launch", "%1 cannot be reached. Is it up, and the network or VPN? (%2)"), host, complaint);
    return message(WEFT_TEXT("Launch", "%1: %2"), host, complaint);
}

std::string FolderLauncher::folder(const std::string& id) const
{
    return m_target.value("directory") + "/" + id;
}

std::string FolderLauncher::run(const std::vector<std::string>& words, const std::string& input) const
{
    ProgramEnd end = m_place->run(words, input);
    if (end.isTimedOut)
        throw Error(WEFT_TEXT("Launch", "%1 gave no answer within a minute. Is the network, or the VPN, up?"), m_place->name());
    if (!end.isGood())
        throw Error(end.code == sshFailed ? sshFault(end.reason(), m_place->name())
                                          : message(WEFT_TEXT("Launch", "%1: %2"), m_place->name(), end.reason()));
    return std::move(end.output);
}

std::string FolderLauncher::plan(const JobRequest& request)
{
    // The whole is a script that runs: it may be edited and given back by --script.
    std::string notes = "in " + folder(request.id) + "/job.sh\n";
    if (const std::string hosts = hostsFile(); !hosts.empty())
        notes += "beside the file hosts:\n" + hosts;
    return script(request) + "\n" + asComments(notes + "started by\n" + shown(m_place->command(startWords(request.id))) + "\n");
}

void FolderLauncher::prepare()
{
    run({"true"});
}

void FolderLauncher::submit(const JobRequest& request)
{
    if (!request.data.empty())
        copyData(request);
    run(shellWords("umask 077; mkdir -p \"$1/run\"", {folder(request.id)}));
    const std::pair<const char*, std::string> files[]
        = {{"project.weft", request.project}, {"hosts", hostsFile()}, {"job.sh", request.script.empty() ? script(request) : request.script}};
    for (const auto& [name, content] : files)
        run(shellWords("cat > \"$1.new\" && mv \"$1.new\" \"$1\"", {folder(request.id) + "/" + name}), content);
    // Whoever makes this folder starts the job, over there and at once: a second try finds it and does not, and nobody can
    // be ended between the two.
    std::vector<std::string> words{"sh", "-c", "mkdir -- \"$0\" 2>/dev/null || exit 0\nexec \"$@\"", folder(request.id) + "/started"};
    const std::vector<std::string> start = startWords(request.id);
    words.insert(words.end(), start.begin(), start.end());
    started(m_place->run(words));
}

void FolderLauncher::copyData(const JobRequest& request) const
{
    const std::string folder = m_target.value("directory") + "/" + request.dataName;
    if (m_place->run({"test", "-e", folder}).isGood())
        return;
    // Half a copy has another name, and is gone on with.
    const std::string half = folder + ".part";
    run(shellWords("umask 077; mkdir -p \"$1\"", {half}));
    const ProgramEnd end = runProgram(m_place->copyCommand(request.data, half), {}, -1);
    if (!end.isGood())
        throw Error(WEFT_TEXT("Launch", "The data could not be copied to %1: %2. It takes rsync on both sides, and room."), m_place->name(),
                    end.reason());
    run(shellWords("mv -T -- \"$1\" \"$2\" 2>/dev/null || test -e \"$2\"", {half, folder}));
}

void FolderLauncher::started(const ProgramEnd& end) const
{
    if (!end.isGood())
        throw Error(WEFT_TEXT("Launch", "%1 did not start the job: %2"), m_place->name(), end.reason());
}

std::vector<std::string> FolderLauncher::jobWords(const std::string& script, const std::string& id, const std::vector<std::string>& values) const
{
    std::vector<std::string> all{folder(id)};
    all.insert(all.end(), values.begin(), values.end());
    return shellWords(linkedScript(script).c_str(), all);
}

CommandLine FolderLauncher::followFile(const std::string& id, const std::string& file, const std::string& option, std::int64_t from) const
{
    return m_place->command(shellWords(followScript(option).c_str(), {folder(id), file, std::to_string(from)}));
}

CommandLine FolderLauncher::follow(const std::string& id, std::int64_t fromSeq)
{
    // The n-th event is the n-th line.
    return followFile(id, "run/events.jsonl", "-n \"+$3\"", std::max<std::int64_t>(1, fromSeq));
}

CommandLine FolderLauncher::followPart(const std::string& id, const std::string& part, const KnownLog& known)
{
    // What the first process prints comes in one file, what a rank prints in one of its own.
    return followFile(id, part.starts_with("rank-") ? "run/logs/" + part + ".log" : std::string("log"), "-c \"+$3\"", known.bytes + 1);
}

std::string FolderLauncher::rankLog(int rank) const
{
    return rankLogName(rank);
}

void FolderLauncher::control(const std::string& id, const std::string& line)
{
    run(jobWords("cat >> \"$1/run/control.jsonl\"", id), line + "\n");
}

std::string FolderLauncher::log(const std::string& id)
{
    return run(jobWords("cat -- \"$1/log\" 2>/dev/null || true", id));
}

bool FolderLauncher::fetch(const std::string& id, const std::string& to)
{
    if (!m_place->run({"test", "-e", folder(id) + "/run/events.jsonl"}).isGood())
        return false;
    runPipe(m_place->command(jobWords(std::string("set -- \"$1/run\"\n") + packScript, id)), {"tar", {"-x", "-f", "-", "-C", to}});
    return true;
}

void FolderLauncher::clean(const std::string& id)
{
    kill(id);
    // Only what a job's folder holds: an id that is none removes nothing. Ranks whose mpirun was killed go on for a moment
    // and may still write.
    run(jobWords("case \"${1##*/}\" in weft-[0-9a-f]*) ;; *) exit 0;; esac\n" + std::string(endLinks)
                     + "n=0\n"
                       "until rm -rf -- \"$1\" 2>/dev/null || [ $n -eq 50 ]; do n=$((n + 1)); sleep 0.2; done\n"
                       "rm -rf -- \"$1\" && { rmdir -- \"$2\" 2>/dev/null || true; }",
                 id, {m_target.value("directory")}));
}

std::string FolderLauncher::exitCode(const std::string& id) const
{
    return firstLine(run(jobWords("cat -- \"$1/exit\" 2>/dev/null || true", id)));
}

std::vector<std::string> FolderLauncher::trainWords(const JobRequest& request, int ranks, const std::string& hosts) const
{
    std::vector<std::string> words{m_target.value("weft"), "train", "project.weft", "--run-dir=run", "--continue", "--follow=jsonl"};
    if (ranks > 0)
        words.push_back("--ranks=" + std::to_string(ranks));
    if (!hosts.empty())
        words.push_back("--hosts=" + hosts);
    words.insert(words.end(), request.options.begin(), request.options.end());
    return words;
}

std::vector<std::pair<std::string, std::string>> FolderLauncher::networkSettings() const
{
    const std::string network = target().value("network");
    if (network.empty())
        return {};
    return {{"OMPI_MCA_btl_tcp_if_include", network}, {"OMPI_MCA_oob_tcp_if_include", network}};
}

std::string FolderLauncher::networkExports() const
{
    std::string lines;
    for (const auto& [name, value] : networkSettings())
        lines += "export " + name + "=" + shellQuoted({value}) + "\n";
    return lines;
}

std::string FolderLauncher::checkPrograms(std::vector<Finding>& findings) const
{
    const ProgramEnd weft = m_place->run({m_target.value("weft"), "--version"});
    const std::string wanted = wantedVersion();
    if (weft.code == sshFailed) {
        findings.push_back({Severity::Error, sshFault(weft.reason(), m_place->name())});
        return {};
    }
    findings.push_back({Severity::Hint, message(WEFT_TEXT("Launch", "%1 answers."), m_place->name())});
    if (!weft.isGood())
        findings.push_back({Severity::Error,
                            message(WEFT_TEXT("Launch", "%1 does not find the program %2. Install Weft there, or set weft= to its path. (%3)"), m_place->name(),
                                    m_target.value("weft"), weft.reason())});
    else if (firstLine(weft.output) != wanted)
        findings.push_back({Severity::Error,
                            message(WEFT_TEXT("Launch", "%1 has %2, this machine %3. Bring both to the same version."), m_place->name(), firstLine(weft.output),
                                    wanted)});
    else
        findings.push_back({Severity::Hint, message(WEFT_TEXT("Launch", "%1 has %2."), m_place->name(), wanted)});
    const ProgramEnd mpi = m_place->run({"mpirun", "--version"});
    const std::string version = firstLine(mpi.output);
    if (!mpi.isGood())
        findings.push_back({Severity::Error,
                            message(WEFT_TEXT("Launch", "%1 does not find mpirun. Install Open MPI 4.1 there, or load its module. (%2)"), m_place->name(),
                                    mpi.reason())});
    else if (!has(version, "Open MPI"))
        findings.push_back({Severity::Error, message(WEFT_TEXT("Launch", "mpirun of %1 is not Open MPI: %2"), m_place->name(), version)});
    else if (!has(version, ") 4."))
        findings.push_back({Severity::Error,
                            message(WEFT_TEXT("Launch", "%1 has %2, but Weft starts its ranks by Open MPI 4. Install 4.1 there, or load its module."),
                                    m_place->name(), version)});
    else
        findings.push_back({Severity::Hint, message(WEFT_TEXT("Launch", "%1 has %2."), m_place->name(), version)});
    return version;
}

} // namespace weft
