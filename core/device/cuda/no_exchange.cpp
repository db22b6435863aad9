// In the place of nccl_exchange.cpp where the headers of NCCL are missing.
#include "core/base/error.h"
#include "core/device/cuda/rank_exchange.h"

namespace weft {

std::unique_ptr<RankExchange> joinCards(Collectives&, void*, std::chrono::milliseconds)
{
    throw Error(WEFT_TEXT("Cuda", "This build has no NCCL, so several ranks cannot train on graphics cards; choose the device cpu, or one rank."));
}

} // namespace weft
