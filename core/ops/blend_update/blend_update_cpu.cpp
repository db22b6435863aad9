#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"
#include "core/ops/blend_update/blend_update_ref.h"

namespace weft {

namespace {

void run(const KernelContext& context)
{
    const auto keep = static_cast<float>(blendFactor(context, 0));
    const auto fresh = static_cast<float>(blendFactor(context, 1));
    for (std::size_t target = 2; target < context.inputs.size(); target += 2) {
        auto* variable = context.inputs[target].as<float>();
        const auto* value = context.inputs[target + 1].as<const float>();
        parallelFor(context.threads, context.inputs[target].count(), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
                if (keep == 0.0f) {
#pragma GCC ivdep
                    for (std::int64_t i = begin; i < end; ++i)
                        variable[i] = fresh * value[i];
                } else {
#pragma GCC ivdep
                    for (std::int64_t i = begin; i < end; ++i)
                        variable[i] = keep * variable[i] + fresh * value[i];
                }
            });
        });
    }
}

std::vector<KernelOption> blendUpdate(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(request, "one loop", elementwiseMicroseconds(request), run)};
}

} // namespace

void blendUpdateCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "BlendUpdate", &blendUpdate);
}

} // namespace weft
