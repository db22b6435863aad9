#pragma once

#include "core/ops/support/reference.h"

namespace weft {

struct PixelsReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto &scale = attributes.get<std::vector<double>>("scale"), &shift = attributes.get<std::vector<double>>("shift");
        const Array& x = context.inputs[0];
        const std::int64_t channels = x.type.extents.size() > 1 ? x.extent(1) : 1;
        const std::int64_t area = x.count() / std::max<std::int64_t>(1, x.extent(0) * channels);
        for (std::int64_t i = 0; i < x.count(); ++i) {
            const auto channel = static_cast<std::size_t>(i / area % channels);
            const double value = static_cast<double>(x.as<std::uint8_t>()[i]);
            outputData<T>(context)[i] = static_cast<T>(scale[scale.size() > 1 ? channel : 0] * value + shift[shift.size() > 1 ? channel : 0]);
        }
    }
};

} // namespace weft
