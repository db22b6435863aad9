#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerNormalize(LowerContext& c)
{
    const Value x = numbersInput(c, "Normalize");
    const auto mean = c.param<std::vector<double>>("mean");
    const auto deviation = c.param<std::vector<double>>("std");
    if (mean.size() == 1 && deviation.size() == 1)
        return affine(x, 1.0 / deviation[0], -mean[0] / deviation[0]);

    const std::size_t channels = x.shape().rank() > 1 && x.shape()[1].isFixed() ? static_cast<std::size_t>(x.shape()[1].factor) : 0;
    const auto fits = [&](std::size_t count) { return count == 1 || count == channels; };
    if (!fits(mean.size()) || !fits(deviation.size()))
        throw LayerFault("normalize.count",
                         message(WEFT_TEXT("Normalize", "\"mean\" has %1 numbers and \"std\" %2; give one for all, or one for each channel of %3."),
                                 mean.size(), deviation.size(), toString(x.shape())));
    std::vector<double> scale(channels);
    std::vector<double> shift(channels);
    for (std::size_t i = 0; i < channels; ++i) {
        scale[i] = 1.0 / deviation[deviation.size() == 1 ? 0 : i];
        shift[i] = -mean[mean.size() == 1 ? 0 : i] * scale[i];
    }
    std::vector<Dim> dims(static_cast<std::size_t>(x.shape().rank() - 1), Dim(1));
    dims[0] = x.shape()[1];
    const Shape shape(dims);
    return add(multiply(x, constant(c.graph(), x.dtype(), shape, scale)), constant(c.graph(), x.dtype(), shape, shift));
}

} // namespace

LayerSpec normalize()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Normalize"), Category::Data)
        .summary(WEFT_TEXT("Normalize", "Subtracts a fixed mean and divides by a fixed deviation."))
        .details(WEFT_TEXT("Normalize",
                           "Put it right after the Input so that values lie around 0, which makes training faster. It is part of the network, so an "
                           "exported model still takes raw data. Give one number for everything, or one for each channel."))
        .formula("y = (x − mean) / std")
        .picture(Picture::Standardize)
        .reals("mean", {0.5})
        .range(-1e9, 1e9)
        .label(WEFT_TEXT("Normalize", "Mean"))
        .help(WEFT_TEXT("Normalize", "What is subtracted: one number, or one for each channel."))
        .reals("std", {0.5})
        .range(1e-9, 1e9)
        .label(WEFT_TEXT("Normalize", "Deviation"))
        .help(WEFT_TEXT("Normalize", "What the difference is divided by: one number, or one for each channel."))
        .input("x", "[N, C, ...]")
        .output("y", "[N, C, ...]")
        .lower(lowerNormalize);
}

} // namespace weft
