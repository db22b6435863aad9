#include "app/cli/rank_output.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weft::cli {

namespace {

pid_t passingOn = -1;

/// False at the end of what there is to read.
bool readMore(int file, std::string& text)
{
    char buffer[4096];
    ssize_t count = -1;
    do
        count = ::read(file, buffer, sizeof buffer);
    while (count < 0 && errno == EINTR);
    if (count > 0)
        text.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
}

/// One call a line: lines of several processes that share a pipe do not mix.
void writeLine(const std::string& line)
{
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t count = ::write(STDERR_FILENO, line.data() + done, line.size() - done);
        if (count < 0 && errno != EINTR)
            return;
        done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
}

[[noreturn]] void passOn(int from, const std::string& tag)
{
    // It ends with the rank, whatever that is told: signals to the rank's group do not reach it.
    ::setpgid(0, 0);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2})
        std::signal(signal, SIG_IGN);
    ::close(STDIN_FILENO);
    ::close(STDOUT_FILENO);
    std::string text;
    bool goesOn = true;
    while (goesOn) {
        goesOn = readMore(from, text);
        if (!goesOn && !text.empty())
            text += '\n';
        for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            writeLine(tag + text.substr(0, end + 1));
            text.erase(0, end + 1);
        }
    }
    ::_exit(0);
}

} // namespace

void tagErrors(const std::string& rank)
{
    int ends[2];
    const bool hasPipe = ::pipe2(ends, O_CLOEXEC) == 0;
    const pid_t child = hasPipe ? ::fork() : -1;
    if (child < 0)
        throw Error(WEFT_TEXT("cli", "No process could be started in the background: %1."), std::string(std::strerror(errno)));
    ::close(ends[child == 0 ? 1 : 0]);
    if (child == 0)
        passOn(ends[0], "[" + rank + "] ");
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
    passingOn = child;
}

void finishTaggedErrors()
{
    if (passingOn < 0)
        return;
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nothing, STDERR_FILENO);
    ::close(nothing);
    ::waitpid(std::exchange(passingOn, -1), nullptr, 0);
}

} // namespace weft::cli
