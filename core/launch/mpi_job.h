#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <QByteArray>

#include "core/base/text.h"

namespace weft {

inline constexpr int mostRanks = 4096;

/// Ranks to start.
struct MpiJob {
    int ranks = 1;
    int threads = 1; ///< OpenMP threads of each rank
    std::string program; ///< what every rank runs
    std::vector<std::string> arguments;
    bool isSpread = false; ///< over several hosts: those of `hostsFile`, or of the Slurm job that this process is part of
    std::string hostsFile; ///< a line "HOST slots=N" each
};

/// Why ranks cannot be started on this machine: Open MPI or Weft's plugin for it is missing. Starts and loads nothing.
std::optional<Message> localRanksProblem();

/// How the ranks ended.
struct MpiEnd {
    int exitCode = 0;
    std::string reason; ///< what mpirun said of a rank that was lost, and on which host; empty where it said nothing
    int lostRank = -1; ///< where mpirun named one
    std::string lostHost; ///< where mpirun lost all of a host
};

/// Starts the ranks by mpirun and waits for their end, handing on each line they print. `nextSignal` is asked again and
/// again for a signal that every rank is to get; 0 is none. No rank outlives this process. Throws Error where Open MPI
/// or the plugin for it is missing, or it does not start.
MpiEnd runMpiJob(const MpiJob& job, const std::function<void(const QByteArray& line, bool isError)>& onLine, const std::function<int()>& nextSignal);

} // namespace weft
