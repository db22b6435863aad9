#pragma once

#include "core/device/cuda/divider.h"
#include "core/device/cuda/product.h"
#include "core/ops/conv/conv_places.h"
#include "core/ops/support/cuda_rows.h"

namespace weft {

// Convolutions of our own for a card: columns and a product, or each result by itself where groups make columns too short.
// T is what x, kernel, bias and y are stored as.

/// A part of the batch: its samples, and the two matrices in the scratch. Each is stored as x is or, where it is a product, in
/// float32, for which there is room.
struct ConvBatch {
    std::int64_t first, samples;
    void* columns; ///< [depth, samples · outArea]
    void* results; ///< [filters, samples · outArea]
};

template <class Visit> void forEachBatch(const KernelContext& context, const ConvPlaces& places, Visit visit)
{
    const std::int64_t atOnce = places.samplesAtOnce();
    for (std::int64_t first = 0; first < places.samples; first += atOnce) {
        const std::int64_t samples = std::min(atOnce, places.samples - first);
        auto* columns = static_cast<float*>(context.scratch);
        visit(ConvBatch{first, samples, columns, columns + places.depth() * places.outArea * samples});
    }
}

template <class T> void makeColumns(const KernelContext& context, const ConvPlaces& places, const ConvBatch& batch, const T* x)
{
    auto* columns = static_cast<T*>(batch.columns);
    const std::int64_t first = batch.first;
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.depth() * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t row = i / width, n = first + i % width / places.outArea;
        const std::int64_t place = places.seenFrom(i % places.outArea, places.tapOf(row));
        columns[i] = place < 0 ? static_cast<T>(0.0f) : x[places.inX(n, places.channelOf(row), place)];
    });
}

/// y to [filters, n · outArea]
template <class T> void gatherResults(const KernelContext& context, const ConvPlaces& places, const ConvBatch& batch, const T* dy)
{
    auto* results = static_cast<T*>(batch.results);
    const std::int64_t first = batch.first;
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = first + i % width / places.outArea;
        results[i] = dy[places.inY(n, filter, i % places.outArea)];
    });
}

/// The way back, with bias.
template <class T> void scatterResults(const KernelContext& context, const ConvPlaces& places, const ConvBatch& batch, const T* bias, bool relu, T* y)
{
    const auto* results = static_cast<const float*>(batch.results);
    const std::int64_t first = batch.first;
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = first + i % width / places.outArea;
        const float value = results[i] + (bias ? static_cast<float>(bias[filter]) : 0.0f);
        y[places.inY(n, filter, i % places.outArea)] = static_cast<T>(relu && value < 0.0f ? 0.0f : value);
    });
}

template <class T> void convDirect(const KernelContext& context, const ConvPlaces& places, const T* bias, bool relu)
{
    const T *x = inputData<T>(context, 0), *kernel = inputData<T>(context, 1);
    T* y = outputData<T>(context);
    const std::int64_t sampleSize = places.filters * places.outArea;
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t n = i / sampleSize;
        const ConvPlaces::Element y0 = places.elementOf(i % sampleSize, places.filters, places.outArea);
        const std::int64_t filter = y0.channel, firstChannel = filter / places.outGroup * places.inGroup;
        float sum = bias ? static_cast<float>(bias[filter]) : 0.0f;
        for (std::int64_t row = 0; row < places.depth(); ++row) {
            const std::int64_t place = places.seenFrom(y0.place, places.tapOf(row));
            if (place >= 0)
                sum += static_cast<float>(x[places.inX(n, firstChannel + places.channelOf(row), place)])
                    * static_cast<float>(kernel[filter * places.depth() + row]);
        }
        y[i] = static_cast<T>(relu && sum < 0.0f ? 0.0f : sum);
    });
}

