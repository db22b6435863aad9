#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/layers/support.h"
#include "core/ops/softmax/softmax.h"

namespace weft {

namespace {

Value lowerCrossEntropy(LowerContext& c)
{
    const Value logits = numbersInput(c, "CrossEntropy");
    if (logits.shape().rank() != 2) {
        std::vector<Remedy> remedies;
        if (logits.shape().rank() > 2)
            remedies.push_back(Remedy::insertBefore(message(WEFT_TEXT("CrossEntropy", "Insert Flatten")), "Flatten"));
        throw LayerFault("shape.mismatch",
                         message(WEFT_TEXT("CrossEntropy",
                                           "CrossEntropy needs one score for each class, [N, classes], but gets %1. Put Flatten and a Dense layer "
                                           "with one unit for each class before it."),
                                 toString(logits.shape())),
                         std::move(remedies));
    }
    if (logits.shape()[1].factor < 2)
        throw LayerFault(
            "loss.oneClass",
            message(
                WEFT_TEXT("CrossEntropy",
                          "CrossEntropy needs scores of at least two classes, but gets %1. Give the Dense layer before it one unit for each class."),
                toString(logits.shape())));
    if (const LayerSpec* source = c.source(0); source && source->hasProbabilities())
        c.advise({"loss.softmaxTwice",
                  Severity::Warning,
                  message(WEFT_TEXT("CrossEntropy",
                                    "CrossEntropy contains softmax, so %1 before it squeezes the scores twice and training gets slow. Take %1 out."),
                          source->type()),
                  {Remedy::bypassSource(message(WEFT_TEXT("CrossEntropy", "Take %1 out"), source->type()))}});
    return softmaxCrossEntropy(logits, lossTarget(c, {DType::Int32, {logits.shape()[0]}}));
}

} // namespace

LayerSpec crossEntropy()
{
    return LayerSpec("CrossEntropy", Category::Loss)
        .summary(WEFT_TEXT("CrossEntropy", "The loss for choosing one of several classes."))
        .details(WEFT_TEXT("CrossEntropy",
                           "Takes raw scores (logits), one for each class, and the index of the right class; gives −log of the probability that "
                           "softmax puts on the right class. Predictions and exported models give the probabilities of softmax."))
        .loss("label", "[N, classes]", "[N]")
        .lower(lowerCrossEntropy)
        .link([](const Value& logits) { return softmax(logits); }, Task::Classification);
}

} // namespace weft
