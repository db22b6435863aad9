#pragma once

#include <cstddef>
#include <string>

#include "core/base/dtype.h"
#include "core/base/shape.h"

namespace weft {

/// How an array of logical shape [N, C, spatial…] lies in memory. Only plans know layouts; files,
/// feeds and fetches are RowMajor.
enum class Layout : std::uint8_t {
    RowMajor, ///< logical order
    ChannelBlocked16, ///< [N, C/16, H, W, 16], channels padded with zeros to a multiple of 16
    BatchLanes16, ///< [N/16, C, H, W, 16]: 16 samples in the lanes of a vector; missing samples are zero
    ChannelsLast, ///< [N, H, W, C]
};
const char* nameOf(Layout layout);

/// Type and size of an array with known extents.
struct ArrayType {
    DType dtype = DType::Float32;
    Extents extents;
    friend bool operator==(const ArrayType&, const ArrayType&) = default;
};

/// Elements in memory, with the padding of the layout.
std::int64_t storedElements(const ArrayType& type, Layout layout);
std::size_t storedBytes(const ArrayType& type, Layout layout);

/// An array as a kernel sees it. Does not own its memory.
struct Array {
    void* data = nullptr;
    ArrayType type;
    Layout layout = Layout::RowMajor;

    template <class T> T* as() const { return static_cast<T*>(data); }
    std::int64_t extent(int axis) const { return type.extents[static_cast<std::size_t>(axis)]; }
    std::int64_t count() const { return elementCount(type.extents); }
};

} // namespace weft
