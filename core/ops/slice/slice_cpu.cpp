#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

/// Rows of `wholeBytes`, of which each part covers `partBytes` from `first` on. In blocks of 16 channels a row is a
/// sample, and the part consists of whole blocks.
struct RowParts {
    std::int64_t rows = 1;
    std::size_t wholeBytes = 0, partBytes = 0, first = 0;

    RowParts(const ArrayType& whole, const Attributes& attributes, Layout layout)
    {
        const auto axis = static_cast<std::size_t>(attributes.integer("axis"));
        std::size_t after = sizeOf(whole.dtype);
        for (std::size_t i = 0; i < whole.extents.size(); ++i)
            if (i < axis)
                rows *= whole.extents[i];
            else if (i > axis)
                after *= static_cast<std::size_t>(whole.extents[i]);
        const std::int64_t block = layout == Layout::ChannelBlocked16 ? 16 : 1;
        const auto bytes = [&](std::int64_t extent) { return static_cast<std::size_t>((extent + block - 1) / block * block) * after; };
        wholeBytes = bytes(whole.extents[axis]);
        first = bytes(attributes.integer("begin"));
        partBytes = bytes(attributes.integer("end") - attributes.integer("begin"));
    }
    std::int64_t grain() const { return parallelGrain / (static_cast<std::int64_t>(wholeBytes) + 1) + 1; }
};

double microseconds(const KernelRequest& request)
{
    return 0.3 + static_cast<double>(elementCount(request.outputs[0].extents)) / 4000 / request.threads;
}

bool fitsBlocks(const ArrayType& whole, const Attributes& attributes)
{
    const std::int64_t end = attributes.integer("end");
    return whole.dtype == DType::Float32 && whole.extents.size() > 2 && attributes.integer("axis") == 1 && attributes.integer("begin") % 16 == 0
        && (end % 16 == 0 || end == whole.extents[1]);
}

/// `run` for row-major arrays and, where it fits, for blocks of channels.
template <class Run> std::vector<KernelOption> options(const KernelRequest& request, const ArrayType& whole, const Run& run)
{
    std::vector<KernelOption> all;
    for (const Layout layout : {Layout::RowMajor, Layout::ChannelBlocked16}) {
        if (layout != Layout::RowMajor && !fitsBlocks(whole, request.attributes))
            continue;
        const RowParts parts(whole, request.attributes, layout);
        all.push_back(rowMajorOption(request, "copy", microseconds(request), [parts, run](const KernelContext& context) {
            parallelFor(context.threads, parts.rows, parts.grain(), [&](std::int64_t begin, std::int64_t end) {
                for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
                    run(parts, row, context.inputs[0].as<const char>(), context.outputs[0].as<char>());
            });
        }));
        all.back().inputLayouts[0] = all.back().outputLayouts[0] = layout;
    }
    return all;
}

std::vector<KernelOption> slice(const KernelRequest& request)
{
    return options(request, request.inputs[0], [](const RowParts& parts, std::size_t row, const char* x, char* y) {
        std::memcpy(y + row * parts.partBytes, x + row * parts.wholeBytes + parts.first, parts.partBytes);
    });
}

std::vector<KernelOption> sliceGradient(const KernelRequest& request)
{
    return options(request, request.outputs[0], [](const RowParts& parts, std::size_t row, const char* dy, char* dx) {
        char* to = dx + row * parts.wholeBytes;
        std::memset(to, 0, parts.first);
        std::memcpy(to + parts.first, dy + row * parts.partBytes, parts.partBytes);
        std::memset(to + parts.first + parts.partBytes, 0, parts.wholeBytes - parts.first - parts.partBytes);
    });
}

} // namespace

void sliceCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Slice", &slice);
    table.add(DeviceKind::Cpu, "SliceGradient", &sliceGradient);
}

} // namespace weft
