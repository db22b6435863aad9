#include "core/layers/sequence_support.h"

#include <algorithm>

#include "core/ops/transpose/transpose.h"

namespace weft {

Value sequenceInput(const LowerContext& context, const char* layer, int index)
{
    const Value x = context.input(index);
    const Shape& shape = x.shape();
    if (!isFloating(x.dtype()))
        throw LayerFault("type.notNumbers",
                         message(WEFT_TEXT("Layer", "%1 computes with real numbers, but gets %2 %3. Tokens need an embedding first."), layer,
                                 nameOf(x.dtype()), toString(shape)),
                         {Remedy::insertBefore(message(WEFT_TEXT("Layer", "Insert Embedding")), "Embedding", index)});
    if (shape.rank() != 3 || !shape[2].isFixed())
        throw LayerFault(
            "shape.notSequence",
            message(WEFT_TEXT("Layer",
                              "%1 needs sequences [N, length, features], but gets %2. Bring them to that shape with a Reshape, for example to "
                              "[28, 28]."),
                    layer, toString(shape)),
            {Remedy::insertBefore(message(WEFT_TEXT("Layer", "Insert Reshape")), "Reshape", index)});
    return x;
}

Value channelsFirst(const LowerContext& context, const char* layer)
{
    const Value x = numbersInput(context, layer);
    const Shape& shape = x.shape();
    if (shape.rank() != 3 || !shape[1].isFixed() || !shape[2].isFixed()) {
        std::vector<Remedy> remedies;
        if (shape.rank() == 2)
            remedies.push_back(Remedy::insertBefore(message(WEFT_TEXT("Layer", "Insert Reshape")), "Reshape"));
        throw LayerFault(
            "shape.notSequence",
            message(WEFT_TEXT("Layer",
                              "%1 needs sequences of a fixed length, [N, length, features], but gets %2. Bring them to that shape with a "
                              "Reshape, for example to [28, 28]."),
                    layer, toString(shape)),
            std::move(remedies));
    }
    return transpose(x, {0, 2, 1});
}

Value featuresLast(const Value& x)
{
    return transpose(x, {0, 2, 1});
}

LayerSpec& window1dParams(LayerSpec& layer, int kernel, int stride)
{
    return layer.param("kernelSize", kernel)
        .range(1, 1024)
        .label(WEFT_TEXT("Layer", "Kernel size"))
        .help(WEFT_TEXT("Layer", "Length of the window, in steps of the sequence."))
        .param("stride", stride)
        .range(1, 1024)
        .label(WEFT_TEXT("Layer", "Stride"))
        .help(WEFT_TEXT("Layer", "How far the window moves. 2 halves the sequence."))
        .param("padding", "valid")
        .choices({"valid", "same", "explicit"})
        .label(WEFT_TEXT("Layer", "Padding"))
        .help(WEFT_TEXT("Layer", "valid adds no border; same adds what keeps the size at stride 1; explicit adds what \"pad\" says."))
        .param("pad", 0)
        .range(0, 1023)
        .onlyWhen("padding", "explicit")
        .label(WEFT_TEXT("Layer", "Border"))
        .help(WEFT_TEXT("Layer", "Steps added before and behind the sequence, with explicit padding."));
}

Window window1dOf(const LowerContext& context, const char* layer, const Value& x, bool hasDilation)
{
    const std::int64_t length = x.shape()[2].factor;
    const auto kernel = context.param<std::int64_t>("kernelSize");
    const auto stride = context.param<std::int64_t>("stride");
    const std::int64_t dilation = hasDilation ? context.param<std::int64_t>("dilation") : 1;
    const std::int64_t span = dilation * (kernel - 1) + 1;
    const auto padding = context.param<std::string>("padding");
    std::int64_t before = 0, after = 0;
    if (padding == "explicit") {
        before = after = context.param<std::int64_t>("pad");
    } else if (padding == "same") {
        const std::int64_t border = std::max<std::int64_t>(0, ((length + stride - 1) / stride - 1) * stride + span - length);
        before = border / 2;
        after = border - before;
    }
    if (length + before + after < span)
        throw LayerFault("shape.tooSmall",
                         message(WEFT_TEXT("Layer",
                                           "The window of %1, %2 steps long, does not fit sequences of %3, so nothing would be left. Use a smaller "
                                           "kernel or padding \"same\"."),
                                 layer, span, length),
                         {Remedy::setParam(message(WEFT_TEXT("Layer", "Use padding \"same\"")), "padding", "same")});
    return {{kernel}, {stride}, {dilation}, {before}, {after}};
}

} // namespace weft
