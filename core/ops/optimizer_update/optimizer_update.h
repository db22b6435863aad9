#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

/// A parameter with its gradient and the optimizer's slots for it.
struct UpdateTarget {
    Value parameter;
    Value gradient;
    std::vector<Value> slots;
};

/// Stochastic gradient descent as in PyTorch: g += weightDecay·p; v = momentum·v + g (v = g at the
/// first step); p −= rate·(nesterov ? g + momentum·v : v). One slot (v) where momentum > 0, else none.
/// `learningRate` is a float32 scalar value that the trainer feeds. One op updates all targets.
void sgdUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double momentum, bool nesterov, double weightDecay);

/// Adam (Kingma & Ba, 2015) as in PyTorch: weight decay is added to the gradient. Slots m and v; the
/// step count for bias correction is StepState::step.
void adamUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double beta1, double beta2, double epsilon, double weightDecay);

} // namespace weft
