#include "core/launch/host_wait.h"

#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/launch/place.h"

namespace weft {

namespace {

std::vector<std::string> hostsOf(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        throw Error(WEFT_TEXT("Launch", "The file of hosts %1 cannot be read."), path);
    std::vector<std::string> hosts;
    for (std::string line; std::getline(file, line);) {
        std::string host;
        std::istringstream(line) >> host;
        if (!host.empty() && host.front() != '#')
            hosts.push_back(host);
    }
    if (hosts.empty())
        throw Error(WEFT_TEXT("Launch", "The file %1 names no host."), path);
    return hosts;
}

/// Only addresses of this machine can be bound to.
bool isThisMachine(const std::string& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0)
        return false;
    bool isLocal = false;
    for (const addrinfo* address = found; address && !isLocal; address = address->ai_next) {
        const int file = ::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
        isLocal = file >= 0 && ::bind(file, address->ai_addr, address->ai_addrlen) == 0;
        ::close(file);
    }
    ::freeaddrinfo(found);
    return isLocal;
}

} // namespace

void waitForHosts(const std::string& hostsFile, std::chrono::seconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    for (const std::string& host : hostsOf(hostsFile)) {
        const std::unique_ptr<Place> place = placeBySsh(host, {});
        while (!isThisMachine(host)) {
            const ProgramEnd answer = place->run({"true"});
            if (answer.isGood())
                break;
            if (std::chrono::steady_clock::now() > end)
                throw Error(WEFT_TEXT("Launch", "The host %1 did not answer ssh within %2 seconds: %3"), host, limit.count(), answer.reason());
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    }
}

} // namespace weft
