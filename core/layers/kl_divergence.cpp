#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Σ t (log t − log softmax(scores)); PyTorch's KLDivLoss of log_softmax, with its reduction batchmean. A class
/// of probability 0 adds nothing: the logarithm is taken of no less than the smallest normal number.
Value lowerKlDivergence(LowerContext& c)
{
    const Value scores = classScores(c, "KLDivergence");
    const Value t = numbersTarget(c, "KLDivergence", scores);
    const Value logTarget = log(maximum(t, constant(c.graph(), t.dtype(), {}, {1.2e-38})));
    return reduceSum(multiply(t, add(subtract(logTarget, scores), logSumExp(scores))), {1});
}

} // namespace

LayerSpec klDivergence()
{
    return LayerSpec(WEFT_TEXT("LayerName", "KLDivergence"), Category::Loss)
        .summary(WEFT_TEXT("KLDivergence", "How far the predicted distribution is from a given one."))
        .details(WEFT_TEXT("KLDivergence",
                           "Takes raw scores (logits) and a target distribution over the classes, for example the answer of a larger network that "
                           "this one should imitate. 0 where both agree. Predictions and exported models give the probabilities of softmax."))
        .formula("L = Σ t[i] · (ln t[i] − ln p[i]),  p = softmax(x)")
        .picture(Picture::Distributions)
        .loss("label", "[N, classes]", "[N, classes]")
        .lower(lowerKlDivergence)
        .link([](const Value& logits) { return softmax(logits); }, Task::Regression);
}

} // namespace weft
