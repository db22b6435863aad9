#include <type_traits>

#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/product.h"
#include "core/ops/attention/attention_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

// Products of the library with one kernel between them, a part of the scores at a time: so much that it fills the card, so
// little that it stays in the cache between card and memory, where there is a large one.

/// The rows whose scores are at hand: all those of some heads or, where one head alone is too large, some of its queries.
struct Part {
    std::int64_t head, heads, query, queries;
};

struct Parts {
    std::int64_t heads, queries; ///< of a full part
    std::int64_t scores; ///< of a full part, and what keeps the next array where vectors may begin

    explicit Parts(const AttentionSizes& sizes)
    {
        constexpr std::int64_t mostScores = 4 << 20;
        const std::int64_t rows = std::max<std::int64_t>(1, mostScores / std::max<std::int64_t>(1, sizes.keys));
        heads = std::clamp<std::int64_t>(rows / std::max<std::int64_t>(1, sizes.queries), 1, std::max<std::int64_t>(1, sizes.heads));
        queries = std::min(rows, sizes.queries);
        scores = (heads * queries * sizes.keys + 63) / 64 * 64;
    }
    template <class Visit> void forEach(const AttentionSizes& sizes, Visit visit) const
    {
        for (std::int64_t head = 0; head < sizes.heads; head += heads)
            for (std::int64_t query = 0; query < sizes.queries; query += queries)
                visit(Part{head, std::min(heads, sizes.heads - head), query, std::min(queries, sizes.queries - query)});
    }
};

/// The weights of a row in the groups that share a draw of dropout.
struct WeightGroups {
    std::int64_t start, first, end; ///< number of the first weight within those of the sample; of the groups

    constexpr WeightGroups(const AttentionSizes& sizes, std::int64_t row) :
        start(sizes.firstElement(row)), first(start / 4), end((start + sizes.keys + 3) / 4)
    {
    }
    /// Calls visit(column, whether dropout keeps it) for those of a group.
    template <class Visit> WEFT_DEVICE void forEach(const AttentionSizes& sizes, const DropoutMask& mask, std::int64_t group, Visit visit) const
    {
        const unsigned kept = sizes.rate > 0.0 ? mask.keepsFour(group) : 0xfu;
        for (unsigned i = 0; i < 4; ++i) {
            const std::int64_t column = group * 4 + i - start;
            if (column >= 0 && column < sizes.keys)
                visit(column, (kept >> i & 1u) != 0);
        }
    }
};

/// What products read of a part, stored as their other factors are.
template <class T> struct StoredWeights {
    T *weights, *slopes;
};

/// The kernels between the products.
struct AttentionWeights {
    AttentionSizes sizes;
    std::int64_t row; ///< the first one at hand
    std::int64_t rows;

    AttentionWeights(const AttentionSizes& of, const Part& part) :
        sizes(of), row(part.head * of.queries + part.query), rows(part.heads * part.queries)
    {
    }

