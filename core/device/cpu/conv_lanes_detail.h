#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/device/cpu/conv_problem.h"
#include "core/device/cpu/lanes.h"
#include "core/device/cpu/parallel.h"

namespace weft::lanes {

// What the three passes of a convolution in batch lanes share.

inline std::int64_t ceilDiv(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

/// A plane with zeros around it, so that the inner loops need not test for borders.
struct PaddedPlane {
    std::int64_t rows, columns; ///< without the zeros
    std::int64_t top, bottom, left, right;

    bool isPlain() const { return top == 0 && bottom == 0 && left == 0 && right == 0; }
    std::int64_t rowStride() const { return (left + columns + right) * width; }
    std::int64_t size() const { return (top + rows + bottom) * rowStride(); }
    /// From the start of the padded plane to element (0, 0).
    std::int64_t origin() const { return top * rowStride() + left * width; }

    void fill(const float* from, float* to) const
    {
        const auto bytes = [](std::int64_t floats) { return static_cast<std::size_t>(floats) * sizeof(float); };
        std::memset(to, 0, bytes(top * rowStride()));
        float* row = to + top * rowStride();
        for (std::int64_t r = 0; r < rows; ++r, row += rowStride()) {
            std::memset(row, 0, bytes(left * width));
            std::memcpy(row + left * width, from + r * columns * width, bytes(columns * width));
            std::memset(row + (left + columns) * width, 0, bytes(right * width));
        }
        std::memset(row, 0, bytes(bottom * rowStride()));
    }
};

/// Output channels of each group of the convolution, cut into blocks as equal as they can be.
inline std::vector<Range> channelBlocks(std::int64_t groups, std::int64_t perGroup, std::int64_t most)
{
    std::vector<Range> blocks;
    const std::int64_t parts = ceilDiv(perGroup, most);
    for (std::int64_t g = 0; g < groups; ++g)
        for (std::int64_t part = 0; part < parts; ++part) {
            const Range r = partOf(perGroup, part, parts);
            blocks.push_back({g * perGroup + r.begin, g * perGroup + r.end});
        }
    return blocks;
}

/// Pieces a row range is cut into so that all threads have work of about equal length.
inline std::int64_t rowChunks(std::int64_t items, std::int64_t rows, int threads)
{
    if (threads == 1 || items % threads == 0 || items >= 8 * threads)
        return 1;
    return std::min(rows, ceilDiv(8 * threads, items));
}

/// Multiply-adds below which a convolution runs on the calling thread.
inline constexpr double serialWork = 150000;

inline PaddedPlane paddedInput(const ConvProblem& p)
{
    return {p.in[1], p.in[2], p.padBegin[1], p.padEnd[1], p.padBegin[2], p.padEnd[2]};
}

} // namespace weft::lanes
