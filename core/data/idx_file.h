#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/shape.h"

namespace weft {

/// What the head of an IDX file says. The file may be gzipped. Source of the format: LeCun, Cortes
/// and Burges, "The MNIST database of handwritten digits".
struct IdxHeader {
    std::string path;
    std::uint8_t type = 0; ///< 0x08 unsigned byte, 0x0C 32-bit integer, …
    Extents extents;
    std::int64_t offset = 0; ///< bytes before the elements

    std::size_t elementBytes() const;
    std::int64_t dataBytes() const { return elementCount(extents) * static_cast<std::int64_t>(elementBytes()); }
};

/// Reads the head and checks that the file has the length it promises. Throws Error otherwise.
IdxHeader readIdxHeader(const std::string& path);

/// Reads all elements, big-endian as stored, straight into `to` (exactly dataBytes). Throws Error
/// when the file is damaged or ends early.
void readIdxData(const IdxHeader& header, std::span<std::byte> to);

/// The elements of a label file as integers. Throws Error unless they are unsigned bytes or 32-bit integers.
std::vector<std::int32_t> readIdxLabels(const IdxHeader& header);

/// CRC-32 of the uncompressed file: from gzip's trailer, so that nothing is decompressed.
std::uint32_t idxChecksum(const std::string& path);

} // namespace weft
