#pragma once

#include <algorithm>
#include <cstdint>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

// Copies between an array in one piece and one whose elements lie apart. Threads take as many bytes at once as lie side by side in
// both, and find their places without a division, since those would take longer than the copy.

/// Which of two arrays has its elements apart.
enum class Apart { From, To };

template <Apart which, class T> void copyEach(const KernelContext& context, const CopyAxes& axes, const void* from, void* to)
{
    const Places places(axes);
    const T* source = static_cast<const T*>(from);
    T* target = static_cast<T*>(to);
    forEach(context, countOf(axes), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t place = places.at(i);
        if (which == Apart::From)
            target[i] = source[place];
        else
            target[place] = source[i];
    });
}

struct alignas(16) SixteenBytes {
    std::uint64_t halves[2];
};

/// Bytes that lie side by side in both arrays, and begin at multiples of their number.
template <class T> std::size_t bytesAtOnce(const CopyAxes& axes, const void* from, const void* to)
{
    const std::int64_t inner = axes.back().stride == 1 ? axes.back().extent : 1;
    const auto fits = [&](std::size_t bytes) {
        const auto group = static_cast<std::int64_t>(bytes / sizeof(T));
        return inner % group == 0 && reinterpret_cast<std::uintptr_t>(from) % bytes == 0 && reinterpret_cast<std::uintptr_t>(to) % bytes == 0
            && std::all_of(axes.begin(), axes.end() - 1, [&](const CopyAxis& axis) { return axis.stride % group == 0; });
    };
    std::size_t bytes = 16;
    while (bytes > sizeof(T) && !fits(bytes))
        bytes /= 2;
    return bytes;
}

/// Copies elements of `extents`, one of T; in the array whose elements are apart they have `strides`.
template <Apart which, class T>
void copyInOrder(const KernelContext& context, const Extents& extents, const Index& strides, const void* from, void* to)
{
    CopyAxes axes = mergedAxes(extents, strides);
    const std::size_t bytes = bytesAtOnce<T>(axes, from, to);
    const auto group = static_cast<std::int64_t>(bytes / sizeof(T));
    axes.back().extent /= group;
    for (std::size_t i = 0; i + 1 < axes.size(); ++i)
        axes[i].stride /= group;
    switch (bytes) {
    case 16: return copyEach<which, SixteenBytes>(context, axes, from, to);
    case 8: return copyEach<which, std::uint64_t>(context, axes, from, to);
    case 4: return copyEach<which, std::uint32_t>(context, axes, from, to);
    case 2: return copyEach<which, std::uint16_t>(context, axes, from, to);
    default: return copyEach<which, T>(context, axes, from, to);
    }
}

} // namespace weft
