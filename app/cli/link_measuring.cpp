#include "app/cli/link_measuring.h"

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/launch/launcher.h"
#include "core/launch/mpi_job.h"
#include "core/launch/target_store.h"
#include "core/training/distributed/link_measurement.h"

namespace weft::cli {

ScalingLink measuredHere(int ranks, const std::string& hostsFile)
{
    MpiJob job;
    job.ranks = ranks;
    job.program = std::filesystem::read_symlink("/proc/self/exe").string();
    job.arguments = {"link", "--json"};
    job.isSpread = !hostsFile.empty();
    job.hostsFile = hostsFile;
    QByteArray printed, said;
    const MpiEnd end = runMpiJob(
        job, [&](const QByteArray& line, bool isError) { (isError ? said : printed) += line + '\n'; }, [] { return 0; });
    if (end.exitCode != 0)
        throw Error(WEFT_TEXT("cli", "The link could not be measured: %1"), end.reason.empty() ? said.trimmed().toStdString() : end.reason);
    return linkFrom(printed.toStdString());
}

ScalingLink measuredOnTarget(const std::string& name)
{
    const Target target = TargetStore().find(name);
    if (target.kind == TargetKind::Local)
        return measuredHere(static_cast<int>(std::max<std::int64_t>(target.integer("ranks"), 2)), {});
    return linkFrom(makeLauncher(target)->measureLink());
}

} // namespace weft::cli
