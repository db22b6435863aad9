#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Length of the vectors on the last axis, at least ε = 1e-8; compared as squares, so that the slope of the root
/// stays finite for a vector of zeros.
Value length(const Value& x)
{
    const Value squares = reduceSum(square(x), {-1}, true);
    return sqrt(maximum(squares, constant(x.graph(), x.dtype(), {}, {1e-16})));
}

Value lowerDot(LowerContext& c)
{
    const std::vector<Value> values = equalInputs(c, "Dot");
    if (values[0].shape().rank() < 2)
        throw LayerFault("shape.noFeatures",
                         message(WEFT_TEXT("Dot", "Dot multiplies vectors, [N, features], but gets %1."), toString(values[0].shape())));
    const Value product = reduceSum(multiply(values[0], values[1]), {-1}, true);
    return c.param<bool>("normalize") ? divide(product, multiply(length(values[0]), length(values[1]))) : product;
}

} // namespace

LayerSpec dot()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Dot"), Category::Core)
        .summary(WEFT_TEXT("Dot", "Multiplies two vectors into one number that says how alike they are."))
        .details(
            WEFT_TEXT("Dot",
                      "The sum of the products along the last axis: [N, features] twice becomes [N, 1]. Normalised it is the cosine of the angle, "
                      "from −1 to 1. Used to compare two branches, as in recommenders and siamese networks."))
        .formula("y = Σ a[i] · b[i]")
        .picture(Picture::InnerProduct)
        .param("normalize", false)
        .label(WEFT_TEXT("Dot", "Normalise"))
        .help(WEFT_TEXT("Dot", "Divides by the lengths of both vectors, which gives the cosine of the angle."))
        .input("a", "[N, ..., features]")
        .input("b", "[N, ..., features]")
        .output("y", "[N, ..., 1]")
        .mask(Mask::Pass)
        .lower(lowerDot);
}

} // namespace weft
