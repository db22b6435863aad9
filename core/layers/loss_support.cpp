#include "core/layers/loss_support.h"

#include "core/ops/binary/binary.h"
#include "core/ops/cast/cast.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace weft {

Value classScores(LowerContext& context, const char* layer)
{
    const Value scores = numbersInput(context, layer);
    const Shape& shape = scores.shape();
    if (shape.rank() != 2 || !shape[1].isFixed()) {
        std::vector<Remedy> remedies;
        if (shape.rank() > 2)
            remedies.push_back(Remedy::insertBefore(message(WEFT_TEXT("Loss", "Insert Flatten")), "Flatten"));
        throw LayerFault("shape.mismatch",
                         message(WEFT_TEXT("Loss",
                                           "%1 needs one score for each class, [N, classes], but gets %2. Put Flatten and a Dense layer with one "
                                           "unit for each class before it."),
                                 layer, toString(shape)),
                         std::move(remedies));
    }
    if (shape[1].factor < 2)
        throw LayerFault("loss.oneClass",
                         message(WEFT_TEXT("Loss",
                                           "%1 needs scores of at least two classes, but gets %2. Give the Dense layer before it one unit for "
                                           "each class."),
                                 layer, toString(shape)));
    if (const LayerSpec* source = context.source(0); source && source->hasProbabilities())
        context.advise(
            {"loss.softmaxTwice",
             Severity::Warning,
             message(WEFT_TEXT("Loss", "%1 contains softmax, so %2 before it squeezes the scores twice and training gets slow. Take %2 out."), layer,
                     source->type()),
             {Remedy::bypassSource(message(WEFT_TEXT("Loss", "Take %1 out"), source->type()))}});
    return scores;
}

Value classTarget(LowerContext& context, const char* layer, const Value& scores)
{
    const Value target = lossTarget(context, {DType::Int32, {scores.shape()[0]}});
    if (target.dtype() != DType::Int32)
        throw LayerFault("type.target",
                         message(WEFT_TEXT("Loss", "%1 compares with the numbers of the right classes, but the wired target holds %2."), layer,
                                 nameOf(target.dtype())));
    return target;
}

Value numbersPrediction(const LowerContext& context, const char* layer)
{
    const Value prediction = numbersInput(context, layer);
    const Shape& shape = prediction.shape();
    return shape.rank() == 2 && shape[1] == Dim(1) && !context.input(1) ? reshape(prediction, {shape[0]}) : prediction;
}

Value numbersTarget(LowerContext& context, const char* layer, const Value& prediction)
{
    const Value target = lossTarget(context, prediction.type());
    if (target.dtype() != prediction.dtype())
        throw LayerFault("type.target",
                         message(WEFT_TEXT("Loss", "%1 compares with real numbers, but the wired target holds %2."), layer, nameOf(target.dtype())));
    return target;
}

Value meanOfSample(const Value& x)
{
    std::vector<int> axes;
    for (int axis = 1; axis < x.shape().rank(); ++axis)
        axes.push_back(axis);
    return axes.empty() ? x : reduceMean(x, axes);
}

Value oneHot(const Value& target, const Value& scores)
{
    const std::int64_t classes = scores.shape()[1].factor;
    std::vector<double> numbers(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = static_cast<double>(i);
    const Value column = reshape(cast(target, scores.dtype()), {target.shape()[0], 1});
    const Value distance = subtract(column, constant(scores.graph(), scores.dtype(), {classes}, std::move(numbers)));
    // Class numbers are whole, so 1 − distance² is 1 at the target and at most 0 elsewhere.
    return relu(affine(square(distance), -1.0, 1.0));
}

Value logSumExp(const Value& x)
{
    const Value largest = reduceMax(x, {1}, true);
    return add(largest, log(reduceSum(exp(subtract(x, largest)), {1}, true)));
}

Value absolute(const Value& x)
{
    return maximum(x, negate(x));
}

} // namespace weft
