#pragma once

#include <deque>

#include "core/base/dtype.h"
#include "core/device/cuda/dnn_descriptor.h"

namespace weft {

/// For what cuDNN plans: the card of a handle or, where there is none at hand, a card by its properties.
struct DnnTarget {
    cudnnHandle_t handle = nullptr;
    const DnnDescriptor* properties = nullptr; ///< of CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR
};

/// How an array lies in memory. Extents and strides, in elements, are in logical order: samples, channels, positions.
struct DnnArray {
    DType type = DType::Float32;
    std::vector<std::int64_t> extents, strides;

    /// Rows behind each other; with `isLast` the channels behind the positions.
    static DnnArray packed(DType type, std::vector<std::int64_t> extents, bool isLast);
    /// From the first element to the last.
    std::size_t bytes() const;
};

cudnnDataType_t dnnType(DType type);

/// Operations of cuDNN on arrays, which are run as one. Arrays are numbered in the order in which they are named; those in
/// memory are aligned to 16 bytes.
class DnnGraph {
public:
    int inMemory(const DnnArray& array) { return add(array, false); }
    /// What one operation leaves to another.
    int between(const DnnArray& array) { return add(array, true); }
    const DnnDescriptor& array(int number) const { return m_arrays[static_cast<std::size_t>(number)]; }
    /// Arrays in memory, in order: what a run is given.
    const std::vector<std::int64_t>& numbersInMemory() const { return m_inMemory; }
    /// How large each of them is.
    const std::vector<std::size_t>& bytesInMemory() const { return m_bytesInMemory; }

    /// y from x and b or, with b < 0, from x alone, in float32.
    void addPointwise(cudnnPointwiseMode_t mode, int x, int b, int y);
    void addOperation(DnnDescriptor operation) { m_operations.push_back(std::move(operation)); }
    /// A descriptor that operations refer to.
    const DnnDescriptor& keep(DnnDescriptor descriptor) { return m_kept.emplace_back(std::move(descriptor)); }

    /// Null where cuDNN does not know such a graph.
    std::unique_ptr<DnnDescriptor> finish(const DnnTarget& target) const;

private:
    int add(const DnnArray& array, bool isVirtual);

    std::vector<DnnDescriptor> m_arrays, m_operations;
    std::deque<DnnDescriptor> m_kept;
    std::vector<std::int64_t> m_inMemory;
    std::vector<std::size_t> m_bytesInMemory;
};

} // namespace weft
