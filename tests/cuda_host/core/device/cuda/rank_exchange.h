#pragma once

#include "../../../../../core/device/cuda/rank_exchange.h"

#include "tests/cuda_host/host_nccl.h"

// Stands before the header of this name where the plugin is built without nvcc: the stand-in for NCCL is told who the ranks are,
// which NCCL finds by its own ways, and cards of the host come at once or never.

struct HostStream;

namespace weft {

inline std::unique_ptr<RankExchange> joinCards(Collectives& ranks, HostStream* stream)
{
    setHostRanks(ranks);
    return joinCards(ranks, static_cast<void*>(stream), std::chrono::milliseconds(100));
}

} // namespace weft
