#include "app/cli/thread_waiting.h"

#include <cstdlib>

#include <unistd.h>

namespace weft::cli {

void sleepWhileWaiting(char** argv)
{
    if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return;
    // Longer than the parts of a step differ on a quiet machine, far shorter than a scheduler's slice.
    setenv("GOMP_SPINCOUNT", "2000", 0);
    execv("/proc/self/exe", argv);
}

} // namespace weft::cli
