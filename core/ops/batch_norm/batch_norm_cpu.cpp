#include <algorithm>
#include <cmath>

#include "core/device/cpu/channels.h"
#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

/// Coefficients of a unit, one a lane: of 16 channels or of one channel 16 times.
struct Lanes {
    float values[16];
    template <class Of> Lanes(const ChannelUnits& units, std::int64_t unit, const Of& of)
    {
        for (int lane = 0; lane < 16; ++lane) {
            const int own = units.isLaneAChannel ? lane : 0;
            values[lane] = own < units.channelsOf(unit) ? of(own) : 0.0f;
        }
    }
};

void runUnits(const KernelContext& context, const ChannelUnits& units, const std::function<void(std::int64_t)>& body)
{
    const std::int64_t perUnit = units.segments * units.length + 1;
    parallelFor(context.threads, units.count, parallelGrain / 4 / perUnit + 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t unit = begin; unit < end; ++unit)
            body(unit);
    });
}

void normalise(const KernelContext& context, float epsilon)
{
    const Array& array = context.inputs[0];
    const ChannelUnits units(array.type.extents, array.layout);
    const auto* x = array.as<const float>();
    const auto* scale = context.inputs[1].as<const float>();
    const auto* shift = context.inputs[2].as<const float>();
    auto* y = context.outputs[0].as<float>();
    auto* mean = context.outputs[1].as<float>();
    auto* variance = context.outputs[2].as<float>();
    const auto count = static_cast<double>(units.perChannel);
    runUnits(context, units, [&](std::int64_t unit) {
        // Sums of distances from an element of the channel lose no digits to a large mean.
        const float* some = x + units.offset(unit, 0);
        const Lanes center(units, unit, [&](int lane) { return some[lane]; });
        const LaneSums sums = momentsOf(units, unit, x, center.values);
        double biased[16] = {};
        const std::int64_t first = units.firstChannel(unit);
        for (std::int64_t c = 0; c < units.channelsOf(unit); ++c) {
            const double distance = sums.first[c] / count;
            const double squares = std::max(sums.second[c] - sums.first[c] * distance, 0.0);
            biased[c] = squares / count;
            mean[first + c] = static_cast<float>(static_cast<double>(center.values[c]) + distance);
            variance[first + c] = static_cast<float>(squares / std::max(count - 1.0, 1.0));
        }
        const Lanes factor(units, unit, [&](int c) {
            return static_cast<float>(static_cast<double>(scale[first + c]) / std::sqrt(biased[c] + static_cast<double>(epsilon)));
        });
        const Lanes offset(units, unit, [&](int c) { return shift[first + c] - mean[first + c] * factor.values[c]; });
        scaleUnit(units, unit, x, factor.values, offset.values, y);
    });
}

/// Source: Ioffe & Szegedy, "Batch Normalization", 2015, section 3.
void gradient(const KernelContext& context, float epsilon)
{
    const Array& array = context.inputs[1];
    const ChannelUnits units(array.type.extents, array.layout);
    const auto* dy = context.inputs[0].as<const float>();
    const auto* x = array.as<const float>();
    const auto* scale = context.inputs[2].as<const float>();
    const auto* mean = context.inputs[3].as<const float>();
    const auto* variance = context.inputs[4].as<const float>();
    auto* dx = context.outputs[0].as<float>();
    auto* dScale = context.outputs[1].as<float>();
    auto* dShift = context.outputs[2].as<float>();
    const auto count = static_cast<double>(units.perChannel);
    runUnits(context, units, [&](std::int64_t unit) {
        const std::int64_t first = units.firstChannel(unit);
        const Lanes center(units, unit, [&](int c) { return mean[first + c]; });
        const LaneSums sums = productsOf(units, unit, dy, x, center.values);
        double inverse[16] = {};
        for (std::int64_t c = 0; c < units.channelsOf(unit); ++c) {
            const double biased = static_cast<double>(variance[first + c]) * std::max(count - 1.0, 1.0) / count;
            inverse[c] = 1.0 / std::sqrt(biased + static_cast<double>(epsilon));
            dScale[first + c] = static_cast<float>(sums.second[c] * inverse[c]);
            dShift[first + c] = static_cast<float>(sums.first[c]);
        }
        // dx = scale / σ · (dy − mean(dy) − (x − mean) / σ² · mean(dy · (x − mean))) as a · dy + b · x + c.
        const Lanes a(units, unit, [&](int c) { return static_cast<float>(static_cast<double>(scale[first + c]) * inverse[c]); });
        const Lanes b(units, unit, [&](int c) {
            return static_cast<float>(-static_cast<double>(scale[first + c]) * inverse[c] * inverse[c] * inverse[c] * sums.second[c] / count);
        });
        const Lanes constant(units, unit, [&](int c) {
            return static_cast<float>(-static_cast<double>(a.values[c]) * sums.first[c] / count
                                      - static_cast<double>(b.values[c]) * static_cast<double>(mean[first + c]));
        });
        combineUnit(units, unit, dy, x, a.values, b.values, constant.values, dx);
    });
}

void normaliseGiven(const KernelContext& context, float epsilon)
{
    const Array& array = context.inputs[0];
    const ChannelUnits units(array.type.extents, array.layout);
    const auto of = [&](std::size_t input) { return context.inputs[input].as<const float>(); };
    runUnits(context, units, [&](std::int64_t unit) {
        const std::int64_t first = units.firstChannel(unit);
        const Lanes factor(units, unit, [&](int c) { return of(1)[first + c] / __builtin_sqrtf(of(4)[first + c] + epsilon); });
        const Lanes offset(units, unit, [&](int c) { return of(2)[first + c] - of(3)[first + c] * factor.values[c]; });
        scaleUnit(units, unit, array.as<const float>(), factor.values, offset.values, context.outputs[0].as<float>());
    });
}

/// Options in every layout; `activations` are the inputs of x's shape, the others are per channel.
Options inAllLayouts(const KernelRequest& request, std::size_t activations, void (*run)(const KernelContext&, float))
{
    const Extents& x = request.outputs[0].extents;
    if (!allFloat32(request) || elementCount(x) == 0)
        return {};
    const auto epsilon = static_cast<float>(request.attributes.real("epsilon"));
    Options options;
    std::vector<Layout> layouts{Layout::RowMajor, Layout::BatchLanes16};
    if (x.size() > 2)
        layouts.push_back(Layout::ChannelBlocked16);
    for (const Layout layout : layouts) {
        const double padding = static_cast<double>(storedElements(request.outputs[0], layout)) / static_cast<double>(elementCount(x));
        KernelOption option = rowMajorOption(request, nameOf(layout), elementwiseMicroseconds(request) * padding,
                                             [run, epsilon](const KernelContext& context) { run(context, epsilon); });
        std::fill_n(option.inputLayouts.begin(), activations, layout);
        option.outputLayouts[0] = layout;
        options.push_back(std::move(option));
    }
    return options;
}

Options batchNorm(const KernelRequest& request)
{
    return inAllLayouts(request, 1, &normalise);
}
Options batchNormGradient(const KernelRequest& request)
{
    return inAllLayouts(request, 2, &gradient);
}
Options batchNormInference(const KernelRequest& request)
{
    return inAllLayouts(request, 1, &normaliseGiven);
}

} // namespace

void batchNormCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "BatchNorm", &batchNorm);
    table.add(DeviceKind::Cpu, "BatchNormGradient", &batchNormGradient);
    table.add(DeviceKind::Cpu, "BatchNormInference", &batchNormInference);
}

} // namespace weft
