#include "core/device/cpu/onednn.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <dnnl.hpp>
#include <omp.h>

#include "core/device/cpu_info.h"

namespace weft::onednn {

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

/// The processor has no state of its own in oneDNN; one handle serves every device and thread.
const dnnl::engine& cpuEngine()
{
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// oneDNN takes its number of threads from OpenMP's setting of the calling thread, and waits for ever
/// for threads that OpenMP then does not give: OMP_THREAD_LIMIT counts.
class ThreadScope {
public:
    explicit ThreadScope(int threads) : m_before(omp_get_max_threads()) { set(std::min(threads, omp_get_thread_limit())); }
    ~ThreadScope() { set(m_before); }
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;

private:
    static void set(int threads)
    {
        if (threads != omp_get_max_threads())
            omp_set_num_threads(threads);
    }
    int m_before;
};

std::size_t aligned(std::size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/// A few oneDNN primitives run one after the other on a kernel's arrays and scratch.
class Program : public Kernel {
public:
    explicit Program(int threads) : m_stream(cpuEngine()), m_threads(threads) {}

    memory input(std::size_t index, const memory::desc& type) { return bind(type, Source::Input, index); }
    /// An activation. oneDNN multiplies the padding of blocked channels by zeros, which does not help
    /// against NaN: it is cleared at each run.
    memory activation(std::size_t index, const memory::desc& type, std::int64_t samples, std::int64_t channels, Layout layout)
    {
        if (layout == Layout::ChannelBlocked16 && channels % 16 != 0)
            m_paddings.push_back({index, samples, channels, static_cast<std::int64_t>(type.get_size() / sizeof(float))});
        return input(index, type);
    }
    memory output(std::size_t index, const memory::desc& type) { return bind(type, Source::Output, index); }
    /// An intermediate result of its own.
    memory temporary(const memory::desc& type)
    {
        const memory result = bind(type, Source::Scratch, m_temporaryBytes);
        m_temporaryBytes += aligned(type.get_size());
        return result;
    }

    /// Appends a primitive; its scratchpad is shared by all of them.
    template <class Descriptor, class Primitive>
    void add(const Descriptor& descriptor, const Primitive& primitive, std::vector<std::pair<int, memory>> arguments)
    {
        const memory::desc scratchpad = descriptor.scratchpad_desc();
        if (scratchpad.get_size() > 0) {
            arguments.emplace_back(DNNL_ARG_SCRATCHPAD, bind(scratchpad, Source::Scratchpad, 0));
            m_scratchpadBytes = std::max(m_scratchpadBytes, aligned(scratchpad.get_size()));
        }
        Step step;
        step.primitive = primitive;
        for (const auto& [name, value] : arguments)
            step.arguments.push_back({name, value.get()});
        m_steps.push_back(std::move(step));
    }

    /// `from` in the format `to`: itself where that is its format, else packed into a temporary.
    memory packed(const memory& from, const memory::desc& to)
    {
        if (from.get_desc() == to)
            return from;
        const memory result = temporary(to);
        addReorder(from, result);
        return result;
    }

    /// The same for what changes only with the variables: the packing is kept.
    memory packedOnce(const memory& from, const memory::desc& to)
    {
        const memory result = m_kept.emplace_back(to, cpuEngine());
        addReorder(from, result);
        m_firstSteps.push_back(std::move(m_steps.back()));
        m_steps.pop_back();
        return result;
    }

    void addReorder(const memory& from, const memory& to)
    {
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        const dnnl::reorder::primitive_desc descriptor(cpuEngine(), from.get_desc(), cpuEngine(), to.get_desc(), attributes);
        add(descriptor, dnnl::reorder(descriptor), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    }

    void variablesChanged() override { m_isStale = true; }

    std::size_t scratchBytes() const override { return m_temporaryBytes + m_scratchpadBytes; }

    void run(const KernelContext& context) override
    {
        const ThreadScope scope(std::min(m_threads, context.threads));
        for (const Padding& padding : m_paddings)
            padding.clear(context.inputs[padding.input].as<float>());
        for (Binding& binding : m_bindings)
            binding.memory.set_data_handle(address(binding, context), m_stream);
        if (m_isStale)
            execute(m_firstSteps);
        m_isStale = false;
        execute(m_steps);
    }

private:
    enum class Source { Input, Output, Scratch, Scratchpad };
    struct Binding {
        dnnl::memory memory;
        Source source;
        std::size_t position; ///< an index, or bytes from the start of the scratch
    };
    /// The unused channels in the last block of each sample.
    struct Padding {
        std::size_t input;
        std::int64_t samples, channels, floats;

        void clear(float* data) const
        {
            const std::int64_t blocks = (channels + 15) / 16;
            const std::int64_t positions = floats / (samples * blocks * 16);
            for (std::int64_t sample = 0; sample < samples; ++sample) {
                float* last = data + ((sample + 1) * blocks - 1) * positions * 16;
                for (std::int64_t position = 0; position < positions; ++position)
                    for (std::int64_t channel = channels % 16; channel < 16; ++channel)
                        last[position * 16 + channel] = 0;
            }
        }
    };
    struct Step {
        dnnl::primitive primitive;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    void execute(const std::vector<Step>& steps) const
    {
        for (const Step& step : steps)
            dnnl::error::wrap_c_api(
                dnnl_primitive_execute(step.primitive.get(), m_stream.get(), static_cast<int>(step.arguments.size()), step.arguments.data()),
                "could not run a oneDNN primitive");
    }

    memory bind(const memory::desc& type, Source source, std::size_t position)
    {
        m_bindings.push_back({memory(type, cpuEngine(), DNNL_MEMORY_NONE), source, position});
        return m_bindings.back().memory;
    }

    void* address(const Binding& binding, const KernelContext& context) const
    {
        switch (binding.source) {
        case Source::Input: return context.inputs[binding.position].data;
        case Source::Output: return context.outputs[binding.position].data;
        case Source::Scratch: return static_cast<char*>(context.scratch) + binding.position;
        case Source::Scratchpad: break;
        }
        return static_cast<char*>(context.scratch) + m_temporaryBytes;
    }

    dnnl::stream m_stream;
    int m_threads;
    std::vector<Binding> m_bindings;
    std::vector<Padding> m_paddings;
    std::vector<memory> m_kept;
    std::vector<Step> m_firstSteps; ///< run when what they pack may have changed
    std::vector<Step> m_steps;
    bool m_isStale = true;
    std::size_t m_temporaryBytes = 0;
    std::size_t m_scratchpadBytes = 0;
};

template <class Descriptor> bool isOptimised(const Descriptor& descriptor)
{
    return std::strstr(descriptor.impl_info_str(), "ref") == nullptr;
}

/// A fresh one each time: copies share their state, so that a post-op would leak into other passes.
dnnl::primitive_attr userScratchpad()
{
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

dnnl::post_ops reluAfter()
{
    dnnl::post_ops after;
    after.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    return after;
}

/// Shapes and formats of a convolution in oneDNN's words.
struct ConvTypes {
    Dims strides, padBegin, padEnd, dilations;
    memory::desc anyKernel, anyKernelGradient, plainKernel, bias;
    Dims x, y;
    int axes;

    memory::data_type operand; ///< of what is multiplied

    ConvTypes(const ConvProblem& p, ConvMethod method) :
        axes(p.spatialAxes), operand(method == ConvMethod::BFloat16 ? memory::data_type::bf16 : memory::data_type::f32)
    {
        x = {p.n, p.channels};
        y = {p.n, p.outputs};
        Dims kernel = p.groups > 1 ? Dims{p.groups, p.groupOutputs(), p.groupChannels()} : Dims{p.outputs, p.channels};
        for (int i = 3 - axes; i < 3; ++i) {
            strides.push_back(p.stride[i]);
            padBegin.push_back(p.padBegin[i]);
            padEnd.push_back(p.padEnd[i]);
            dilations.push_back(p.dilation[i] - 1);
            x.push_back(p.in[i]);
            y.push_back(p.out[i]);
            kernel.push_back(p.kernel[i]);
        }
        static constexpr Tag plainTags[2][3] = {{Tag::oiw, Tag::oihw, Tag::oidhw}, {Tag::goiw, Tag::goihw, Tag::goidhw}};
        anyKernel = memory::desc(kernel, operand, Tag::any);
        anyKernelGradient = memory::desc(kernel, memory::data_type::f32, Tag::any);
        plainKernel = memory::desc(kernel, memory::data_type::f32, plainTags[p.groups > 1][axes - 1]);
        bias = p.hasBias ? memory::desc({p.outputs}, memory::data_type::f32, Tag::x) : memory::desc();
    }

    memory::desc activation(const Dims& dims, Layout layout, memory::data_type type = memory::data_type::f32) const
    {
        static constexpr Tag plain[3] = {Tag::ncw, Tag::nchw, Tag::ncdhw};
        static constexpr Tag blocked[3] = {Tag::nCw16c, Tag::nChw16c, Tag::nCdhw16c};
        return memory::desc(dims, type, (layout == Layout::ChannelBlocked16 ? blocked : plain)[axes - 1]);
    }
};

dnnl::convolution_forward::primitive_desc forwardDescriptor(const ConvProblem& p, const ConvTypes& t, const memory::desc& x, const memory::desc& y)
{
    dnnl::primitive_attr attributes = userScratchpad();
    if (p.relu)
        attributes.set_post_ops(reluAfter());
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, x, t.anyKernel, t.bias, y, t.strides, t.dilations, t.padBegin,
             t.padEnd},
            attributes,
            cpuEngine()};
}

/// The activation of input `index` with extents `dims`, in the type in which it is multiplied.
memory operand(Program& program, std::size_t index, const ConvTypes& t, const Dims& dims, Layout layout)
{
    return program.packed(program.activation(index, t.activation(dims, layout), dims[0], dims[1], layout), t.activation(dims, layout, t.operand));
}

/// Runs `make`; null where oneDNN refuses the problem.
template <class Make> std::unique_ptr<Kernel> ifSupported(int threads, Make make)
{
    const ThreadScope scope(threads);
    try {
        return make();
    } catch (const dnnl::error&) {
        return nullptr;
    }
}

} // namespace

bool mayRound(const KernelRequest& request)
{
    return request.precision == Precision::BFloat16 && cpuMultipliesBFloat16();
}

std::unique_ptr<Kernel> convForward(const ConvProblem& problem, ConvMethod method, Layout x, Layout y, int threads)
{
    return ifSupported(threads, [&]() -> std::unique_ptr<Kernel> {
        const ConvTypes t(problem, method);
        const memory::desc from = t.activation(t.x, x, t.operand);
        const memory::desc to = t.activation(t.y, y);
        const auto descriptor = forwardDescriptor(problem, t, from, to);
        if (!isOptimised(descriptor))
            return nullptr;
        auto program = std::make_unique<Program>(threads);
        const memory plainKernel = program->input(1, t.plainKernel);
        const memory kernel = problem.hasConstantKernel ? program->packedOnce(plainKernel, descriptor.weights_desc())
                                                        : program->packed(plainKernel, descriptor.weights_desc());
        std::vector<std::pair<int, memory>> arguments{
            {DNNL_ARG_SRC, operand(*program, 0, t, t.x, x)}, {DNNL_ARG_WEIGHTS, kernel}, {DNNL_ARG_DST, program->output(0, to)}};
        if (problem.hasBias)
            arguments.emplace_back(DNNL_ARG_BIAS, program->input(2, t.bias));
        program->add(descriptor, dnnl::convolution_forward(descriptor), std::move(arguments));
        return program;
    });
}

std::unique_ptr<Kernel> convInputGradient(const ConvProblem& problem, ConvMethod method, Layout dy, Layout dx, int threads)
{
    return ifSupported(threads, [&]() -> std::unique_ptr<Kernel> {
        ConvProblem plain = problem;
        plain.hasBias = plain.relu = false;
        const ConvTypes t(plain, method);
        const memory::desc from = t.activation(t.y, dy, t.operand);
        const memory::desc to = t.activation(t.x, dx);
        const auto hint = forwardDescriptor(plain, t, to, from);
        const dnnl::convolution_backward_data::primitive_desc descriptor(
            {dnnl::algorithm::convolution_direct, to, t.anyKernel, from, t.strides, t.dilations, t.padBegin, t.padEnd}, userScratchpad(), cpuEngine(),
            hint);
        if (!isOptimised(descriptor))
            return nullptr;
        auto program = std::make_unique<Program>(threads);
        const memory kernel = program->packed(program->input(1, t.plainKernel), descriptor.weights_desc());
        program->add(
            descriptor, dnnl::convolution_backward_data(descriptor),
            {{DNNL_ARG_DIFF_DST, operand(*program, 0, t, t.y, dy)}, {DNNL_ARG_WEIGHTS, kernel}, {DNNL_ARG_DIFF_SRC, program->output(0, to)}});
        return program;
    });
}

std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, ConvMethod method, Layout x, Layout dy, int threads)
{
    return ifSupported(threads, [&]() -> std::unique_ptr<Kernel> {
        ConvProblem plain = problem;
        plain.relu = false;
        const ConvTypes t(plain, method);
        const memory::desc xType = t.activation(t.x, x, t.operand);
        const memory::desc dyType = t.activation(t.y, dy, t.operand);
        const auto hint = forwardDescriptor(plain, t, xType, dyType);
        const dnnl::convolution_backward_weights::primitive_desc descriptor(
            {dnnl::algorithm::convolution_direct, xType, t.anyKernelGradient, t.bias, dyType, t.strides, t.dilations, t.padBegin, t.padEnd},
            userScratchpad(), cpuEngine(), hint);
        if (!isOptimised(descriptor))
            return nullptr;
        auto program = std::make_unique<Program>(threads);
        const memory result = program->output(0, t.plainKernel);
        const bool isPlain = descriptor.diff_weights_desc() == t.plainKernel;
        const memory gradient = isPlain ? result : program->temporary(descriptor.diff_weights_desc());
        std::vector<std::pair<int, memory>> arguments{{DNNL_ARG_SRC, operand(*program, 0, t, t.x, x)},
                                                      {DNNL_ARG_DIFF_DST, operand(*program, 1, t, t.y, dy)},
                                                      {DNNL_ARG_DIFF_WEIGHTS, gradient}};
        if (problem.hasBias)
            arguments.emplace_back(DNNL_ARG_DIFF_BIAS, program->output(1, t.bias));
        program->add(descriptor, dnnl::convolution_backward_weights(descriptor), std::move(arguments));
        if (!isPlain)
            program->addReorder(gradient, result);
        return program;
    });
}

std::unique_ptr<Kernel> matMul(const MatMulProblem& p, int threads)
{
    return ifSupported(threads, [&]() -> std::unique_ptr<Kernel> {
        const auto type = [](std::int64_t batch, std::int64_t rows, std::int64_t columns, bool isSwapped) {
            const Dims strides{rows * columns, isSwapped ? 1 : columns, isSwapped ? rows : 1};
            if (batch == 1)
                return memory::desc({rows, columns}, memory::data_type::f32, Dims{strides[1], strides[2]});
            return memory::desc({batch, rows, columns}, memory::data_type::f32, strides);
        };
        // A shared b multiplies the rows of all batches as one matrix, unless a is stored swapped.
        const bool isFlat = p.isSharedB && !p.transposeA;
        const std::int64_t batch = isFlat ? 1 : p.batch;
        const std::int64_t m = isFlat ? p.batch * p.m : p.m;
        const memory::desc a = type(batch, m, p.k, p.transposeA);
        memory::desc b = type(p.isSharedB ? 1 : batch, p.k, p.n, p.transposeB);
        if (batch > 1 && p.isSharedB)
            b = b.reshape({1, p.k, p.n});
        const memory::desc y = type(batch, m, p.n, false);
        const auto rounded = [&](const memory::desc& plain, bool isPacked) {
            return p.inBFloat16 ? memory::desc(plain.dims(), memory::data_type::bf16, isPacked ? Tag::any : batch > 1 ? Tag::abc : Tag::ab) : plain;
        };
        const memory::desc left = rounded(a, false);
        const memory::desc right = rounded(b, batch == 1);
        dnnl::primitive_attr attributes = userScratchpad();
        if (p.relu)
            attributes.set_post_ops(reluAfter());
        const memory::desc bias = memory::desc(batch > 1 ? Dims{1, 1, p.n} : Dims{1, p.n}, memory::data_type::f32, batch > 1 ? Tag::abc : Tag::ab);
        const dnnl::matmul::desc operation = p.hasBias ? dnnl::matmul::desc(left, right, bias, y) : dnnl::matmul::desc(left, right, y);
        const dnnl::matmul::primitive_desc descriptor(operation, attributes, cpuEngine());
        if (!isOptimised(descriptor))
            return nullptr;
        auto program = std::make_unique<Program>(threads);
        std::vector<std::pair<int, memory>> arguments{{DNNL_ARG_SRC, program->packed(program->input(0, a), descriptor.src_desc())},
                                                      {DNNL_ARG_WEIGHTS, program->packed(program->input(1, b), descriptor.weights_desc())},
                                                      {DNNL_ARG_DST, program->output(0, y)}};
        if (p.hasBias)
            arguments.emplace_back(DNNL_ARG_BIAS, program->input(2, bias));
        program->add(descriptor, dnnl::matmul(descriptor), std::move(arguments));
        return program;
    });
}

} // namespace weft::onednn
