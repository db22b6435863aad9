#pragma once

#include <functional>
#include <memory>

#include "core/device/collectives.h"

namespace weft {

/// Ranks that are threads of this process: in-graph replication, where one process drives several partitions of the
/// processor. Sums are taken in the order of the ranks, whoever comes first.
class ThreadRanks {
public:
    explicit ThreadRanks(int size);
    ~ThreadRanks();

    /// Runs `work` on every rank, that of rank 0 in this thread, and waits for all. When one throws, the others'
    /// waiting ends with a LostRankError; the fault that came first is rethrown.
    void run(const std::function<void(Collectives&)>& work);

private:
    struct World;
    class Rank;
    std::unique_ptr<World> m_world;
};

} // namespace weft
