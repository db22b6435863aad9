#include <algorithm>
#include <cstring>

#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

// Pieces of rows are copied as bytes, whatever the type. In blocks of 16 channels a row is a sample, as long as no
// block holds channels of two inputs.

bool fitsBlocks(const KernelRequest& request)
{
    const auto isWhole = [](const ArrayType& type) { return type.extents[1] % 16 == 0; };
    return request.outputs[0].dtype == DType::Float32 && request.outputs[0].extents.size() > 2 && request.attributes.integer("axis") == 1
        && std::all_of(request.inputs.begin(), request.inputs.end() - 1, isWhole);
}

void joinRows(const KernelContext& context, std::int64_t rows)
{
    if (context.outputs[0].count() == 0)
        return;
    const auto rowBytes = [rows](const Array& a) { return storedBytes(a.type, a.layout) / static_cast<std::size_t>(rows); };
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
}

std::vector<KernelOption> concat(const KernelRequest& request)
{
    const Extents& y = request.outputs[0].extents;
    const auto axis = static_cast<std::ptrdiff_t>(request.attributes.integer("axis"));
    const std::int64_t rows = elementCount(Extents(y.begin(), y.begin() + axis));
    const double cost = 0.3 + static_cast<double>(elementCount(y)) / 4000 / request.threads;
    std::vector<KernelOption> options{rowMajorOption(request, "copy", cost, [rows](const KernelContext& context) { joinRows(context, rows); })};
    if (fitsBlocks(request)) {
        options.push_back(options.front());
        std::fill(options.back().inputLayouts.begin(), options.back().inputLayouts.end(), Layout::ChannelBlocked16);
        options.back().outputLayouts[0] = Layout::ChannelBlocked16;
    }
    return options;
}

} // namespace

void concatCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Concat", &concat);
}

} // namespace weft
