#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

std::vector<KernelOption> isCorrect(const KernelRequest& request)
{
    if (request.inputs[0].dtype != DType::Float32 || request.inputs[1].dtype != DType::Int32)
        return {};
    const double work = static_cast<double>(elementCount(request.inputs[0].extents));
    return {rowMajorOption(request, "rows", 0.2 + work / 1000, [](const KernelContext& context) {
        const std::int64_t classes = context.inputs[0].extent(1);
        const auto* prediction = context.inputs[0].as<const float>();
        const auto* target = context.inputs[1].as<const std::int32_t>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, context.inputs[0].extent(0), parallelGrain / 8 / classes + 1, [=](std::int64_t begin, std::int64_t end) {
            for (std::int64_t n = begin; n < end; ++n) {
                const float* row = prediction + n * classes;
                std::int64_t best = 0;
                for (std::int64_t c = 1; c < classes; ++c)
                    best = row[c] > row[best] ? c : best;
                y[n] = best == target[n] ? 1.0f : 0.0f;
            }
        });
    })};
}

} // namespace

void accuracyCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "IsCorrect", &isCorrect);
}

} // namespace weft
