#include <cmath>

#include "core/ops/batch_norm/batch_norm_rows.h"

namespace weft {

namespace {

/// Where the elements of a channel lie: element i of channel c at at(c, i).
struct ChannelPlaces {
    std::int64_t channels, area, size;

    explicit ChannelPlaces(const Extents& x) : channels(ChannelSizes(x).channels), area(ChannelSizes(x).area), size(ChannelSizes(x).samples * area) {}
    constexpr std::int64_t at(std::int64_t channel, std::int64_t i) const { return (i / area * channels + channel) * area + i % area; }
};

struct BatchNormCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelPlaces places(context.inputs[0].type.extents);
        const double count = static_cast<double>(places.size), epsilon = attributes.real("epsilon");
        const T* x = inputData<T>(context, 0);
        const float *scale = inputData<float>(context, 1), *shift = inputData<float>(context, 2);
        T* y = outputData<T>(context);
        float *means = outputData<float>(context, 1), *variances = outputData<float>(context, 2);
        const NormTail<T> tail(context, attributes, 3);
        forEachTeam(context, places.channels, places.size, [=] WEFT_DEVICE(std::int64_t c, const Team& team) {
            double sum = 0, squares = 0;
            for (std::int64_t i = team.index(); i < places.size; i += team.size())
                sum += static_cast<double>(x[places.at(c, i)]);
            const double mean = team.sum(sum) / count;
            for (std::int64_t i = team.index(); i < places.size; i += team.size()) {
                const double off = static_cast<double>(x[places.at(c, i)]) - mean;
                squares += off * off;
            }
            squares = team.sum(squares);
            const double factor = static_cast<double>(scale[c]) / std::sqrt(squares / count + epsilon), offset = static_cast<double>(shift[c]);
            for (std::int64_t i = team.index(); i < places.size; i += team.size()) {
                const std::int64_t at = places.at(c, i);
                const auto normal = static_cast<float>((static_cast<double>(x[at]) - mean) * factor + offset);
                y[at] = static_cast<T>(activated(tail.activation, tail.addend ? normal + static_cast<float>(tail.addend[at]) : normal, tail.alpha));
            }
            if (team.index() == 0) {
                means[c] = static_cast<float>(mean);
                variances[c] = static_cast<float>(squares / (count > 2.0 ? count - 1.0 : 1.0));
            }
        });
    }
};

struct BatchNormGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelPlaces places(context.inputs[1].type.extents);
        const double count = static_cast<double>(places.size), epsilon = attributes.real("epsilon");
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        const float* scale = inputData<float>(context, 2);
        const float *means = inputData<float>(context, 3), *variances = inputData<float>(context, 4);
        T* dx = outputData<T>(context);
        float *dScale = outputData<float>(context, 1), *dShift = outputData<float>(context, 2);
        const NormTail<T> tail(context, attributes);
        const NormLine line{scale, means,  variances, tail.activation == NormActivation::None ? nullptr : inputData<float>(context, 5),
                            count, epsilon};
        forEachTeam(context, places.channels, places.size, [=] WEFT_DEVICE(std::int64_t c, const Team& team) {
            const double mean = static_cast<double>(means[c]), inverse = line.inverseDeviation(c), factor = static_cast<double>(scale[c]) * inverse;
            const double shift = line.shift ? static_cast<double>(line.shift[c]) : 0.0;
            const auto slopeAt = [&](std::int64_t at) {
                const double normal = (static_cast<double>(x[at]) - mean) * factor + shift;
                return static_cast<double>(tail.slope(static_cast<float>(dy[at]), static_cast<float>(normal)));
            };
            double sumDy = 0, sumDyX = 0;
            for (std::int64_t i = team.index(); i < places.size; i += team.size()) {
                const std::int64_t at = places.at(c, i);
                const double slope = slopeAt(at);
                sumDy += slope;
                sumDyX += slope * (static_cast<double>(x[at]) - mean) * inverse;
            }
            sumDy = team.sum(sumDy);
            sumDyX = team.sum(sumDyX);
            for (std::int64_t i = team.index(); i < places.size; i += team.size()) {
                const std::int64_t at = places.at(c, i);
                const double normal = (static_cast<double>(x[at]) - mean) * inverse;
                dx[at] = static_cast<T>(static_cast<float>(factor * (slopeAt(at) - sumDy / count - normal * sumDyX / count)));
            }
            if (team.index() == 0) {
                dScale[c] = static_cast<float>(sumDyX);
                dShift[c] = static_cast<float>(sumDy);
            }
        });
    }
};

struct BatchNormInferenceCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelOrder order(context.inputs[0]);
        const double epsilon = attributes.real("epsilon");
        const T* x = inputData<T>(context, 0);
        const float *scale = inputData<float>(context, 1), *shift = inputData<float>(context, 2);
        const float *mean = inputData<float>(context, 3), *variance = inputData<float>(context, 4);
        T* y = outputData<T>(context);
        forEach(context, context.inputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t c = order.channelAt(i);
            const double factor = static_cast<double>(scale[c]) / std::sqrt(static_cast<double>(variance[c]) + epsilon);
            const double off = static_cast<double>(x[i]) - static_cast<double>(mean[c]);
            y[i] = static_cast<T>(static_cast<float>(off * factor + static_cast<double>(shift[c])));
        });
    }
};

/// Channels in planes, or in rows where they come last, as those of a matrix always do.
template <class OfPlanes, class OfRows> std::vector<KernelOption> options(const KernelRequest& request)
{
    if (request.outputs[0].extents.size() == 2)
        return storedCudaFactory<OfRows>(request);
    std::vector<KernelOption> all = storedCudaFactory<OfPlanes>(request);
    for (const KernelOption& option : storedCudaFactory<OfRows>(request))
        addChannelsLast(all, request, option, ChannelsLast::Spatial);
    return all;
}

} // namespace

void batchNormCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "BatchNorm", &options<BatchNormCuda, BatchNormRows>);
    table.add(DeviceKind::Cuda, "BatchNormGradient", &options<BatchNormGradientCuda, BatchNormGradientRows>);
    table.add(DeviceKind::Cuda, "FusedBatchNorm", &options<BatchNormCuda, BatchNormRows>);
    table.add(DeviceKind::Cuda, "FusedBatchNormGradient", &options<BatchNormGradientCuda, BatchNormGradientRows>);
    addStoredCuda<BatchNormInferenceCuda>(table, "BatchNormInference");
}

} // namespace weft
