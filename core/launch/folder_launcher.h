#pragma once

#include <memory>

#include "core/launch/launcher.h"
#include "core/launch/place.h"

namespace weft {

/// Jobs that live in a folder on another machine (or in a folder of this one, where Slurm's commands are here):
/// `DIRECTORY/ID` holds project.weft, hosts, job.sh, what the job printed (log), its exit code (exit) and the run
/// folder (run).
class FolderLauncher : public Launcher {
public:
    FolderLauncher(const Target& target, std::unique_ptr<Place> place) : m_target(target), m_place(std::move(place)) {}

    std::string plan(const JobRequest& request) override;
    void prepare() override;
    void submit(const JobRequest& request) override;
    CommandLine follow(const std::string& id, std::int64_t fromSeq) override;
    CommandLine followPart(const std::string& id, const std::string& part, const KnownLog& known) override;
    std::string rankLog(int rank) const override;
    void control(const std::string& id, const std::string& line) override;
    std::string log(const std::string& id) override;
    bool fetch(const std::string& id, const std::string& folder) override;
    void clean(const std::string& id) override;

protected:
    /// The script that runs the job.
    virtual std::string script(const JobRequest& request) const = 0;
    /// The words that start the job once its folder is filled.
    virtual std::vector<std::string> startWords(const std::string& id) const = 0;
    virtual std::string hostsFile() const { return {}; }
    /// Brings the data to all that need them. Throws Error.
    virtual void copyData(const JobRequest& request) const;
    /// Looks at the result of `startWords`. Throws Error.
    virtual void started(const ProgramEnd& end) const;

    const Target& target() const { return m_target; }
    const Place& place() const { return *m_place; }
    std::string folder(const std::string& id) const;
    /// Runs words at the place. Throws Error with what ssh or the program said.
    std::string run(const std::vector<std::string>& words, const std::string& input = {}) const;
    /// The words that run a script with the job's folder as $1 and `values` behind it, whose connection ends with the job at the latest.
    std::vector<std::string> jobWords(const std::string& script, const std::string& id, const std::vector<std::string>& values = {}) const;
    /// The exit code that the job left, or nothing.
    std::string exitCode(const std::string& id) const;
    /// `weft train …` as the script runs it; `hosts` names the file with the hosts, empty without one.
    std::vector<std::string> trainWords(const JobRequest& request, int ranks, const std::string& hosts) const;
    /// Settings of Open MPI for the field `network`, as variables of the environment; and the lines of a script that make them.
    std::vector<std::pair<std::string, std::string>> networkSettings() const;
    std::string networkExports() const;
    /// The versions of Weft and Open MPI there; throws nothing, tells what is missing. Returns what mpirun says it is.
    std::string checkPrograms(std::vector<Finding>& findings) const;

private:
    CommandLine followFile(const std::string& id, const std::string& file, const std::string& option, std::int64_t from) const;

    Target m_target;
    std::unique_ptr<Place> m_place;
};

/// What `weft --version` says where it is the version of this program.
std::string wantedVersion();
std::string firstLine(const std::string& text);
/// What ssh's complaint means and what to do. `host` is the one it was to reach.
Message sshFault(const std::string& complaint, const std::string& host);

} // namespace weft
