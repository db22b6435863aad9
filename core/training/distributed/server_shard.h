#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "core/training/distributed/exchange_layout.h"

namespace weft {

/// The part of a network that one of several parameter servers holds: its parameters, how they are sent, and their update.
struct ServerShard {
    std::vector<Value> parameters; ///< of a worker's graph
    ExchangeLayout layout;
    UpdateGraph update;

    /// Every variable of the update, one behind the other: weights, optimizer slots, averages. Float32.
    std::vector<float> read(const Session& session) const;
    void write(Session& session, std::span<const float> from) const;
};

/// As many as `training.distributed.servers`, of about the same number of bytes. The first one has what no gradient changes,
/// too. Throws Error where there are fewer parameters than servers.
std::vector<ServerShard> serverShards(const Graph& graph, const std::vector<Value>& trained, const TrainingSettings& settings);

/// What one part of a batch adds to an update.
struct GradientShare {
    std::vector<float> gradient; ///< as the shard's layout has it
    float share = 1; ///< of the batch
    int worker = 0; ///< whose it is
};

/// The weights of a shard in the hands of its server.
class ShardWeights {
public:
    /// Adds the shard's variables to `session`. Both must outlive this.
    ShardWeights(const ServerShard& shard, Session& session, const TrainingSettings& settings);

    /// As they are sent to the worker, until they change.
    std::span<const float> given(int worker);
    /// One update with the sum of `shares`, whose arrays are free to be used again after it.
    void update(std::vector<GradientShare>& shares, const StepNumbers& numbers, std::int64_t step);
    /// They were written from outside.
    void haveChanged() { m_isCurrent = false; }
    const Plan& plan() const { return m_plan; }

private:
    const std::vector<float>& current();
    void compensate(GradientShare& share);

    const ServerShard& m_shard;
    Session& m_session;
    const TrainingSettings& m_settings;
    Plan& m_plan;
    std::vector<float> m_current;
    bool m_isCurrent = false;
    std::map<int, std::vector<float>> m_given; ///< to each worker, where delays are compensated
};

} // namespace weft
