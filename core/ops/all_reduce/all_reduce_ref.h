#pragma once

#include <cstring>
#include <type_traits>

#include "core/device/collectives.h"
#include "core/ops/support/reference.h"

namespace weft {

inline constexpr const char* wireFormatAttribute = "wireFormat"; ///< of AllReduceStart

/// The output in place of the input, where the plan has not put both at one place.
inline void copyInput(const KernelContext& context)
{
    const Array& x = context.inputs[0];
    const Array& y = context.outputs[0];
    if (x.data != y.data)
        std::memcpy(y.data, x.data, static_cast<std::size_t>(x.count()) * sizeOf(x.type.dtype));
}

/// Ranks exchange float32; in other types a process is alone.
struct AllReduceStartReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        copyInput(context);
        if constexpr (std::is_same_v<T, float>) {
            if (context.collectives)
                context.collectives->startSum(outputData<float>(context), context.outputs[0].count(),
                                              static_cast<WireFormat>(attributes.integer(wireFormatAttribute)));
        }
    }
};

struct AllReduceFinishReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        if constexpr (std::is_same_v<T, float>) {
            if (context.collectives)
                context.collectives->finishSum(inputData<float>(context, 0));
        }
        copyInput(context);
    }
};

} // namespace weft
