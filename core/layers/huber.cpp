#include <cmath>

#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// d²/2 up to the distance δ, δ (d − δ/2) beyond: with m = min(d, δ) both are m²/2 + δ (d − m).
Value lowerHuber(LowerContext& c)
{
    const Value prediction = numbersPrediction(c, "Huber");
    const Value distance = absolute(subtract(prediction, numbersTarget(c, "Huber", prediction)));
    const auto delta = c.param<double>("delta");
    const Value near = minimum(distance, constant(c.graph(), distance.dtype(), {}, {delta}));
    return meanOfSample(add(affine(square(near), 0.5), affine(subtract(distance, near), delta)));
}

} // namespace

LayerSpec huber()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Huber"), Category::Loss)
        .summary(WEFT_TEXT("Huber", "Squared error for small differences, absolute error for large ones."))
        .details(WEFT_TEXT("Huber",
                           "For predicting numbers when some targets are wrong by far: close to the target it is as smooth as MeanSquaredError, far "
                           "away it grows only linearly, so outliers do not dominate."))
        .formula("L = ½ · e² (|e| ≤ δ),  δ · (|e| − δ/2) (|e| > δ),  e = ŷ − y")
        .curve(
            -3.0, 3.0, [](double e) { return std::abs(e) <= 1.0 ? 0.5 * e * e : std::abs(e) - 0.5; }, "ŷ − y")
        .loss("label", "[N, ...]", "[N, ...]")
        .param("delta", 1.0)
        .range(1e-6, 1e6)
        .label(WEFT_TEXT("Huber", "Delta"))
        .help(WEFT_TEXT("Huber", "The distance at which the square turns into a straight line."))
        .lower(lowerHuber)
        .link([](const Value& prediction) { return prediction; }, Task::Regression);
}

} // namespace weft
