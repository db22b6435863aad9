#pragma once

#include <cstdint>

namespace weft::channels {

// The inner loops of channels.h over one segment: element i belongs to lane i mod 16, and every lane has its own
// sums and coefficients. Each level of instructions has its own copy, see channel_kernels.inl.

inline constexpr std::int64_t width = 16;

struct Kernels {
    /// Adds Σ (x − center) and Σ (x − center)² to the 16 sums of each.
    void (*moments)(const float* x, std::int64_t length, const float* center, double* first, double* second) = nullptr;
    /// Adds Σ dy and Σ dy · (x − center).
    void (*products)(const float* dy, const float* x, std::int64_t length, const float* center, double* first, double* second) = nullptr;
    /// y = factor · x + shift.
    void (*scale)(const float* x, std::int64_t length, const float* factor, const float* shift, float* y) = nullptr;
    /// dx = a · dy + (b · x + c).
    void (*combine)(const float* dy, const float* x, std::int64_t length, const float* a, const float* b, const float* c, float* dx) = nullptr;
};

/// The copy for this processor.
const Kernels& kernels();

namespace baseline {
const Kernels& kernels();
}
namespace avx2 {
const Kernels& kernels();
}
namespace avx512 {
const Kernels& kernels();
}

} // namespace weft::channels
