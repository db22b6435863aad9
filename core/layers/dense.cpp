#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/matmul/matmul.h"

namespace weft {

namespace {

Value lowerDense(LowerContext& c)
{
    const Value x = numbersInput(c, "Dense");
    if (x.shape().rank() < 2 || !x.shape().back().isFixed())
        throw LayerFault("shape.noFeatures",
                         message(WEFT_TEXT("Dense", "Dense needs rows of features [N, features], but gets %1."), toString(x.shape())));
    if (x.shape().rank() == 4)
        c.advise({"dense.image",
                  Severity::Warning,
                  message(WEFT_TEXT("Dense",
                                    "Dense sees only the last axis: of %1 it takes rows of %2 numbers, not the whole image. Put Flatten before it."),
                          toString(x.shape()), x.shape().back().factor),
                  {Remedy::insertBefore(message(WEFT_TEXT("Dense", "Insert Flatten")), "Flatten")}});
    const std::int64_t features = x.shape().back().factor;
    const auto units = c.param<std::int64_t>("units");
    const Value y = matmul(x, c.parameter("kernel", {features, units}, initializerOf(c, features, units)));
    return c.param<bool>("useBias") ? add(y, c.parameter("bias", {units}, zeros())) : y;
}

} // namespace

/// y = x W + b, the fully connected layer.
LayerSpec dense()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "Dense"), Category::Core);
    layer.summary(WEFT_TEXT("Dense", "Every output sees every input: y = x W + b."))
        .details(WEFT_TEXT("Dense",
                           "The fully connected layer. The last one has as many units as there are classes and no activation after it: the loss adds "
                           "softmax. Between two Dense layers put an activation such as ReLU, or they act as one."))
        .formula("y = x · W + b")
        .picture(Picture::Connected)
        .param("units", 128)
        .range(1, 1 << 20)
        .label(WEFT_TEXT("Dense", "Units"))
        .help(WEFT_TEXT("Dense", "Features of the output; for the last layer the number of classes."))
        .param("useBias", true)
        .label(WEFT_TEXT("Dense", "Bias"))
        .help(WEFT_TEXT("Dense", "Adds a learned number to each output."));
    return initializerParam(layer).input("x", "[N, ..., in]").output("y", "[N, ..., units]").mask(Mask::Pass).lower(lowerDense);
}

} // namespace weft
