#include <algorithm>

#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Σ over the other classes of max(0, margin − s[target] + s[class]), or its square, divided by the number of
/// classes: PyTorch's MultiMarginLoss.
Value lowerHinge(LowerContext& c)
{
    const Value scores = classScores(c, "Hinge");
    const Value right = oneHot(classTarget(c, "Hinge", scores), scores);
    const Value scoreOfRight = reduceSum(multiply(right, scores), {1}, true);
    Value tooClose = relu(affine(subtract(scores, scoreOfRight), 1.0, c.param<double>("margin")));
    if (c.param<bool>("squared"))
        tooClose = square(tooClose);
    return reduceMean(multiply(tooClose, affine(right, -1.0, 1.0)), {1});
}

} // namespace

LayerSpec hinge()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Hinge"), Category::Loss)
        .summary(WEFT_TEXT("Hinge", "Asks that the right class wins by a margin, as support vector machines do."))
        .details(WEFT_TEXT("Hinge",
                           "Takes one score for each class. A class costs nothing once the right class is ahead of it by the margin, so training "
                           "attends to samples near the border. Predictions give softmax of the scores, which ranks the classes."))
        .formula("L = Σ max(0, margin + x[j] − x[target]) / classes,  j ≠ target")
        .curve(
            -2.0, 3.0, [](double m) { return std::max(0.0, 1.0 - m); }, "x[target] − x[j]")
        .loss("label", "[N, classes]", "[N]")
        .param("margin", 1.0)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("Hinge", "Margin"))
        .help(WEFT_TEXT("Hinge", "How far the right class must be ahead of every other."))
        .param("squared", false)
        .label(WEFT_TEXT("Hinge", "Squared"))
        .help(WEFT_TEXT("Hinge", "Squares what lacks to the margin, which punishes large errors more."))
        .lower(lowerHinge)
        .link([](const Value& scores) { return softmax(scores); }, Task::Classification);
}

} // namespace weft
