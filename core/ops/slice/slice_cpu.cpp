#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

/// Rows of `wholeBytes`, of which each part covers `partBytes` from `first` on.
struct RowParts {
    std::int64_t rows = 1;
    std::size_t wholeBytes = 0, partBytes = 0, first = 0;

    RowParts(const ArrayType& whole, const Attributes& attributes)
    {
        const auto axis = static_cast<std::size_t>(attributes.integer("axis"));
        std::size_t after = sizeOf(whole.dtype);
        for (std::size_t i = 0; i < whole.extents.size(); ++i)
            if (i < axis)
                rows *= whole.extents[i];
            else if (i > axis)
                after *= static_cast<std::size_t>(whole.extents[i]);
        wholeBytes = static_cast<std::size_t>(whole.extents[axis]) * after;
        first = static_cast<std::size_t>(attributes.integer("begin")) * after;
        partBytes = static_cast<std::size_t>(attributes.integer("end") - attributes.integer("begin")) * after;
    }
    std::int64_t grain() const { return parallelGrain / (static_cast<std::int64_t>(wholeBytes) + 1) + 1; }
};

double microseconds(const KernelRequest& request)
{
    return 0.3 + static_cast<double>(elementCount(request.outputs[0].extents)) / 4000 / request.threads;
}

std::vector<KernelOption> slice(const KernelRequest& request)
{
    const RowParts parts(request.inputs[0], request.attributes);
    return {rowMajorOption(request, "copy", microseconds(request), [parts](const KernelContext& context) {
        const auto* x = context.inputs[0].as<const char>();
        auto* y = context.outputs[0].as<char>();
        parallelFor(context.threads, parts.rows, parts.grain(), [&](std::int64_t begin, std::int64_t end) {
            for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
                std::memcpy(y + row * parts.partBytes, x + row * parts.wholeBytes + parts.first, parts.partBytes);
        });
    })};
}

std::vector<KernelOption> sliceGradient(const KernelRequest& request)
{
    const RowParts parts(request.outputs[0], request.attributes);
    return {rowMajorOption(request, "copy", microseconds(request), [parts](const KernelContext& context) {
        const auto* dy = context.inputs[0].as<const char>();
        auto* dx = context.outputs[0].as<char>();
        parallelFor(context.threads, parts.rows, parts.grain(), [&](std::int64_t begin, std::int64_t end) {
            for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
                char* to = dx + row * parts.wholeBytes;
                std::memset(to, 0, parts.first);
                std::memcpy(to + parts.first, dy + row * parts.partBytes, parts.partBytes);
                std::memset(to + parts.first + parts.partBytes, 0, parts.wholeBytes - parts.first - parts.partBytes);
            }
        });
    })};
}

} // namespace

void sliceCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Slice", &slice);
    table.add(DeviceKind::Cpu, "SliceGradient", &sliceGradient);
}

} // namespace weft
