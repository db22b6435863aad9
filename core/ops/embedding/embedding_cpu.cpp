#include <cstring>
#include <limits>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

Options embedding(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    const double cost = 0.2 + static_cast<double>(elementCount(request.outputs[0].extents)) / 3000 / request.threads;
    return {rowMajorOption(request, "rows", cost, [](const KernelContext& context) {
        const Array& table = context.inputs[0];
        const std::int64_t rows = table.extent(0), width = table.extent(1);
        const auto* tokens = context.inputs[1].as<const std::int32_t>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, context.inputs[1].count(), parallelGrain / 4 / (width + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
                if (tokens[i] >= 0 && tokens[i] < rows)
                    std::memcpy(y + i * width, table.as<const float>() + tokens[i] * width, static_cast<std::size_t>(width) * sizeof(float));
                else
                    std::fill_n(y + i * width, width, std::numeric_limits<float>::quiet_NaN());
            }
        });
    })};
}

/// The rows of the table whose number is `own` modulo `parts`: cleared, then given their sums in the order of
/// the tokens. Frequent words often have neighbouring numbers, so that taking turns shares the work evenly.
void sumRows(const KernelContext& context, std::int64_t padding, std::int64_t own, std::int64_t parts)
{
    const Array& dTable = context.outputs[0];
    const std::int64_t rows = dTable.extent(0), width = dTable.extent(1), count = context.inputs[1].count();
    const auto* dy = context.inputs[0].as<const float>();
    const auto* tokens = context.inputs[1].as<const std::int32_t>();
    auto* table = dTable.as<float>();
    for (std::int64_t row = own; row < rows; row += parts)
        std::memset(table + row * width, 0, static_cast<std::size_t>(width) * sizeof(float));
    simdRun([=] {
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t token = tokens[i];
            if (token < 0 || token >= rows || token == padding || token % parts != own)
                continue;
            float* to = table + token * width;
            const float* from = dy + i * width;
#pragma GCC ivdep
            for (std::int64_t d = 0; d < width; ++d)
                to[d] += from[d];
        }
    });
}

Options embeddingGradient(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    const std::int64_t padding = request.attributes.integer("padding");
    return {rowMajorOption(request, "rows", elementwiseMicroseconds(request), [padding](const KernelContext& context) {
        const std::int64_t work = context.inputs[0].count() + context.outputs[0].count();
        const std::int64_t parts = work < parallelGrain ? 1 : context.threads;
        parallelFor(context.threads, parts, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t part = begin; part < end; ++part)
                sumRows(context, padding, part, parts);
        });
    })};
}

} // namespace

void embeddingCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Embedding", &embedding);
    table.add(DeviceKind::Cpu, "EmbeddingGradient", &embeddingGradient);
}

} // namespace weft
