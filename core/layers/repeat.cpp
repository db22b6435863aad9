#include "core/layers/support.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/reshape/reshape.h"

namespace weft {

namespace {

Value lowerRepeat(LowerContext& c)
{
    const Value x = numbersInput(c, "Repeat");
    std::vector<Dim> dims = x.shape().dims();
    dims.insert(dims.begin() + 1, Dim(1));
    const Value apart = reshape(x, Shape(dims));
    dims[1] = Dim(c.param<std::int64_t>("times"));
    return broadcastTo(apart, Shape(std::move(dims)));
}

} // namespace

LayerSpec repeat()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Repeat"), Category::Core)
        .summary(WEFT_TEXT("Repeat", "Makes a sequence that holds the same value at each step."))
        .details(WEFT_TEXT("Repeat",
                           "[N, features] becomes [N, times, features]. It carries one vector, such as the code of an encoder, to every step of a "
                           "decoder. It has nothing to learn."))
        .formula("y[n, t, …] = x[n, …],  0 ≤ t < times")
        .picture(Picture::Copies)
        .param("times", 2)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Repeat", "Times"))
        .help(WEFT_TEXT("Repeat", "How often the value is repeated: the length of the sequence."))
        .input("x", "[N, ...]")
        .output("y", "[N, times, ...]")
        .lower(lowerRepeat);
}

} // namespace weft
