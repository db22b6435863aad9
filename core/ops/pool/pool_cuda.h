#pragma once

#include "core/ops/pool/pool_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// The plane of a channel of a sample, whose elements have channels between them where these come last.
template <class T> struct PooledPlane {
    const T* first;
    std::int64_t stride;
    WEFT_ANYWHERE float operator[](std::int64_t offset) const { return static_cast<float>(first[offset * stride]); }
};

/// What a pooling on a card knows of its arrays x and y: sizes, and where their elements lie.
struct PoolPlaces : PoolSizes {
    ChannelOrder ofX, ofY;

    PoolPlaces(const Array& x, const Array& y, const Attributes& attributes) : PoolSizes(x.type.extents, y.type.extents, attributes), ofX(x), ofY(y)
    {
    }
    /// The plane that element `number` of x lies in.
    template <class T> constexpr PooledPlane<T> planeAround(const T* x, std::int64_t number) const
    {
        return {x + ofX.placeOf(number / ofX.area * ofX.area), ofX.stride()};
    }
};

} // namespace weft
