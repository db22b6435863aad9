#pragma once

#include <cstdint>

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
    bool relu = false; ///< the forward pass ends with max(0, ·)

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

} // namespace weft
