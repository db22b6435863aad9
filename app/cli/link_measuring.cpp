#include "app/cli/link_measuring.h"

#include <algorithm>

#include "app/cli/measuring_ranks.h"
#include "core/base/error.h"
#include "core/launch/launcher.h"
#include "core/launch/target_store.h"
#include "core/training/distributed/link_measurement.h"

namespace weft::cli {

ScalingLink measuredHere(int ranks, const std::string& hostsFile)
{
    MpiJob job;
    job.ranks = ranks;
    job.arguments = {"link", "--json"};
    job.isSpread = !hostsFile.empty();
    job.hostsFile = hostsFile;
    const MeasuredByRanks measured = runMeasuringRanks(job);
    if (!measured.fault.empty())
        throw Error(WEFT_TEXT("cli", "The link could not be measured: %1"), measured.fault);
    return linkFrom(measured.printed);
}

ScalingLink measuredOnTarget(const std::string& name)
{
    const Target target = TargetStore().find(name);
    if (target.kind == TargetKind::Local)
        return measuredHere(static_cast<int>(std::max<std::int64_t>(target.integer("ranks"), 2)), {});
    return linkFrom(makeLauncher(target)->measureLink());
}

} // namespace weft::cli
