#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::winograd {

// The inner loops of Winograd's convolution F(4x4, 3x3): a patch of 6x6 inputs becomes 36 numbers, the kernel's
// 3x3 taps become 36 others, and what their products over the channels sum up to becomes a tile of 4x4 outputs:
// 36 multiply-adds in place of 144. Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks",
// 2016; the points 0, ±5/8, ±3/2 and infinity lose fewer digits than whole numbers do. Vectors are 16 channels.
// Each level of instructions has its own copy, see winograd_kernels.inl.

inline constexpr std::int64_t width = 16;
inline constexpr std::int64_t tile = 4;
inline constexpr std::int64_t patch = 6;
inline constexpr std::int64_t points = 36;
inline constexpr std::int64_t taps = 9;

/// m (+)= v · u for one of the 36 points. The products of 16 channels are added up in registers before
/// they go to the sums of all channels: that keeps the rounding error as small as that of a direct convolution,
/// of which Winograd's alone would have twice as much.
struct Product {
    const float* v = nullptr; ///< [channel blocks][tiles][16]
    std::ptrdiff_t vBlock = 0; ///< floats between channel blocks
    std::int64_t blocks = 1; ///< of 16 channels
    std::int64_t tiles = 0;
    const float* u = nullptr; ///< [channels][outputs]
    std::int64_t outputs = width; ///< 16 or 32
    float* m = nullptr; ///< [output blocks][tiles][16]
    std::ptrdiff_t mBlock = 0; ///< floats between output blocks
    bool isFirst = true; ///< m holds nothing yet
};

/// s (+)= the sum over tiles of v · d for one of the 36 points, where F(3x3, 4x4) makes the gradient of a kernel.
struct GradientProduct {
    const float* v = nullptr; ///< [tiles][16 channels]
    const float* d = nullptr; ///< [tiles][outputs]
    std::int64_t tiles = 0;
    std::int64_t outputs = width; ///< 16 or 32
    float* s = nullptr; ///< [output blocks][16 channels][16]
    bool isFirst = true; ///< s holds nothing yet
};

struct Kernels {
    /// 6x6 positions of 16 channels, rows `row` floats apart, to 36 vectors that lie `point` floats apart.
    void (*transformInput)(const float* x, std::ptrdiff_t row, float* v, std::ptrdiff_t point) = nullptr;
    /// [9][16] taps to 36 vectors.
    void (*transformKernel)(const float* taps, float* u, std::ptrdiff_t point) = nullptr;
    void (*multiply)(const Product& product) = nullptr;
    /// 36 vectors to 4x4 outputs of 16 channels; `bias` has 16 numbers or is null.
    void (*transformOutput)(const float* m, std::ptrdiff_t point, const float* bias, bool relu, float* y, std::ptrdiff_t row) = nullptr;
    /// 4x4 positions of dy to 36 vectors.
    void (*transformSlopes)(const float* dy, std::ptrdiff_t row, float* d, std::ptrdiff_t point) = nullptr;
    void (*multiplyGradient)(const GradientProduct& product) = nullptr;
    /// 36 vectors to [9][16] taps.
    void (*transformTaps)(const float* s, std::ptrdiff_t point, float* taps) = nullptr;
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

} // namespace weft::winograd
