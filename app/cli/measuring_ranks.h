#pragma once

#include <functional>
#include <string>

#include "core/device/collectives.h"
#include "core/launch/mpi_job.h"

namespace weft::cli {

/// What ranks that were started to measure something printed, and why they failed: their own first complaint, else what mpirun
/// says; empty where they did not.
struct MeasuredByRanks {
    std::string printed;
    std::string fault;
};

/// Starts ranks of this program, with the arguments of `job`, and waits for their end. Throws Error where none can be started.
MeasuredByRanks runMeasuringRanks(MpiJob job);

/// The other side: joins the ranks and measures. After a fault, which is printed, all ranks end. Returns the exit code.
int measureAsRank(const std::function<void(Collectives&)>& measure);

} // namespace weft::cli
