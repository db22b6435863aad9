#include <cmath>
#include <tuple>

#include "core/layers/loss_support.h"
#include "core/ops/activation/activation.h"
#include "core/ops/binary/binary.h"
#include "core/ops/cast/cast.h"
#include "core/ops/concat/concat.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Scores [N] and class numbers as target numbers. A class beyond 0 and 1 makes NaN, which training reports:
/// 0 · log((2 − t)(1 + t)) is 0 for those two only.
std::pair<Value, Value> twoClasses(LowerContext& c, const Value& logits)
{
    const Shape& shape = logits.shape();
    if (shape.rank() != 1 && (shape.rank() != 2 || shape[1] != Dim(1)))
        throw LayerFault("shape.mismatch",
                         message(WEFT_TEXT("BinaryCrossEntropy",
                                           "To tell two classes apart, BinaryCrossEntropy needs one score for each sample, [N, 1], but gets %1. Give "
                                           "the Dense layer before it one unit, or use CrossEntropy."),
                                 toString(shape)),
                         {Remedy::setParam(message(WEFT_TEXT("BinaryCrossEntropy", "Compare with numbers")), "labels", "numbers")});
    const Value scores = reshape(logits, {shape[0]});
    const Value target = cast(classTarget(c, "BinaryCrossEntropy", scores), scores.dtype());
    const Value guard = log(multiply(affine(target, -1.0, 2.0), affine(target, 1.0, 1.0)));
    return {scores, add(target, affine(guard, 0.0))};
}

/// (1 − t) x + (1 + (p − 1) t) log(1 + e^−x) with the weight p of positives, as PyTorch's
/// BCEWithLogitsLoss; exact for large scores of either sign.
Value lowerBinaryCrossEntropy(LowerContext& c)
{
    Value x = numbersPrediction(c, "BinaryCrossEntropy");
    Value t;
    if (const LayerSpec* source = c.source(0); source && source->type() == "Sigmoid")
        c.advise({"loss.sigmoidTwice",
                  Severity::Warning,
                  message(WEFT_TEXT("BinaryCrossEntropy",
                                    "BinaryCrossEntropy contains sigmoid, so the Sigmoid before it squeezes the scores twice. Take it out.")),
                  {Remedy::bypassSource(message(WEFT_TEXT("BinaryCrossEntropy", "Take Sigmoid out")))}});
    if (c.param<std::string>("labels") == "classes")
        std::tie(x, t) = twoClasses(c, x);
    else
        t = numbersTarget(c, "BinaryCrossEntropy", x);
    const auto smoothing = c.param<double>("labelSmoothing");
    const auto positiveWeight = c.param<double>("positiveWeight");
    if (smoothing > 0.0)
        t = affine(t, 1.0 - smoothing, smoothing / 2.0);
    Value rest = softplus(negate(x));
    if (positiveWeight != 1.0)
        rest = multiply(rest, affine(t, positiveWeight - 1.0, 1.0));
    return meanOfSample(add(multiply(affine(t, -1.0, 1.0), x), rest));
}

/// Two classes are answered as by CrossEntropy: softmax of the scores 0 and x is 1 − sigmoid(x) and sigmoid(x).
LossAnswer answerOf(LowerContext& c)
{
    const Value x = c.input(0);
    const Shape& shape = x.shape();
    const bool isOneScore = shape.rank() == 1 || (shape.rank() == 2 && shape[1] == Dim(1));
    if (c.param<std::string>("labels") != "classes" || !isOneScore)
        return {x, sigmoid(x), Task::YesNo};
    const Value yes = reshape(x, {shape[0], 1});
    const Value scores = concat({affine(yes, 0.0), yes}, 1);
    return {scores, softmax(scores), Task::Classification, true};
}

} // namespace

LayerSpec binaryCrossEntropy()
{
    return LayerSpec(WEFT_TEXT("LayerName", "BinaryCrossEntropy"), Category::Loss)
        .summary(WEFT_TEXT("BinaryCrossEntropy", "The loss for answers of yes or no, one or several for each sample."))
        .details(
            WEFT_TEXT("BinaryCrossEntropy",
                      "Takes raw scores (logits) and targets between 0 and 1 of the same shape; each score is judged by itself, so several may be "
                      "yes at once. Predictions and exported models give the probabilities of sigmoid; for a label column with two classes "
                      "those of both classes."))
        .formula("L = −t · ln p − (1 − t) · ln(1 − p),  p = σ(x)")
        .curve(
            0.02, 1.0, [](double p) { return -std::log(p); }, "p")
        .loss("label", "[N, ...]", "[N, ...]")
        .param("labels", "classes")
        .choices({"classes", "numbers"})
        .label(WEFT_TEXT("BinaryCrossEntropy", "Target holds"))
        .help(WEFT_TEXT("BinaryCrossEntropy", "classes: a label column with two classes; numbers: a column or wire with numbers between 0 and 1."))
        .param("positiveWeight", 1.0)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("BinaryCrossEntropy", "Weight of yes"))
        .help(WEFT_TEXT("BinaryCrossEntropy", "How much a missed yes counts; above 1 for data in which yes is rare."))
        .param("labelSmoothing", 0.0)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("BinaryCrossEntropy", "Label smoothing"))
        .help(WEFT_TEXT("BinaryCrossEntropy", "Moves targets towards one half by this share, against overconfidence."))
        .lower(lowerBinaryCrossEntropy)
        .answer(answerOf);
}

} // namespace weft
