#include "core/ops/conv/conv_cuda.h"

#include "core/device/cuda/product.h"
#include "core/ops/conv/conv_library.h"
#include "core/ops/conv/conv_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// Columns take no more scratch than this; larger batches go in parts.
constexpr std::int64_t columnBytes = std::int64_t(256) << 20;

/// The sizes of a convolution as bodies use them.
struct ConvPlaces : ConvSizes {
    std::int64_t inArea, outArea, taps, inGroup, outGroup;

    ConvPlaces(const Extents& x, const Extents& k, const Extents& y, const Attributes& attributes) :
        ConvSizes(x, k, y, attributes), inArea(in[0] * in[1] * in[2]), outArea(out[0] * out[1] * out[2]), taps(kernel[0] * kernel[1] * kernel[2]),
        inGroup(channels / groups), outGroup(filters / groups)
    {
    }
    /// Rows of the matrix of columns: what one result adds up.
    constexpr std::int64_t depth() const { return inGroup * taps; }

    /// The place in the plane of x that `tap` sees from position `at` of y, or −1 in the padding.
    constexpr std::int64_t seenFrom(std::int64_t at, std::int64_t tap) const
    {
        const Triple position{at / (out[2] * out[1]), at / out[2] % out[1], at % out[2]};
        const Triple offset{tap / (kernel[2] * kernel[1]), tap / kernel[2] % kernel[1], tap % kernel[2]};
        std::int64_t place = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t i = position[axis] * strides[axis] - pad[axis] + offset[axis] * dilations[axis];
            if (i < 0 || i >= in[axis])
                return -1;
            place = place * in[axis] + i;
        }
        return place;
    }

    /// The position of y from which `tap` sees place `at` of x, or −1 if there is none.
    constexpr std::int64_t seeing(std::int64_t at, std::int64_t tap) const
    {
        const Triple place{at / (in[2] * in[1]), at / in[2] % in[1], at % in[2]};
        const Triple offset{tap / (kernel[2] * kernel[1]), tap / kernel[2] % kernel[1], tap % kernel[2]};
        std::int64_t position = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t first = place[axis] + pad[axis] - offset[axis] * dilations[axis];
            if (first < 0 || first % strides[axis] != 0 || first / strides[axis] >= out[axis])
                return -1;
            position = position * out[axis] + first / strides[axis];
        }
        return position;
    }

    /// Grouped convolutions have columns too short to be worth a matrix.
    bool isDirect() const { return groups > 1; }
    std::int64_t samplesAtOnce() const
    {
        const std::int64_t bytes = (depth() + filters) * outArea * static_cast<std::int64_t>(sizeof(float));
        return std::clamp<std::int64_t>(columnBytes / std::max<std::int64_t>(1, bytes), 1, std::max<std::int64_t>(1, samples));
    }
    std::size_t scratchBytes() const
    {
        return isDirect() ? 0 : static_cast<std::size_t>((depth() + filters) * outArea * samplesAtOnce()) * sizeof(float);
    }
};

/// A part of the batch: its samples, and the two matrices in the scratch.
struct Batch {
    std::int64_t first, samples;
    float* columns; ///< [depth, samples · outArea]
    float* results; ///< [filters, samples · outArea]
};

template <class Visit> void forEachBatch(const KernelContext& context, const ConvPlaces& places, Visit visit)
{
    const std::int64_t atOnce = places.samplesAtOnce();
    for (std::int64_t first = 0; first < places.samples; first += atOnce) {
        const std::int64_t samples = std::min(atOnce, places.samples - first);
        auto* columns = static_cast<float*>(context.scratch);
        visit(Batch{first, samples, columns, columns + places.depth() * places.outArea * samples});
    }
}

void makeColumns(const KernelContext& context, const ConvPlaces& places, const Batch& batch, const float* x)
{
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.depth() * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t row = i / width, n = batch.first + i % width / places.outArea;
        const std::int64_t place = places.seenFrom(i % places.outArea, row % places.taps);
        batch.columns[i] = place < 0 ? 0.0f : x[(n * places.channels + row / places.taps) * places.inArea + place];
    });
}

/// [n, filters, outArea] to [filters, n · outArea]
void gatherResults(const KernelContext& context, const ConvPlaces& places, const Batch& batch, const float* dy)
{
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = batch.first + i % width / places.outArea;
        batch.results[i] = dy[(n * places.filters + filter) * places.outArea + i % places.outArea];
    });
}

/// The way back, with bias.
void scatterResults(const KernelContext& context, const ConvPlaces& places, const Batch& batch, const float* bias, bool relu, float* y)
{
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = batch.first + i % width / places.outArea;
        const float value = batch.results[i] + (bias ? bias[filter] : 0.0f);
        y[(n * places.filters + filter) * places.outArea + i % places.outArea] = relu && value < 0.0f ? 0.0f : value;
    });
}

