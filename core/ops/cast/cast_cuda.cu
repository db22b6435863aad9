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
    if (request.attributes.has(castForConvAttribute) && request.attributes.flag(castForConvAttribute))
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

} // namespace

void castCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Cast", &castOptions);
}

} // namespace weft
