#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

std::vector<KernelOption> assignOptions(const KernelRequest& request)
{
    return {rowMajorOption(request, "copy", 0.2, [](const KernelContext& context) {
        const std::size_t bytes = storedBytes(context.inputs[0].type, Layout::RowMajor);
        auto* to = context.inputs[0].as<char>();
        const auto* from = context.inputs[1].as<const char>();
        parallelFor(context.threads, static_cast<std::int64_t>(bytes), 4 * parallelGrain,
                    [=](std::int64_t begin, std::int64_t end) { std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin)); });
    })};
}

} // namespace

void assignCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Assign", &assignOptions);
}

} // namespace weft
