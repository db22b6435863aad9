#include "tests/cuda_host/host_team.h"

#include <algorithm>
#include <cstdlib>

namespace weft {

int threadsOfHostTeam()
{
    static const int threads = [] {
        const char* said = std::getenv("WEFT_TEST_TEAM");
        return std::clamp(said ? std::atoi(said) : 1, 1, TeamMeeting::mostThreads);
    }();
    return threads;
}

} // namespace weft
