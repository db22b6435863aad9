#include "app/cli/measuring_ranks.h"

#include <filesystem>
#include <memory>

#include <QByteArray>
#include <QCoreApplication>

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/base/error.h"

namespace weft::cli {

MeasuredByRanks runMeasuringRanks(MpiJob job)
{
    job.program = std::filesystem::read_symlink("/proc/self/exe").string();
    QByteArray printed, said;
    const MpiEnd end = runMpiJob(
        job, [&](const QByteArray& line, bool isError) { (isError ? said : printed) += line + '\n'; }, [] { return 0; });
    if (end.exitCode == 0)
        return {printed.toStdString(), {}};
    const std::string complaint = said.trimmed().split('\n').front().toStdString();
    if (complaint.empty() && end.reason.empty())
        return {{}, Cli::tr("The ranks ended with the exit code %1.").arg(end.exitCode).toStdString()};
    return {{}, complaint.empty() ? end.reason : complaint};
}

int measureAsRank(const std::function<void(Collectives&)>& measure)
{
    const std::unique_ptr<Collectives> ranks = joinRanks({});
    try {
        measure(*ranks);
        return done;
    } catch (const Error& error) {
        printError(translated(error.message()));
        ranks->abandon(failed);
        return failed;
    }
}

} // namespace weft::cli
