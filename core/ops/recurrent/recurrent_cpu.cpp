#include <cstring>

#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/onednn.h"
#include "core/device/cpu/panels.h"
#include "core/device/cpu/vector_math.h"
#include "core/device/kernel_table.h"
#include "core/ops/recurrent/recurrent_ref.h"

namespace weft {

namespace {

using std::int64_t;

struct VectorMath {
    static float sigmoid(float x) { return vectorSigmoid(x); }
    static float tanh(float x) { return vectorTanh(x); }
};

/// Sizes of a recurrent op.
struct Problem {
    int64_t samples, t, units, width;
    bool isReverse;
    int threads;

    /// Parts of the batch, each of which one thread walks through all steps: there is no barrier in between.
    int64_t parts() const
    {
        constexpr double serialWork = 100000;
        const double work = static_cast<double>(samples) * static_cast<double>(t) * static_cast<double>(units) * static_cast<double>(width);
        return work < serialWork ? 1 : std::min<int64_t>(threads, samples);
    }
    int64_t rows() const { return samples * t; }
    Walk walk() const { return {t, isReverse}; }
    /// The largest length among samples begin … end.
    int64_t longest(const Lengths& lengths, Range part) const
    {
        int64_t most = 0;
        for (int64_t n = part.begin; n < part.end; ++n)
            most = std::max(most, lengths.of(n));
        return most;
    }
};

/// Hands out pieces of scratch memory, in floats; counts them where there is none yet.
class Pieces {
public:
    explicit Pieces(void* scratch = nullptr) : m_base(static_cast<float*>(scratch)) {}
    /// Null for none.
    float* take(int64_t floats)
    {
        float* const piece = m_base && floats > 0 ? rest() : nullptr;
        m_used += (floats + 15) / 16 * 16;
        return piece;
    }
    /// What is left behind the pieces.
    float* rest() const { return m_base ? m_base + m_used : nullptr; }
    std::size_t bytes() const { return static_cast<std::size_t>(m_used) * sizeof(float); }

private:
    float* m_base;
    int64_t m_used = 0;
};

/// A product within a kernel. Its arrays are made once, and learn where they lie at each run.
class Product {
public:
    Product(std::unique_ptr<Kernel> kernel, const std::vector<Extents>& inputs, const Extents& output) : m_kernel(std::move(kernel))
    {
        for (const Extents& input : inputs)
            m_inputs.push_back({nullptr, {DType::Float32, input}, Layout::RowMajor});
        m_output = {nullptr, {DType::Float32, output}, Layout::RowMajor};
    }

    std::size_t scratchBytes() const { return m_kernel->scratchBytes(); }

