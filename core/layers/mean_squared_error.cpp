#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerMeanSquaredError(LowerContext& c)
{
    const Value prediction = numbersPrediction(c, "MeanSquaredError");
    return meanOfSample(square(subtract(prediction, numbersTarget(c, "MeanSquaredError", prediction))));
}

} // namespace

LayerSpec meanSquaredError()
{
    return LayerSpec(WEFT_TEXT("LayerName", "MeanSquaredError"), Category::Loss)
        .summary(WEFT_TEXT("MeanSquaredError", "The loss for predicting numbers: the mean of the squared differences."))
        .details(WEFT_TEXT("MeanSquaredError",
                           "For regression, wire the prediction and name the target column. For an autoencoder, wire the Input to the target port, "
                           "so that the network learns to reproduce what it sees."))
        .formula("L = mean((ŷ − y)²)")
        .curve(
            -2.0, 2.0, [](double e) { return e * e; }, "ŷ − y")
        .loss("label", "[N, ...]", "[N, ...]")
        .lower(lowerMeanSquaredError)
        .link([](const Value& prediction) { return prediction; }, Task::Regression);
}

} // namespace weft
