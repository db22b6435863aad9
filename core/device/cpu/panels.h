#pragma once

#include <cstdint>

namespace weft::panels {

// Products with a matrix that is packed once and used many times: what a recurrent cell multiplies its state with
// at every step, on one thread. Columns are cut into panels as wide as a few vectors; a panel holds its rows one
// after the other, so that the innermost loop reads it without a gap. Each level of instructions has its own
// copy, see panels_kernels.inl.

struct Kernels {
    std::int64_t width = 8; ///< columns of a panel
    /// c [m, columns] += a [m, k] · b, rows of a and c `aStride` and `cStride` floats apart.
    void (*multiplyAdd)(const float* a, std::int64_t aStride, std::int64_t m, const float* packed, std::int64_t k, std::int64_t columns, float* c,
                        std::int64_t cStride)
        = nullptr;
};

/// The copy for this processor.
const Kernels& kernels();

/// Floats of a packed [k, columns].
std::int64_t packedSize(std::int64_t k, std::int64_t columns);
/// Packs b [k, columns]: element (i, j) is b[i · rowStep + j · columnStep]. Missing columns of the last panel are zero.
void pack(const float* b, std::int64_t rowStep, std::int64_t columnStep, std::int64_t k, std::int64_t columns, float* packed);

namespace baseline {
const Kernels& kernels();
}
namespace avx2 {
const Kernels& kernels();
}
namespace avx512 {
const Kernels& kernels();
}

} // namespace weft::panels
