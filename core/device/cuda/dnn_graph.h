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

/// Of the types that a card stores.
cudnnDataType_t dnnType(DType type);

/// How an array lies in memory. Extents and strides, in elements, are in logical order: samples, channels or heads, positions.
struct DnnArray {
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    std::vector<std::int64_t> extents, strides;

    /// Rows behind each other; with `isLast` the channels behind the positions.
    static DnnArray packed(cudnnDataType_t type, std::vector<std::int64_t> extents, bool isLast = false);
    /// From the first element to the last.
    std::size_t bytes() const;
};

/// y from x, from x and b, or from x, b and a mask of booleans; `axis` is that of an index.
struct DnnPointwise {
    cudnnPointwiseMode_t mode;
    int x = -1, b = -1, mask = -1, y = -1;
    std::int64_t axis = -1;
};

/// y = a·b, of matrices in the last two axes. Where only some rows or columns count, int32 [samples, 1, 1, 1] say how many: rows of
/// y, its columns, and what is added up.
struct DnnProduct {
    int a = -1, b = -1, y = -1;
    int rows = -1, columns = -1, depth = -1;
};

/// Operations of cuDNN on arrays, which are run as one. Arrays are numbered in the order in which they are named; those in
/// memory are aligned to 16 bytes.
class DnnGraph {
public:
    int inMemory(const DnnArray& array) { return add(array, Kind::InMemory); }
    /// What one operation leaves to another.
    int between(const DnnArray& array) { return add(array, Kind::Between); }
    /// A number that stays the same, for arrays of four axes.
    int constant(float value);
    const DnnDescriptor& array(int number) const { return m_arrays[static_cast<std::size_t>(number)]; }
    /// cuDNN's names of the arrays in memory, in order: what a run is given.
    const std::vector<std::int64_t>& namesInMemory() const { return m_inMemory; }
    /// How large each of them is.
    const std::vector<std::size_t>& bytesInMemory() const { return m_bytesInMemory; }

    /// What a run is told besides, and where that lies on the host.
    const std::vector<std::int64_t>& namesOfConstants() const { return m_constantNames; }
    std::vector<void*> placesOfConstants() const;

    /// Computed in the type of y or, where that has 16 bits, in float32.
    void addPointwise(const DnnPointwise& operation);
    void addProduct(const DnnProduct& product);
    /// y is x along whose axes of extent 1 all was reduced.
    void addReduction(cudnnReduceTensorOp_t how, int x, int y);
    /// y is 1 with this probability, else 0; `seed` and `offset` are int64.
    void addRandom(int seed, int offset, int y, double probability);
    /// y is x, seen with other extents and strides.
    void addReshape(int x, int y);
    void addOperation(DnnDescriptor operation) { m_operations.push_back(std::move(operation)); }
    /// A descriptor that operations refer to.
    const DnnDescriptor& keep(DnnDescriptor descriptor) { return m_kept.emplace_back(std::move(descriptor)); }

    /// Null where cuDNN does not know such a graph.
    std::unique_ptr<DnnDescriptor> finish(const DnnTarget& target) const;

private:
    enum class Kind { InMemory, Between, Constant };

    int add(const DnnArray& array, Kind kind);
    void set(DnnDescriptor& operation, cudnnBackendAttributeName_t name, int array) const;

    std::vector<DnnDescriptor> m_arrays, m_operations;
    std::vector<cudnnDataType_t> m_types; ///< of the arrays
    std::vector<std::int64_t> m_constantNames;
    std::vector<float> m_constants;
    std::deque<DnnDescriptor> m_kept;
    std::vector<std::int64_t> m_inMemory;
    std::vector<std::size_t> m_bytesInMemory;
};

} // namespace weft
