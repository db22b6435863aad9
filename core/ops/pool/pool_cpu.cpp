#include <algorithm>
#include <limits>

#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/lanes.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

/// Sizes with three spatial axes; fewer have leading ones.
struct Sizes {
    std::int64_t planes = 0;
    std::int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, padEnd[3] = {0, 0, 0};
    bool countPadding = true;
    int axes = 2;

    Sizes(const Extents& x, const Extents& y, const Attributes& attributes) : planes(x[0] * x[1]), axes(static_cast<int>(x.size()) - 2)
    {
        for (std::size_t i = 0; i + 2 < x.size(); ++i) {
            const std::size_t axis = 5 - x.size() + i;
            in[axis] = x[i + 2];
            out[axis] = y[i + 2];
            kernel[axis] = attributes.integers("kernel")[i];
            stride[axis] = attributes.integers("strides")[i];
            pad[axis] = attributes.integers("padBegin")[i];
            padEnd[axis] = attributes.integers("padEnd")[i];
        }
        if (attributes.has("countPadding"))
            countPadding = attributes.flag("countPadding");
    }

    std::int64_t inArea() const { return in[0] * in[1] * in[2]; }
    std::int64_t outArea() const { return out[0] * out[1] * out[2]; }
    std::int64_t grain() const { return parallelGrain / 16 / (inArea() + 1) + 1; }

    lanes::PoolPlane plane() const
    {
        lanes::PoolPlane p;
        p.rows = in[1];
        p.columns = in[2];
        p.outRows = out[1];
        p.outColumns = out[2];
        p.kernelRows = kernel[1];
        p.kernelColumns = kernel[2];
        p.strideRows = stride[1];
        p.strideColumns = stride[2];
        p.padRows = pad[1];
        p.padColumns = pad[2];
        p.padEndRows = padEnd[1];
        p.padEndColumns = padEnd[2];
        p.countPadding = countPadding;
        return p;
    }
};

struct Window {
    std::int64_t begin[3], end[3];
    float share; ///< of one element in a mean
};

/// Calls visit(index in y, window) for the windows of a plane.
template <class Visit> void forEachWindow(const Sizes& s, Visit visit)
{
    std::int64_t at[3];
    std::int64_t flat = 0;
    for (at[0] = 0; at[0] < s.out[0]; ++at[0])
        for (at[1] = 0; at[1] < s.out[1]; ++at[1])
            for (at[2] = 0; at[2] < s.out[2]; ++at[2], ++flat) {
                Window w{};
                std::int64_t counted = 1;
                for (int axis = 0; axis < 3; ++axis) {
                    const std::int64_t first = at[axis] * s.stride[axis] - s.pad[axis];
                    const std::int64_t last = std::min(first + s.kernel[axis], s.in[axis] + s.padEnd[axis]);
                    w.begin[axis] = std::max<std::int64_t>(first, 0);
                    w.end[axis] = std::min(last, s.in[axis]);
                    counted *= s.countPadding ? last - first : w.end[axis] - w.begin[axis];
                }
                w.share = 1.0f / static_cast<float>(counted);
                visit(flat, w);
            }
}

/// Calls visit(index in x) for the elements of a window, row by row.
template <class Visit> void forEachElement(const Sizes& s, const Window& w, Visit visit)
{
    for (std::int64_t a = w.begin[0]; a < w.end[0]; ++a)
        for (std::int64_t b = w.begin[1]; b < w.end[1]; ++b)
            for (std::int64_t c = w.begin[2]; c < w.end[2]; ++c)
                visit((a * s.in[1] + b) * s.in[2] + c);
}

/// The first maximum; a NaN wins.
std::int64_t firstMaximum(const Sizes& s, const Window& w, const float* x)
{
    std::int64_t best = (w.begin[0] * s.in[1] + w.begin[1]) * s.in[2] + w.begin[2];
    forEachElement(s, w, [&](std::int64_t i) {
        if (x[i] > x[best] || (x[i] != x[i] && x[best] == x[best]))
            best = i;
    });
    return best;
}

void maxPoolPlane(const Sizes& s, const float* x, float* y)
{
    forEachWindow(s, [&](std::int64_t i, const Window& w) { y[i] = x[firstMaximum(s, w, x)]; });
}

void averagePoolPlane(const Sizes& s, const float* x, float* y)
{
    forEachWindow(s, [&](std::int64_t i, const Window& w) {
        float sum = 0;
        forEachElement(s, w, [&](std::int64_t from) { sum += x[from]; });
        y[i] = sum * w.share;
    });
}

void maxPoolGradientPlane(const Sizes& s, const float* dy, const float* x, float* dx)
{
    std::fill(dx, dx + s.inArea(), 0.0f);
    forEachWindow(s, [&](std::int64_t i, const Window& w) { dx[firstMaximum(s, w, x)] += dy[i]; });
}

void averagePoolGradientPlane(const Sizes& s, const float* dy, float* dx)
{
    std::fill(dx, dx + s.inArea(), 0.0f);
    forEachWindow(s, [&](std::int64_t i, const Window& w) { forEachElement(s, w, [&](std::int64_t to) { dx[to] += dy[i] * w.share; }); });
}

