#include "app/cli/background.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weft::cli {

Background::Side Background::split()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw Error(WEFT_TEXT("cli", "No process could be started in the background: %1."), std::string(std::strerror(errno)));
    const pid_t child = ::fork();
    if (child < 0)
        throw Error(WEFT_TEXT("cli", "No process could be started in the background: %1."), std::string(std::strerror(errno)));
    const bool isParent = child > 0;
    ::close(ends[isParent ? 1 : 0]);
    m_pipe = ends[isParent ? 0 : 1];
    if (!isParent)
        ::setsid();
    return isParent ? Side::Parent : Side::Child;
}

bool Background::waitForChild()
{
    char word = 0;
    ssize_t count = -1;
    do
        count = ::read(m_pipe, &word, 1);
    while (count < 0 && errno == EINTR);
    ::close(m_pipe);
    return count == 1;
}

void Background::ready()
{
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::dup2(nothing, file);
    ::close(nothing);
    const char word = 'r';
    // A parent that was ended meanwhile is no reason to end as well.
    [[maybe_unused]] const ssize_t count = ::write(m_pipe, &word, 1);
    ::close(m_pipe);
}

} // namespace weft::cli
