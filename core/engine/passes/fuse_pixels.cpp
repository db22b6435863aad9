#include <algorithm>
#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/cast/cast.h"
#include "core/ops/pixels/pixels.h"

namespace weft {

namespace {

using Reals = std::vector<double>;

/// y = scale · x + shift, each one number or one a channel.
struct Scaling {
    Reals scale{1.0}, shift{0.0};

    void multiply(const Reals& by)
    {
        scale = combined(scale, by, [](double a, double b) { return a * b; });
        shift = combined(shift, by, [](double a, double b) { return a * b; });
    }
    void add(const Reals& what)
    {
        shift = combined(shift, what, [](double a, double b) { return a + b; });
    }

private:
    template <class Combine> static Reals combined(const Reals& a, const Reals& b, Combine combine)
    {
        Reals result(std::max(a.size(), b.size()));
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = combine(a[a.size() > 1 ? i : 0], b[b.size() > 1 ? i : 0]);
        return result;
    }
};

/// The numbers of a constant that is stretched along all axes of x but that of the channels; none where it is another.
Reals numbersOfChannels(const Value& constant, const Value& x)
{
    if (!is(constant.producer(), "Constant") || !constant.shape().isFixed())
        return {};
    const int added = x.shape().rank() - constant.shape().rank();
    for (int axis = 0; axis < constant.shape().rank(); ++axis) {
        if (constant.shape()[axis] != Dim(1) && axis + added != 1)
            return {};
    }
    return constant.producer()->attributes().get<Reals>("values");
}

/// Does to `scaling` what `op` does to x, and says whether it is an op of that kind.
bool follow(const Op* op, const Value& x, Scaling& scaling)
{
    if (is(op, "Affine")) {
        scaling.multiply({op->attributes().real("scale")});
        scaling.add({op->attributes().real("shift")});
        return true;
    }
    if ((!is(op, "Multiply") && !is(op, "Add")) || op->output().type() != x.type())
        return false;
    const Reals numbers = numbersOfChannels(op->input(op->input(0) == x ? 1 : 0), x);
    if (numbers.empty())
        return false;
    if (is(op, "Multiply"))
        scaling.multiply(numbers);
    else
        scaling.add(numbers);
    return true;
}

} // namespace

bool fusePixels(const Op& op, Rewriter& rewriter)
{
    if (!is(&op, "Cast") || op.input(0).dtype() != DType::UInt8 || op.output().dtype() != DType::Float32)
        return false;
    Scaling scaling;
    std::vector<const Op*> chain;
    Value last = op.output();
    for (const Op* next = rewriter.onlyReader(last); next && follow(next, last, scaling); next = rewriter.onlyReader(last)) {
        chain.push_back(next);
        last = next->output();
    }
    const auto& readers = rewriter.readers(last);
    const bool isForConv = std::any_of(readers.begin(), readers.end(), [](const Op* reader) { return is(reader, "Conv"); });
    const Attributes attributes{{"scale", scaling.scale}, {"shift", scaling.shift}, {castForConvAttribute, isForConv}};
    if (chain.empty() || !rewriter.canFuse(pixelsSpec(), op.inputs(), attributes))
        return false;
    rewriter.map(last, rewriter.build(op, pixelsSpec(), op.inputs(), attributes)[0]);
    for (const Op* one : chain)
        rewriter.absorb(one);
    return true;
}

} // namespace weft