void convDirect(const KernelContext& context, const ConvPlaces& places, const float* bias, bool relu)
{
    const float *x = inputData<float>(context, 0), *kernel = inputData<float>(context, 1);
    float* y = outputData<float>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / places.outArea % places.filters, n = i / places.outArea / places.filters;
        const float* planes = x + (n * places.channels + filter / places.outGroup * places.inGroup) * places.inArea;
        float sum = bias ? bias[filter] : 0.0f;
        for (std::int64_t row = 0; row < places.depth(); ++row) {
            const std::int64_t place = places.seenFrom(i % places.outArea, row % places.taps);
            if (place >= 0)
                sum += planes[row / places.taps * places.inArea + place] * kernel[filter * places.depth() + row];
        }
        y[i] = relu && sum < 0.0f ? 0.0f : sum;
    });
}

void conv(const KernelContext& context, const Attributes& attributes, bool relu, Precision precision)
{
    const ConvPlaces places(context.inputs[0].type.extents, context.inputs[1].type.extents, context.outputs[0].type.extents, attributes);
    const float* bias = context.inputs.size() > 2 ? inputData<float>(context, 2) : nullptr;
    if (places.isDirect())
        return convDirect(context, places, bias, relu);
    forEachBatch(context, places, [&](const Batch& batch) {
        makeColumns(context, places, batch, inputData<float>(context, 0));
        Product product;
        product.m = places.filters;
        product.n = batch.samples * places.outArea;
        product.k = places.depth();
        product.precision = precision;
        multiply(context, product, inputData<float>(context, 1), batch.columns, batch.results);
        scatterResults(context, places, batch, bias, relu, outputData<float>(context));
    });
}

void inputGradientDirect(const KernelContext& context, const ConvPlaces& places)
{
    const float *dy = inputData<float>(context, 0), *kernel = inputData<float>(context, 1);
    float* dx = outputData<float>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t channel = i / places.inArea % places.channels, n = i / places.inArea / places.channels;
        const std::int64_t firstFilter = channel / places.inGroup * places.outGroup;
        float sum = 0;
        for (std::int64_t tap = 0; tap < places.taps; ++tap) {
            const std::int64_t position = places.seeing(i % places.inArea, tap);
            for (std::int64_t o = 0; position >= 0 && o < places.outGroup; ++o)
                sum += dy[(n * places.filters + firstFilter + o) * places.outArea + position]
                    * kernel[((firstFilter + o) * places.inGroup + channel % places.inGroup) * places.taps + tap];
        }
        dx[i] = sum;
    });
}

void inputGradient(const KernelContext& context, const Attributes& attributes, Precision precision)
{
    const ConvPlaces places(context.outputs[0].type.extents, context.inputs[1].type.extents, context.inputs[0].type.extents, attributes);
    if (places.isDirect())
        return inputGradientDirect(context, places);
    float* dx = outputData<float>(context);
    forEachBatch(context, places, [&](const Batch& batch) {
        gatherResults(context, places, batch, inputData<float>(context, 0));
        const std::int64_t width = batch.samples * places.outArea;
        Product product;
        product.m = places.depth();
        product.n = width;
        product.k = places.filters;
        product.transposeA = true;
        product.precision = precision;
        multiply(context, product, inputData<float>(context, 1), batch.results, batch.columns);
        const std::int64_t sampleSize = places.channels * places.inArea;
        forEach(context, batch.samples * sampleSize, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / sampleSize, channel = i % sampleSize / places.inArea;
            float sum = 0;
            for (std::int64_t tap = 0; tap < places.taps; ++tap) {
                const std::int64_t position = places.seeing(i % places.inArea, tap);
                if (position >= 0)
                    sum += batch.columns[(channel * places.taps + tap) * width + n * places.outArea + position];
            }
            dx[batch.first * sampleSize + i] = sum;
        });
    });
}

void kernelGradientDirect(const KernelContext& context, const ConvPlaces& places)
{
    const float *x = inputData<float>(context, 0), *dy = inputData<float>(context, 1);
    float* dKernel = outputData<float>(context);
    const std::int64_t all = places.samples * places.outArea;
    forEachTeam(context, places.filters * places.depth(), all, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t filter = i / places.depth(), row = i % places.depth();
        const std::int64_t channel = filter / places.outGroup * places.inGroup + row / places.taps;
        double sum = 0;
        for (std::int64_t j = team.index(); j < all; j += team.size()) {
            const std::int64_t n = j / places.outArea, position = j % places.outArea, place = places.seenFrom(position, row % places.taps);
            if (place >= 0)
                sum += static_cast<double>(x[(n * places.channels + channel) * places.inArea + place])
                    * static_cast<double>(dy[(n * places.filters + filter) * places.outArea + position]);
        }
        sum = team.sum(sum);
        if (team.index() == 0)
            dKernel[i] = static_cast<float>(sum);
    });
}

