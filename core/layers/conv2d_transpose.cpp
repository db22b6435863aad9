#include <algorithm>

#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/conv/conv.h"

namespace weft {

namespace {

using Integers = std::vector<std::int64_t>;

/// Borders that the output loses, and rows that it gains behind, for each side of the image.
struct Borders {
    ConvGeometry geometry;
    Integers outputPadding{0, 0};
};

/// `same` gives side · stride, as in Keras.
Borders bordersOf(const LowerContext& c, const Value& x, const Integers& kernel)
{
    Borders borders;
    ConvGeometry& geometry = borders.geometry;
    geometry.strides = c.param<Integers>("stride");
    geometry.dilations = c.param<Integers>("dilation");
    geometry.groups = c.param<std::int64_t>("groups");
    const auto padding = c.param<std::string>("padding");
    if (padding == "explicit") {
        geometry.padBegin = geometry.padEnd = c.param<Integers>("pad");
        borders.outputPadding = c.param<Integers>("outputPadding");
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const std::int64_t span = geometry.dilations[i] * (kernel[i] - 1) + 1;
        if (padding == "same") {
            const std::int64_t border = std::max<std::int64_t>(0, span - geometry.strides[i]);
            geometry.padBegin[i] = border / 2;
            geometry.padEnd[i] = border - border / 2;
            borders.outputPadding[i] = std::max<std::int64_t>(0, geometry.strides[i] - span);
        }
        if (borders.outputPadding[i] >= geometry.strides[i])
            throw LayerFault("conv.outputPadding",
                             message(WEFT_TEXT("Conv2DTranspose", "The output padding of Conv2DTranspose, %1, must be smaller than its stride, %2."),
                                     borders.outputPadding[i], geometry.strides[i]),
                             {Remedy::setParam(message(WEFT_TEXT("Conv2DTranspose", "Use no output padding")), "outputPadding", Tree::List{0, 0})});
        const std::int64_t side = x.shape()[static_cast<int>(i) + 2].factor;
        if ((side - 1) * geometry.strides[i] + span + borders.outputPadding[i] <= geometry.padBegin[i] + geometry.padEnd[i])
            throw LayerFault("shape.tooSmall",
                             message(WEFT_TEXT("Conv2DTranspose",
                                               "Conv2DTranspose takes more border away than it makes of %1, so nothing would be left. Use a smaller "
                                               "border."),
                                     toString(x.shape())),
                             {Remedy::setParam(message(WEFT_TEXT("Conv2DTranspose", "Use padding \"same\"")), "padding", "same")});
    }
    return borders;
}

Value lowerTranspose(LowerContext& c)
{
    const Value x = imageInput(c, "Conv2DTranspose");
    const auto kernelSize = c.param<Integers>("kernelSize");
    const Borders borders = bordersOf(c, x, kernelSize);
    const std::int64_t channels = x.shape()[1].factor, groups = borders.geometry.groups;
    const auto filters = c.param<std::int64_t>("filters");
    if (channels % groups != 0 || filters % groups != 0)
        throw LayerFault(
            "conv.groups",
            message(WEFT_TEXT("Conv2DTranspose", "%1 groups do not divide %2 input channels and %3 filters evenly."), groups, channels, filters),
            {Remedy::setParam(message(WEFT_TEXT("Conv2DTranspose", "Use one group")), "groups", 1)});
    const std::int64_t area = kernelSize[0] * kernelSize[1];
    const Shape shape{channels, filters / groups, kernelSize[0], kernelSize[1]};
    const Value kernel = c.parameter("kernel", shape, initializerOf(c, channels / groups * area, filters / groups * area));
    const Value y = convTranspose(x, kernel, borders.geometry, borders.outputPadding);
    return c.param<bool>("useBias") ? add(y, alongChannels(c.parameter("bias", {filters}, zeros()), y)) : y;
}

} // namespace

LayerSpec conv2dTranspose()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "Conv2DTranspose"), Category::Convolution);
    layer.summary(WEFT_TEXT("Conv2DTranspose", "Enlarges an image with learned filters: a convolution run backwards."))
        .details(
            WEFT_TEXT("Conv2DTranspose",
                      "Every pixel stamps its filter, scaled by its value, onto the output, the stamps one stride apart. Generators, decoders and "
                      "U-Nets use it to grow images; a kernel that the stride divides avoids checkerboards. The kernel is [in, filters, height, "
                      "width]."))
        .formula("y[n, k, s·i + u − p, s·j + v − p] += w[c, k, u, v] · x[n, c, i, j];  y += b[k]")
        .picture(Picture::Stamp)
        .param("filters", 32)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv2DTranspose", "Filters"))
        .help(WEFT_TEXT("Conv2DTranspose", "Number of filters: the channels of the output."))
        .integers("kernelSize", {2, 2})
        .range(1, 1024)
        .label(WEFT_TEXT("Conv2DTranspose", "Kernel size"))
        .help(WEFT_TEXT("Conv2DTranspose", "Height and width of a stamp, in pixels."))
        .integers("stride", {2, 2})
        .range(1, 1024)
        .label(WEFT_TEXT("Conv2DTranspose", "Stride"))
        .help(WEFT_TEXT("Conv2DTranspose", "Distance between stamps, down and across. 2 doubles the image."))
        .param("padding", "valid")
        .choices({"valid", "same", "explicit"})
        .label(WEFT_TEXT("Conv2DTranspose", "Padding"))
        .help(
            WEFT_TEXT("Conv2DTranspose", "valid keeps all that is stamped; same gives stride times the size; explicit takes away what \"pad\" says."))
        .integers("pad", {0, 0})
        .range(0, 1023)
        .onlyWhen("padding", "explicit")
        .label(WEFT_TEXT("Conv2DTranspose", "Border"))
        .help(WEFT_TEXT("Conv2DTranspose", "Pixels taken away above and below, and left and right, with explicit padding."))
        .integers("outputPadding", {0, 0})
        .range(0, 1023)
        .onlyWhen("padding", "explicit")
        .label(WEFT_TEXT("Conv2DTranspose", "Output padding"))
        .help(WEFT_TEXT("Conv2DTranspose", "Rows added below and columns added right, with explicit padding; less than the stride."))
        .integers("dilation", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("Conv2DTranspose", "Dilation"))
        .help(WEFT_TEXT("Conv2DTranspose", "Distance between the pixels of a stamp; 1 leaves no gaps."))
        .param("groups", 1)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv2DTranspose", "Groups"))
        .help(WEFT_TEXT("Conv2DTranspose", "Splits channels and filters into groups that do not see each other. Must divide both."))
        .param("useBias", true)
        .label(WEFT_TEXT("Conv2DTranspose", "Bias"))
        .help(WEFT_TEXT("Conv2DTranspose", "Adds a learned number to each filter's answer. Not needed before BatchNorm."));
    return initializerParam(layer).input("x", "[N, C, H, W]").output("y", "[N, filters, H', W']").lower(lowerTranspose);
}

} // namespace weft
