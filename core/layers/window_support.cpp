#include "core/layers/window_support.h"

#include <algorithm>

#include "core/ops/concat/concat.h"
#include "core/ops/constant/constant.h"
#include "core/ops/conv/conv.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/slice/slice.h"
#include "core/ops/transpose/transpose.h"

namespace weft {

Value convolved(LowerContext& context, const char* layer, const Value& x, const Window& window)
{
    const std::int64_t channels = x.shape()[1].factor;
    const auto filters = context.param<std::int64_t>("filters");
    const auto groups = context.param<std::int64_t>("groups");
    if (channels % groups != 0 || filters % groups != 0)
        throw LayerFault("conv.groups",
                         message(WEFT_TEXT("Layer", "%1 has %2 groups, which do not divide its %3 input channels and %4 filters evenly."), layer,
                                 groups, channels, filters),
                         {Remedy::setParam(message(WEFT_TEXT("Layer", "Use one group")), "groups", 1)});
    std::vector<Dim> shape{filters, channels / groups};
    std::int64_t taps = 1;
    for (const std::int64_t size : window.kernel) {
        shape.emplace_back(size);
        taps *= size;
    }
    const Value kernel
        = context.parameter("kernel", Shape(std::move(shape)), initializerOf(context, channels / groups * taps, filters / groups * taps));
    const Value bias = context.param<bool>("useBias") ? context.parameter("bias", {filters}, zeros()) : Value();
    return conv(x, kernel, bias, {window.strides, window.padBegin, window.padEnd, window.dilations, groups});
}

namespace {

std::vector<std::int64_t> sum(std::vector<std::int64_t> a, const std::vector<std::int64_t>& b)
{
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus());
    return a;
}

} // namespace

Value maxPooled(const LowerContext& context, const char* layer, const Value& x)
{
    const Window w = windowOf(context, layer, x, false);
    return maxPool(x, {w.kernel, w.strides, w.padBegin, sum(w.padEnd, roundingBorder(context, w, x))});
}

/// Elements that only rounding up adds never count, those of the padding if wanted: PyTorch's divisor.
Value averagePooled(const LowerContext& context, const char* layer, const Value& x)
{
    const Window w = windowOf(context, layer, x, false);
    const std::vector<std::int64_t> more = roundingBorder(context, w, x);
    const bool countsPadding = context.param<bool>("countPadding");
    const std::vector<std::int64_t> none(more.size(), 0);
    if (!countsPadding || more == none)
        return averagePool(x, {w.kernel, w.strides, w.padBegin, sum(w.padEnd, more)}, countsPadding);
    Value padded = x;
    for (std::size_t i = 0; i < more.size(); ++i)
        padded = padZeros(padded, static_cast<int>(i) + 2, w.padBegin[i], w.padEnd[i]);
    return averagePool(padded, {w.kernel, w.strides, none, more}, false);
}

namespace {

struct Span {
    std::int64_t begin, end;
};

/// What output i of `size` sees of `side` elements.
Span spanOf(std::int64_t i, std::int64_t side, std::int64_t size)
{
    return {i * side / size, ((i + 1) * side + size - 1) / size};
}

Value maximaAlong(const Value& x, int axis, std::int64_t size)
{
    std::vector<Value> parts;
    for (std::int64_t i = 0; i < size; ++i) {
        const Span span = spanOf(i, x.shape()[axis].factor, size);
        parts.push_back(reduceMax(slice(x, axis, span.begin, span.end), {axis}, true));
    }
    return parts.size() == 1 ? parts[0] : concat(parts, axis);
}

/// The means along the last axis, by a matrix [side, size] that holds the share of each element.
Value meansAlongRows(const Value& x, std::int64_t size)
{
    const std::int64_t side = x.shape().back().factor;
    std::vector<double> shares(static_cast<std::size_t>(side * size), 0.0);
    for (std::int64_t i = 0; i < size; ++i) {
        const Span span = spanOf(i, side, size);
        for (std::int64_t from = span.begin; from < span.end; ++from)
            shares[static_cast<std::size_t>(from * size + i)] = 1.0 / static_cast<double>(span.end - span.begin);
    }
    return matmul(x, constant(x.graph(), x.dtype(), {side, size}, std::move(shares)));
}

} // namespace

Value adaptivelyPooled(const Value& x, const std::vector<std::int64_t>& size, Pooling pooling)
{
    const std::int64_t height = x.shape()[2].factor, width = x.shape()[3].factor;
    if (height % size[0] == 0 && width % size[1] == 0) {
        const std::vector<std::int64_t> window{height / size[0], width / size[1]};
        const PoolGeometry geometry{window, window, {0, 0}, {0, 0}};
        return pooling == Pooling::Max ? maxPool(x, geometry) : averagePool(x, geometry);
    }
    // Along the rows first, so that of equal maxima the first in row-major order gets the gradient, as in pools.
    if (pooling == Pooling::Max)
        return maximaAlong(maximaAlong(x, 3, size[1]), 2, size[0]);
    return transpose(meansAlongRows(transpose(meansAlongRows(x, size[1]), {0, 1, 3, 2}), size[0]), {0, 1, 3, 2});
}

} // namespace weft
