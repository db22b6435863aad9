#include "app/cli/start_anew.h"

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "core/device/collectives.h"
#include "core/launch/listening.h"

namespace weft::cli {

namespace {

bool letThreadsSleep()
{
    if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return false;
    // Longer than the parts of a step differ on a quiet machine, far shorter than a scheduler's slice.
    setenv("GOMP_SPINCOUNT", "2000", 0);
    return true;
}

bool listenWhereTold()
{
    const char* networks = std::getenv("OMPI_MCA_btl_tcp_if_include");
    if (!networks || std::getenv("WEFT_LISTENING") || !isRank())
        return false;
    const auto variables = besideOwn(listeningVariables(networks));
    for (const auto& [name, value] : variables)
        setenv(name.c_str(), value.c_str(), 1);
    return !variables.empty();
}

} // namespace

void startAnewWhereNeeded(char** argv)
{
    const bool isSleepNew = letThreadsSleep();
    const bool isListeningNew = listenWhereTold();
    if (!isSleepNew && !isListeningNew)
        return;
    // By its name, by which process lists then know it.
    std::error_code fault;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", fault);
    if (!fault)
        execv(program.c_str(), argv);
    execv("/proc/self/exe", argv);
}

} // namespace weft::cli
