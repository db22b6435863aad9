#pragma once

#include <functional>
#include <string>

#include "core/device/cuda/dnn_plan.h"
#include "core/device/kernel.h"

namespace weft {

/// The handle of this thread for the card at hand; one is made for each card that is used.
cudnnHandle_t dnnHandle();

/// A graph, and how it is run.
struct DnnProgram {
    static constexpr std::size_t alignment = 256; ///< of scratch: what allocations of CUDA have; cuDNN does not say what it needs

    DnnGraph graph;
    DnnPlan plan;

    /// With room to begin aligned.
    std::size_t scratchBytes() const { return plan.scratchBytes() > 0 ? plan.scratchBytes() + alignment : 0; }
    /// In the stream of the context, with these arrays in memory, in the order of the graph, and so much scratch.
    void run(const KernelContext& context, std::span<void* const> arrays, void* scratch) const;
};

/// A graph and how to run it on the card at hand: by cuDNN's rules or, where kernels are measured (measuring.h) and there is room
/// for it, what is the fastest. What was measured or compiled is kept (plan_store.h). `what` names the graph: all that it depends on
/// besides card and library; kernels of one name share the program. Null where cuDNN has no way.
std::shared_ptr<const DnnProgram> dnnProgram(const std::string& what, const DnnRules& rules, const std::function<DnnGraph()>& build);

} // namespace weft