    /// Products of queries with keys become weights with dropout, which may lie in their place.
    template <class T> void weigh(const KernelContext& context, const float* products, T* weights, float* logSum) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        forEachTeam(context, rows, (sizes.keys + 3) / 4, [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            const AttentionSizes& of = self.sizes;
            const std::int64_t at = self.row + r, count = of.count(at);
            const float scale = static_cast<float>(of.scale);
            const float* x = products + r * of.keys;
            T* weight = weights + r * of.keys;
            float largest = -std::numeric_limits<float>::infinity();
            for (std::int64_t i = team.index(); i < count; i += team.size())
                largest = x[i] * scale > largest || std::isnan(x[i]) ? x[i] * scale : largest;
            largest = team.max(largest);
            double sum = 0;
            for (std::int64_t i = team.index(); i < count; i += team.size())
                sum += static_cast<double>(std::exp(x[i] * scale - largest));
            sum = team.sum(sum);
            if (team.index() == 0)
                logSum[at] = largest + static_cast<float>(std::log(sum));
            const float share = static_cast<float>(of.keptScale() / sum);
            const DropoutMask mask(*state, of.stream, of.rate, of.sampleOf(at));
            const WeightGroups groups(of, at);
            for (std::int64_t group = groups.first + team.index(); group < groups.end; group += team.size())
                groups.forEach(of, mask, group, [&](std::int64_t i, bool isKept) {
                    weight[i] = static_cast<T>(isKept && i < count ? std::exp(x[i] * scale - largest) * share : 0.0f);
                });
        });
    }

    /// Products of queries with keys become weights with dropout, the slopes by these become those by the products; both may lie
    /// in their place.
    template <class T>
    void weighSlopes(const KernelContext& context, float* products, float* slopes, const StoredWeights<T>& to, const float* logSum) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        forEachTeam(context, rows, (sizes.keys + 3) / 4, [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            const AttentionSizes& of = self.sizes;
            const std::int64_t at = self.row + r, count = of.count(at);
            const float scale = static_cast<float>(of.scale), keptScale = static_cast<float>(of.keptScale()), total = logSum[at];
            float *x = products + r * of.keys, *slope = slopes + r * of.keys;
            T *storedWeight = to.weights + r * of.keys, *storedSlope = to.slopes + r * of.keys;
            const DropoutMask mask(*state, of.stream, of.rate, of.sampleOf(at));
            const WeightGroups groups(of, at);
            double sum = 0;
            for (std::int64_t group = groups.first + team.index(); group < groups.end; group += team.size())
                groups.forEach(of, mask, group, [&](std::int64_t i, bool isKept) {
                    if (i >= count)
                        return;
                    // The second round needs the weight and whether it was dropped, which its sign says.
                    const float weight = std::exp(x[i] * scale - total);
                    x[i] = isKept ? weight : -weight;
                    slope[i] = isKept ? slope[i] * keptScale : 0.0f;
                    sum += static_cast<double>(weight * slope[i]);
                });
            const float mean = static_cast<float>(team.sum(sum));
            for (std::int64_t group = groups.first + team.index(); group < groups.end; group += team.size())
                for (std::int64_t i = group * 4 - groups.start; i < group * 4 - groups.start + 4; ++i) {
                    if (i < 0 || i >= of.keys)
                        continue;
                    const bool isSeen = i < count;
                    const float weight = x[i];
                    storedSlope[i] = static_cast<T>(isSeen ? scale * std::abs(weight) * (slope[i] - mean) : 0.0f);
                    storedWeight[i] = static_cast<T>(isSeen && !std::signbit(weight) ? weight * keptScale : 0.0f);
                }
        });
    }
};

/// The matrices of a part: of queries, or of keys and values.
struct Matrices {
    AttentionSizes sizes;
    Part part;
    DType stored;
    Precision precision;

    template <class T> T* ofQueries(T* all, std::int64_t width) const { return all + (part.head * sizes.queries + part.query) * width; }
    template <class T> T* ofKeys(T* all, std::int64_t width) const { return all + part.head * sizes.keys * width; }

