#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/cpu/strided.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

template <class T> void transposeAll(const StridedLoops<1>& loops, const KernelContext& context)
{
    const auto* x = context.inputs[0].as<const T>();
    auto* y = context.outputs[0].as<T>();
    const std::int64_t length = loops.rowLength();
    const std::int64_t step = loops.rowStrides()[0];
    parallelFor(context.threads, loops.rows(), parallelGrain / 16 / length + 1, [&](std::int64_t begin, std::int64_t end) {
        loops.forEachRow(begin, end, [&](std::int64_t row, const StridedLoops<1>::Offsets& offset) {
            const T* from = x + offset[0];
            T* to = y + row * length;
            if (step == 1)
                std::memcpy(to, from, static_cast<std::size_t>(length) * sizeof(T));
            else
                for (std::int64_t i = 0; i < length; ++i)
                    to[i] = from[i * step];
        });
    });
}

std::vector<KernelOption> transpose(const KernelRequest& request)
{
    const Extents& x = request.inputs[0].extents;
    const Extents& y = request.outputs[0].extents;
    if (elementCount(y) == 0)
        return {};
    std::vector<std::int64_t> strides(x.size(), 1);
    for (std::size_t axis = x.size(); axis-- > 1;)
        strides[axis - 1] = strides[axis] * x[axis];
    StridedLoops<1> loops;
    for (std::size_t axis = 0; axis < y.size(); ++axis)
        loops.addAxis(y[axis], {strides[static_cast<std::size_t>(request.attributes.integers("permutation")[axis])]});
    const double cost = 0.3 + static_cast<double>(elementCount(y)) / 500 / request.threads;
    const auto option
        = [&](auto function) { return rowMajorOption(request, "rows", cost, [function, loops](const KernelContext& c) { function(loops, c); }); };
    switch (sizeOf(request.inputs[0].dtype)) {
    case 1: return {option(&transposeAll<std::uint8_t>)};
    case 2: return {option(&transposeAll<std::uint16_t>)};
    case 4: return {option(&transposeAll<std::uint32_t>)};
    default: return {option(&transposeAll<std::uint64_t>)};
    }
}

} // namespace

void transposeCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Transpose", &transpose);
}

} // namespace weft
