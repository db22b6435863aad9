#pragma once

#include <algorithm>
#include <cmath>

#include "core/ops/conv/conv_ref.h"
#include "core/ops/fused/fused.h"
#include "core/ops/matmul/matmul_ref.h"
#include "core/ops/pool/pool_ref.h"

namespace weft {

template <class T> void reluInPlace(const Array& y)
{
    for (std::int64_t i = 0, count = y.count(); i < count; ++i) {
        T& element = y.as<T>()[i];
        element = element > T(0) || std::isnan(element) ? element : T(0);
    }
}

struct FusedMatMulReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        MatMulReference::run<T>(context, attributes);
        const Array& y = context.outputs[0];
        const T* bias = inputData<T>(context, 2);
        const std::int64_t columns = context.inputs[2].count();
        for (std::int64_t i = 0, count = y.count(); i < count; ++i)
            y.as<T>()[i] += bias[i % columns];
        if (attributes.flag("relu"))
            reluInPlace<T>(y);
        if (attributes.has("hasMask"))
            writeMask<T>(y, columns, outputData<std::uint8_t>(context, 1));
    }

    /// Bits are counted from the lowest of a byte; those behind a row are 0.
    template <class T> static void writeMask(const Array& y, std::int64_t columns, std::uint8_t* mask)
    {
        const std::int64_t rows = y.count() / columns, bytes = maskRow(columns);
        std::fill(mask, mask + rows * bytes, std::uint8_t(0));
        for (std::int64_t i = 0; i < y.count(); ++i) {
            if (y.as<T>()[i] > T(0))
                mask[i / columns * bytes + i % columns / 8] |= static_cast<std::uint8_t>(1 << i % columns % 8);
        }
    }
};

struct MaskedMatMulReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        MatMulReference::run<T>(context, attributes);
        const Array& y = context.outputs[0];
        const std::uint8_t* mask = inputData<std::uint8_t>(context, 2);
        const std::int64_t columns = y.extent(static_cast<int>(y.type.extents.size()) - 1), bytes = maskRow(columns);
        for (std::int64_t i = 0; i < y.count(); ++i) {
            if ((mask[i / columns * bytes + i % columns / 8] >> i % columns % 8 & 1) == 0)
                y.as<T>()[i] = T(0);
        }
    }
};

struct DenseGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t in = context.outputs[0].extent(0), out = context.outputs[0].extent(1), rows = context.inputs[0].count() / in;
        const T *x = inputData<T>(context, 0), *dy = inputData<T>(context, 1);
        T *dKernel = outputData<T>(context), *dBias = outputData<T>(context, 1);
        for (std::int64_t j = 0; j < out; ++j) {
            for (std::int64_t i = 0; i < in; ++i)
                dKernel[i * out + j]
                    = sum<T>(rows, [&](std::int64_t row) { return static_cast<double>(x[row * in + i]) * static_cast<double>(dy[row * out + j]); });
            dBias[j] = sum<T>(rows, [&](std::int64_t row) { return static_cast<double>(dy[row * out + j]); });
        }
    }

private:
    template <class T, class Term> static T sum(std::int64_t rows, Term term)
    {
        double sum = 0;
        for (std::int64_t row = 0; row < rows; ++row)
            sum += term(row);
        return static_cast<T>(sum);
    }
};

struct FusedConvReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        ConvReference::run<T>(context, attributes);
        if (attributes.flag("relu"))
            reluInPlace<T>(context.outputs[0]);
    }
};

struct FusedConvAddReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        ConvReference::run<T>(context, attributes);
        const Array& y = context.outputs[0];
        for (std::int64_t i = 0, count = y.count(); i < count; ++i)
            y.as<T>()[i] += inputData<T>(context, 3)[i];
        if (attributes.flag("relu"))
            reluInPlace<T>(y);
    }
};

