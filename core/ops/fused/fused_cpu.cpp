#include <algorithm>

#include "core/device/cpu/conv_options.h"
#include "core/device/cpu/lanes.h"
#include "core/device/cpu/matmul_options.h"
#include "core/device/cpu/parallel.h"
#include "core/device/kernel_table.h"
#include "core/ops/fused/fused.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

static_assert(noTap == lanes::noTap);

Options fusedMatMul(const KernelRequest& request)
{
    return matMulOptions(request, request.attributes.flag("relu"));
}

Options fusedConv(const KernelRequest& request)
{
    ConvProblem p = convProblem(request.attributes, request.inputs[0].extents, request.inputs[1].extents, request.outputs[0].extents);
    p.hasBias = request.inputs.size() > 2;
    p.relu = request.attributes.flag("relu");
    return convForwardOptions(request, p);
}

/// Geometry of a pooling with one or two spatial axes.
lanes::PoolPlane planeOf(const Attributes& attributes, const Extents& x, const Extents& y)
{
    const auto last = [&](const char* key, std::size_t back, std::int64_t otherwise) {
        const std::vector<std::int64_t>& values = attributes.integers(key);
        return back < values.size() ? values[values.size() - 1 - back] : otherwise;
    };
    const auto extent = [](const Extents& e, std::size_t back) { return e.size() > 2 + back ? e[e.size() - 1 - back] : 1; };
    lanes::PoolPlane p;
    p.rows = extent(x, 1);
    p.columns = extent(x, 0);
    p.outRows = extent(y, 1);
    p.outColumns = extent(y, 0);
    p.kernelRows = last("kernel", 1, 1);
    p.kernelColumns = last("kernel", 0, 1);
    p.strideRows = last("strides", 1, 1);
    p.strideColumns = last("strides", 0, 1);
    p.padRows = last("padBegin", 1, 0);
    p.padColumns = last("padBegin", 0, 0);
    return p;
}

/// Both layouts with 16 planes side by side. Row-major arrays gain nothing from an index.
Options inVectorLayouts(const KernelRequest& request, const ArrayType& larger,
                        const std::function<void(const KernelContext&, std::int64_t)>& runPlane)
{
    if (larger.extents.size() > 4 || elementCount(request.outputs[0].extents) == 0)
        return {};
    Options options;
    for (const Layout layout : {Layout::BatchLanes16, Layout::ChannelBlocked16}) {
        const std::int64_t stored = storedElements(larger, layout);
        const std::int64_t planeFloats = elementCount(larger.extents) / (larger.extents[0] * larger.extents[1]) * lanes::width;
        KernelOption option
            = rowMajorOption(request, nameOf(layout), 0.5 + static_cast<double>(stored) / 6000 / request.threads, [=](const KernelContext& context) {
                  parallelFor(context.threads, stored / planeFloats, parallelGrain / 4 / planeFloats + 1, [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t plane = begin; plane < end; ++plane)
                          runPlane(context, plane);
                  });
              });
        std::fill(option.inputLayouts.begin(), option.inputLayouts.end(), layout);
        std::fill(option.outputLayouts.begin(), option.outputLayouts.end(), layout);
        options.push_back(std::move(option));
    }
    return options;
}

Options indexedMaxPool(const KernelRequest& request)
{
    const ArrayType& x = request.inputs[0];
    if (x.dtype != DType::Float32)
        return {};
    const lanes::PoolPlane plane = planeOf(request.attributes, x.extents, request.outputs[0].extents);
    const bool relu = request.attributes.flag("relu");
    return inVectorLayouts(request, x, [plane, relu](const KernelContext& context, std::int64_t i) {
        const std::int64_t from = i * plane.rows * plane.columns * lanes::width;
        const std::int64_t to = i * plane.outRows * plane.outColumns * lanes::width;
        std::uint8_t* index = context.outputs.size() > 1 ? context.outputs[1].as<std::uint8_t>() + to : nullptr;
        lanes::kernels().indexedMaxPool(plane, relu, context.inputs[0].as<const float>() + from, context.outputs[0].as<float>() + to, index);
    });
}

Options indexedMaxPoolGradient(const KernelRequest& request)
{
    const ArrayType& dx = request.outputs[0];
    if (dx.dtype != DType::Float32)
        return {};
    const lanes::PoolPlane plane = planeOf(request.attributes, dx.extents, request.inputs[0].extents);
    return inVectorLayouts(request, dx, [plane](const KernelContext& context, std::int64_t i) {
        const std::int64_t to = i * plane.rows * plane.columns * lanes::width;
        const std::int64_t from = i * plane.outRows * plane.outColumns * lanes::width;
        lanes::kernels().indexedMaxPoolGradient(plane, context.inputs[0].as<const float>() + from, context.inputs[1].as<const std::uint8_t>() + from,
                                                context.outputs[0].as<float>() + to);
    });
}

/// The result of the convolution alone.
Extents convExtents(const KernelRequest& request)
{
    const Attributes& a = request.attributes;
    const Extents& x = request.inputs[0].extents;
    const Extents& kernel = request.inputs[1].extents;
    Extents y{x[0], kernel[0]};
    for (std::size_t i = 0; i + 2 < x.size(); ++i) {
        const std::int64_t reach = (kernel[i + 2] - 1) * a.integers("dilations")[i] + 1;
        y.push_back((x[i + 2] + a.integers("padBegin")[i] + a.integers("padEnd")[i] - reach) / a.integers("strides")[i] + 1);
    }
    return y;
}

/// Worth it only where batch lanes or rows are what the convolution would use, and where windows stand
/// side by side, so that nothing is computed twice.
Options fusedConvPool(const KernelRequest& request)
{
    const Attributes& a = request.attributes;
    const Extents& x = request.inputs[0].extents;
    const auto isZero = [](std::int64_t pad) { return pad == 0; };
    const auto hasPadding = [&](const char* key) { return !std::all_of(a.integers(key).begin(), a.integers(key).end(), isZero); };
    if (x.size() > 4 || hasPadding("poolPadBegin") || hasPadding("poolPadEnd"))
        return {};
    ConvProblem p = convProblem(a, x, request.inputs[1].extents, convExtents(request));
    p.hasBias = request.inputs.size() > 2;
    p.relu = a.flag("relu");
    p.hasPool = true;
    p.hasIndex = a.flag("hasIndex");
    p.pool.out[0] = 1;
    for (std::size_t i = 0; i + 2 < x.size(); ++i) {
        const std::size_t axis = 4 - x.size() + i;
        p.pool.kernel[axis] = a.integers("poolKernel")[i];
        p.pool.stride[axis] = a.integers("poolStrides")[i];
        p.pool.out[axis] = request.outputs[0].extents[i + 2];
        if (p.pool.stride[axis] < p.pool.kernel[axis])
            return {};
    }
    return convForwardOptions(request, p);
}

} // namespace

void fusedCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "FusedMatMul", &fusedMatMul);
    table.add(DeviceKind::Cpu, "FusedConv", &fusedConv);
    table.add(DeviceKind::Cpu, "IndexedMaxPool", &indexedMaxPool);
    table.add(DeviceKind::Cpu, "IndexedMaxPoolGradient", &indexedMaxPoolGradient);
    table.add(DeviceKind::Cpu, "FusedConvPool", &fusedConvPool);
}

} // namespace weft
