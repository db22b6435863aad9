#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// 1 − x·t / √((x·x + ε)(t·t + ε)) over the last axis: PyTorch's CosineEmbeddingLoss of pairs that belong together.
Value lowerCosineSimilarity(LowerContext& c)
{
    constexpr double epsilon = 1e-12;
    const Value x = numbersInput(c, "CosineSimilarity");
    if (x.shape().rank() < 2)
        throw LayerFault(
            "shape.mismatch",
            message(WEFT_TEXT("CosineSimilarity", "CosineSimilarity compares vectors, [N, features], but gets %1."), toString(x.shape())));
    const Value t = numbersTarget(c, "CosineSimilarity", x);
    const auto squareSum = [&](const Value& v) { return affine(reduceSum(square(v), {-1}), 1.0, epsilon); };
    const Value cosine = divide(reduceSum(multiply(x, t), {-1}), sqrt(multiply(squareSum(x), squareSum(t))));
    return meanOfSample(affine(cosine, -1.0, 1.0));
}

} // namespace

LayerSpec cosineSimilarity()
{
    return LayerSpec(WEFT_TEXT("LayerName", "CosineSimilarity"), Category::Loss)
        .summary(WEFT_TEXT("CosineSimilarity", "The loss for predicting a direction: one minus the cosine of the angle."))
        .details(WEFT_TEXT("CosineSimilarity",
                           "Compares vectors along the last axis and ignores their lengths: 0 for the same direction, 1 for a right angle, 2 for the "
                           "opposite direction. Used for embeddings, whose direction carries the meaning."))
        .formula("L = 1 − ŷ · y / (|ŷ| · |y|)")
        .picture(Picture::Angle)
        .loss("label", "[N, features]", "[N, features]")
        .lower(lowerCosineSimilarity)
        .link([](const Value& prediction) { return prediction; }, Task::Regression);
}

} // namespace weft
