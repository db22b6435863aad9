#include "core/ops/conv/conv_cuda.h"

#include "core/device/cuda/product.h"
#include "core/device/reorder_cost.h"
#include "core/ops/conv/conv_library.h"
#include "core/ops/conv/conv_ref.h"
#include "core/ops/support/cuda_rows.h"

namespace weft {

namespace {

/// Columns take no more scratch than this; larger batches go in parts.
constexpr std::int64_t columnBytes = std::int64_t(256) << 20;

/// The sizes of a convolution as bodies use them, and where the elements of its arrays lie: a row of the matrix of columns is a
/// channel and a tap, in the order in which the kernel has them.
struct ConvPlaces : ConvSizes {
    std::int64_t inArea, outArea, taps, inGroup, outGroup;
    bool isLast; ///< channels last, in x, y and kernel

    ConvPlaces(const Extents& x, const Extents& k, const Extents& y, const Attributes& attributes, Layout layout) :
        ConvSizes(x, k, y, attributes), inArea(in[0] * in[1] * in[2]), outArea(out[0] * out[1] * out[2]), taps(kernel[0] * kernel[1] * kernel[2]),
        inGroup(channels / groups), outGroup(filters / groups), isLast(layout == Layout::ChannelsLast)
    {
    }
    /// Rows of the matrix of columns: what one result adds up.
    constexpr std::int64_t depth() const { return inGroup * taps; }
    constexpr std::int64_t channelOf(std::int64_t row) const { return isLast ? row % inGroup : row / taps; }
    constexpr std::int64_t tapOf(std::int64_t row) const { return isLast ? row / inGroup : row % taps; }
    constexpr std::int64_t rowOf(std::int64_t channel, std::int64_t tap) const { return isLast ? tap * inGroup + channel : channel * taps + tap; }

    constexpr std::int64_t inX(std::int64_t n, std::int64_t channel, std::int64_t place) const
    {
        return isLast ? (n * inArea + place) * channels + channel : (n * channels + channel) * inArea + place;
    }
    constexpr std::int64_t inY(std::int64_t n, std::int64_t filter, std::int64_t position) const
    {
        return isLast ? (n * outArea + position) * filters + filter : (n * filters + filter) * outArea + position;
    }
    /// What element `at` of the memory of one sample of x or y is.
    struct Element {
        std::int64_t channel, place;
    };
    constexpr Element elementOf(std::int64_t at, std::int64_t of, std::int64_t area) const
    {
        return isLast ? Element{at % of, at / of} : Element{at / area, at % area};
    }

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
        const std::int64_t place = places.seenFrom(i % places.outArea, places.tapOf(row));
        batch.columns[i] = place < 0 ? 0.0f : x[places.inX(n, places.channelOf(row), place)];
    });
}

/// y to [filters, n · outArea]
void gatherResults(const KernelContext& context, const ConvPlaces& places, const Batch& batch, const float* dy)
{
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = batch.first + i % width / places.outArea;
        batch.results[i] = dy[places.inY(n, filter, i % places.outArea)];
    });
}

/// The way back, with bias.
void scatterResults(const KernelContext& context, const ConvPlaces& places, const Batch& batch, const float* bias, bool relu, float* y)
{
    const std::int64_t width = batch.samples * places.outArea;
    forEach(context, places.filters * width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t filter = i / width, n = batch.first + i % width / places.outArea;
        const float value = batch.results[i] + (bias ? bias[filter] : 0.0f);
        y[places.inY(n, filter, i % places.outArea)] = relu && value < 0.0f ? 0.0f : value;
    });
}

void convDirect(const KernelContext& context, const ConvPlaces& places, const float* bias, bool relu)
{
    const float *x = inputData<float>(context, 0), *kernel = inputData<float>(context, 1);
    float* y = outputData<float>(context);
    const std::int64_t sampleSize = places.filters * places.outArea;
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t n = i / sampleSize;
        const ConvPlaces::Element y0 = places.elementOf(i % sampleSize, places.filters, places.outArea);
        const std::int64_t filter = y0.channel, firstChannel = filter / places.outGroup * places.inGroup;
        float sum = bias ? bias[filter] : 0.0f;
        for (std::int64_t row = 0; row < places.depth(); ++row) {
            const std::int64_t place = places.seenFrom(y0.place, places.tapOf(row));
            if (place >= 0)
                sum += x[places.inX(n, firstChannel + places.channelOf(row), place)] * kernel[filter * places.depth() + row];
        }
        y[i] = relu && sum < 0.0f ? 0.0f : sum;
    });
}

