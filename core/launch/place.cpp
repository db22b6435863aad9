#include "core/launch/place.h"

namespace weft {

namespace {

class HerePlace : public Place {
public:
    CommandLine command(const std::vector<std::string>& words) const override
    {
        std::vector<std::string> all{"-c", "cd && exec \"$@\"", "sh"};
        all.insert(all.end(), words.begin(), words.end());
        return {"sh", all};
    }
    CommandLine copyCommand(const std::string& from, const std::string& folder) const override
    {
        // The folder is below the home folder, unless it is absolute.
        return command({"rsync", "--archive", "--", from, folder});
    }
    std::string name() const override { return "localhost"; }
};

class SshPlace : public Place {
public:
    SshPlace(std::string host, std::string configFile) : m_host(std::move(host)), m_configFile(std::move(configFile)) {}

    CommandLine command(const std::vector<std::string>& words) const override
    {
        std::vector<std::string> all = sshOptions(m_configFile);
        // The shell over there reads one line: the words come to it quoted.
        all.insert(all.end(), {"--", m_host, shellQuoted(words)});
        return {"ssh", all};
    }
    CommandLine copyCommand(const std::string& from, const std::string& folder) const override
    {
        return {"rsync", rsyncWords(from, m_host, folder, m_configFile)};
    }
    std::string name() const override { return m_host; }

private:
    std::string m_host;
    std::string m_configFile;
};

} // namespace

std::unique_ptr<Place> placeHere()
{
    return std::make_unique<HerePlace>();
}

std::unique_ptr<Place> placeBySsh(const std::string& host, const std::string& configFile)
{
    return std::make_unique<SshPlace>(host, configFile);
}

std::vector<std::string> rsyncWords(const std::string& from, const std::string& host, const std::string& folder, const std::string& sshConfig)
{
    std::vector<std::string> ssh = sshOptions(sshConfig);
    ssh.insert(ssh.begin(), "ssh");
    return {"--archive", "--protect-args", "--rsh=" + shellQuoted(ssh), "--", from, host + ":" + folder};
}

std::vector<std::string> rsyncListWords(const std::string& list, const std::string& from, const std::string& gate, const std::string& host,
                                        const std::string& folder, const std::string& sshConfig)
{
    std::vector<std::string> ssh = sshOptions(sshConfig);
    ssh.insert(ssh.begin(), "ssh");
    if (!gate.empty()) {
        ssh.insert(ssh.end(), {"--", gate, "ssh"});
        for (const std::string& option : sshOptions({}))
            ssh.push_back(option);
    }
    return {"--archive", "--protect-args", "--from0", "--files-from=" + list, "--rsh=" + shellQuoted(ssh), "--", from + "/", host + ":" + folder};
}

std::vector<std::string> sshOptions(const std::string& configFile)
{
    std::vector<std::string> words{"-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"};
    if (!configFile.empty())
        words.insert(words.begin(), {"-F", configFile});
    return words;
}

std::vector<std::string> shellWords(const char* script, const std::vector<std::string>& values)
{
    std::vector<std::string> words{"sh", "-c", script, "weft"};
    words.insert(words.end(), values.begin(), values.end());
    return words;
}

} // namespace weft
