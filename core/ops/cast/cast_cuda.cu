#include "core/device/cuda/cuda_device.h"
#include "core/device/reorder_cost.h"
#include "core/ops/cast/cast.h"
#include "core/ops/cast/cast_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class From, class To> void castOnCard(const KernelContext& context)
{
    const From* x = inputData<From>(context, 0);
    To* y = outputData<To>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = static_cast<To>(x[i]); });
}

/// Between float32 and 16 bits; where the arrays lie in different orders it also turns them around.
template <class From, class To> void store(const KernelContext& context)
{
    const Array &from = context.inputs[0], &to = context.outputs[0];
    const From* x = from.as<From>();
    To* y = to.as<To>();
    if (from.layout == to.layout)
        return mapElements(context, to.count(), y, x, [] WEFT_DEVICE(float number) { return number; });
    const Places places = stretchedPlaces(from, to);
    forEach(context, to.count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = static_cast<To>(static_cast<float>(x[places.at(i)])); });
}

using Run = void (*)(const KernelContext&);

Run storing(DType from, DType to)
{
    if (from == DType::Float32)
        return to == DType::BFloat16 ? &store<float, BFloat16> : to == DType::Float16 ? &store<float, Float16> : nullptr;
    if (to != DType::Float32)
        return nullptr;
    return from == DType::BFloat16 ? &store<BFloat16, float> : from == DType::Float16 ? &store<Float16, float> : nullptr;
}

/// In all orders of both arrays; what a convolution reads is turned around on the way.
std::vector<KernelOption> stores(const KernelRequest& request, Run run)
{
    std::vector<KernelOption> options{rowMajorOption(request, "cuda", 1.0, run)};
    if (request.inputs[0].extents.size() < 3)
        return options;
    // What is not turned around here has to be by itself.
    if (isForConv(request.attributes))
        options[0].microseconds += 1.0 + reorderMicroseconds(request.outputs[0], Layout::RowMajor, Layout::ChannelsLast);
    for (const Layout from : {Layout::RowMajor, Layout::ChannelsLast}) {
        KernelOption option = rowMajorOption(request, from == Layout::RowMajor ? "cuda:turned" : "cuda:channels-last", 1.0, run);
        option.inputLayouts = {from};
        option.outputLayouts = {Layout::ChannelsLast};
        options.push_back(std::move(option));
    }
    return options;
}

std::vector<KernelOption> castOptions(const KernelRequest& request)
{
    const DType from = request.inputs[0].dtype, to = request.outputs[0].dtype;
    if (const Run run = storing(from, to); run && isStoredOnCard(from) && isStoredOnCard(to))
        return stores(request, run);
    std::vector<KernelOption> options;
    visitType(from, [&](auto a) {
        visitType(to, [&](auto b) { options.push_back(rowMajorOption(request, "cuda", 1.0, &castOnCard<decltype(a), decltype(b)>)); });
    });
    return options;
}

/// An array of a CastAll, [rows, inner, area], whose result may lie as [rows, area, inner].
struct CastOne {
    const float* x;
    void* y;
    std::int64_t count, firstGroup;
    std::int64_t inner, area; ///< area 1: as it lies
};

/// As many as fit into the parameters of a launch.
struct Casts {
    static constexpr int most = 64;
    int count = 0;
    std::int64_t groups = 0;
    CastOne of[most];
};

/// Eight numbers, or those that are left at the end of an array.
template <class T> WEFT_DEVICE inline void castGroup(const CastOne& one, std::int64_t group)
{
    constexpr int width = lanesAtOnce<T>;
    const std::int64_t first = group * width, some = std::min<std::int64_t>(width, one.count - first);
    T* y = static_cast<T*>(one.y) + first;
    if (some == width && one.area == 1) {
        Lanes<T, width> to;
        for (int half = 0; half < width; half += 4) {
            const auto four = lanesAt<4>(one.x + first + half);
            for (int lane = 0; lane < 4; ++lane)
                to.at[half + lane] = static_cast<T>(four.at[lane]);
        }
        return putLanes(y, to);
    }
    for (std::int64_t lane = 0; lane < some; ++lane) {
        const std::int64_t place = first + lane, column = place / one.inner;
        const std::int64_t from = (column / one.area * one.inner + place % one.inner) * one.area + column % one.area;
        y[lane] = static_cast<T>(one.x[from]);
    }
}

template <class T> void castAll(const KernelContext& context)
{
    for (std::size_t begin = 0; begin < context.inputs.size(); begin += Casts::most) {
        Casts casts;
        for (std::size_t i = begin; i < std::min(context.inputs.size(), begin + Casts::most); ++i) {
            const Array& to = context.outputs[i];
            const std::int64_t inner = to.layout == Layout::ChannelsLast ? to.extent(1) : 1;
            const std::int64_t area = inner > 1 ? to.count() / std::max<std::int64_t>(1, to.extent(0) * inner) : 1;
            casts.of[casts.count++] = {context.inputs[i].as<const float>(), to.data, to.count(), casts.groups, inner, area};
            casts.groups += (to.count() + lanesAtOnce<T> - 1) / lanesAtOnce<T>;
        }
        forEach(context, casts.groups, [=] WEFT_DEVICE(std::int64_t group) {
            const CastOne& one = casts.of[partWith(casts.count, group, [&](int part) { return casts.of[part].firstGroup; })];
            castGroup<T>(one, group - one.firstGroup);
        });
    }
}

/// Float32 to 16 bits. As they lie, or with what convolutions take turned around on the way, which would be done by itself else.
std::vector<KernelOption> castAllOptions(const KernelRequest& request)
{
    const DType to = request.outputs[0].dtype;
    const auto isSingle = [](const ArrayType& type) { return type.dtype == DType::Float32; };
    if (!isSixteenBits(to) || !isStoredOnCard(to) || !std::all_of(request.inputs.begin(), request.inputs.end(), isSingle))
        return {};
    const Run run = to == DType::BFloat16 ? &castAll<BFloat16> : &castAll<Float16>;
    std::vector<KernelOption> options(2, rowMajorOption(request, "cuda", 1.0, run));
    const auto& forConv = request.attributes.integers("forConv");
    for (std::size_t i = 0; i < request.outputs.size(); ++i) {
        if (forConv[i] == 0 || isSameWithChannelsLast(request.outputs[i]))
            continue;
        options[0].microseconds += 1.0 + reorderMicroseconds(request.outputs[i], Layout::RowMajor, Layout::ChannelsLast);
        options[1].outputLayouts[i] = Layout::ChannelsLast;
        options[1].name = "cuda:turned";
    }
    if (options[1].outputLayouts == options[0].outputLayouts)
        options.pop_back();
    return options;
}

} // namespace

void castCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "CastAll", &castAllOptions);
    table.add(DeviceKind::Cuda, "Cast", &castOptions);
}

} // namespace weft
