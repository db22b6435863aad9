#include <cmath>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

/// Calls body(target, begin, end) for pieces of all targets: one parallel loop over the elements of
/// all of them, cut by the number of threads.
template <class Body> void forAllElements(const KernelContext& context, std::size_t targets, std::size_t perTarget, const Body& body)
{
    std::int64_t total = 0;
    for (std::size_t t = 0; t < targets; ++t)
        total += context.inputs[1 + t * perTarget].count();
    parallelFor(context.threads, total, parallelGrain / 4, [&](std::int64_t begin, std::int64_t end) {
        std::int64_t first = 0;
        for (std::size_t t = 0; t < targets && first < end; ++t) {
            const std::int64_t count = context.inputs[1 + t * perTarget].count();
            const std::int64_t from = std::max(begin - first, std::int64_t(0));
            const std::int64_t to = std::min(end - first, count);
            if (from < to)
                body(t, from, to);
            first += count;
        }
    });
}

struct Sgd {
    float momentum, weightDecay;
    bool nesterov, hasSlots;
    std::vector<std::int64_t> decays;

    void operator()(const KernelContext& context) const
    {
        const float rate = context.inputs[0].as<const float>()[0];
        const std::size_t perTarget = hasSlots ? 3 : 2;
        forAllElements(context, decays.size(), perTarget, [&](std::size_t t, std::int64_t begin, std::int64_t end) {
            const Array* arrays = &context.inputs[1 + t * perTarget];
            auto* p = arrays[0].as<float>();
            const auto* g = arrays[1].as<const float>();
            auto* v = hasSlots ? arrays[2].as<float>() : nullptr;
            const float decay = decays[t] ? weightDecay : 0.0f;
            const float mu = momentum;
            const float ahead = nesterov ? momentum : 0.0f; // weight of v beside g
            const bool isNesterov = nesterov;
            simdRun([=] {
                if (!v) {
#pragma GCC ivdep
                    for (std::int64_t i = begin; i < end; ++i)
                        p[i] -= rate * (g[i] + decay * p[i]);
                } else if (isNesterov) {
#pragma GCC ivdep
                    for (std::int64_t i = begin; i < end; ++i) {
                        const float slope = g[i] + decay * p[i];
                        const float speed = mu * v[i] + slope;
                        v[i] = speed;
                        p[i] -= rate * (slope + ahead * speed);
                    }
                } else {
#pragma GCC ivdep
                    for (std::int64_t i = begin; i < end; ++i) {
                        const float speed = mu * v[i] + (g[i] + decay * p[i]);
                        v[i] = speed;
                        p[i] -= rate * speed;
                    }
                }
            });
        });
    }
};

struct Adam {
    double beta1, beta2;
    float epsilon, weightDecay;
    std::vector<std::int64_t> decays;

    void operator()(const KernelContext& context) const
    {
        const double step = context.state ? static_cast<double>(context.state->step) : 1.0;
        const double rate = static_cast<double>(context.inputs[0].as<const float>()[0]);
        const auto scale = static_cast<float>(rate / (1.0 - std::pow(beta1, step)));
        const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(beta2, step)));
        const auto b1 = static_cast<float>(beta1);
        const auto b2 = static_cast<float>(beta2);
        // Rounded after the difference: 1 - float(0.999) is off by 5e-5, which the first steps feel.
        const auto fresh1 = static_cast<float>(1.0 - beta1);
        const auto fresh2 = static_cast<float>(1.0 - beta2);
        const float eps = epsilon;
        forAllElements(context, decays.size(), 4, [&](std::size_t t, std::int64_t begin, std::int64_t end) {
            const Array* arrays = &context.inputs[1 + t * 4];
            auto* p = arrays[0].as<float>();
            const auto* g = arrays[1].as<const float>();
            auto* m = arrays[2].as<float>();
            auto* v = arrays[3].as<float>();
            const float decay = decays[t] ? weightDecay : 0.0f;
            simdRun([=] {
#pragma GCC ivdep
                for (std::int64_t i = begin; i < end; ++i) {
                    const float slope = g[i] + decay * p[i];
                    const float first = b1 * m[i] + fresh1 * slope;
                    const float second = b2 * v[i] + fresh2 * slope * slope;
                    m[i] = first;
                    v[i] = second;
                    p[i] -= scale * first / (__builtin_sqrtf(second) * correction + eps);
                }
            });
        });
    }
};

Options sgdUpdate(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const Attributes& a = request.attributes;
    const Sgd sgd{static_cast<float>(a.real("momentum")), static_cast<float>(a.real("weightDecay")), a.flag("nesterov"), a.integer("slots") > 0,
                  a.integers("decays")};
    return {rowMajorOption(request, "one loop", elementwiseMicroseconds(request), sgd)};
}

Options adamUpdate(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const Attributes& a = request.attributes;
    const Adam adam{a.real("beta1"), a.real("beta2"), static_cast<float>(a.real("epsilon")), static_cast<float>(a.real("weightDecay")),
                    a.integers("decays")};
    return {rowMajorOption(request, "one loop", elementwiseMicroseconds(request), adam)};
}

} // namespace

void optimizerUpdateCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "SgdUpdate", &sgdUpdate);
    table.add(DeviceKind::Cpu, "AdamUpdate", &adamUpdate);
}

} // namespace weft
