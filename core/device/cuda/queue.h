#pragma once

#include <cstddef>

#include "core/device/cuda/rank_exchange.h"
#include "core/device/kernel.h"

namespace weft {

inline constexpr std::size_t productWorkspaceBytes = std::size_t(32) << 20; ///< what NVIDIA advises for products on Hopper

/// What the kernels of a plan need of their card: `KernelContext::stream` points to one.
struct CudaQueue {
    void* stream = nullptr; ///< cudaStream_t
    const StepState* state = nullptr; ///< of the run at hand, in the inbox of its plan on the card, as are its sample indices
    void* blas = nullptr; ///< cublasLtHandle_t
    void* workspace = nullptr; ///< of the products, on the card
    std::size_t workspaceBytes = 0;
    RankExchange* exchange = nullptr; ///< with the cards of the other ranks; null where they have not joined
};

inline const CudaQueue& queueOf(const KernelContext& context)
{
    return *static_cast<const CudaQueue*>(context.stream);
}

/// Copies between places on the card, in order with the kernels.
void copyOnCard(const KernelContext& context, void* to, const void* from, std::size_t bytes);
/// Copies from the host; `from` stays as it is while the plan may run, for what is recorded reads it in each run.
void copyToCard(const KernelContext& context, void* to, const void* from, std::size_t bytes);
/// Sets `bytes` to zero.
void clearOnCard(const KernelContext& context, void* to, std::size_t bytes);

} // namespace weft
