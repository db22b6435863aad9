#include <cmath>

#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Weights of the classes [classes], or an empty value where all count alike.
Value classWeights(LowerContext& c, const Value& logits)
{
    const auto weights = c.param<std::vector<double>>("classWeights");
    const std::int64_t classes = logits.shape()[1].factor;
    if (weights.size() == 1)
        return {};
    if (static_cast<std::int64_t>(weights.size()) != classes)
        throw LayerFault(
            "loss.classWeights",
            message(WEFT_TEXT("CrossEntropy", "\"classWeights\" has %1 numbers, but there are %2 classes. Give one for each, or one for all."),
                    weights.size(), classes),
            {Remedy::setParam(message(WEFT_TEXT("CrossEntropy", "Weigh all classes alike")), "classWeights", Tree::List{1.0})});
    return constant(c.graph(), logits.dtype(), {classes}, weights);
}

/// PyTorch's definition: the weighted losses of a batch are divided by the sum of the targets' weights, so the
/// loss of a sample is divided by their mean.
Value lowerCrossEntropy(LowerContext& c)
{
    const Value logits = classScores(c, "CrossEntropy");
    const Value target = classTarget(c, "CrossEntropy", logits);
    const Value weights = classWeights(c, logits);
    const auto smoothing = c.param<double>("labelSmoothing");
    Value loss = softmaxCrossEntropy(logits, target);
    const Value weightOfTarget = weights ? reduceSum(multiply(oneHot(target, logits), weights), {1}) : Value();
    if (weights)
        loss = multiply(loss, weightOfTarget);
    if (smoothing > 0.0) {
        Value ofClasses = subtract(logSumExp(logits), logits);
        if (weights)
            ofClasses = multiply(ofClasses, weights);
        loss = add(affine(loss, 1.0 - smoothing), affine(reduceMean(ofClasses, {1}), smoothing));
    }
    return weights ? divide(loss, reduceMean(weightOfTarget, {0}, true)) : loss;
}

} // namespace

LayerSpec crossEntropy()
{
    return LayerSpec(WEFT_TEXT("LayerName", "CrossEntropy"), Category::Loss)
        .summary(WEFT_TEXT("CrossEntropy", "The loss for choosing one of several classes."))
        .details(WEFT_TEXT("CrossEntropy",
                           "Takes raw scores (logits), one for each class, and the index of the right class; gives −log of the probability that "
                           "softmax puts on the right class. Predictions and exported models give the probabilities of softmax."))
        .formula("L = −ln p[target],  p = softmax(x)")
        .curve(
            0.02, 1.0, [](double p) { return -std::log(p); }, "p")
        .loss("label", "[N, classes]", "[N]")
        .param("labelSmoothing", 0.0)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("CrossEntropy", "Label smoothing"))
        .help(WEFT_TEXT("CrossEntropy", "This share of the target is spread over all classes, against overconfidence; 0.1 is usual."))
        .reals("classWeights", {1.0})
        .range(0.0, 1e6)
        .label(WEFT_TEXT("CrossEntropy", "Class weights"))
        .help(WEFT_TEXT("CrossEntropy", "How much each class counts, in the order of the classes, for data with rare classes; one number for all."))
        .lower(lowerCrossEntropy)
        .link([](const Value& logits) { return softmax(logits); }, Task::Classification);
}

} // namespace weft
