#include <cmath>

#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"

namespace weft {

LayerSpec meanAbsoluteError()
{
    return LayerSpec(WEFT_TEXT("LayerName", "MeanAbsoluteError"), Category::Loss)
        .summary(WEFT_TEXT("MeanAbsoluteError", "The loss for predicting numbers: the mean distance to the target."))
        .details(WEFT_TEXT("MeanAbsoluteError",
                           "Unlike MeanSquaredError it does not let a few far outliers dominate: every unit of distance counts the same. The best "
                           "constant answer is the median of the targets."))
        .formula("L = mean(|ŷ − y|)")
        .curve(
            -2.0, 2.0, [](double e) { return std::abs(e); }, "ŷ − y")
        .loss("label", "[N, ...]", "[N, ...]")
        .lower([](LowerContext& c) {
            const Value prediction = numbersPrediction(c, "MeanAbsoluteError");
            return meanOfSample(absolute(subtract(prediction, numbersTarget(c, "MeanAbsoluteError", prediction))));
        })
        .link([](const Value& prediction) { return prediction; }, Task::Regression);
}

} // namespace weft
