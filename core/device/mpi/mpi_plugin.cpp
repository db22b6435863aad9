// The one export of libweft_mpi.so.
#include "core/device/mpi/mpi_collectives.h"
#include "core/device/plugin.h"
#include "weft_build_id.h"

extern "C" __attribute__((visibility("default"))) const char* weftPlugin(const char* buildId, weft::KernelTable& table, weft::RefusalArguments&)
{
    if (const char* reason = weft::pluginRefusal(buildId, WEFT_BUILD_ID))
        return reason;
    table.setJoinRanks(weft::joinMpiRanks);
    return nullptr;
}
