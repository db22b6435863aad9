#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

// Pieces of rows are copied as bytes, whatever the type.

std::vector<KernelOption> concat(const KernelRequest& request)
{
    const Extents& y = request.outputs[0].extents;
    const auto axis = static_cast<std::size_t>(request.attributes.integer("axis"));
    const Extents before(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(axis));
    const std::int64_t rows = elementCount(before);
    const double cost = 0.3 + static_cast<double>(elementCount(y)) / 4000 / request.threads;
    return {rowMajorOption(request, "copy", cost, [rows](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        const auto rowBytes = [rows](const Array& a) { return static_cast<std::size_t>(a.count() / rows) * sizeOf(a.type.dtype); };
        auto* to = context.outputs[0].as<char>();
        const std::size_t width = rowBytes(context.outputs[0]);
        parallelFor(context.threads, rows, parallelGrain / static_cast<std::int64_t>(width) + 1, [&](std::int64_t begin, std::int64_t end) {
            std::size_t column = 0;
            for (const Array& x : context.inputs) {
                const std::size_t bytes = rowBytes(x);
                for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
                    std::memcpy(to + row * width + column, x.as<const char>() + row * bytes, bytes);
                column += bytes;
            }
        });
    })};
}

} // namespace

void concatCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Concat", &concat);
}

} // namespace weft
