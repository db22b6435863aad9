#include "core/ops/conv/conv_cuda.h"

#include "core/device/cuda/cuda_device.h"
#include "core/device/reorder_cost.h"
#include "core/ops/conv/conv_library.h"
#include "core/ops/conv/conv_own.h"

namespace weft {

namespace {

/// What a convolution on a card is told once.
struct ConvTask {
    ConvPass pass;
    ConvPlaces places;
    ConvEnding ending; ///< of a kernel's gradient: whether there is one of the bias
    DType stored; ///< type of all arrays but a kernel's gradient and that of a bias, which are float32
    Precision precision;

    Layout layout() const { return places.isLast ? Layout::ChannelsLast : Layout::RowMajor; }
    /// cuDNN gives a kernel's gradient as it stores the kernel.
    bool isGradientStored() const { return pass == ConvPass::KernelGradient && stored != DType::Float32; }
    ArrayType kernelType() const { return {stored, {places.filters, places.inGroup, places.kernel[0], places.kernel[1], places.kernel[2]}}; }
};

/// cuDNN's kernel where it has one, with what is ours behind it; else our own.
template <class T> class ConvKernel : public Kernel {
public:
    explicit ConvKernel(const ConvTask& task) :
        m_task(task), m_library(libraryConv(task.pass, task.places, {task.stored, task.precision, task.layout()},
                                            task.pass == ConvPass::Forward ? task.ending : ConvEnding{}))
    {
    }

    std::size_t scratchBytes() const override
    {
        const ConvPlaces& places = m_task.places;
        const std::size_t bytes = m_library ? m_library->scratchBytes() : places.scratchBytes();
        const bool isSummed = m_task.pass == ConvPass::KernelGradient && m_task.ending.hasBias;
        return gradientBytes() + std::max(bytes, isSummed ? biasScratchBytes(places) : 0);
    }

    void run(const KernelContext& context) override
    {
        switch (m_task.pass) {
        case ConvPass::Forward: return forward(context);
        case ConvPass::InputGradient: return m_library ? m_library->run(context) : inputGradient<T>(context, m_task.places, m_task.precision);
        case ConvPass::KernelGradient: return gradientOfKernel(context);
        }
    }

private:
    /// Of the scratch, for a gradient that is not where it belongs yet.
    std::size_t gradientBytes() const
    {
        const auto bytes = static_cast<std::size_t>(m_task.places.filters * m_task.places.depth()) * sizeof(float);
        return m_task.isGradientStored() ? (bytes + 63) / 64 * 64 : 0;
    }

    void forward(const KernelContext& context)
    {
        const ConvEnding& ending = m_task.ending;
        const T* addend = ending.hasAddend ? inputData<T>(context, 3) : nullptr;
        if (!m_library) {
            conv<T>(context, m_task.places, ending.relu && !addend, m_task.precision);
            if (addend)
                endConv<T>(context, m_task.places, nullptr, addend, ending.relu);
            return;
        }
        m_library->run(context);
        if (ending.isThere() && !m_library->doesEnding())
            endConv<T>(context, m_task.places, ending.hasBias ? inputData<T>(context, 2) : nullptr, addend, ending.relu);
    }

    void gradientOfKernel(const KernelContext& context)
    {
        KernelContext own = context;
        own.scratch = static_cast<std::byte*>(context.scratch) + gradientBytes();
        if (m_task.ending.hasBias)
            biasGradient<T>(own, m_task.places, static_cast<double*>(own.scratch));
        const Array gradient{m_task.isGradientStored() ? context.scratch : context.outputs[0].data, m_task.kernelType(), m_task.layout()};
        own.outputs = {&gradient, 1};
        if (m_library)
            m_library->run(own);
        else
            kernelGradient<T>(own, m_task.places, m_task.precision, gradient.as<float>());
        if (!m_task.isGradientStored())
            return;
        if (m_library)
            gradientInPlanes(context, m_task.places, gradient.as<T>(), outputData<float>(context));
        else
            gradientInPlanes(context, m_task.places, gradient.as<float>(), outputData<float>(context));
    }

    ConvTask m_task;
    std::unique_ptr<LibraryConv> m_library;
};

std::unique_ptr<Kernel> kernelOf(const ConvTask& task)
{
    return visitStored(task.stored, [&](auto number) -> std::unique_ptr<Kernel> { return std::make_unique<ConvKernel<decltype(number)>>(task); });
}

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

/// Whether the types are those of one task: of 16 bits all arrays but gradients of weights.
bool isStoredAlike(ConvPass pass, const KernelRequest& request, DType stored)
{
    const auto isStored = [&](const ArrayType& type) { return type.dtype == stored; };
    const auto isFull = [](const ArrayType& type) { return type.dtype == DType::Float32; };
    const bool areResults = pass == ConvPass::KernelGradient ? std::all_of(request.outputs.begin(), request.outputs.end(), isFull)
                                                             : std::all_of(request.outputs.begin(), request.outputs.end(), isStored);
    return isStoredOnCard(stored) && std::all_of(request.inputs.begin(), request.inputs.end(), isStored) && areResults;
}

std::vector<KernelOption> options(ConvPass pass, const KernelRequest& request, bool relu = false)
{
    const DType stored = request.inputs[0].dtype;
    if (!isStoredAlike(pass, request, stored))
        return {};
    const ConvArrays arrays(pass, request);
    const bool hasAddend = pass == ConvPass::Forward && request.inputs.size() > 3;
    const bool hasBias
        = pass == ConvPass::Forward ? request.inputs.size() > 2 : pass == ConvPass::KernelGradient && request.attributes.flag("hasBias");
    const auto option = [&](const ConvPlaces& places) {
        KernelOption one = rowMajorOption(request, nameOf(places), 1.0, {});
        one.prepare = [task = ConvTask{pass, places, {hasBias, hasAddend, relu}, stored, request.precision}] { return kernelOf(task); };
        return one;
    };
    const auto places
        = [&](Layout layout) { return ConvPlaces(arrays.x.extents, arrays.kernel.extents, arrays.y.extents, request.attributes, layout); };
    std::vector<KernelOption> all{option(places(Layout::RowMajor))};
    if (stored == DType::Float32 && request.precision == Precision::Float32)
        return all;
    all[0].microseconds += arrays.turningMicroseconds();
    const ConvPlaces last = places(Layout::ChannelsLast);
    addChannelsLast(all, request, option(last), ChannelsLast::Spatial, nameOf(last));
    if (pass == ConvPass::KernelGradient && stored != DType::Float32)
        all.back().outputLayouts = all[0].outputLayouts; // turned around as they become float32
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
