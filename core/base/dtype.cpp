#include "core/base/dtype.h"

#include <cassert>

namespace weft {

std::size_t sizeOf(DType type)
{
    switch (type) {
    case DType::Float32:
    case DType::Int32: return 4;
    case DType::Float64:
    case DType::Int64: return 8;
    case DType::BFloat16:
    case DType::Float16: return 2;
    case DType::UInt8: return 1;
    }
    assert(false);
    return 0;
}

const char* nameOf(DType type)
{
    switch (type) {
    case DType::Float32: return "float32";
    case DType::Float64: return "float64";
    case DType::BFloat16: return "bfloat16";
    case DType::Float16: return "float16";
    case DType::Int32: return "int32";
    case DType::Int64: return "int64";
    case DType::UInt8: return "uint8";
    }
    assert(false);
    return "";
}

bool isFloating(DType type)
{
    return type == DType::Float32 || type == DType::Float64 || type == DType::BFloat16 || type == DType::Float16;
}

} // namespace weft
