#pragma once

#include <functional>

#include "app/cli/arguments.h"
#include "core/device/collectives.h"
#include "core/project/project.h"
#include "core/training/trainer.h"

namespace weft::cli {

/// What begins so is for a rank's log alone.
inline const QString rankNote = QStringLiteral("note: ");

/// The exit code of ranks that end because another one was lost: starting the job again may help.
inline constexpr int lostRankCode = 70;

/// `weft train` as one of the ranks that a launcher started: rank 0 does what `lead` does, the others what it tells
/// them. After a fault all ranks end.
int trainAsRank(const Arguments& arguments, const std::function<int(Collectives&)>& lead);

/// Threads that a rank computes with; 0: all cores it may use.
int threadsOfRank();

/// What `--device` means for a rank: each takes a card of its own where it says cuda, or auto and there are enough.
SessionOptions sessionOfRank(const std::string& device);

/// Ranks that mpirun started on this machine, this one among them; 1 where it does not say.
int ranksHere();

/// Called by rank 0 when it knows what to train: gives the others project, data and precision.
void shareJob(Collectives& ranks, const Project& project, const TrainingJob& job, const SessionOptions& session);

} // namespace weft::cli
