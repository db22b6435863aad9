#pragma once

#include <algorithm>
#include <array>

#include "core/ops/support/reference.h"

namespace weft {

/// Sizes of a convolution with three spatial axes; fewer have leading ones.
struct ConvSizes {
    using Triple = std::array<std::int64_t, 3>;
    std::int64_t samples = 0, channels = 0, filters = 0, groups = 1;
    Triple in{1, 1, 1}, out{1, 1, 1}, kernel{1, 1, 1}, strides{1, 1, 1}, pad{0, 0, 0}, dilations{1, 1, 1};

    ConvSizes(const Extents& x, const Extents& k, const Extents& y, const Attributes& attributes) :
        samples(x[0]), channels(x[1]), filters(k[0]), groups(attributes.integer("groups"))
    {
        const std::size_t axes = x.size() - 2;
        for (std::size_t i = 0; i < axes; ++i) {
            const std::size_t to = 3 - axes + i;
            in[to] = x[i + 2];
            out[to] = y[i + 2];
            kernel[to] = k[i + 2];
            strides[to] = attributes.integers("strides")[i];
            pad[to] = attributes.integers("padBegin")[i];
            dilations[to] = attributes.integers("dilations")[i];
        }
    }

    /// Calls visit(xOffset, kernelOffset, yOffset) for every product of the convolution.
    template <class Visit> void forEachProduct(Visit visit) const
    {
        const std::int64_t inGroup = channels / groups, outGroup = filters / groups;
        for (std::int64_t n = 0; n < samples; ++n) {
            for (std::int64_t o = 0; o < filters; ++o) {
                for (std::int64_t i = 0; i < inGroup; ++i) {
                    const std::int64_t channel = o / outGroup * inGroup + i;
                    forEachTap((n * channels + channel) * size(in), (o * inGroup + i) * size(kernel), (n * filters + o) * size(out), visit);
                }
            }
        }
    }

private:
    static std::int64_t size(const Triple& t) { return t[0] * t[1] * t[2]; }

    template <class Visit> void forEachTap(std::int64_t x0, std::int64_t k0, std::int64_t y0, Visit visit) const
    {
        const Extents outAndKernel{out[0], out[1], out[2], kernel[0], kernel[1], kernel[2]};
        const std::int64_t taps = size(kernel);
        forEachIndex(outAndKernel, [&](std::int64_t flat, const Index& index) {
            std::int64_t x = 0;
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const std::int64_t at = index[axis] * strides[axis] - pad[axis] + index[axis + 3] * dilations[axis];
                if (at < 0 || at >= in[axis])
                    return;
                x = x * in[axis] + at;
            }
            visit(x0 + x, k0 + flat % taps, y0 + flat / taps);
        });
    }
};

struct ConvReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& y = context.outputs[0];
        const ConvSizes sizes(context.inputs[0].type.extents, context.inputs[1].type.extents, y.type.extents, attributes);
        const T* x = inputData<T>(context, 0);
        const T* kernel = inputData<T>(context, 1);
        const T* bias = context.inputs.size() > 2 ? inputData<T>(context, 2) : nullptr;
        const std::int64_t area = y.count() / std::max<std::int64_t>(1, sizes.samples * sizes.filters);
        for (std::int64_t i = 0, count = y.count(); i < count; ++i)
            y.as<T>()[i] = bias ? bias[i / area % sizes.filters] : T(0);
        sizes.forEachProduct([&](std::int64_t xi, std::int64_t ki, std::int64_t yi) { y.as<T>()[yi] += x[xi] * kernel[ki]; });
    }
};

struct ConvInputGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dx = context.outputs[0];
        const ConvSizes sizes(dx.type.extents, context.inputs[1].type.extents, context.inputs[0].type.extents, attributes);
        const T* dy = inputData<T>(context, 0);
        const T* kernel = inputData<T>(context, 1);
        std::fill(dx.as<T>(), dx.as<T>() + dx.count(), T(0));
        sizes.forEachProduct([&](std::int64_t xi, std::int64_t ki, std::int64_t yi) { dx.as<T>()[xi] += dy[yi] * kernel[ki]; });
    }
};

struct ConvKernelGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dy = context.inputs[1];
        const Array& dKernel = context.outputs[0];
        const ConvSizes sizes(context.inputs[0].type.extents, dKernel.type.extents, dy.type.extents, attributes);
        const T* x = inputData<T>(context, 0);
        std::fill(dKernel.as<T>(), dKernel.as<T>() + dKernel.count(), T(0));
        sizes.forEachProduct([&](std::int64_t xi, std::int64_t ki, std::int64_t yi) { dKernel.as<T>()[ki] += x[xi] * dy.as<T>()[yi]; });
        if (!attributes.flag("hasBias"))
            return;
        T* dBias = outputData<T>(context, 1);
        std::fill(dBias, dBias + sizes.filters, T(0));
        const std::int64_t area = dy.count() / std::max<std::int64_t>(1, sizes.samples * sizes.filters);
        for (std::int64_t i = 0, count = dy.count(); i < count; ++i)
            dBias[i / area % sizes.filters] += dy.as<T>()[i];
    }
};

} // namespace weft
