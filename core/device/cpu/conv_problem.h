#pragma once

#include <cstdint>

#include "core/base/attributes.h"
#include "core/base/shape.h"

namespace weft {

/// Shapes and geometry of a convolution with one to three spatial axes, as all CPU convolutions see
/// it. Absent leading axes have extent 1, kernel 1, stride 1 and no padding: axis 2 is the innermost.
struct ConvProblem {
    std::int64_t n = 1;
    std::int64_t channels = 1;
    std::int64_t outputs = 1;
    std::int64_t groups = 1;
    int spatialAxes = 2;
    std::int64_t in[3] = {1, 1, 1};
    std::int64_t out[3] = {1, 1, 1};
    std::int64_t kernel[3] = {1, 1, 1};
    std::int64_t stride[3] = {1, 1, 1};
    std::int64_t padBegin[3] = {0, 0, 0};
    std::int64_t padEnd[3] = {0, 0, 0};
    std::int64_t dilation[3] = {1, 1, 1};
    bool hasBias = false;
    bool hasConstantKernel = false; ///< the kernel is packed once, not at each run
    bool relu = false; ///< the forward pass ends with max(0, ·)

    /// A max pooling behind the convolution, on two axes, whose windows do not overlap: output 0 is its
    /// result, output 1 (with `hasIndex`) the places of the maxima. The relu comes last.
    struct Pool {
        std::int64_t out[2] = {0, 0};
        std::int64_t kernel[2] = {1, 1};
        std::int64_t stride[2] = {1, 1};
    };
    bool hasPool = false;
    bool hasIndex = false;
    Pool pool;

    std::int64_t groupChannels() const { return channels / groups; }
    std::int64_t groupOutputs() const { return outputs / groups; }
    std::int64_t kernelSize() const { return kernel[0] * kernel[1] * kernel[2]; }
    /// Entries of the kernel that one output channel has.
    std::int64_t taps() const { return groupChannels() * kernelSize(); }
    std::int64_t outPositions() const { return out[0] * out[1] * out[2]; }
    std::int64_t inPositions() const { return in[0] * in[1] * in[2]; }
    /// Multiply-adds of one pass over the batch.
    double work() const
    {
        return static_cast<double>(n) * static_cast<double>(outputs) * static_cast<double>(taps()) * static_cast<double>(outPositions());
    }
};

/// The problem of a Conv with these attributes (strides, padBegin, padEnd, dilations, groups), without
/// bias, relu or pooling.
ConvProblem convProblem(const Attributes& attributes, const Extents& x, const Extents& kernel, const Extents& y);

} // namespace weft
