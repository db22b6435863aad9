#include "core/layers/layer_spec.h"
#include "core/ops/cast/cast.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerInput(LowerContext& c)
{
    const auto kind = c.param<std::string>("kind");
    const auto column = c.param<std::string>("column");
    std::vector<Dim> dims{Dim::batch()};
    std::int64_t elements = 1;
    for (const std::int64_t extent : c.param<std::vector<std::int64_t>>("shape")) {
        dims.emplace_back(extent);
        elements *= extent;
        if (elements > std::int64_t{1} << 31)
            throw LayerFault(
                "input.tooLarge",
                message(WEFT_TEXT("Input", "One sample of this shape has more than two thousand million numbers. Make \"shape\" smaller.")));
    }
    if (column.empty())
        throw LayerFault("input.column",
                         message(WEFT_TEXT("Input", "No column is named. Set \"column\" to a column of the data, such as image or features.")));
    if (kind == "image") {
        if (c.param<bool>("variableLength"))
            throw LayerFault("input.variableImage",
                             message(WEFT_TEXT("Input", "Only sequences of numbers or tokens can vary in length, not images.")),
                             {Remedy::setParam(message(WEFT_TEXT("Input", "Use a fixed size")), "variableLength", false)});
        if (dims.size() != 4)
            throw LayerFault(
                "input.imageShape",
                message(
                    WEFT_TEXT("Input", "The shape of an image has three numbers, channels, height and width, such as [1, 28, 28]; this one has %1."),
                    dims.size() - 1));
        // Pixels stay bytes until here, so that an exported model takes raw pixels.
        const Value pixels = c.feed(column, {DType::UInt8, Shape(dims)});
        return affine(cast(pixels, DType::Float32), 1.0 / 255.0);
    }
    const DType dtype = kind == "tokens" ? DType::Int32 : DType::Float32;
    if (!c.param<bool>("variableLength"))
        return c.feed(column, {dtype, Shape(dims)});
    // The first extent is the longest; a column beside this one says how many steps of each sample are real.
    c.declareLongest(dims[1].factor);
    dims[1] = Dim::time();
    const Value steps = c.feed(column, {dtype, Shape(dims)});
    c.giveLengths(c.feed(column + ".lengths", {DType::Int32, {Dim::batch()}}));
    return steps;
}

} // namespace

LayerSpec input()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Input"), Category::Data)
        .summary(WEFT_TEXT("Input", "Where a column of the data enters the network."))
        .details(WEFT_TEXT("Input",
                           "Every network starts here. An image arrives as bytes and leaves as numbers between 0 and 1; numbers and tokens pass as "
                           "they are. The shape is that of one sample, without the batch, and is checked against the data before training."))
        .formula("x[n, …] : N × shape")
        .picture(Picture::Samples)
        .param("kind", "image")
        .choices({"image", "numbers", "tokens"})
        .label(WEFT_TEXT("Input", "Kind"))
        .help(WEFT_TEXT("Input", "What the column holds: pixels, real numbers, or indices of words."))
        .column("column", "image")
        .label(WEFT_TEXT("Input", "Column"))
        .help(WEFT_TEXT("Input", "Name of the column: image for pictures; features, or a header, for tables."))
        .shape("shape", {1, 28, 28})
        .label(WEFT_TEXT("Input", "Shape"))
        .help(WEFT_TEXT("Input",
                        "Shape of one sample: channels, height and width of an image; the number of features of a table; the longest "
                        "length of a text."))
        .param("variableLength", false)
        .label(WEFT_TEXT("Input", "Variable length"))
        .help(
            WEFT_TEXT("Input",
                      "Samples are sequences of different lengths; the first number of the shape is the longest. Layers that know lengths leave the "
                      "padding at the end out."))
        .output("y", "[N, ...]")
        .mask(Mask::Use)
        .lower(lowerInput);
}

} // namespace weft
