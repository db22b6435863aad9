#pragma once

#include <cstdint>

#include "core/device/cuda/parallel.h"

namespace weft {

// Elements that lie side by side, read and written at once: a thread takes 16 bytes, whatever they are stored as.

template <class T, int width> struct alignas(width * sizeof(T)) Lanes {
    T at[width];
};

template <int width, class T> WEFT_DEVICE inline Lanes<T, width> lanesAt(const T* from)
{
    return *reinterpret_cast<const Lanes<T, width>*>(from);
}
template <int width, class T> WEFT_DEVICE inline void putLanes(T* to, const Lanes<T, width>& lanes)
{
    *reinterpret_cast<Lanes<T, width>*>(to) = lanes;
}

template <class T> inline constexpr int lanesAtOnce = 16 / static_cast<int>(sizeof(T));

/// y = function(x), element by element; one thread does `width` of them, the last one those that are left.
template <class To, class From, class Function> struct MapOne {
    static constexpr int width = lanesAtOnce<To> < lanesAtOnce<From> ? lanesAtOnce<To> : lanesAtOnce<From>;
    To* y;
    const From* x;
    std::int64_t count;
    Function function;

    WEFT_DEVICE void operator()(std::int64_t i) const
    {
        const std::int64_t first = i * width;
        if (first + width > count) {
            for (std::int64_t j = first; j < count; ++j)
                y[j] = static_cast<To>(function(static_cast<float>(x[j])));
            return;
        }
        const Lanes<From, width> from = lanesAt<width>(x + first);
        Lanes<To, width> to;
        for (int lane = 0; lane < width; ++lane)
            to.at[lane] = static_cast<To>(function(static_cast<float>(from.at[lane])));
        putLanes(y + first, to);
    }
};

/// The same of two arrays.
template <class T, class Function> struct MapTwo {
    static constexpr int width = lanesAtOnce<T>;
    T* y;
    const T *a, *b;
    std::int64_t count;
    Function function;

    WEFT_DEVICE void operator()(std::int64_t i) const
    {
        const std::int64_t first = i * width;
        if (first + width > count) {
            for (std::int64_t j = first; j < count; ++j)
                y[j] = static_cast<T>(function(static_cast<float>(a[j]), static_cast<float>(b[j])));
            return;
        }
        const Lanes<T, width> ofA = lanesAt<width>(a + first), ofB = lanesAt<width>(b + first);
        Lanes<T, width> to;
        for (int lane = 0; lane < width; ++lane)
            to.at[lane] = static_cast<T>(function(static_cast<float>(ofA.at[lane]), static_cast<float>(ofB.at[lane])));
        putLanes(y + first, to);
    }
};

/// y = function(x) of `count` elements; arrays of 16 bytes' alignment, which may be one.
template <class To, class From, class Function>
void mapElements(const KernelContext& context, std::int64_t count, To* y, const From* x, Function function)
{
    using Body = MapOne<To, From, Function>;
    forEach(context, (count + Body::width - 1) / Body::width, Body{y, x, count, function});
}
/// y = function(a, b)
template <class T, class Function> void mapElements(const KernelContext& context, std::int64_t count, T* y, const T* a, const T* b, Function function)
{
    using Body = MapTwo<T, Function>;
    forEach(context, (count + Body::width - 1) / Body::width, Body{y, a, b, count, function});
}

} // namespace weft
