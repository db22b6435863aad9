#include "core/device/collectives.h"

#include <cstdlib>

#include "core/base/error.h"
#include "core/device/kernel_table.h"
#include "core/device/plugin.h"

namespace weft {

std::unique_ptr<Collectives> joinRanks(const CollectivesOptions& options)
{
    KernelTable& table = KernelTable::process();
    if (!table.ranksJoiner()) {
        if (const std::optional<Message> problem = loadPlugin(pluginPath("mpi"), table))
            throw Error(*problem);
    }
    return table.ranksJoiner()(options);
}

// mpirun sets the first names, srun the others: PMIX_RANK with --mpi=pmix, PMI_RANK with --mpi=pmi2. A step of several
// tasks that has neither would be as many runs in one folder.

bool isRank()
{
    return std::getenv("OMPI_COMM_WORLD_SIZE") || std::getenv("PMIX_RANK") || std::getenv("PMI_RANK") || launchedProcesses() > 1;
}

int launchedProcesses()
{
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
        if (const char* size = std::getenv(name))
            return std::atoi(size);
    }
    return 0;
}

} // namespace weft
