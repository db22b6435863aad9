#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace weft {

class Collectives;

/// Adds up arrays of all ranks on their cards. The ranks start their sums in the same order; nothing here waits for one.
class RankExchange {
public:
    virtual ~RankExchange() = default;
    /// Adds `data`, as the kernels enqueued before leave it, over all ranks, in place and beside the kernels that come after.
    virtual void start(float* data, std::int64_t count) = 0;
    /// The kernels that are enqueued from now on find the sums that were started with the same address.
    virtual void finish(const float* data) = 0;
    /// Throws LostRankError where the others can no longer be reached.
    virtual void check() {}
};

/// How long a rank waits for the others' cards: NCCL takes minutes to join thousands, and ranks that hear nothing of one
/// another give up after five.
inline constexpr std::chrono::minutes joiningPatience{4};

/// Joins the ranks by NCCL, each with the card at hand, whose kernels are in `stream` (a cudaStream_t). Called on all of them.
/// Throws Error, on all of them, where one has no NCCL or fails, or they do not reach each other within `patience`.
std::unique_ptr<RankExchange> joinCards(Collectives& ranks, void* stream, std::chrono::milliseconds patience = joiningPatience);

} // namespace weft
