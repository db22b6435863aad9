#pragma once

#include <string>

namespace weft {

/// A script that works on the folder $1 of a job. It begins by noting in it the sshd by which it came, so that `endLinks` finds it:
/// behind a link that was cut a program blocks as it writes, and sshd waits until the kernel gives up, which takes a quarter of an
/// hour, or two hours with nothing to send.
std::string linkedScript(const std::string& script);

/// The script that prints the file $2 below the job's folder as it grows; `option` tells tail where to begin. It ends when the job
/// has ended and nobody takes what it prints.
std::string followScript(const std::string& option);

/// Ends all connections of the job but the script's own that are still there after a second: their link is gone, since who
/// asked has had an answer or given up. For a `linkedScript`.
inline constexpr char endLinks[] = R"(
n=0
while [ $n -lt 10 ] && has_links; do n=$((n + 1)); sleep 0.1; done
end_links
)";

} // namespace weft
