#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/launch/program.h"

namespace weft {

/// Where the folder of a job lies: gives the command line that runs words there, and that this machine runs.
class Place {
public:
    virtual ~Place() = default;
    virtual CommandLine command(const std::vector<std::string>& words) const = 0;
    /// Copies a file or folder of this machine into a folder there, by rsync.
    virtual CommandLine copyCommand(const std::string& from, const std::string& folder) const = 0;
    /// As people call it.
    virtual std::string name() const = 0;

    ProgramEnd run(const std::vector<std::string>& words, const std::string& input = {}, int limitMilliseconds = 60000) const
    {
        return runProgram(command(words), input, limitMilliseconds);
    }
};

/// This machine, in the user's home folder.
std::unique_ptr<Place> placeHere();
/// A host by the user's own ssh: never asks, gives up after 10 s, notices a link that is gone within 15 s.
/// `configFile` replaces the user's configuration where it is not empty.
std::unique_ptr<Place> placeBySsh(const std::string& host, const std::string& configFile);
/// The words that run a fixed script with its values as arguments: none of them is read as part of it.
std::vector<std::string> shellWords(const char* script, const std::vector<std::string>& values);
/// Packs the folder $1 of a run that may still go on: files that grow or go meanwhile are no fault, and not worth a word.
inline constexpr char packScript[]
    = "tar -c -f - --warning=no-file-changed --warning=no-file-removed --warning=no-file-shrank -C \"$1\" . || [ $? = 1 ]";
/// The words of an `rsync` of the files of a list (each ended by a zero byte) below `from` into a folder of another host, which is
/// reached through `gate` where that is not empty, by the gate's own ssh.
std::vector<std::string> rsyncListWords(const std::string& list, const std::string& from, const std::string& gate, const std::string& host,
                                        const std::string& folder, const std::string& sshConfig);
/// `rsync` of a file or folder into a folder of another host. Names of files go through no shell.
std::vector<std::string> rsyncWords(const std::string& from, const std::string& host, const std::string& folder, const std::string& sshConfig);
/// The words that every use of ssh begins with.
std::vector<std::string> sshOptions(const std::string& configFile);

} // namespace weft
