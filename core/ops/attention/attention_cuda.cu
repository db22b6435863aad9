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

/// The kernels between the products.
struct AttentionWeights {
    AttentionSizes sizes;
    std::int64_t row; ///< the first one at hand
    std::int64_t rows;

    AttentionWeights(const AttentionSizes& of, const Part& part) :
        sizes(of), row(part.head * of.queries + part.query), rows(part.heads * part.queries)
    {
    }

    /// Products of queries with keys become weights with dropout.
    void weigh(const KernelContext& context, float* products, float* logSum) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        forEachTeam(context, rows, (sizes.keys + 3) / 4, [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            const AttentionSizes& of = self.sizes;
            const std::int64_t at = self.row + r, count = of.count(at);
            const float scale = static_cast<float>(of.scale);
            float* x = products + r * of.keys;
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
                groups.forEach(of, mask, group,
                               [&](std::int64_t i, bool isKept) { x[i] = isKept && i < count ? std::exp(x[i] * scale - largest) * share : 0.0f; });
        });
    }

    /// Products of queries with keys become weights with dropout, the slopes by these become those by the products.
    void weighSlopes(const KernelContext& context, float* products, float* slopes, const float* logSum) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        forEachTeam(context, rows, (sizes.keys + 3) / 4, [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            const AttentionSizes& of = self.sizes;
            const std::int64_t at = self.row + r, count = of.count(at);
            const float scale = static_cast<float>(of.scale), keptScale = static_cast<float>(of.keptScale()), total = logSum[at];
            float *x = products + r * of.keys, *slope = slopes + r * of.keys;
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
                    slope[i] = isSeen ? scale * std::abs(x[i]) * (slope[i] - mean) : 0.0f;
                    x[i] = isSeen && !std::signbit(x[i]) ? x[i] * keptScale : 0.0f;
                }
        });
    }
};

/// The matrices of a part: of queries, or of keys and values.
struct Matrices {
    AttentionSizes sizes;
    Part part;
    Precision precision;

    template <class T> T* ofQueries(T* all, std::int64_t width) const { return all + (part.head * sizes.queries + part.query) * width; }
    template <class T> T* ofKeys(T* all, std::int64_t width) const { return all + part.head * sizes.keys * width; }

    /// y = a·bᵀ: every query with every key.
    void compare(const KernelContext& context, const float* a, const float* b, float* y, std::int64_t width) const
    {
        Product product = of(part.queries, sizes.keys, width);
        product.transposeB = true;
        multiply(context, product, ofQueries(a, width), ofKeys(b, width), y);
    }
    /// y = weights·b for each query.
    void mix(const KernelContext& context, const float* weights, const float* b, float* y, std::int64_t width) const
    {
        multiply(context, of(part.queries, width, sizes.keys), weights, ofKeys(b, width), ofQueries(y, width));
    }
    /// y += weightsᵀ·a for each key; the first queries begin it.
    void gather(const KernelContext& context, const float* weights, const float* a, float* y, std::int64_t width) const
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
        product.precision = precision;
        return product;
    }
};

struct AttentionCuda {
    static constexpr std::size_t buffers = 1;
    static AttentionSizes sizesOf(std::span<const Array> in, const Attributes& attributes)
    {
        return {in[0], in[1], in[2], in.size() > 3 ? &in[3] : nullptr, attributes};
    }
    static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const AttentionSizes sizes = sizesOf(context.inputs, attributes);
        const float *q = inputData<float>(context, 0), *k = inputData<float>(context, 1), *v = inputData<float>(context, 2);
        float* weights = static_cast<float*>(context.scratch);
        Parts(sizes).forEach(sizes, [&](const Part& part) {
            const Matrices matrices{sizes, part, precision};
            matrices.compare(context, q, k, weights, sizes.width);
            AttentionWeights(sizes, part).weigh(context, weights, outputData<float>(context, 1));
            matrices.mix(context, weights, v, outputData<float>(context), sizes.valueWidth);
        });
    }
};

struct AttentionGradientCuda {
    static constexpr std::size_t buffers = 2;
    static AttentionSizes sizesOf(std::span<const Array> in, const Attributes& attributes)
    {
        return {in[1], in[2], in[3], in.size() > 5 ? &in[5] : nullptr, attributes};
    }
    static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const AttentionSizes sizes = sizesOf(context.inputs, attributes);
        const float *dy = inputData<float>(context, 0), *q = inputData<float>(context, 1), *k = inputData<float>(context, 2);
        const float *v = inputData<float>(context, 3), *logSum = inputData<float>(context, 4);
        const Parts parts(sizes);
        float *weights = static_cast<float*>(context.scratch), *slopes = weights + parts.scores;
        parts.forEach(sizes, [&](const Part& part) {
            const Matrices matrices{sizes, part, precision};
            matrices.compare(context, q, k, weights, sizes.width);
            matrices.compare(context, dy, v, slopes, sizes.valueWidth);
            AttentionWeights(sizes, part).weighSlopes(context, weights, slopes, logSum);
            matrices.gather(context, weights, dy, outputData<float>(context, 2), sizes.valueWidth);
            matrices.mix(context, slopes, k, outputData<float>(context), sizes.width);
            matrices.gather(context, slopes, q, outputData<float>(context, 1), sizes.width);
        });
    }
};

template <class Kernel> std::vector<KernelOption> options(const KernelRequest& request)
{
    if (computeType(request) != DType::Float32)
        return {};
    std::vector<Array> inputs;
    for (const ArrayType& type : request.inputs)
        inputs.push_back({nullptr, type, Layout::RowMajor});
    const auto scores = static_cast<std::size_t>(Parts(Kernel::sizesOf(inputs, request.attributes)).scores);
    return {rowMajorOption(
        request, "cublas", 1.0,
        [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
            if (context.outputs[0].count() > 0)
                Kernel::run(context, attributes, precision);
        },
        Kernel::buffers * scores * sizeof(float))};
}

} // namespace

void attentionCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Attention", &options<AttentionCuda>);
    table.add(DeviceKind::Cuda, "AttentionGradient", &options<AttentionGradientCuda>);
}

} // namespace weft
