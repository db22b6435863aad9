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

bool isRank()
{
    return std::getenv("OMPI_COMM_WORLD_SIZE") || std::getenv("PMIX_RANK");
}

} // namespace weft
