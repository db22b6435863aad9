#include "core/base/random.h"
#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/masks.h"
#include "core/device/kernel_table.h"
#include "core/ops/dropout/dropout_ref.h"

namespace weft {

namespace {

std::vector<KernelOption> dropout(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const double rate = request.attributes.real("rate");
    const float scale = static_cast<float>(rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0);
    const auto id = static_cast<std::uint64_t>(request.attributes.integer("stream"));
    const std::uint32_t threshold = dropThreshold(rate);
    return {rowMajorOption(request, "philox", 4 * elementwiseMicroseconds(request), [=](const KernelContext& context) {
        const StepState state = context.state ? *context.state : StepState();
        const std::uint64_t stream = mixKeys(id, static_cast<std::uint64_t>(state.step));
        const std::int64_t samples = context.outputs[0].extent(0);
        if (context.outputs[0].count() == 0)
            return;
        const std::int64_t elements = context.outputs[0].count() / samples;
        const auto* x = context.inputs[0].as<const float>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, samples, parallelGrain / 8 / elements + 1, [=](std::int64_t begin, std::int64_t end) {
            for (std::int64_t n = begin; n < end; ++n) {
                const auto sample = static_cast<std::uint64_t>(state.sampleIndices ? state.sampleIndices[n] : n);
                masks::dropFunction()({state.seed, mixKeys(stream, sample), threshold, scale}, x + n * elements, y + n * elements, elements);
            }
        });
    })};
}

} // namespace

void dropoutCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Dropout", &dropout);
}

} // namespace weft