    void run(const KernelContext& context, std::initializer_list<void*> inputs, void* output, void* scratch)
    {
        std::size_t next = 0;
        for (void* input : inputs)
            m_inputs[next++].data = input;
        m_output.data = output;
        KernelContext inner = context;
        inner.inputs = m_inputs;
        inner.outputs = {&m_output, 1};
        inner.scratch = scratch;
        m_kernel->run(inner);
    }

private:
    std::unique_ptr<Kernel> m_kernel;
    std::vector<Array> m_inputs;
    Array m_output;
};

template <template <class, class> class CellOf> class ForwardKernel : public Kernel {
public:
    using Cell = CellOf<float, VectorMath>;
    static constexpr bool isGru = Cell::gates == 3;

    ForwardKernel(const Problem& problem, int64_t features, bool forTraining, std::unique_ptr<Kernel> projection) :
        m_p(problem), m_forTraining(forTraining),
        m_projection(std::move(projection), {{problem.rows(), features}, {features, problem.width}, {1, problem.width}},
                     {problem.rows(), problem.width})
    {
    }

    std::size_t scratchBytes() const override { return Memory(*this, Pieces()).bytes + m_projection.scratchBytes(); }

    void run(const KernelContext& context) override
    {
        Memory memory(*this, Pieces(context.scratch));
        useOutputs(context, memory);
        project(context, memory);
        const float* recurrent = context.inputs[2].as<const float>();
        panels::pack(recurrent, m_p.width, 1, m_p.units, joint(), memory.packed);
        if (isGru)
            panels::pack(recurrent + joint(), m_p.width, 1, m_p.units, m_p.units, memory.packedApart);
        std::memset(memory.zeros, 0, static_cast<std::size_t>(m_p.units) * sizeof(float));
        const int64_t parts = m_p.parts();
        parallelFor(context.threads, parts, 1, [&](int64_t begin, int64_t end) {
            for (int64_t part = begin; part < end; ++part)
                walk(context, memory, partOf(m_p.samples, part, parts));
        });
    }

private:
    struct Memory {
        float *bias, *packed, *packedApart, *zeros, *gates, *extra;
        void* rest;
        std::size_t bytes;

        Memory(const ForwardKernel& k, Pieces pieces)
        {
            const Problem& p = k.m_p;
            const bool keeps = k.m_forTraining || !Cell::keepsExtra;
            bias = pieces.take(p.width);
            packed = pieces.take(panels::packedSize(p.units, k.joint()));
            packedApart = pieces.take(isGru ? panels::packedSize(p.units, p.units) : 0);
            zeros = pieces.take(p.units);
            gates = pieces.take(keeps ? 0 : p.rows() * p.width);
            extra = pieces.take(keeps ? 0 : p.rows() * p.units);
            rest = pieces.rest();
            bytes = pieces.bytes();
        }
    };

    /// Columns of the recurrent kernel whose product is added to x·W + b; the last gate of a Gru stands apart.
    int64_t joint() const { return isGru ? 2 * m_p.units : m_p.width; }

    /// Gates and extra lie in the outputs where they are kept; a SimpleRnn works in y itself.
    void useOutputs(const KernelContext& context, Memory& memory) const
    {
        if (!Cell::keepsExtra)
            memory.gates = context.outputs[0].as<float>();
        else if (m_forTraining) {
            memory.gates = context.outputs[2].as<float>();
            memory.extra = context.outputs[3].as<float>();
        }
    }

    /// gates = x·W + b + c for all steps at once.
    void project(const KernelContext& context, const Memory& memory)
    {
        const auto *b = context.inputs[3].as<const float>(), *c = context.inputs[4].as<const float>();
        for (int64_t i = 0; i < m_p.width; ++i)
            memory.bias[i] = i < joint() ? b[i] + c[i] : b[i];
        m_projection.run(context, {context.inputs[0].data, context.inputs[1].data, memory.bias}, memory.gates, memory.rest);
    }

    void walk(const KernelContext& context, const Memory& memory, Range part) const
    {
        const Lengths lengths(context.inputs.size() > 5 ? &context.inputs[5] : nullptr, m_p.t);
        const int64_t longest = m_p.longest(lengths, part), units = m_p.units, width = m_p.width, t = m_p.t;
        float* const y = context.outputs[0].as<float>();
        const auto& multiplyAdd = panels::kernels().multiplyAdd;
        for (int64_t turn = 0; turn < t; ++turn) {
            const int64_t step = m_p.walk().step(turn);
            const int64_t first = part.begin * t + step;
            if (isGru)
                fillApart(memory, context, part, step);
            if (turn > 0 && step < longest) {
                // States of padding are zeros, so that all samples may take part.
                const float* before = y + (part.begin * t + (m_p.isReverse ? step + 1 : step - 1)) * units;
                const int64_t count = part.end - part.begin;
                multiplyAdd(before, t * units, count, memory.packed, units, joint(), memory.gates + first * width, t * width);
                if (isGru)
                    multiplyAdd(before, t * units, count, memory.packedApart, units, units, memory.extra + first * units, t * units);
            }
            simdRun([&] { bend(memory, y, lengths, part, step); });
        }
        for (int64_t n = part.begin; n < part.end; ++n)
            std::memcpy(context.outputs[1].as<float>() + n * units, y + (n * t + m_p.walk().last(lengths.of(n))) * units,
                        static_cast<std::size_t>(units) * sizeof(float));
    }

    /// What comes from the state of a Gru's last gate begins with its bias.
    void fillApart(const Memory& memory, const KernelContext& context, Range part, int64_t step) const
    {
        const float* bias = context.inputs[4].as<const float>() + joint();
        for (int64_t n = part.begin; n < part.end; ++n)
            std::memcpy(memory.extra + (n * m_p.t + step) * m_p.units, bias, static_cast<std::size_t>(m_p.units) * sizeof(float));
    }

    void bend(const Memory& memory, float* y, const Lengths& lengths, Range part, int64_t step) const
    {
        const int64_t units = m_p.units, width = m_p.width;
        for (int64_t n = part.begin; n < part.end; ++n) {
            const int64_t length = lengths.of(n), row = n * m_p.t + step, before = m_p.walk().before(step, length);
            float* const gates = memory.gates + row * width;
            float* const extra = memory.extra ? memory.extra + row * units : nullptr;
            if (step >= length) {
                std::memset(gates, 0, static_cast<std::size_t>(width) * sizeof(float));
                if (extra)
                    std::memset(extra, 0, static_cast<std::size_t>(units) * sizeof(float));
                std::memset(y + row * units, 0, static_cast<std::size_t>(units) * sizeof(float));
                continue;
            }
            const int64_t rowBefore = n * m_p.t + before;
            stepForward<Cell, float>({gates, extra, y + row * units, before < 0 ? memory.zeros : y + rowBefore * units,
                           before < 0 || !extra ? memory.zeros : memory.extra + rowBefore * units},
                          units);
        }
    }

    Problem m_p;
    bool m_forTraining;
    Product m_projection;
};

template <template <class, class> class CellOf> class BackwardKernel : public Kernel {
public:
    using Cell = CellOf<float, VectorMath>;
    static constexpr bool isGru = Cell::gates == 3;

    BackwardKernel(const Problem& problem, const Attributes& attributes, std::unique_ptr<Kernel> ofWeights) :
        m_p(problem), m_attributes(attributes),
        m_ofWeights(std::move(ofWeights), {{problem.rows(), problem.units}, {problem.rows(), problem.width}}, {problem.units, problem.width})
    {
    }

    std::size_t scratchBytes() const override { return Memory(m_p, Pieces()).bytes + m_ofWeights.scratchBytes(); }

    void run(const KernelContext& context) override
    {
        const RecurrentBackward arrays(context, m_attributes, Cell::keepsExtra);
        Memory memory(m_p, Pieces(context.scratch));
        if (!isGru)
            memory.dRecurrent = context.outputs[0].as<float>();
        panels::pack(arrays.recurrentKernel<float>(), 1, m_p.width, m_p.width, m_p.units, memory.packed);
        std::memset(memory.zeros, 0, static_cast<std::size_t>(m_p.units) * sizeof(float));
        const int64_t parts = m_p.parts();
        parallelFor(context.threads, parts, 1, [&](int64_t begin, int64_t end) {
            for (int64_t part = begin; part < end; ++part)
                walk(arrays, memory, partOf(m_p.samples, part, parts), memory.biases + part * 2 * m_p.width);
        });
        for (int64_t i = 0; i < m_p.width; ++i) {
            float bias = 0, recurrentBias = 0;
            for (int64_t part = 0; part < parts; ++part) {
                bias += memory.biases[part * 2 * m_p.width + i];
                recurrentBias += memory.biases[(part * 2 + 1) * m_p.width + i];
            }
            context.outputs[2].as<float>()[i] = bias;
            context.outputs[3].as<float>()[i] = isGru ? recurrentBias : bias;
        }
        m_ofWeights.run(context, {memory.before, memory.dRecurrent}, context.outputs[1].data, memory.rest);
    }

private:
    struct Memory {
        float *packed, *zeros, *dState, *dCell, *biases, *before, *dRecurrent;
        void* rest;
        std::size_t bytes;

        Memory(const Problem& p, Pieces pieces)
        {
            packed = pieces.take(panels::packedSize(p.width, p.units));
            zeros = pieces.take(p.units);
            dState = pieces.take(p.samples * p.units);
            dCell = pieces.take(p.samples * p.units);
            biases = pieces.take(p.threads * 2 * p.width);
            before = pieces.take(p.rows() * p.units);
            dRecurrent = pieces.take(isGru ? p.rows() * p.width : 0);
            rest = pieces.rest();
            bytes = pieces.bytes();
        }
    };

    void walk(const RecurrentBackward& arrays, const Memory& memory, Range part, float* biases) const
    {
        const int64_t units = m_p.units, width = m_p.width, t = m_p.t, count = part.end - part.begin;
        const int64_t longest = m_p.longest(arrays.lengths, part);
        const std::size_t bytes = static_cast<std::size_t>(count * units) * sizeof(float);
        std::memset(biases, 0, static_cast<std::size_t>(2 * width) * sizeof(float));
        std::memset(memory.dCell + part.begin * units, 0, bytes);
        if (arrays.hasDLast)
            std::memcpy(memory.dState + part.begin * units, arrays.dLast<float>() + part.begin * units, bytes);
        else
            std::memset(memory.dState + part.begin * units, 0, bytes);
        for (int64_t turn = t; turn-- > 0;) {
            const int64_t step = m_p.walk().step(turn);
            simdRun([&] { bend(arrays, memory, part, step, biases); });
            // The slopes of padding are zeros: they leave a state's slope as it is.
            if (turn > 0 && step < longest)
                panels::kernels().multiplyAdd(memory.dRecurrent + (part.begin * t + step) * width, t * width, count, memory.packed, width, units,
                                              memory.dState + part.begin * units, units);
        }
    }

    void bend(const RecurrentBackward& arrays, const Memory& memory, Range part, int64_t step, float* biases) const
    {
        const int64_t units = m_p.units, width = m_p.width;
        const std::size_t gateBytes = static_cast<std::size_t>(width) * sizeof(float), unitBytes = static_cast<std::size_t>(units) * sizeof(float);
        float* const allGates = arrays.context.outputs[0].as<float>();
        for (int64_t n = part.begin; n < part.end; ++n) {
            const int64_t length = arrays.lengths.of(n), row = n * m_p.t + step, before = m_p.walk().before(step, length);
            float *const dGates = allGates + row * width, *const dRecurrent = memory.dRecurrent + row * width;
            if (step >= length) {
                std::memset(dGates, 0, gateBytes);
                std::memset(dRecurrent, 0, gateBytes);
                std::memset(memory.before + row * units, 0, unitBytes);
                continue;
            }
            const auto at = [&](const float* values, int64_t r) { return values && (r == row || before >= 0) ? values + r * units : memory.zeros; };
            const int64_t rowBefore = n * m_p.t + before;
            const float* const state = at(arrays.y<float>(), rowBefore);
            stepBackward<Cell, float>({Cell::keepsExtra ? arrays.gates<float>() + row * width : nullptr, at(arrays.extra<float>(), row),
                            at(arrays.y<float>(), row), state, at(arrays.extra<float>(), rowBefore), at(arrays.dy<float>(), row),
                            memory.dState + n * units, memory.dCell + n * units, dGates, dRecurrent},
                           units);
            std::memcpy(memory.before + row * units, state, unitBytes);
            addRow(dGates, biases, width);
            if (isGru)
                addRow(dRecurrent, biases + width, width);
        }
    }

    static void addRow(const float* from, float* to, int64_t count)
    {
#pragma GCC ivdep
        for (int64_t i = 0; i < count; ++i)
            to[i] += from[i];
    }

    Problem m_p;
    Attributes m_attributes;
    Product m_ofWeights;
};

double microseconds(const Problem& p, int64_t features)
{
    return 20 + static_cast<double>(p.rows()) * static_cast<double>(p.width) * static_cast<double>(p.units + features) / 30000 / p.threads;
}

template <template <class, class> class Cell> std::vector<KernelOption> forward(const KernelRequest& request)
{
    const Extents& x = request.inputs[0].extents;
    const Extents& kernel = request.inputs[2].extents;
    const Problem p{x[0], x[1], kernel[0], kernel[1], request.attributes.flag("reverse"), request.threads};
    if (request.outputs[0].dtype != DType::Float32 || p.rows() * p.width * x[2] == 0)
        return {};
    const auto projection = [p, features = x[2]] {
        onednn::MatMulProblem product{1, p.rows(), p.width, features};
        product.hasBias = true;
        return onednn::matMul(product, p.threads);
    };
    if (!projection())
        return {};
    KernelOption option = rowMajorOption(request, "panels", microseconds(p, x[2]), nullptr);
    option.prepare = [p, projection, features = x[2], forTraining = request.attributes.flag("forTraining")]() -> std::unique_ptr<Kernel> {
        return std::make_unique<ForwardKernel<Cell>>(p, features, forTraining, projection());
    };
    return {std::move(option)};
}

template <template <class, class> class Cell> std::vector<KernelOption> backward(const KernelRequest& request)
{
    const Extents& dGates = request.outputs[0].extents;
    const Extents& kernel = request.outputs[1].extents;
    const Problem p{dGates[0], dGates[1], kernel[0], kernel[1], request.attributes.flag("reverse"), request.threads};
    if (request.outputs[0].dtype != DType::Float32 || p.rows() * p.width == 0)
        return {};
    const auto ofWeights = [p] { return onednn::matMul({1, p.units, p.width, p.rows(), true}, p.threads); };
    if (!ofWeights())
        return {};
    KernelOption option = rowMajorOption(request, "panels", microseconds(p, p.units), nullptr);
    option.prepare = [p, ofWeights, attributes = request.attributes]() -> std::unique_ptr<Kernel> {
        return std::make_unique<BackwardKernel<Cell>>(p, attributes, ofWeights());
    };
    return {std::move(option)};
}

} // namespace

void recurrentCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "SimpleRnn", &forward<SimpleRnnCell>);
    table.add(DeviceKind::Cpu, "SimpleRnnGradient", &backward<SimpleRnnCell>);
    table.add(DeviceKind::Cpu, "Lstm", &forward<LstmCell>);
    table.add(DeviceKind::Cpu, "LstmGradient", &backward<LstmCell>);
    table.add(DeviceKind::Cpu, "Gru", &forward<GruCell>);
    table.add(DeviceKind::Cpu, "GruGradient", &backward<GruCell>);
}

} // namespace weft
