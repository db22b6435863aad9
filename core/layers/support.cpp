#include "core/layers/support.h"

#include <algorithm>
#include <numeric>

#include "core/ops/reshape/reshape.h"

namespace weft {

Initializer zeros()
{
    return {};
}

Initializer ones()
{
    return {Initializer::Kind::Constant, 1.0, 0.0, 0, 0};
}

LayerSpec& initializerParam(LayerSpec& layer)
{
    return layer.param("initializer", "glorotUniform")
        .choices({"glorotUniform", "glorotNormal", "heUniform", "heNormal", "lecunUniform", "lecunNormal", "orthogonal", "truncatedNormal"})
        .label(WEFT_TEXT("Layer", "Initializer"))
        .help(WEFT_TEXT("Layer",
                        "How the kernel starts. Glorot suits most layers, He layers followed by ReLU, LeCun those followed by SELU. Orthogonal keeps "
                        "lengths through deep and recurrent networks; the truncated normal has the deviation 0.02, usual for Transformers."));
}

Initializer initializerOf(const LowerContext& context, std::int64_t fanIn, std::int64_t fanOut)
{
    using Kind = Initializer::Kind;
    constexpr double transformerDeviation = 0.02;
    const std::pair<const char*, Initializer> named[] = {
        {"glorotUniform", {Kind::GlorotUniform}}, {"glorotNormal", {Kind::GlorotNormal}},
        {"heUniform", {Kind::HeUniform}},         {"heNormal", {Kind::HeNormal}},
        {"lecunUniform", {Kind::LecunUniform}},   {"lecunNormal", {Kind::LecunNormal}},
        {"orthogonal", {Kind::Orthogonal}},       {"truncatedNormal", {Kind::TruncatedNormal, 0.0, transformerDeviation}},
    };
    const auto name = context.param<std::string>("initializer");
    Initializer initializer = std::find_if(std::begin(named), std::end(named), [&](const auto& entry) { return entry.first == name; })->second;
    initializer.fanIn = fanIn;
    initializer.fanOut = fanOut;
    return initializer;
}

Value numbersInput(const LowerContext& context, const char* layer, int index)
{
    const Value x = context.input(index);
    if (!isFloating(x.dtype()))
        throw LayerFault("type.notNumbers",
                         message(WEFT_TEXT("Layer", "%1 computes with real numbers, but gets %2 %3. Tokens need an embedding first."), layer,
                                 nameOf(x.dtype()), toString(x.shape())));
    return x;
}

Value imageInput(const LowerContext& context, const char* layer)
{
    const Value x = numbersInput(context, layer);
    const Shape& shape = x.shape();
    if (shape.rank() != 4)
        throw LayerFault("shape.notImage",
                         message(WEFT_TEXT("Layer",
                                           "%1 needs images [N, channels, height, width], but gets %2. Put it before Flatten and Dense, or give the "
                                           "Input a shape such as [1, 28, 28]."),
                                 layer, toString(shape)));
    if (!shape[1].isFixed() || !shape[2].isFixed() || !shape[3].isFixed())
        throw LayerFault("shape.notFixed", message(WEFT_TEXT("Layer", "%1 needs images of a fixed size, but gets %2."), layer, toString(shape)));
    return x;
}

Value volumeInput(const LowerContext& context, const char* layer)
{
    const Value x = numbersInput(context, layer);
    const Shape& shape = x.shape();
    if (shape.rank() != 5 || !std::all_of(shape.begin() + 1, shape.end(), [](const Dim& dim) { return dim.isFixed(); }))
        throw LayerFault("shape.notVolume",
                         message(WEFT_TEXT("Layer",
                                           "%1 needs volumes [N, channels, depth, height, width] of a fixed size, but gets %2. Bring them to that "
                                           "shape with a Reshape, for example to [1, 16, 16, 16]."),
                                 layer, toString(shape)),
                         {Remedy::insertBefore(message(WEFT_TEXT("Layer", "Insert Reshape")), "Reshape")});
    return x;
}

std::vector<Value> equalInputs(const LowerContext& context, const char* layer)
{
    std::vector<Value> values;
    for (int i = 0; i < static_cast<int>(context.inputs().size()); ++i) {
        values.push_back(numbersInput(context, layer, i));
        if (values.back().shape() != values.front().shape())
            throw LayerFault("shape.mismatch",
                             message(WEFT_TEXT("Layer",
                                               "%1 needs values of one shape, but gets %2 and %3. Bring them to one shape first, for example with a "
                                               "Conv2D of matching filters and stride."),
                                     layer, toString(values.front().shape()), toString(values.back().shape())));
    }
    return values;
}

Value joinedInputs(const LowerContext& context, const char* layer, Value (*join)(const Value&, const Value&))
{
    const std::vector<Value> values = equalInputs(context, layer);
    return std::accumulate(values.begin() + 1, values.end(), values.front(), join);
}

Value channelsInput(const LowerContext& context, const char* layer)
{
    const Value x = numbersInput(context, layer);
    if (x.shape().rank() < 2 || !x.shape()[1].isFixed())
        throw LayerFault(
            "shape.noChannels",
            message(WEFT_TEXT("Layer", "%1 needs channels or features on the second axis [N, C, ...], but gets %2."), layer, toString(x.shape())));
    return x;
}

Value alongChannels(const Value& perChannel, const Value& x)
{
    if (x.shape().rank() == 2)
        return perChannel;
    std::vector<Dim> dims(static_cast<std::size_t>(x.shape().rank()) - 1, Dim(1));
    dims.front() = perChannel.shape()[0];
    return reshape(perChannel, Shape(std::move(dims)));
}

int sampleAxis(const LowerContext& context, const char* layer, const Value& x)
{
    const int rank = x.shape().rank();
    const int given = context.param<int>("axis");
    const int axis = given < 0 ? given + rank : given;
    if (axis < 1 || axis >= rank)
        throw LayerFault("param.axis",
                         message(WEFT_TEXT("Layer", "\"axis\" of %1 is %2, but %3 has the axes 1 to %4 beside the batch."), layer, given,
                                 toString(x.shape()), rank - 1));
    return axis;
}

LayerSpec& windowParams(LayerSpec& layer, std::vector<std::int64_t> kernel, std::vector<std::int64_t> stride)
{
    const std::size_t axes = kernel.size();
    const bool isVolume = axes == 3;
    return layer.integers("kernelSize", std::move(kernel))
        .range(1, 1024)
        .label(WEFT_TEXT("Layer", "Kernel size"))
        .help(isVolume ? WEFT_TEXT("Layer", "Depth, height and width of the window.")
                       : WEFT_TEXT("Layer", "Height and width of the window, in pixels."))
        .integers("stride", std::move(stride))
        .range(1, 1024)
        .label(WEFT_TEXT("Layer", "Stride"))
        .help(isVolume ? WEFT_TEXT("Layer", "How far the window moves along depth, height and width. 2 halves the volume.")
                       : WEFT_TEXT("Layer", "How far the window moves, down and across. 2 halves the image."))
        .param("padding", "valid")
        .choices({"valid", "same", "explicit"})
        .label(WEFT_TEXT("Layer", "Padding"))
        .help(WEFT_TEXT("Layer", "valid adds no border; same adds what keeps the size at stride 1; explicit adds what \"pad\" says."))
        .integers("pad", std::vector<std::int64_t>(axes, 0))
        .range(0, 1023)
        .onlyWhen("padding", "explicit")
        .label(WEFT_TEXT("Layer", "Border"))
        .help(isVolume ? WEFT_TEXT("Layer", "Elements added before and behind along depth, height and width, with explicit padding.")
                       : WEFT_TEXT("Layer", "Pixels added above and below, and left and right, with explicit padding."));
}

LayerSpec& ceilModeParam(LayerSpec& layer)
{
    return layer.param("ceilMode", false)
        .label(WEFT_TEXT("Layer", "Round up"))
        .help(WEFT_TEXT("Layer", "Takes a last window that reaches over the border, so that the size is rounded up; off leaves such pixels out."));
}

std::vector<std::int64_t> roundingBorder(const LowerContext& context, const Window& window, const Value& x)
{
    std::vector<std::int64_t> border(window.kernel.size(), 0);
    for (std::size_t i = 0; i < border.size() && context.param<bool>("ceilMode"); ++i) {
        const std::int64_t side = x.shape()[static_cast<int>(i) + 2].factor + window.padBegin[i];
        const std::int64_t steps = (side + window.padEnd[i] - window.kernel[i] + window.strides[i] - 1) / window.strides[i];
        const std::int64_t last = steps * window.strides[i] >= side ? steps - 1 : steps;
        border[i] = std::max<std::int64_t>(0, last * window.strides[i] + window.kernel[i] - side - window.padEnd[i]);
    }
    return border;
}

namespace {

/// "3 x 5"
std::string sides(const std::vector<std::int64_t>& extents)
{
    std::string text;
    for (const std::int64_t extent : extents)
        text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

} // namespace

Window windowOf(const LowerContext& context, const char* layer, const Value& x, bool hasDilation)
{
    using Integers = std::vector<std::int64_t>;
    const std::size_t axes = static_cast<std::size_t>(x.shape().rank()) - 2;
    Window window{context.param<Integers>("kernelSize"), context.param<Integers>("stride"),
                  hasDilation ? context.param<Integers>("dilation") : Integers(axes, 1), Integers(axes, 0), Integers(axes, 0)};
    const auto padding = context.param<std::string>("padding");
    if (padding == "explicit")
        window.padBegin = window.padEnd = context.param<Integers>("pad");
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int64_t side = x.shape()[static_cast<int>(i) + 2].factor;
        const std::int64_t span = window.dilations[i] * (window.kernel[i] - 1) + 1;
        if (padding == "same") {
            const std::int64_t steps = (side + window.strides[i] - 1) / window.strides[i];
            const std::int64_t border = std::max<std::int64_t>(0, (steps - 1) * window.strides[i] + span - side);
            window.padBegin[i] = border / 2;
            window.padEnd[i] = border - border / 2;
        }
        if (side + window.padBegin[i] + window.padEnd[i] < span) {
            const Extents whole = x.shape().at(1);
            const std::string image = sides(Integers(whole.begin() + 2, whole.end()));
            const std::string kernel = sides(window.kernel);
            throw LayerFault("shape.tooSmall",
                             message(WEFT_TEXT("Layer",
                                               "The %1 window of %2 does not fit images of %3, so nothing would be left. Use a smaller kernel, "
                                               "padding \"same\", or fewer layers that shrink the image."),
                                     kernel, layer, image),
                             {Remedy::setParam(message(WEFT_TEXT("Layer", "Use padding \"same\"")), "padding", "same")});
        }
    }
    return window;
}

} // namespace weft
