#pragma once

#include "core/ops/support/reference.h"

namespace weft {

/// Calls visit(T{}) with the C++ type of `type`. False for the 16-bit types, which C++20 has not.
template <class Visit> bool visitType(DType type, Visit visit)
{
    switch (type) {
    case DType::Float32: visit(float{}); return true;
    case DType::Float64: visit(double{}); return true;
    case DType::Int32: visit(std::int32_t{}); return true;
    case DType::Int64: visit(std::int64_t{}); return true;
    case DType::UInt8: visit(std::uint8_t{}); return true;
    case DType::BFloat16:
    case DType::Float16: return false;
    }
    return false;
}

template <class From, class To> void castElements(const KernelContext& context)
{
    const From* x = inputData<From>(context, 0);
    To* y = outputData<To>(context);
    for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
        y[i] = static_cast<To>(x[i]);
}

} // namespace weft
