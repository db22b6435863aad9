#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::lanes {

// The inner loops for Layout::BatchLanes16, where 16 samples lie beside each other: every vector
// operation does the same arithmetic for 16 samples, whatever the channels and the width of an image
// are, so nothing is padded. Each level of instructions has its own copy, see lanes_kernels.inl.
// Distances are counted in floats; neighbouring positions of a row lie 16 floats apart.

inline constexpr std::int64_t width = 16;
/// The index of a maximum that the relu behind a pooling cut off.
inline constexpr std::uint8_t noTap = 255;

/// Some output channels of a convolution for one group of 16 samples. Taps are read at
/// x + c·xChannel + ky·tapRow + kx·tapColumn + row·xRow + column·xColumn and never checked: padding is
/// part of x. Serves the forward pass and, with other weights, the gradient of the input.
struct ConvBlock {
    const float* x = nullptr;
    std::ptrdiff_t xChannel = 0;
    std::ptrdiff_t xRow = 0;
    std::ptrdiff_t xColumn = width;
    std::ptrdiff_t tapRow = 0;
    std::ptrdiff_t tapColumn = width;
    std::int64_t channels = 0;
    std::int64_t kernelRows = 0;
    std::int64_t kernelColumns = 0;
    const float* weights = nullptr; ///< [channels][kernelRows][kernelColumns][outputs]
    std::ptrdiff_t weightChannel = 0; ///< floats between the weights of two channels
    const float* bias = nullptr; ///< [outputs], or null for zero
    int outputs = 1; ///< 1 … maxOutputs
    float* y = nullptr;
    std::ptrdiff_t yChannel = 0;
    std::ptrdiff_t yRow = 0;
    std::ptrdiff_t yColumn = width;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    /// The column of x that column 0 of y reads with tap 0, and how many columns x has without its padding: taps that
    /// meet padding alone are left out. An extent of 0 leaves none out.
    std::int64_t xFirst = 0;
    std::int64_t xExtent = 0;
    bool relu = false;
};

/// Some entries of the gradient of a kernel: sums of dy·x over some rows of a group of 16 samples, or of several, for a
/// few output channels and a few taps (channel, row and column of the kernel; any offsets into x). Each lane has a
/// sum of its own, to which is added.
struct KernelGradientBlock {
    const float* dy = nullptr;
    std::ptrdiff_t dyChannel = 0;
    std::ptrdiff_t dyRow = 0;
    std::ptrdiff_t dyGroup = 0;
    const float* x = nullptr;
    std::ptrdiff_t xRow = 0;
    std::ptrdiff_t xColumn = width;
    std::ptrdiff_t xGroup = 0;
    const std::ptrdiff_t* tapOffsets = nullptr; ///< [taps]
    int outputs = 1; ///< 1 … gradientOutputs
    int taps = 1; ///< 1 … gradientTaps
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t groups = 1;
    float* sums = nullptr; ///< [output][tap][16], outputs `sumsOutput` apart
    std::ptrdiff_t sumsOutput = 0;
};

/// Max pooling of one plane; the window is clipped at the borders.
struct PoolPlane {
    std::int64_t rows = 0, columns = 0; ///< of x
    std::int64_t outRows = 0, outColumns = 0; ///< of y
    std::int64_t kernelRows = 0, kernelColumns = 0;
    std::int64_t strideRows = 0, strideColumns = 0;
    std::int64_t padRows = 0, padColumns = 0;
    bool countPadding = true;
    std::int64_t padEndRows = 0, padEndColumns = 0;
};

struct Kernels {
    int maxOutputs = 4; ///< output channels a ConvBlock should have
    int gradientOutputs = 4; ///< output channels a KernelGradientBlock should have
    int gradientTaps = 6;
    void (*conv)(const ConvBlock& block) = nullptr;
    void (*kernelGradient)(const KernelGradientBlock& block) = nullptr;
    /// result[i] += the sum of the first `lanes` of sums[i][16], one after the other.
    void (*addLanes)(const float* sums, std::int64_t count, std::int64_t lanes, float* result) = nullptr;
    /// Σ over positions and valid samples of one channel: [groups][count][16], groups `stride` apart.
    float (*sum)(const float* x, std::ptrdiff_t stride, std::int64_t count, std::int64_t groups, std::int64_t samples) = nullptr;
    void (*maxPool)(const PoolPlane& plane, const float* x, float* y) = nullptr;
    void (*maxPoolGradient)(const PoolPlane& plane, const float* dy, const float* x, const float* y, float* dx) = nullptr;
    /// relu?(max pooling) and the number of the first largest tap, or noTap where the relu cut it off;
    /// `index` may be null. Works on rows that are a strip of a larger plane as well.
    void (*indexedMaxPool)(const PoolPlane& plane, bool relu, const float* x, float* y, std::uint8_t* index) = nullptr;
    void (*indexedMaxPoolGradient)(const PoolPlane& plane, const float* dy, const std::uint8_t* index, float* dx) = nullptr;
    void (*averagePool)(const PoolPlane& plane, const float* x, float* y) = nullptr;
    void (*averagePoolGradient)(const PoolPlane& plane, const float* dy, float* dx) = nullptr;
    /// 16 rows of `count` floats, `rowStride` apart (missing ones null-free: `samples` rows exist), to
    /// [count][16]; lanes without a row become zero.
    void (*gather)(const float* rows, std::ptrdiff_t rowStride, std::int64_t samples, std::int64_t count, float* lanes) = nullptr;
    /// The way back, for the `samples` rows that exist.
    void (*scatter)(const float* lanes, std::int64_t count, std::int64_t samples, std::ptrdiff_t rowStride, float* rows) = nullptr;
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

} // namespace weft::lanes