void biasGradient(const KernelContext& context, const ConvPlaces& places)
{
    const float* dy = inputData<float>(context, 1);
    float* dBias = outputData<float>(context, 1);
    const std::int64_t all = places.samples * places.outArea;
    forEachTeam(context, places.filters, all, [=] WEFT_DEVICE(std::int64_t filter, const Team& team) {
        double sum = 0;
        for (std::int64_t j = team.index(); j < all; j += team.size())
            sum += static_cast<double>(dy[(j / places.outArea * places.filters + filter) * places.outArea + j % places.outArea]);
        sum = team.sum(sum);
        if (team.index() == 0)
            dBias[filter] = static_cast<float>(sum);
    });
}

void kernelGradient(const KernelContext& context, const Attributes& attributes, Precision precision)
{
    const ConvPlaces places(context.inputs[0].type.extents, context.outputs[0].type.extents, context.inputs[1].type.extents, attributes);
    if (attributes.flag("hasBias"))
        biasGradient(context, places);
    if (places.isDirect())
        return kernelGradientDirect(context, places);
    forEachBatch(context, places, [&](const Batch& batch) {
        makeColumns(context, places, batch, inputData<float>(context, 0));
        gatherResults(context, places, batch, inputData<float>(context, 1));
        Product product;
        product.m = places.filters;
        product.n = places.depth();
        product.k = batch.samples * places.outArea;
        product.transposeB = true;
        product.keep = batch.first > 0 ? 1.0f : 0.0f;
        product.precision = precision;
        multiply(context, product, batch.results, batch.columns, outputData<float>(context));
    });
}

void addBias(const KernelContext& context, const ConvPlaces& places, const float* bias, bool relu)
{
    float* y = outputData<float>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const float value = y[i] + (bias ? bias[i / places.outArea % places.filters] : 0.0f);
        y[i] = relu && value < 0.0f ? 0.0f : value;
    });
}

/// cuDNN's kernel where it has one, with what is ours behind it; else our own.
class ConvKernel : public Kernel {
public:
    ConvKernel(ConvPass pass, const ConvPlaces& places, const Attributes& attributes, Precision precision, bool relu) :
        m_pass(pass), m_places(places), m_attributes(attributes), m_precision(precision), m_relu(relu), m_library(libraryConv(pass, places, precision))
    {
    }

    std::size_t scratchBytes() const override { return m_library ? m_library->scratchBytes() : m_places.scratchBytes(); }

    void run(const KernelContext& context) override
    {
        if (m_library) {
            m_library->run(context);
            const float* bias = m_pass == ConvPass::Forward && context.inputs.size() > 2 ? inputData<float>(context, 2) : nullptr;
            if (bias || m_relu)
                addBias(context, m_places, bias, m_relu);
            if (m_pass == ConvPass::KernelGradient && m_attributes.flag("hasBias"))
                biasGradient(context, m_places);
            return;
        }
        switch (m_pass) {
        case ConvPass::Forward: return conv(context, m_attributes, m_relu, m_precision);
        case ConvPass::InputGradient: return inputGradient(context, m_attributes, m_precision);
        case ConvPass::KernelGradient: return kernelGradient(context, m_attributes, m_precision);
        }
    }

private:
    ConvPass m_pass;
    ConvPlaces m_places;
    Attributes m_attributes;
    Precision m_precision;
    bool m_relu;
    std::unique_ptr<Kernel> m_library;
};

std::vector<KernelOption> options(ConvPass pass, const KernelRequest& request, const ConvPlaces& places, bool relu = false)
{
    if (computeType(request) != DType::Float32)
        return {};
    const char* name = takesLibraryConv(places) ? "cudnn" : places.isDirect() ? "direct" : "columns";
    KernelOption option = rowMajorOption(request, name, 1.0, {});
    option.prepare = [pass, places, attributes = request.attributes, precision = request.precision, relu] {
        return std::make_unique<ConvKernel>(pass, places, attributes, precision, relu);
    };
    return {option};
}

std::vector<KernelOption> convPlain(const KernelRequest& request)
{
    return convOptions(request, false);
}

std::vector<KernelOption> convInputGradient(const KernelRequest& request)
{
    return options(ConvPass::InputGradient, request, {request.outputs[0].extents, request.inputs[1].extents, request.inputs[0].extents, request.attributes});
}

std::vector<KernelOption> convKernelGradient(const KernelRequest& request)
{
    return options(ConvPass::KernelGradient, request,
                   {request.inputs[0].extents, request.outputs[0].extents, request.inputs[1].extents, request.attributes});
}

} // namespace

std::vector<KernelOption> convOptions(const KernelRequest& request, bool relu)
{
    return options(ConvPass::Forward, request, {request.inputs[0].extents, request.inputs[1].extents, request.outputs[0].extents, request.attributes}, relu);
}

void convCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Conv", &convPlain);
    table.add(DeviceKind::Cuda, "ConvInputGradient", &convInputGradient);
    table.add(DeviceKind::Cuda, "ConvKernelGradient", &convKernelGradient);
}

} // namespace weft