void conv(const KernelContext& context, const ConvPlaces& places, bool relu, Precision precision)
{
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
    const std::int64_t sampleSize = places.channels * places.inArea;
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t n = i / sampleSize;
        const ConvPlaces::Element x0 = places.elementOf(i % sampleSize, places.channels, places.inArea);
        const std::int64_t firstFilter = x0.channel / places.inGroup * places.outGroup;
        float sum = 0;
        for (std::int64_t tap = 0; tap < places.taps; ++tap) {
            const std::int64_t position = places.seeing(x0.place, tap), row = places.rowOf(x0.channel % places.inGroup, tap);
            for (std::int64_t o = 0; position >= 0 && o < places.outGroup; ++o)
                sum += dy[places.inY(n, firstFilter + o, position)] * kernel[(firstFilter + o) * places.depth() + row];
        }
        dx[i] = sum;
    });
}

void inputGradient(const KernelContext& context, const ConvPlaces& places, Precision precision)
{
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
            const std::int64_t n = i / sampleSize;
            const ConvPlaces::Element x0 = places.elementOf(i % sampleSize, places.channels, places.inArea);
            float sum = 0;
            for (std::int64_t tap = 0; tap < places.taps; ++tap) {
                const std::int64_t position = places.seeing(x0.place, tap);
                if (position >= 0)
                    sum += batch.columns[places.rowOf(x0.channel, tap) * width + n * places.outArea + position];
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

/// The rows of dy as they are.
struct RowSums {
    const float* dy;
    template <int width> WEFT_DEVICE void add(std::int64_t, std::int64_t place, Lanes<width>& sum, Lanes<width>&) const
    {
        const Lanes<width> slopes = lanesAt<width>(dy + place);
        for (int lane = 0; lane < width; ++lane)
            sum.at[lane] += slopes.at[lane];
    }
};

/// `sums` has room for `RowParts::scratchBytes` where channels come last.
void biasGradient(const KernelContext& context, const ConvPlaces& places, double* sums)
{
    const float* dy = inputData<float>(context, 1);
    float* dBias = outputData<float>(context, 1);
    const std::int64_t all = places.samples * places.outArea;
    if (places.isLast) {
        const RowParts parts(all, places.filters);
        sumParts(context, parts, sums, RowSums{dy});
        forEachTeam(context, places.filters, parts.parts, [=] WEFT_DEVICE(std::int64_t filter, const Team& team) {
            const PairOfSums sum = addParts(parts, sums, filter, team);
            if (team.index() == 0)
                dBias[filter] = static_cast<float>(sum.first);
        });
        return;
    }
    forEachTeam(context, places.filters, all, [=] WEFT_DEVICE(std::int64_t filter, const Team& team) {
        double sum = 0;
        for (std::int64_t j = team.index(); j < all; j += team.size())
            sum += static_cast<double>(dy[places.inY(j / places.outArea, filter, j % places.outArea)]);
        sum = team.sum(sum);
        if (team.index() == 0)
            dBias[filter] = static_cast<float>(sum);
    });
}

void kernelGradient(const KernelContext& context, const ConvPlaces& places, Precision precision)
{
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
        const std::int64_t filter = (places.isLast ? i : i / places.outArea) % places.filters;
        const float value = y[i] + (bias ? bias[filter] : 0.0f);
        y[i] = relu && value < 0.0f ? 0.0f : value;
    });
}

/// cuDNN's kernel where it has one, with what is ours behind it; else our own.
class ConvKernel : public Kernel {
public:
    ConvKernel(ConvPass pass, const ConvPlaces& places, bool hasBias, Precision precision, bool relu) :
        m_pass(pass), m_places(places), m_hasBias(hasBias), m_precision(precision), m_relu(relu),
        m_library(libraryConv(pass, places, precision, places.isLast ? Layout::ChannelsLast : Layout::RowMajor,
                              pass == ConvPass::Forward ? ConvEnding{hasBias, relu} : ConvEnding{}))
    {
    }

    std::size_t scratchBytes() const override
    {
        const std::size_t bytes = m_library ? m_library->scratchBytes() : m_places.scratchBytes();
        const bool isSummed = m_pass == ConvPass::KernelGradient && m_hasBias && m_places.isLast;
        return std::max(bytes, isSummed ? RowParts(m_places.samples * m_places.outArea, m_places.filters).scratchBytes() : 0);
    }

