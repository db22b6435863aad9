#include <cmath>

#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// α (1 − p)^γ (−log p) with p = softmax(scores)[target] (Lin et al., 2017). 1 − p is computed as the share of
/// the other classes, in logarithms, so that it keeps its digits where p is close to 1.
Value lowerFocal(LowerContext& c)
{
    const Value scores = classScores(c, "Focal");
    const Value target = classTarget(c, "Focal", scores);
    const Value loss = softmaxCrossEntropy(scores, target);
    const auto gamma = c.param<double>("gamma");
    const auto alpha = c.param<double>("alpha");
    if (gamma == 0.0)
        return affine(loss, alpha);
    const Value others = add(scores, affine(oneHot(target, scores), -1e30));
    const Value logOthers = reshape(subtract(logSumExp(others), logSumExp(scores)), {scores.shape()[0]});
    return affine(multiply(exp(affine(logOthers, gamma)), loss), alpha);
}

} // namespace

LayerSpec focal()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Focal"), Category::Loss)
        .summary(WEFT_TEXT("Focal", "Cross-entropy that cares less about samples that are already right."))
        .details(WEFT_TEXT("Focal",
                           "For data in which some classes are rare or most samples easy: each sample's cross-entropy is multiplied by "
                           "alpha · (1 − p)^gamma, where p is the probability of the right class. With gamma 0 and alpha 1 it is CrossEntropy."))
        .formula("L = −α · (1 − p)^γ · ln p,  p = softmax(x)[target]")
        .curve(
            0.02, 1.0, [](double p) { return -(1.0 - p) * (1.0 - p) * std::log(p); }, "p")
        .loss("label", "[N, classes]", "[N]")
        .param("gamma", 2.0)
        .range(0.0, 100.0)
        .label(WEFT_TEXT("Focal", "Gamma"))
        .help(WEFT_TEXT("Focal", "How strongly easy samples are played down; 0 treats all alike."))
        .param("alpha", 1.0)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("Focal", "Alpha"))
        .help(WEFT_TEXT("Focal", "A factor for the whole loss."))
        .lower(lowerFocal)
        .link([](const Value& logits) { return softmax(logits); }, Task::Classification);
}

} // namespace weft
