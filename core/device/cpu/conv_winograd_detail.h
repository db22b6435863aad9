#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/device/cpu/winograd.h"

namespace weft::winograd {

/// The tiles of 4x4 positions that cover the planes of all samples.
struct TileGrid {
    std::int64_t samples = 0;
    std::int64_t rows = 0, columns = 0; ///< positions of a plane

    std::int64_t tileRows() const { return (rows + tile - 1) / tile; }
    std::int64_t tileColumns() const { return (columns + tile - 1) / tile; }
    std::int64_t count() const { return samples * tileRows() * tileColumns(); }

    struct Place {
        std::int64_t sample, row, column; ///< of a tile's first position
    };
    Place placeOf(std::int64_t index) const
    {
        const std::int64_t perSample = tileRows() * tileColumns();
        const std::int64_t inSample = index % perSample;
        return {index / perSample, inSample / tileColumns() * tile, inSample % tileColumns() * tile};
    }
};

/// A square of a plane [rows, columns, 16] that begins at (row, column); where it reaches over the border it is
/// copied to `buffer` with zeros there.
struct Square {
    const float* data;
    std::ptrdiff_t row; ///< floats between rows

    Square(const float* plane, std::int64_t rows, std::int64_t columns, std::int64_t firstRow, std::int64_t firstColumn, std::int64_t size,
           float* buffer) :
        data(plane + (firstRow * columns + firstColumn) * width),
        row(columns * width)
    {
        if (firstRow >= 0 && firstColumn >= 0 && firstRow + size <= rows && firstColumn + size <= columns)
            return;
        data = buffer;
        row = size * width;
        std::memset(buffer, 0, static_cast<std::size_t>(size * size * width) * sizeof(float));
        const std::int64_t first = std::max<std::int64_t>(0, -firstColumn);
        const std::int64_t last = std::min(size, columns - firstColumn);
        for (std::int64_t i = 0; i < size; ++i)
            if (firstRow + i >= 0 && firstRow + i < rows && first < last)
                std::memcpy(buffer + (i * size + first) * width, plane + ((firstRow + i) * columns + firstColumn + first) * width,
                            static_cast<std::size_t>((last - first) * width) * sizeof(float));
    }
};

/// Vectors at the same place of all points must not meet in the same sets of a cache.
inline std::int64_t oddLines(std::int64_t vectors)
{
    return (vectors | 1) * width;
}

/// An estimate for so many multiply-adds at each point, and so many numbers there that transforms make or read.
inline double microseconds(std::int64_t products, std::int64_t transformed, int threads)
{
    // Rates a microsecond and thread; only their proportions with those of other convolutions matter.
    constexpr double productRate = 55000;
    constexpr double transformRate = 10000;
    return 5
        + static_cast<double>(points) * (static_cast<double>(products) / productRate + static_cast<double>(transformed) / transformRate) / threads;
}

} // namespace weft::winograd
