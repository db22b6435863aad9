#pragma once

#include "core/graph/graph.h"

namespace weft {

// Ops that stand for several others. Only the engine's passes build them, after differentiation, and
// only where the device has a kernel of its own for them; each comment is the expansion.

/// relu?(matmul(a, b) + bias): bias [n]. With `hasMask`, which goes with relu, the places where y is above 0 as well: a bit each, in rows
/// of `maskRow` bytes, uint8.
const OpSpec& fusedMatMulSpec();
/// reluGradient(matmul(dy, b), y) by (dy, b, mask of y).
const OpSpec& maskedMatMulSpec();
/// (dKernel, dBias) of x·kernel + bias from (x, dy): matmul(rows of x, rows of dy, transposeA) and the sums of the rows of dy.
const OpSpec& denseGradientSpec();
/// relu?(conv(x, kernel, bias)).
const OpSpec& fusedConvSpec();
/// relu?(conv(x, kernel, bias) + addend): addend of y's shape.
const OpSpec& fusedConvAddSpec();
/// y = relu?(maxPool(x)), and for the gradient (`hasIndex`) the place of each maximum: index uint8, of
/// y's shape, is the number of the first largest tap of the window counted row by row, padding
/// included, or 255 where the relu cut it off (y is not above 0).
const OpSpec& indexedMaxPoolSpec();
/// dx from (dy, index): each dy goes to the tap that its index names; overlapping windows add.
const OpSpec& indexedMaxPoolGradientSpec();
/// indexedMaxPool(conv(x, kernel, bias)) without the large array between.
const OpSpec& fusedConvPoolSpec();

/// Bytes of a row of `n` bits: rows begin as cuBLASLt has them.
constexpr std::int64_t maskRow(std::int64_t n)
{
    return (n + 127) / 128 * 16;
}

/// The value of `index` where the relu cut the maximum off.
inline constexpr std::uint8_t noTap = 255;

/// Attributes of a FusedConvPool from those of its Conv and of its IndexedMaxPool.
Attributes fusedConvPoolAttributes(const Attributes& conv, const Attributes& pool);

} // namespace weft
