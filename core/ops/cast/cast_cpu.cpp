#include "core/device/cpu/parallel.h"
#include "core/device/cpu/simd.h"
#include "core/device/kernel_table.h"
#include "core/ops/cast/cast_ref.h"

namespace weft {

namespace {

template <class From, class To> void castAll(const KernelContext& context)
{
    const auto* x = context.inputs[0].as<const From>();
    auto* y = context.outputs[0].as<To>();
    parallelFor(context.threads, context.outputs[0].count(), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
        simdRun([=] {
            for (std::int64_t i = begin; i < end; ++i)
                y[i] = static_cast<To>(x[i]);
        });
    });
}

std::vector<KernelOption> cast(const KernelRequest& request)
{
    std::vector<KernelOption> options;
    visitType(request.inputs[0].dtype, [&](auto from) {
        visitType(request.outputs[0].dtype, [&](auto to) {
            const double work = static_cast<double>(elementCount(request.outputs[0].extents));
            options.push_back(rowMajorOption(request, "elementwise", 0.2 + work / 5000 / request.threads, &castAll<decltype(from), decltype(to)>));
        });
    });
    return options;
}

} // namespace

void castCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Cast", &cast);
}

} // namespace weft
