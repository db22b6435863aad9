#pragma once

#include <chrono>
#include <string>

namespace weft {

/// Waits until ssh reaches every host that a file names ("HOST slots=N" a line) and that is not this machine: hosts of
/// a job that a scheduler starts come up one by one. Throws Error naming one that did not answer within `limit`.
void waitForHosts(const std::string& hostsFile, std::chrono::seconds limit);

} // namespace weft