template <class T> void conv(const KernelContext& context, const ConvPlaces& places, bool relu, Precision precision)
{
    const T* bias = context.inputs.size() > 2 ? inputData<T>(context, 2) : nullptr;
    if (places.isDirect())
        return convDirect<T>(context, places, bias, relu);
    forEachBatch(context, places, [&](const ConvBatch& batch) {
        makeColumns(context, places, batch, inputData<T>(context, 0));
        Product product;
        product.m = places.filters;
        product.n = batch.samples * places.outArea;
        product.k = places.depth();
        product.factors = context.inputs[0].type.dtype;
        product.precision = precision;
        multiply(context, product, context.inputs[1].data, batch.columns, batch.results);
        scatterResults(context, places, batch, bias, relu, outputData<T>(context));
    });
}

template <class T> void inputGradientDirect(const KernelContext& context, const ConvPlaces& places)
{
    const T *dy = inputData<T>(context, 0), *kernel = inputData<T>(context, 1);
    T* dx = outputData<T>(context);
    const std::int64_t sampleSize = places.channels * places.inArea;
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t n = i / sampleSize;
        const ConvPlaces::Element x0 = places.elementOf(i % sampleSize, places.channels, places.inArea);
        const std::int64_t firstFilter = x0.channel / places.inGroup * places.outGroup;
        float sum = 0;
        for (std::int64_t tap = 0; tap < places.taps; ++tap) {
            const std::int64_t position = places.seeing(x0.place, tap), row = places.rowOf(x0.channel % places.inGroup, tap);
            for (std::int64_t o = 0; position >= 0 && o < places.outGroup; ++o)
                sum += static_cast<float>(dy[places.inY(n, firstFilter + o, position)])
                    * static_cast<float>(kernel[(firstFilter + o) * places.depth() + row]);
        }
        dx[i] = static_cast<T>(sum);
    });
}

template <class T> void inputGradient(const KernelContext& context, const ConvPlaces& places, Precision precision)
{
    if (places.isDirect())
        return inputGradientDirect<T>(context, places);
    T* dx = outputData<T>(context);
    forEachBatch(context, places, [&](const ConvBatch& batch) {
        gatherResults(context, places, batch, inputData<T>(context, 0));
        const std::int64_t width = batch.samples * places.outArea;
        Product product;
        product.m = places.depth();
        product.n = width;
        product.k = places.filters;
        product.transposeA = true;
        product.factors = context.inputs[0].type.dtype;
        product.precision = precision;
        multiply(context, product, context.inputs[1].data, batch.results, batch.columns);
        const auto* columns = static_cast<const float*>(batch.columns);
        const std::int64_t firstElement = batch.first * places.channels * places.inArea;
        const std::int64_t sampleSize = places.channels * places.inArea;
        forEach(context, batch.samples * sampleSize, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / sampleSize;
            const ConvPlaces::Element x0 = places.elementOf(i % sampleSize, places.channels, places.inArea);
            float sum = 0;
            for (std::int64_t tap = 0; tap < places.taps; ++tap) {
                const std::int64_t position = places.seeing(x0.place, tap);
                if (position >= 0)
                    sum += columns[places.rowOf(x0.channel, tap) * width + n * places.outArea + position];
            }
            dx[firstElement + i] = static_cast<T>(sum);
        });
    });
}

template <class T> void kernelGradientDirect(const KernelContext& context, const ConvPlaces& places, float* dKernel)
{
    const T *x = inputData<T>(context, 0), *dy = inputData<T>(context, 1);
    const std::int64_t all = places.samples * places.outArea;
    forEachTeam(context, places.filters * places.depth(), all, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t filter = i / places.depth(), row = i % places.depth();
        const std::int64_t channel = filter / places.outGroup * places.inGroup + places.channelOf(row);
        double sum = 0;
        for (std::int64_t j = team.index(); j < all; j += team.size()) {
            const std::int64_t n = j / places.outArea, position = j % places.outArea, place = places.seenFrom(position, places.tapOf(row));
            if (place >= 0)
                sum += static_cast<double>(x[places.inX(n, channel, place)]) * static_cast<double>(dy[places.inY(n, filter, position)]);
        }
        sum = team.sum(sum);
        if (team.index() == 0)
            dKernel[i] = static_cast<float>(sum);
    });
}

/// The elements of each filter's planes in parts, so many that few filters fill a card as well.
struct PlaneParts {
    std::int64_t all, ofPart, parts;