/// An option that runs plane by plane; `step` floats of a plane lie side by side: 1 in row-major
/// arrays, 16 samples or channels in the others.
template <class Body> KernelOption planesOption(const KernelRequest& request, const char* name, const Sizes& sizes, Layout layout, const Body& body)
{
    const double rate = layout == Layout::RowMajor ? 300 : 4000;
    const double work = static_cast<double>(sizes.planes * sizes.inArea());
    KernelOption option = rowMajorOption(request, name, 0.5 + work / rate / request.threads, [sizes, body](const KernelContext& context) {
        const bool isPlain = context.inputs[0].layout == Layout::RowMajor;
        const std::int64_t width = isPlain ? 1 : lanes::width;
        const Array& out = context.outputs[0];
        const std::int64_t planes = storedElements(out.type, out.layout) / (out.count() / sizes.planes * width);
        parallelFor(context.threads, planes, sizes.grain(), [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t plane = begin; plane < end; ++plane)
                body(context, plane * sizes.inArea() * width, plane * sizes.outArea() * width);
        });
    });
    option.inputLayouts.assign(request.inputs.size(), layout);
    option.outputLayouts.assign(1, layout);
    return option;
}

/// The row-major option and, for one or two spatial axes, those with 16 planes side by side.
template <class Plain, class Vector> Options poolOptions(const KernelRequest& request, const Sizes& sizes, const Plain& plain, const Vector& vector)
{
    if (!allFloat32(request))
        return {};
    if (sizes.planes * sizes.outArea() == 0)
        return {};
    Options options{planesOption(request, "rows", sizes, Layout::RowMajor, plain)};
    if (sizes.axes <= 2) {
        options.push_back(planesOption(request, "lanes", sizes, Layout::BatchLanes16, vector));
        options.push_back(planesOption(request, "blocked", sizes, Layout::ChannelBlocked16, vector));
    }
    return options;
}

Options maxPool(const KernelRequest& request)
{
    const Sizes sizes(request.inputs[0].extents, request.outputs[0].extents, request.attributes);
    return poolOptions(
        request, sizes,
        [sizes](const KernelContext& c, std::int64_t x, std::int64_t y) {
            maxPoolPlane(sizes, c.inputs[0].as<const float>() + x, c.outputs[0].as<float>() + y);
        },
        [plane = sizes.plane()](const KernelContext& c, std::int64_t x, std::int64_t y) {
            lanes::kernels().maxPool(plane, c.inputs[0].as<const float>() + x, c.outputs[0].as<float>() + y);
        });
}

Options maxPoolGradient(const KernelRequest& request)
{
    const Sizes sizes(request.outputs[0].extents, request.inputs[0].extents, request.attributes);
    return poolOptions(
        request, sizes,
        [sizes](const KernelContext& c, std::int64_t x, std::int64_t y) {
            maxPoolGradientPlane(sizes, c.inputs[0].as<const float>() + y, c.inputs[1].as<const float>() + x, c.outputs[0].as<float>() + x);
        },
        [plane = sizes.plane()](const KernelContext& c, std::int64_t x, std::int64_t y) {
            lanes::kernels().maxPoolGradient(plane, c.inputs[0].as<const float>() + y, c.inputs[1].as<const float>() + x,
                                             c.inputs[2].as<const float>() + y, c.outputs[0].as<float>() + x);
        });
}

Options averagePool(const KernelRequest& request)
{
    const Sizes sizes(request.inputs[0].extents, request.outputs[0].extents, request.attributes);
    return poolOptions(
        request, sizes,
        [sizes](const KernelContext& c, std::int64_t x, std::int64_t y) {
            averagePoolPlane(sizes, c.inputs[0].as<const float>() + x, c.outputs[0].as<float>() + y);
        },
        [plane = sizes.plane()](const KernelContext& c, std::int64_t x, std::int64_t y) {
            lanes::kernels().averagePool(plane, c.inputs[0].as<const float>() + x, c.outputs[0].as<float>() + y);
        });
}

Options averagePoolGradient(const KernelRequest& request)
{
    const Sizes sizes(request.outputs[0].extents, request.inputs[0].extents, request.attributes);
    return poolOptions(
        request, sizes,
        [sizes](const KernelContext& c, std::int64_t x, std::int64_t y) {
            averagePoolGradientPlane(sizes, c.inputs[0].as<const float>() + y, c.outputs[0].as<float>() + x);
        },
        [plane = sizes.plane()](const KernelContext& c, std::int64_t x, std::int64_t y) {
            lanes::kernels().averagePoolGradient(plane, c.inputs[0].as<const float>() + y, c.outputs[0].as<float>() + x);
        });
}

} // namespace

void poolCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "MaxPool", &maxPool);
    table.add(DeviceKind::Cpu, "MaxPoolGradient", &maxPoolGradient);
    table.add(DeviceKind::Cpu, "AveragePool", &averagePool);
    table.add(DeviceKind::Cpu, "AveragePoolGradient", &averagePoolGradient);
}

} // namespace weft
