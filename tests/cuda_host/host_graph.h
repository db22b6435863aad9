#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include <cudnn.h>

#include "core/device/kernel.h"

namespace weft {

// What the stand-in for cuDNN computes: a graph of operations on arrays.

/// Samples or filters, channels or heads, three positions; missing positions are the first ones, of extent 1.
using Axes = std::array<std::int64_t, 5>;
using Positions = std::array<std::int64_t, 3>;

enum class HostKind { InMemory, Between, Constant };

struct HostArray {
    std::int64_t id = -1; ///< -1: there is none
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    Axes extents{1, 1, 1, 1, 1}, strides{};
    HostKind kind = HostKind::InMemory;

    explicit operator bool() const { return id >= 0; }
    /// Axes of extent 1 are stretched.
    std::int64_t at(const Axes& index) const;
    std::int64_t count() const { return extents[0] * extents[1] * extents[2] * extents[3] * extents[4]; }
    bool isLast() const { return extents[1] == 1 || strides[1] == 1; }
    bool isPlanes() const { return strides[4] == 1 || extents[4] == 1; }
};

enum class HostOperationType { Forward, InputGradient, KernelGradient, Pointwise, Product, Reduction, Random, Reshape };

struct HostOperation {
    HostOperationType type = HostOperationType::Pointwise;
    HostArray x, b, mask, y; ///< of a convolution b is the kernel, of randomness x the seed
    HostArray rows, columns, depth; ///< of a product: how many count in each sample
    Positions padBegin{}, padEnd{}, strides{1, 1, 1}, dilations{1, 1, 1};
    cudnnPointwiseMode_t mode = CUDNN_POINTWISE_ADD;
    cudnnReduceTensorOp_t reduction = CUDNN_REDUCE_TENSOR_ADD;
    std::int64_t axis = 0; ///< of an index, among five
    double probability = 0;

    bool isConvolution() const { return type <= HostOperationType::KernelGradient; }
};

using HostGraph = std::vector<HostOperation>;
using HostPlaces = std::map<std::int64_t, void*>; ///< by number of the array

/// Computes the graph where the arrays lie, on factors of convolutions rounded so.
void computeOnHost(const HostGraph& graph, const HostPlaces& places, Precision precision);

} // namespace weft
