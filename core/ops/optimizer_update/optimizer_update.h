#pragma once

#include <string>
#include <vector>

#include "core/base/attributes.h"
#include "core/graph/op.h"

namespace weft {

/// A parameter with its gradient and the optimizer's slots for it.
struct UpdateTarget {
    Value parameter;
    Value gradient;
    std::vector<Value> slots;
};

/// What happens before the rule, the same for all optimizers, in this order: where `gradientScale` is negative nothing
/// happens at all and nothing changes; the gradient is multiplied by it and clipped to ±clipValue; decoupled decay shrinks the weight by rate·weightDecay;
/// l1·sign(p) and, unless decoupled, weightDecay·p are added to the gradient. Decay and l1 apply to
/// parameters whose variable decays.
struct UpdateOptions {
    double weightDecay = 0.0;
    bool isDecoupled = false;
    double l1 = 0.0;
    double clipValue = 0.0; ///< 0: no clipping
    Value gradientScale = {}; ///< scalar, or [2] with the updates that were skipped before this one; empty: 1
};

/// Appends the op `rule` ("AdamUpdate", … of optimizer_rules.h), which overwrites all parameters and
/// slots. `numbers` are the attributes that the rule reads. `learningRate` is a scalar value that the
/// trainer feeds; the variable's rateFactor multiplies it. The count of updates is StepState::update without those skipped.
void optimizerUpdate(const std::string& rule, const Value& learningRate, const std::vector<UpdateTarget>& targets, Attributes numbers,
                     const UpdateOptions& options = {});

/// An update of one parameter alone.
struct UpdatePart {
    std::vector<Value> inputs;
    Attributes attributes;
};
/// What an op of optimizerUpdate does to each of its targets by itself; empty for other ops.
std::vector<UpdatePart> updateParts(const Op& op);

/// Stochastic gradient descent as in PyTorch. One slot (velocity) where momentum > 0, else none.
void sgdUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double momentum, bool nesterov, double weightDecay);

/// Adam as in PyTorch: weight decay is added to the gradient. Slots m and v.
void adamUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double beta1, double beta2, double epsilon, double weightDecay);

} // namespace weft
