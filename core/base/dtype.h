#pragma once

#include <cstddef>
#include <cstdint>

namespace weft {

/// Element types. float64 serves reference kernels and tests only.
enum class DType : std::uint8_t { Float32, Float64, BFloat16, Float16, Int32, Int64, UInt8 };

std::size_t sizeOf(DType type);
/// The name used in files and messages, e.g. "float32".
const char* nameOf(DType type);
bool isFloating(DType type);

} // namespace weft
