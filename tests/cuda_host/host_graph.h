#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <cudnn.h>

#include "core/device/kernel.h"

namespace weft {

// What the stand-in for cuDNN computes: a graph of operations on arrays.

using Axes = std::array<std::int64_t, 5>; ///< samples or filters, channels, three positions; missing ones have extent 1
using Positions = std::array<std::int64_t, 3>;

struct HostArray {
    std::int64_t id = 0;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    Axes extents{1, 1, 1, 1, 1}, strides{};
    bool isVirtual = false;

    std::int64_t at(std::int64_t n, std::int64_t c, const Positions& p) const
    {
        return n * strides[0] + c * strides[1] + p[0] * strides[2] + p[1] * strides[3] + p[2] * strides[4];
    }
    std::int64_t count() const { return extents[0] * extents[1] * extents[2] * extents[3] * extents[4]; }
    bool isLast() const { return extents[1] == 1 || strides[1] == 1; }
    bool isPlanes() const { return strides[4] == 1 || extents[4] == 1; }
};

enum class HostPass { Forward, InputGradient, KernelGradient };

struct HostConvolution {
    HostPass pass = HostPass::Forward;
    HostArray x, kernel, y;
    Positions padBegin{}, padEnd{}, strides{1, 1, 1}, dilations{1, 1, 1};
};

struct HostPointwise {
    cudnnPointwiseMode_t mode = CUDNN_POINTWISE_ADD;
    HostArray x, b, y;
};

/// A convolution, and what is done with its result.
struct HostGraph {
    HostConvolution conv;
    std::vector<HostPointwise> endings;
};

using HostPlaces = std::map<std::int64_t, void*>; ///< by number of the array

/// Computes the graph where the arrays lie, on factors rounded so.
void computeOnHost(const HostGraph& graph, const HostPlaces& places, Precision precision);

} // namespace weft