    void run(const KernelContext& context) override
    {
        if (m_pass == ConvPass::KernelGradient && m_hasBias)
            biasGradient(context, m_places, static_cast<double*>(context.scratch));
        if (m_library) {
            m_library->run(context);
            const float* bias = m_pass == ConvPass::Forward && m_hasBias ? inputData<float>(context, 2) : nullptr;
            if ((bias || m_relu) && !m_library->doesEnding())
                addBias(context, m_places, bias, m_relu);
            return;
        }
        switch (m_pass) {
        case ConvPass::Forward: return conv(context, m_places, m_relu, m_precision);
        case ConvPass::InputGradient: return inputGradient(context, m_places, m_precision);
        case ConvPass::KernelGradient: return kernelGradient(context, m_places, m_precision);
        }
    }

private:
    ConvPass m_pass;
    ConvPlaces m_places;
    bool m_hasBias;
    Precision m_precision;
    bool m_relu;
    std::unique_ptr<LibraryConv> m_library;
};

/// The arrays of a convolution among those of a request.
struct ConvArrays {
    const ArrayType &x, &kernel, &y;

    ConvArrays(ConvPass pass, const KernelRequest& request) :
        x(pass == ConvPass::InputGradient ? request.outputs[0] : request.inputs[0]),
        kernel(pass == ConvPass::KernelGradient ? request.outputs[0] : request.inputs[1]),
        y(pass == ConvPass::Forward ? request.outputs[0] : request.inputs[pass == ConvPass::InputGradient ? 0 : 1])
    {
    }
    /// Tensor cores take channels last: given planes, cuDNN turns all three arrays around by itself.
    double turningMicroseconds() const
    {
        double sum = 0;
        for (const ArrayType* type : {&x, &kernel, &y})
            sum += reorderMicroseconds(*type, Layout::RowMajor, Layout::ChannelsLast);
        return sum;
    }
};

const char* nameOf(const ConvPlaces& places)
{
    if (takesLibraryConv(places))
        return places.isLast ? "cudnn:channels-last" : "cudnn";
    if (places.isDirect())
        return places.isLast ? "direct:channels-last" : "direct";
    return places.isLast ? "columns:channels-last" : "columns";
}

std::vector<KernelOption> options(ConvPass pass, const KernelRequest& request, bool relu = false)
{
    if (computeType(request) != DType::Float32)
        return {};
    const ConvArrays arrays(pass, request);
    const bool hasBias
        = pass == ConvPass::Forward ? request.inputs.size() > 2 : pass == ConvPass::KernelGradient && request.attributes.flag("hasBias");
    const auto option = [&](const ConvPlaces& places) {
        KernelOption one = rowMajorOption(request, nameOf(places), 1.0, {});
        one.prepare = [pass, places, hasBias, precision = request.precision, relu] {
            return std::make_unique<ConvKernel>(pass, places, hasBias, precision, relu);
        };
        return one;
    };
    const auto places
        = [&](Layout layout) { return ConvPlaces(arrays.x.extents, arrays.kernel.extents, arrays.y.extents, request.attributes, layout); };
    std::vector<KernelOption> all{option(places(Layout::RowMajor))};
    if (request.precision != Precision::Float32) {
        all[0].microseconds += arrays.turningMicroseconds();
        const ConvPlaces last = places(Layout::ChannelsLast);
        addChannelsLast(all, request, option(last), ChannelsLast::Spatial, nameOf(last));
    }
    return all;
}

std::vector<KernelOption> convPlain(const KernelRequest& request)
{
    return convOptions(request, false);
}

std::vector<KernelOption> convInputGradient(const KernelRequest& request)
{
    return options(ConvPass::InputGradient, request);
}

std::vector<KernelOption> convKernelGradient(const KernelRequest& request)
{
    return options(ConvPass::KernelGradient, request);
}

} // namespace

std::vector<KernelOption> convOptions(const KernelRequest& request, bool relu)
{
    return options(ConvPass::Forward, request, relu);
}

void convCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Conv", &convPlain);
    table.add(DeviceKind::Cuda, "ConvInputGradient", &convInputGradient);
    table.add(DeviceKind::Cuda, "ConvKernelGradient", &convKernelGradient);
}

} // namespace weft
