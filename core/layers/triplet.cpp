#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// ‖a − b + ε‖ over the last axis. The ε, PyTorch's, keeps the slope finite where both are equal.
Value distance(const Value& a, const Value& b)
{
    constexpr double epsilon = 1e-6;
    return sqrt(reduceSum(square(affine(subtract(a, b), 1.0, epsilon)), {-1}));
}

/// max(0, d(anchor, positive) − d(anchor, negative) + margin): PyTorch's TripletMarginLoss with the Euclidean distance.
Value lowerTriplet(LowerContext& c)
{
    const std::vector<Value> vectors = equalInputs(c, "Triplet");
    if (vectors[0].shape().rank() < 2)
        throw LayerFault("shape.mismatch",
                         message(WEFT_TEXT("Triplet", "Triplet compares vectors, [N, features], but gets %1."), toString(vectors[0].shape())));
    const Value closer = subtract(distance(vectors[0], vectors[1]), distance(vectors[0], vectors[2]));
    return meanOfSample(relu(affine(closer, 1.0, c.param<double>("margin"))));
}

} // namespace

LayerSpec triplet()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Triplet"), Category::Loss)
        .summary(WEFT_TEXT("Triplet", "Asks that a vector lies nearer to one of its kind than to one of another kind."))
        .details(WEFT_TEXT("Triplet",
                           "Trains embeddings, for faces or products say. Three branches that share their weights turn an anchor, a sample of the "
                           "same kind and one of another kind into vectors; a triplet costs nothing once the other kind is farther away by the "
                           "margin. Predictions give the anchor's vector."))
        .formula("L = max(0, |a − p| − |a − n| + margin)")
        .picture(Picture::Angle)
        .input("anchor", "[N, features]")
        .input("positive", "[N, features]")
        .input("negative", "[N, features]")
        .lossShare(false)
        .param("margin", 1.0)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("Triplet", "Margin"))
        .help(WEFT_TEXT("Triplet", "How much farther away the other kind must be."))
        .lower(lowerTriplet)
        .link([](const Value& anchor) { return anchor; }, Task::Regression);
}

} // namespace weft
