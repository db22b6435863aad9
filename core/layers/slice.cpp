#include "core/ops/slice/slice.h"
#include "core/layers/support.h"

namespace weft {

namespace {

Value lowerSlice(LowerContext& c)
{
    const Value x = c.input(0);
    const int axis = sampleAxis(c, "Slice", x);
    if (!x.shape()[axis].isFixed())
        throw LayerFault("shape.notFixed",
                         message(WEFT_TEXT("Slice", "Slice needs an axis of fixed length, but axis %1 of %2 varies."), axis, toString(x.shape())));
    const std::int64_t extent = x.shape()[axis].factor;
    const auto given = c.param<std::int64_t>("begin");
    const auto length = c.param<std::int64_t>("length");
    const std::int64_t begin = given < 0 ? given + extent : given;
    const std::int64_t end = length == 0 ? extent : begin + length;
    if (begin < 0 || begin >= extent || end > extent)
        throw LayerFault(
            "slice.outside",
            message(WEFT_TEXT("Slice", "Slice takes %1 entries from %2 on, which is more than the %3 entries of axis %4 of %5 hold."),
                    length == 0 ? 1 : length, given, extent, axis, toString(x.shape())),
            {Remedy::setParam(message(WEFT_TEXT("Slice", "Take all that is left")), begin < 0 || begin >= extent ? "begin" : "length", 0)});
    // The axis of time is fixed here or not the one that is cut: every step is still in its place.
    c.giveLengths(c.lengths(0));
    return slice(x, axis, begin, end);
}

} // namespace

LayerSpec slice()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Slice"), Category::Core)
        .summary(WEFT_TEXT("Slice", "Takes a part of a value along an axis."))
        .details(
            WEFT_TEXT("Slice",
                      "Keeps some neighbouring entries of one axis, for example half of the channels, or the last step of a sequence (axis 1, begin "
                      "−1). It has nothing to learn."))
        .formula("y[n, i] = x[n, begin + i],  0 ≤ i < length")
        .picture(Picture::Part)
        .param("axis", 1)
        .range(-8, 8)
        .label(WEFT_TEXT("Slice", "Axis"))
        .help(WEFT_TEXT("Slice", "The axis to cut: 1 is the channels or features, −1 the last one. 0 is the batch and not allowed."))
        .param("begin", 0)
        .range(-1000000, 1000000)
        .label(WEFT_TEXT("Slice", "Begin"))
        .help(WEFT_TEXT("Slice", "The first entry that is kept, counted from 0; negative numbers count from the end."))
        .param("length", 1)
        .range(0, 1000000)
        .label(WEFT_TEXT("Slice", "Length"))
        .help(WEFT_TEXT("Slice", "How many entries are kept; 0 keeps all from the first one on."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Use)
        .lower(lowerSlice);
}

} // namespace weft
