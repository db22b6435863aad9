#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/device/collectives.h"
#include "core/training/epoch_runner.h"

namespace weft {

/// What rank 0 tells the others to do next. It alone knows the run folder, the commands of the user and when a run
/// ends; the others compute what it computes.
struct RankOrder {
    enum class Kind : std::uint8_t { ShareVariables, StartEpoch, Step, Validate, EvenResiduals, End };
    Kind kind = Kind::End;
    std::int64_t number = 0; ///< the epoch, or the step
    std::int64_t firstBatch = 0;
    double learningRate = 0;
};

/// Called by rank 0, received by the others.
void sendOrder(Collectives& ranks, const RankOrder& order);
RankOrder receiveOrder(Collectives& ranks);

/// Gives every rank the variables of rank 0, all or those of one role: called on all of them.
void shareVariables(Collectives& ranks, Session& session, std::optional<Role> role = {});

/// The whole work of a rank other than 0, whatever the update rule: what it is told, until it is told to end. `onReady`
/// is called once it can begin; until then it throws Error where its job cannot be trained.
void trainBesideLeader(const TrainingJob& job, const SessionOptions& options, const std::function<void()>& onReady);

} // namespace weft
