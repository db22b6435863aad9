#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"
#include "core/ops/gaussian_noise/gaussian_noise_ref.h"

namespace weft {

namespace {

/// Logarithm, root and cosine of a number, in double precision, take some 50 ns.
double microseconds(const KernelRequest& request)
{
    return 0.2 + static_cast<double>(elementCount(request.outputs[0].extents)) / 20 / request.threads;
}

std::vector<KernelOption> gaussianNoise(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const double deviation = request.attributes.real("deviation");
    const auto stream = static_cast<std::uint64_t>(request.attributes.integer("stream"));
    return {rowMajorOption(request, "philox", microseconds(request), [=](const KernelContext& context) {
        const StepState state = context.state ? *context.state : StepState();
        if (context.outputs[0].count() == 0)
            return;
        const std::int64_t samples = context.outputs[0].extent(0);
        const std::int64_t elements = context.outputs[0].count() / samples;
        const auto* x = context.inputs[0].as<const float>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, samples, parallelGrain / 64 / elements + 1, [=](std::int64_t begin, std::int64_t end) {
            for (std::int64_t n = begin; n < end; ++n) {
                const NormalNoise noise(state, stream, n);
                for (std::int64_t e = 0; e < elements; ++e)
                    y[n * elements + e] = x[n * elements + e] + static_cast<float>(deviation * noise.at(e));
            }
        });
    })};
}

} // namespace

void gaussianNoiseCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "GaussianNoise", &gaussianNoise);
}

} // namespace weft
