#pragma once

#include <cstdint>

#include "core/device/kernel.h"

namespace weft {

/// y = op(a)·op(b) (+ keep·y), (+ bias, max(0, ·)); all row-major, added up in float32. op(a) is [m, k], op(b) [k, n]; a flag
/// says that the stored matrix is the other way round. Rows are `row…` elements apart (0: as long as they are), the matrices of
/// a batch `step…`.
struct Product {
    std::int64_t m = 0, n = 0, k = 0;
    bool transposeA = false, transposeB = false;
    float keep = 0;
    std::int64_t rowA = 0, rowB = 0, rowY = 0;
    std::int64_t batch = 1, stepA = 0, stepB = 0, stepY = 0;
    DType factors = DType::Float32; ///< what a and b are stored as: float32 or 16 bits
    DType result = DType::Float32; ///< and y: the same, or float32
    const void* bias = nullptr; ///< [n], added to each row; stored as y is
    bool relu = false;
    void* mask = nullptr; ///< a bit for each result, rows of maskRow bytes: with relu written, which are above 0; else those without become 0
    std::int64_t maskRow = 0; ///< a multiple of 16
    void* biasGradient = nullptr; ///< [n], written: the sums of op(b) over k; stored as y is
    Precision precision = Precision::Float32; ///< to which factors of float32 are rounded
};

/// Whether the library knows a way for this product, wherever its arrays lie as those of plans do. Of `bias`, `mask` and
/// `biasGradient` it matters whether they are there alone.
bool canMultiply(const Product& product);

/// Enqueues the product. Throws Error when the library refuses it.
void multiply(const KernelContext& context, const Product& product, const void* a, const void* b, void* y);

} // namespace weft
