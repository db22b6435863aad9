#include "core/device/reorder_cost.h"
#include "core/ops/cast/cast.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// What is done to the pixels of each channel.
struct OfChannels {
    static constexpr std::int64_t most = 8; ///< so many are carried into the kernel
    float scale[most], shift[most];

    OfChannels(const Attributes& attributes, std::int64_t channels)
    {
        const auto &scales = attributes.get<std::vector<double>>("scale"), &shifts = attributes.get<std::vector<double>>("shift");
        for (std::int64_t c = 0; c < most; ++c) {
            const auto channel = static_cast<std::size_t>(c < channels ? c : 0);
            scale[c] = static_cast<float>(scales[scales.size() > 1 ? channel : 0]);
            shift[c] = static_cast<float>(shifts[shifts.size() > 1 ? channel : 0]);
        }
    }
};

/// The channels that the numbers of a request differ by: one where all are alike.
std::int64_t channelsOf(const Attributes& attributes, const Extents& extents)
{
    const bool isAlike = attributes.get<std::vector<double>>("scale").size() == 1 && attributes.get<std::vector<double>>("shift").size() == 1;
    return extents.size() < 2 || isAlike ? 1 : extents[1];
}

/// A place in [N, C, area], which moves on in the order of the memory that is written.
struct PixelPlace {
    std::int64_t sample, channel, position;

    constexpr PixelPlace(std::int64_t flat, std::int64_t channels, std::int64_t area, bool isLast) :
        sample(flat / (channels * area)), channel(isLast ? flat % channels : flat / area % channels),
        position(isLast ? flat / channels % area : flat % area)
    {
    }
    /// One further along a row of `inner`, of which there are `outer`.
    static constexpr void move(std::int64_t& inner, std::int64_t ofInner, std::int64_t& outer, std::int64_t ofOuter, std::int64_t& sample)
    {
        if (++inner < ofInner)
            return;
        inner = 0;
        if (++outer < ofOuter)
            return;
        outer = 0;
        ++sample;
    }
    constexpr void moveOn(std::int64_t channels, std::int64_t area, bool isLast)
    {
        if (isLast)
            move(channel, channels, position, area, sample);
        else
            move(position, area, channel, channels, sample);
    }
};

/// A thread writes 16 bytes.
template <class T> void pixels(const KernelContext& context, const OfChannels& numbers, std::int64_t channels)
{
    const Array &from = context.inputs[0], &to = context.outputs[0];
    const bool isLast = to.layout == Layout::ChannelsLast;
    const std::int64_t count = to.count();
    const std::int64_t planes = isLast ? to.extent(1) : channels, area = count / std::max<std::int64_t>(1, to.extent(0) * planes);
    const auto* x = from.as<const std::uint8_t>();
    T* y = to.as<T>();
    constexpr std::int64_t width = lanesAtOnce<T>;
    forEach(context, (count + width - 1) / width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t first = i * width, some = std::min(width, count - first);
        PixelPlace place(first, planes, area, isLast);
        Lanes<T, width> lanes;
        for (std::int64_t lane = 0; lane < some; ++lane) {
            const std::int64_t channel = channels == 1 ? 0 : place.channel;
            const float pixel = static_cast<float>(x[(place.sample * planes + place.channel) * area + place.position]);
            lanes.at[lane] = static_cast<T>(numbers.scale[channel] * pixel + numbers.shift[channel]);
            place.moveOn(planes, area, isLast);
        }
        if (some == width)
            return putLanes(y + first, lanes);
        for (std::int64_t lane = 0; lane < some; ++lane)
            y[first + lane] = lanes.at[lane];
    });
}

template <class T> std::vector<KernelOption> optionsOf(const KernelRequest& request)
{
    const std::int64_t channels = channelsOf(request.attributes, request.outputs[0].extents);
    const auto run
        = [numbers = OfChannels(request.attributes, channels), channels](const KernelContext& context) { pixels<T>(context, numbers, channels); };
    std::vector<KernelOption> options{rowMajorOption(request, "cuda", 1.0, run)};
    if (isSameWithChannelsLast(request.outputs[0]))
        return options;
    // What a convolution takes with its channels last would be turned around by itself.
    if (isForConv(request.attributes) && request.precision != Precision::Float32)
        options[0].microseconds += 1.0 + reorderMicroseconds(request.outputs[0], Layout::RowMajor, Layout::ChannelsLast);
    options.push_back(rowMajorOption(request, "cuda:turned", 1.0, run));
    options[1].outputLayouts = {Layout::ChannelsLast};
    return options;
}

std::vector<KernelOption> pixelOptions(const KernelRequest& request)
{
    if (request.inputs[0].dtype != DType::UInt8 || channelsOf(request.attributes, request.outputs[0].extents) > OfChannels::most)
        return {};
    return visitStored(request.outputs[0].dtype, [&](auto number) { return optionsOf<decltype(number)>(request); });
}

} // namespace

void pixelsCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Pixels", &pixelOptions);
}

} // namespace weft
