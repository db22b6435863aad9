#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/product.h"
#include "core/ops/attention/attention_library.h"
#include "core/ops/attention/attention_weights.h"
#include "core/ops/support/scratch.h"

namespace weft {

namespace {

// Products of the library with one kernel between them, a part of the scores at a time: so much that it fills the card, so
// little that it stays in the cache between card and memory, where there is a large one. Scores are float32; where the arrays
// are stored in 16 bits the weights that products take are as well.

struct Parts {
    std::int64_t heads, queries; ///< of a full part
    std::int64_t scores; ///< of a full part

    Parts(const AttentionSizes& sizes, std::size_t bytesOfScore)
    {
        constexpr std::size_t mostBytes = 24 << 20;
        const auto mostScores = static_cast<std::int64_t>(mostBytes / bytesOfScore);
        const std::int64_t rows = std::max<std::int64_t>(1, mostScores / std::max<std::int64_t>(1, sizes.keys));
        heads = std::clamp<std::int64_t>(rows / std::max<std::int64_t>(1, sizes.queries), 1, std::max<std::int64_t>(1, sizes.heads));
        queries = std::min(rows, sizes.queries);
        scores = heads * queries * sizes.keys;
    }
    template <class Visit> void forEach(const AttentionSizes& sizes, Visit visit) const
    {
        for (std::int64_t head = 0; head < sizes.heads; head += heads)
            for (std::int64_t query = 0; query < sizes.queries; query += queries)
                visit(Part{head, std::min(heads, sizes.heads - head), query, std::min(queries, sizes.queries - query)});
    }
};

struct Rounded {
    WEFT_DEVICE float operator()(float number) const { return number; }
};

/// The products of a part, of matrices of queries, or of keys and values.
template <class T> struct PartProducts {
    const KernelContext& context;
    AttentionSizes sizes;
    Part part;
    DType stored;
    Precision precision;

    template <class Number> Number* ofQueries(Number* all, std::int64_t width) const
    {
        return all + (part.head * sizes.queries + part.query) * width;
    }
    template <class Number> Number* ofKeys(Number* all, std::int64_t width) const { return all + part.head * sizes.keys * width; }

    /// y = a·bᵀ: every query with every key.
    void compare(const T* a, const T* b, float* y, std::int64_t width) const
    {
        Product product = of(part.queries, sizes.keys, width);
        product.transposeB = true;
        product.result = DType::Float32;
        multiply(context, product, ofQueries(a, width), ofKeys(b, width), y);
    }
    /// y = weights·b for each query.
    void mix(const T* weights, const T* b, T* y, std::int64_t width) const
    {
        multiply(context, of(part.queries, width, sizes.keys), weights, ofKeys(b, width), ofQueries(y, width));
    }
    /// y = weightsᵀ·a for each key. Where a head is in several parts they are added up in `sums`, float32 [keys, width].
    void gather(const T* weights, const T* a, T* y, float* sums, std::int64_t width) const
    {
        Product product = of(sizes.keys, width, part.queries);
        product.transposeA = true;
        if (part.queries == sizes.queries)
            return multiply(context, product, weights, ofQueries(a, width), ofKeys(y, width));
        product.result = DType::Float32;
        product.keep = part.query > 0 ? 1.0f : 0.0f;
        multiply(context, product, weights, ofQueries(a, width), sums);
        if (part.query + part.queries == sizes.queries)
            mapElements(context, sizes.keys * width, ofKeys(y, width), sums, Rounded());
    }

private:
    Product of(std::int64_t m, std::int64_t n, std::int64_t k) const
    {
        Product product;
        product.m = m;
        product.n = n;
        product.k = k;
        product.batch = part.heads;
        product.stepA = m * k;
        product.stepB = k * n;
        product.stepY = m * n;
        product.factors = product.result = stored;
        product.precision = precision;
        return product;
    }
};

/// An array of T for what is `numbers`, which it is itself where T is float.
template <class T> T* takeBeside(Scratch& scratch, float* numbers, std::int64_t count)
{
    if constexpr (std::is_same_v<T, float>)
        return numbers;
    else
        return scratch.take<T>(count);
}

template <class T> constexpr std::size_t bytesBeside = std::is_same_v<T, float> ? 0 : sizeof(T);

template <class T> struct AttentionCuda {
    static constexpr AttentionPass pass = AttentionPass::Forward;
    static constexpr std::size_t matrices = 3, turnedInputs = 3, turnedOutputs = 1; ///< inputs before the lengths, and matrices with heads
    using Number = T;

    AttentionSizes sizes;
    Parts parts;
    Scratch scratch;
    float* products;
    T* weights;

    AttentionCuda(std::span<const Array> in, const Attributes& attributes, void* memory) :
        sizes(in[0], in[1], in[2], in.size() > 3 ? &in[3] : nullptr, attributes), parts(sizes, sizeof(float) + bytesBeside<T>), scratch(memory),
        products(scratch.take<float>(parts.scores)), weights(takeBeside<T>(scratch, products, parts.scores))
    {
    }

    void run(const KernelContext& context, DType stored, Precision precision) const
    {
        const T *q = inputData<T>(context, 0), *k = inputData<T>(context, 1), *v = inputData<T>(context, 2);
        parts.forEach(sizes, [&](const Part& part) {
            const PartProducts<T> of{context, sizes, part, stored, precision};
            of.compare(q, k, products, sizes.width);
            AttentionWeights<T>(sizes, part).weigh(context, products, weights, outputData<float>(context, 1));
            of.mix(weights, v, outputData<T>(context), sizes.valueWidth);
        });
    }
};

template <class T> struct AttentionGradientCuda {
    static constexpr AttentionPass pass = AttentionPass::Gradient;
    static constexpr std::size_t matrices = 6, turnedInputs = 5, turnedOutputs = 3;
    using Number = T;

    AttentionSizes sizes;
    Parts parts;
    Scratch scratch;
    float *products, *slopes;
    T *weights, *scoreSlopes;
    float *keySums, *valueSums;

    AttentionGradientCuda(std::span<const Array> in, const Attributes& attributes, void* memory) :
        sizes(in[1], in[2], in[3], in.size() > 6 ? &in[6] : nullptr, attributes), parts(sizes, 2 * (sizeof(float) + bytesBeside<T>)), scratch(memory),
        products(scratch.take<float>(parts.scores)), slopes(scratch.take<float>(parts.scores)),
        weights(takeBeside<T>(scratch, products, parts.scores)), scoreSlopes(takeBeside<T>(scratch, slopes, parts.scores)),
        keySums(scratch.take<float>(sumsOf(sizes.width))), valueSums(scratch.take<float>(sumsOf(sizes.valueWidth)))
    {
    }

    void run(const KernelContext& context, DType stored, Precision precision) const
    {
        const T *dy = inputData<T>(context, 0), *q = inputData<T>(context, 1), *k = inputData<T>(context, 2), *v = inputData<T>(context, 3);
        T *dq = outputData<T>(context, 0), *dk = outputData<T>(context, 1), *dv = outputData<T>(context, 2);
        parts.forEach(sizes, [&](const Part& part) {
            const PartProducts<T> of{context, sizes, part, stored, precision};
            of.compare(q, k, products, sizes.width);
            of.compare(dy, v, slopes, sizes.valueWidth);
            AttentionWeights<T>(sizes, part).weighSlopes(context, products, slopes, weights, scoreSlopes);
            of.gather(weights, dy, dv, valueSums, sizes.valueWidth);
            of.mix(scoreSlopes, k, dq, sizes.width);
            of.gather(scoreSlopes, q, dk, keySums, sizes.width);
        });
    }

private:
    std::int64_t sumsOf(std::int64_t width) const { return parts.queries < sizes.queries ? sizes.keys * width : 0; }
};

/// Copies a matrix into the other order of heads and positions.
template <class T> void turnHeads(const KernelContext& context, const Array& from, const Array& to)
{
    const std::int64_t outer = to.extent(1), inner = to.extent(2), width = to.extent(3);
    const T* x = from.as<T>();
    T* y = to.as<T>();
    forEach(context, to.count(), [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t row = i / width;
        y[i] = x[(row / (outer * inner) * outer * inner + row % inner * outer + row / inner % outer) * width + i % width];
    });
}

/// cuDNN's kernel where it has one, else our own, which takes heads before positions.
template <class Own> class AttentionKernel : public Kernel {
public:
    AttentionKernel(const Own& own, const Attributes& attributes, DType stored, Precision precision, bool hasLengths, std::size_t turnedBytes) :
        m_attributes(attributes), m_stored(stored), m_precision(precision), m_ownBytes(own.scratch.bytes()), m_turnedBytes(turnedBytes),
        m_library(libraryAttention(Own::pass, own.sizes, stored, hasLengths))
    {
    }

    std::size_t scratchBytes() const override { return m_library ? m_library->scratchBytes() : m_ownBytes + m_turnedBytes; }
    void run(const KernelContext& context) override
    {
        if (context.outputs[0].count() == 0)
            return;
        if (m_library)
            return m_library->run(context);
        if (!isByPosition(m_attributes))
            return runOwn(context, context.scratch);
        Scratch scratch(context.scratch);
        using T = typename Own::Number;
        runHeadsFirst(
            context, Own::turnedInputs, Own::turnedOutputs, [&](const ArrayType& type) { return scratch.take<T>(elementCount(type.extents)); },
            [&](const Array& from, const Array& to) { turnHeads<T>(context, from, to); },
            [&](const KernelContext& turned) { runOwn(turned, static_cast<std::byte*>(context.scratch) + scratch.bytes()); });
    }

private:
    void runOwn(const KernelContext& context, void* scratch) const { Own(context.inputs, m_attributes, scratch).run(context, m_stored, m_precision); }

    Attributes m_attributes;
    DType m_stored;
    Precision m_precision;
    std::size_t m_ownBytes, m_turnedBytes;
    std::unique_ptr<Kernel> m_library;
};

template <class Own> std::vector<KernelOption> optionsOf(const KernelRequest& request)
{
    std::vector<Array> inputs;
    Scratch turned(nullptr);
    const auto takeTurned = [&](const ArrayType& type, bool isMatrix) {
        const bool isTurned = isMatrix && isByPosition(request.attributes);
        if (isTurned)
            turned.take<typename Own::Number>(elementCount(type.extents));
        return isTurned ? withOtherOrder(type) : type;
    };
    for (const ArrayType& type : request.inputs)
        inputs.push_back({nullptr, takeTurned(type, inputs.size() < Own::turnedInputs), Layout::RowMajor});
    for (std::size_t i = 0; i < request.outputs.size(); ++i)
        takeTurned(request.outputs[i], i < Own::turnedOutputs);
    const DType stored = request.outputs[0].dtype;
    KernelOption option = rowMajorOption(request, stored == DType::Float32 ? "cublas" : "cudnn", 1.0, {});
    option.prepare = [own = Own(inputs, request.attributes, nullptr), attributes = request.attributes, stored, precision = request.precision,
                      hasLengths = inputs.size() > Own::matrices, turnedBytes = turned.bytes()]() -> std::unique_ptr<Kernel> {
        return std::make_unique<AttentionKernel<Own>>(own, attributes, stored, precision, hasLengths, turnedBytes);
    };
    return {option};
}

/// Queries, keys, values and what goes with them are stored alike; sums stay float32.
template <template <class> class Kernel> std::vector<KernelOption> options(const KernelRequest& request)
{
    const DType stored = request.outputs[0].dtype;
    const auto isTaken = [&](const ArrayType& type) { return type.dtype == stored || type.dtype == DType::Float32 || type.dtype == DType::Int32; };
    const bool isUniform = std::all_of(request.inputs.begin(), request.inputs.end(), isTaken)
        && std::all_of(request.inputs.begin(), request.inputs.begin() + 3, [&](const ArrayType& type) { return type.dtype == stored; });
    if (!isUniform || !isStoredOnCard(stored))
        return {};
    return visitStored(stored, [&](auto number) { return optionsOf<Kernel<decltype(number)>>(request); });
}

} // namespace

void attentionCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Attention", &options<AttentionCuda>);
    table.add(DeviceKind::Cuda, "AttentionGradient", &options<AttentionGradientCuda>);
}

} // namespace weft