struct IndexedMaxPoolReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        pool<T>(context.inputs[0], context, attributes);
    }

    template <class T> static void pool(const Array& x, const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes(x.type.extents, context.outputs[0].type.extents, attributes);
        const bool relu = attributes.flag("relu");
        std::uint8_t* index = attributes.flag("hasIndex") ? outputData<std::uint8_t>(context, 1) : nullptr;
        T* y = outputData<T>(context);
        sizes.forEachWindow([&](std::int64_t to, std::int64_t plane, const PoolSizes::Window& window) {
            const std::int64_t best = sizes.firstMaximum(x.as<T>() + plane, window);
            y[to] = x.as<T>()[plane + best];
            if (index)
                index[to] = relu && !(y[to] > T(0)) ? noTap : tapAt(sizes, to, best);
        });
        if (relu)
            reluInPlace<T>(context.outputs[0]);
    }

    /// The tap of window `flat` (an index into y) that lies at offset `at` of the plane.
    static constexpr std::uint8_t tapAt(const PoolSizes& sizes, std::int64_t flat, std::int64_t at)
    {
        const std::int64_t position[3]
            = {flat / (sizes.out[2] * sizes.out[1]) % sizes.out[0], flat / sizes.out[2] % sizes.out[1], flat % sizes.out[2]};
        const std::int64_t place[3] = {at / (sizes.in[2] * sizes.in[1]), at / sizes.in[2] % sizes.in[1], at % sizes.in[2]};
        std::int64_t tap = 0;
        for (std::size_t axis = 0; axis < 3; ++axis)
            tap = tap * sizes.kernel[axis] + place[axis] - (position[axis] * sizes.strides[axis] - sizes.pad[axis]);
        return static_cast<std::uint8_t>(tap);
    }
};

struct IndexedMaxPoolGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dx = context.outputs[0];
        const PoolSizes sizes(dx.type.extents, context.inputs[0].type.extents, attributes);
        const T* dy = inputData<T>(context, 0);
        const std::uint8_t* index = inputData<std::uint8_t>(context, 1);
        std::fill(dx.as<T>(), dx.as<T>() + dx.count(), T(0));
        sizes.forEachWindow([&](std::int64_t from, std::int64_t plane, const PoolSizes::Window& window) {
            if (index[from] == noTap)
                return;
            sizes.forEachElement(window, [&](std::int64_t at) {
                if (IndexedMaxPoolReference::tapAt(sizes, from, at) == index[from])
                    dx.as<T>()[plane + at] += dy[from];
            });
        });
    }
};

struct FusedConvPoolReference {
    static Extents convExtents(std::span<const ArrayType> inputs, const Attributes& attributes)
    {
        Extents extents{inputs[0].extents[0], inputs[1].extents[0]};
        for (std::size_t i = 0; i + 2 < inputs[0].extents.size(); ++i) {
            const std::int64_t reach = attributes.integers("dilations")[i] * (inputs[1].extents[i + 2] - 1) + 1;
            const std::int64_t padded = inputs[0].extents[i + 2] + attributes.integers("padBegin")[i] + attributes.integers("padEnd")[i];
            extents.push_back((padded - reach) / attributes.integers("strides")[i] + 1);
        }
        return extents;
    }

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return storedBytes({request.inputs[0].dtype, convExtents(request.inputs, request.attributes)}, Layout::RowMajor);
    }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ArrayType types[2] = {context.inputs[0].type, context.inputs[1].type};
        const Array between{context.scratch, {types[0].dtype, convExtents(types, attributes)}};
        KernelContext conv = context;
        conv.outputs = {&between, 1};
        ConvReference::run<T>(conv, attributes);
        Attributes poolAttributes{{"relu", attributes.flag("relu")}, {"hasIndex", attributes.flag("hasIndex")}};
        for (const auto& [from, to] : {std::pair("poolKernel", "kernel"), std::pair("poolStrides", "strides"), std::pair("poolPadBegin", "padBegin"),
                                       std::pair("poolPadEnd", "padEnd")})
            poolAttributes.set(to, attributes.integers(from));
        IndexedMaxPoolReference::pool<T>(between, context, poolAttributes);
    }
};

} // namespace weft
