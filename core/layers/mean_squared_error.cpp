#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerMeanSquaredError(LowerContext& c)
{
    Value prediction = numbersInput(c, "MeanSquaredError");
    // A column with one number a sample is [N], while a Dense layer with one unit gives [N, 1].
    if (prediction.shape().rank() == 2 && prediction.shape()[1] == Dim(1) && !c.input(1))
        prediction = reshape(prediction, {prediction.shape()[0]});
    const Value target = lossTarget(c, {DType::Float32, prediction.shape()});
    const Value squares = square(subtract(prediction, target));
    std::vector<int> axes;
    for (int axis = 1; axis < squares.shape().rank(); ++axis)
        axes.push_back(axis);
    return axes.empty() ? squares : reduceMean(squares, axes);
}

} // namespace

LayerSpec meanSquaredError()
{
    return LayerSpec("MeanSquaredError", Category::Loss)
        .summary(WEFT_TEXT("MeanSquaredError", "The loss for predicting numbers: the mean of the squared differences."))
        .details(WEFT_TEXT("MeanSquaredError",
                           "For regression, wire the prediction and name the target column. For an autoencoder, wire the Input to the target port, "
                           "so that the network learns to reproduce what it sees."))
        .loss("label", "[N, ...]", "[N, ...]")
        .lower(lowerMeanSquaredError)
        .link([](const Value& prediction) { return prediction; }, Task::Regression);
}

} // namespace weft
