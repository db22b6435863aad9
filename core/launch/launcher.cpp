#include "core/launch/launcher.h"

#include <QUuid>

#include "core/base/error.h"
#include "core/launch/kubernetes/kubernetes_launcher.h"
#include "core/launch/mpi_launcher.h"
#include "core/launch/slurm_launcher.h"

namespace weft {

std::string newJobId()
{
    return "weft-" + QUuid::createUuid().toString(QUuid::Id128).left(8).toStdString();
}

const char* nameOf(JobPhase phase)
{
    static constexpr const char* names[] = {"absent", "queued", "starting", "running", "succeeded", "failed"};
    return names[static_cast<std::size_t>(phase)];
}

bool isSame(const JobState& a, const JobState& b)
{
    const auto texts = [](const JobState& state) {
        std::string all;
        for (const Message& reason : state.reasons)
            all += english(reason) + "\n";
        for (const JobPart& part : state.parts)
            all += part.name + part.state + part.node + std::to_string(part.restarts) + part.message + "\n";
        return all;
    };
    return a.phase == b.phase && texts(a) == texts(b);
}

std::optional<CommandLine> Launcher::changes(const std::string&)
{
    return std::nullopt;
}

std::chrono::milliseconds Launcher::longestRest() const
{
    return std::chrono::seconds(2);
}

std::string Launcher::rankLog(int) const
{
    return {};
}

std::string Launcher::measureLink()
{
    throw Error(WEFT_TEXT("Launch", "Jobs of this target wait in a queue, so its link is not measured from here. Run weft link as a job of two ranks there "
                                    "(under mpirun or srun), and give what it says by --link."));
}

std::unique_ptr<Launcher> makeLauncher(const Target& target)
{
    switch (target.kind) {
    case TargetKind::Mpi: return mpiLauncher(target);
    case TargetKind::Slurm: return slurmLauncher(target);
    case TargetKind::Kubernetes: return kubernetesLauncher(target);
    default: throw Error(WEFT_TEXT("Target", "The target %1 is this machine: it needs no preparation."), target.name);
    }
}

} // namespace weft
