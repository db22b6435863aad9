#pragma once

#include <memory>

#include <QJsonArray>

#include "core/device/collectives.h"
#include "core/training/epoch_runner.h"

namespace weft {

/// Rank 0 of a run whose update rule needs one: it holds weights and optimizer, hands batches out to the other ranks
/// and makes updates of the gradients that come back. `training.distributed.update` says of which:
/// "parameterServer" adds up those of all parts of a batch; of a slow worker's part backup workers compute a copy, and
/// the first that comes counts. "staleSynchronous" and "asynchronous" update with each gradient of a batch as it comes.
/// One step is one update. The sums of "parameterServer" do not depend on who comes first.
/// With several servers each of the first ranks holds a share of the weights; rank 0 alone decides, and the others do in its order what
/// it does (`server_letters.h`), so that the bits are those of one server.
class ParameterServer {
public:
    /// `session` belongs to the server; it gets weights, optimizer slots and states. Throws Error when there are too
    /// few workers.
    ParameterServer(const TrainingJob& job, Session& session, Collectives& ranks);
    ~ParameterServer();

    /// The network as workers train it.
    const Lowered& lowered() const;
    /// All variables from a checkpoint.
    void load(const TensorFile& file);
    std::int64_t stepsPerEpoch() const;
    bool hasAccuracy() const;
    std::vector<PlanStep> steps() const;
    void startEpoch(std::int64_t epoch, std::int64_t firstBatch);
    BatchResult step(std::int64_t step, double learningRate);
    /// What the workers did since this was last asked, for the run's events.
    QJsonArray takeWorkers();
    /// Brings the variables of other servers to the session.
    void collectVariables();
    /// Sends workers and other servers home.
    void dismiss();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The whole work of a rank that is no server: batches that rank 0 hands out, until it sends it home.
void workForServer(const TrainingJob& job, SessionOptions options, Collectives& ranks, const std::function<void()>& onReady);
/// The whole work of one of several servers that is not rank 0.
void serveBesideLeader(const TrainingJob& job, SessionOptions options, Collectives& ranks, const std::function<void()>& onReady);

} // namespace weft