    explicit PlaneParts(const ConvPlaces& places) : all(places.samples * places.outArea)
    {
        constexpr std::int64_t fewest = 1 << 12, most = 64;
        ofPart = std::max(fewest, (all + most - 1) / most);
        parts = std::max<std::int64_t>(1, (all + ofPart - 1) / ofPart);
    }
};

/// For `biasGradient`.
inline std::size_t biasScratchBytes(const ConvPlaces& places)
{
    if (places.isLast)
        return RowParts(places.samples * places.outArea, places.filters).scratchBytes();
    return static_cast<std::size_t>(places.filters * PlaneParts(places).parts) * sizeof(double);
}

/// sums[filter][part]
template <class T> void sumPlanes(const KernelContext& context, const ConvPlaces& places, const PlaneParts& planes, const T* dy, double* sums)
{
    const Divisor area(places.outArea, planes.all);
    forEachTeam(context, places.filters * planes.parts, planes.ofPart, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t filter = i / planes.parts, begin = (i - filter * planes.parts) * planes.ofPart;
        double sum = 0;
        for (std::int64_t j = begin + team.index(); j < std::min(begin + planes.ofPart, planes.all); j += team.size()) {
            const Divisor::Result of = area(j);
            sum += static_cast<double>(dy[places.inY(of.quotient, filter, of.remainder)]);
        }
        sum = team.sum(sum);
        if (team.index() == 0)
            sums[i] = sum;
    });
}

template <class T> void biasGradient(const KernelContext& context, const ConvPlaces& places, double* sums)
{
    const T* dy = inputData<T>(context, 1);
    float* dBias = outputData<float>(context, 1);
    if (places.isLast)
        return sumColumns(context, RowParts(places.samples * places.outArea, places.filters), sums, dy, 1.0, dBias);
    const PlaneParts planes(places);
    sumPlanes(context, places, planes, dy, sums);
    forEachTeam(context, places.filters, planes.parts, [=] WEFT_DEVICE(std::int64_t filter, const Team& team) {
        double sum = 0;
        for (std::int64_t part = team.index(); part < planes.parts; part += team.size())
            sum += sums[filter * planes.parts + part];
        sum = team.sum(sum);
        if (team.index() == 0)
            dBias[filter] = static_cast<float>(sum);
    });
}

/// dKernel in the order of the kernel, which has its channels where x has them.
template <class T> void kernelGradient(const KernelContext& context, const ConvPlaces& places, Precision precision, float* dKernel)
{
    if (places.isDirect())
        return kernelGradientDirect<T>(context, places, dKernel);
    forEachBatch(context, places, [&](const ConvBatch& batch) {
        makeColumns(context, places, batch, inputData<T>(context, 0));
        gatherResults(context, places, batch, inputData<T>(context, 1));
        Product product;
        product.m = places.filters;
        product.n = places.depth();
        product.k = batch.samples * places.outArea;
        product.transposeB = true;
        product.keep = batch.first > 0 ? 1.0f : 0.0f;
        product.factors = context.inputs[0].type.dtype;
        product.precision = precision;
        multiply(context, product, batch.results, batch.columns, dKernel);
    });
}

/// What follows the sums, where cuDNN or our own kernels have not done it.
template <class T> void endConv(const KernelContext& context, const ConvPlaces& places, const T* bias, const T* addend, bool relu)
{
    T* y = outputData<T>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = (places.isLast ? i : i / places.outArea) % places.filters;
        float value = static_cast<float>(y[i]) + (bias ? static_cast<float>(bias[filter]) : 0.0f);
        if (addend)
            value += static_cast<float>(addend[i]);
        y[i] = static_cast<T>(relu && value < 0.0f ? 0.0f : value);
    });
}

/// What a kernel's gradient in its own order, stored as From, is in planes.
template <class From> void gradientInPlanes(const KernelContext& context, const ConvPlaces& places, const From* from, float* to)
{
    forEach(context, places.filters * places.depth(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t within = i % places.depth();
        to[i] = static_cast<float>(from[i - within + places.rowOf(within / places.taps, within % places.taps)]);
    });
}

} // namespace weft
