#pragma once

#include <string>

#include "core/device/cuda/dnn_plan.h"

namespace weft {

/// The handle of this thread for the card at hand; one is made for each card that is used.
cudnnHandle_t dnnHandle();

/// How to run a graph on the card at hand: by cuDNN's rules or, where kernels are measured (measuring.h) and there is room for it,
/// what is the fastest, which is noted (plan_file.h). `what` names the graph: all that a measurement depends on besides card and
/// library. Nothing where cuDNN has no way.
std::optional<DnnPlan> choosePlan(const DnnGraph& graph, const DnnRules& rules, const std::string& what);

} // namespace weft