    /// y = a·bᵀ: every query with every key.
    template <class T> void compare(const KernelContext& context, const T* a, const T* b, float* y, std::int64_t width) const
    {
        Product product = of(part.queries, sizes.keys, width);
        product.result = DType::Float32;
        product.transposeB = true;
        multiply(context, product, ofQueries(a, width), ofKeys(b, width), y);
    }
    /// y = weights·b for each query.
    template <class T> void mix(const KernelContext& context, const T* weights, const T* b, T* y, std::int64_t width) const
    {
        multiply(context, of(part.queries, width, sizes.keys), weights, ofKeys(b, width), ofQueries(y, width));
    }
    /// y += weightsᵀ·a for each key; the first queries begin it.
    template <class T> void gather(const KernelContext& context, const T* weights, const T* a, T* y, std::int64_t width) const
    {
        Product product = of(sizes.keys, width, part.queries);
        product.transposeA = true;
        product.keep = part.query > 0 ? 1.0f : 0.0f;
        multiply(context, product, weights, ofQueries(a, width), ofKeys(y, width));
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

/// Where the scores of a part lie: in float32 as products give them and, where they are not stored so, as products read them.
template <class T> struct ScoreBuffers {
    static constexpr bool isInPlace = std::is_same_v<T, float>;

    static std::size_t bytes(std::int64_t scores, std::size_t arrays)
    {
        return arrays * static_cast<std::size_t>(scores) * (sizeof(float) + (isInPlace ? 0 : sizeof(T)));
    }
    /// Array `which` of `arrays`.
    static float* sums(void* scratch, std::int64_t scores, std::int64_t which) { return static_cast<float*>(scratch) + which * scores; }
    static T* stored(void* scratch, std::int64_t scores, std::int64_t which, std::int64_t arrays)
    {
        if constexpr (isInPlace)
            return sums(scratch, scores, which);
        else
            return reinterpret_cast<T*>(sums(scratch, scores, arrays)) + which * scores;
    }
};

struct AttentionCuda {
    static constexpr std::int64_t buffers = 1;
    static AttentionSizes sizesOf(std::span<const Array> in, const Attributes& attributes)
    {
        return {in[0], in[1], in[2], in.size() > 3 ? &in[3] : nullptr, attributes};
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const AttentionSizes sizes = sizesOf(context.inputs, attributes);
        const T *q = inputData<T>(context, 0), *k = inputData<T>(context, 1), *v = inputData<T>(context, 2);
        const Parts parts(sizes);
        float* products = ScoreBuffers<T>::sums(context.scratch, parts.scores, 0);
        T* weights = ScoreBuffers<T>::stored(context.scratch, parts.scores, 0, buffers);
        parts.forEach(sizes, [&](const Part& part) {
            const Matrices matrices{sizes, part, context.inputs[0].type.dtype, precision};
            matrices.compare(context, q, k, products, sizes.width);
            AttentionWeights(sizes, part).weigh(context, products, weights, outputData<float>(context, 1));
            matrices.mix(context, weights, v, outputData<T>(context), sizes.valueWidth);
        });
    }
};

struct AttentionGradientCuda {
    static constexpr std::int64_t buffers = 2;
    static AttentionSizes sizesOf(std::span<const Array> in, const Attributes& attributes)
    {
        return {in[1], in[2], in[3], in.size() > 5 ? &in[5] : nullptr, attributes};
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const AttentionSizes sizes = sizesOf(context.inputs, attributes);
        const T *dy = inputData<T>(context, 0), *q = inputData<T>(context, 1), *k = inputData<T>(context, 2), *v = inputData<T>(context, 3);
        const float* logSum = inputData<float>(context, 4);
        const Parts parts(sizes);
        float *products = ScoreBuffers<T>::sums(context.scratch, parts.scores, 0), *sums = ScoreBuffers<T>::sums(context.scratch, parts.scores, 1);
        const StoredWeights<T> stored{ScoreBuffers<T>::stored(context.scratch, parts.scores, 0, buffers),
                                      ScoreBuffers<T>::stored(context.scratch, parts.scores, 1, buffers)};
        parts.forEach(sizes, [&](const Part& part) {
            const Matrices matrices{sizes, part, context.inputs[0].type.dtype, precision};
            matrices.compare(context, q, k, products, sizes.width);
            matrices.compare(context, dy, v, sums, sizes.valueWidth);
            AttentionWeights(sizes, part).weighSlopes(context, products, sums, stored, logSum);
            matrices.gather(context, stored.weights, dy, outputData<T>(context, 2), sizes.valueWidth);
            matrices.mix(context, stored.slopes, k, outputData<T>(context), sizes.width);
            matrices.gather(context, stored.slopes, q, outputData<T>(context, 1), sizes.width);
        });
    }
};

template <class Kernel, class T> std::vector<KernelOption> optionsFor(const KernelRequest& request)
{
    std::vector<Array> inputs;
    for (const ArrayType& type : request.inputs)
        inputs.push_back({nullptr, type, Layout::RowMajor});
    const std::int64_t scores = Parts(Kernel::sizesOf(inputs, request.attributes)).scores;
    return {rowMajorOption(
        request, "cublas", 1.0,
        [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
            if (context.outputs[0].count() > 0)
                Kernel::template run<T>(context, attributes, precision);
        },
        ScoreBuffers<T>::bytes(scores, Kernel::buffers))};
}

/// Queries, keys, values, what is made of them and slopes are stored alike; sums of softmaxes are float32.
template <class Kernel> std::vector<KernelOption> options(const KernelRequest& request)
{
    const DType stored = request.outputs[0].dtype;
    const auto isStoredSo = [&](const ArrayType& type) { return type.dtype == stored; };
    if (!isStoredOnCard(stored) || !std::all_of(request.inputs.begin(), request.inputs.begin() + 3, isStoredSo))
        return {};
    switch (stored) {
    case DType::BFloat16: return optionsFor<Kernel, BFloat16>(request);
    case DType::Float16: return optionsFor<Kernel, Float16>(request);
    default: return optionsFor<Kernel, float>(request);
    }
}

} // namespace

void attentionCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Attention", &options<AttentionCuda>);
    table.add(DeviceKind::Cuda, "AttentionGradient", &options<AttentionGradientCuda>);
}

} // namespace weft
