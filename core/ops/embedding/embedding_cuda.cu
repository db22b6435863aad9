#include <limits>

#include "core/ops/over_time/over_time_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct EmbeddingCuda {
    /// T is what y is stored as; the table is float32.
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t rows = context.inputs[0].extent(0), width = context.inputs[0].extent(1);
        const float* table = inputData<float>(context, 0);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t token = tokens[i / width];
            y[i] = static_cast<T>(token >= 0 && token < rows ? table[token * width + i % width] : std::numeric_limits<float>::quiet_NaN());
        });
    }
};

struct EmbeddingMeanCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t rows = context.inputs[0].extent(0), width = context.inputs[0].extent(1), t = context.inputs[1].extent(1);
        const Lengths lengths = lengthsBehind(context, 2, t);
        const float* table = inputData<float>(context, 0);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / width, length = lengths.of(n);
            double sum = 0;
            for (std::int64_t step = 0; step < length; ++step) {
                const std::int64_t token = tokens[n * t + step];
                sum += token >= 0 && token < rows ? static_cast<double>(table[token * width + i % width]) : std::numeric_limits<double>::quiet_NaN();
            }
            y[i] = static_cast<T>(static_cast<float>(sum / static_cast<double>(length)));
        });
    }
};

/// The tokens whose slopes go to rows of a table.
struct TokenRows {
    const std::int32_t* tokens;
    std::int64_t count, t, rows, padding;
    bool isMean;
    Lengths lengths;

    TokenRows(const KernelContext& context, const Attributes& attributes, std::int64_t tableRows, bool mean) :
        tokens(context.inputs[1].as<const std::int32_t>()), count(context.inputs[1].count()), t(mean ? context.inputs[1].extent(1) : count),
        rows(tableRows), padding(attributes.integer("padding")), isMean(mean), lengths(lengthsBehind(context, 2, t))
    {
    }
    /// The row that token i adds to, or −1.
    constexpr std::int64_t rowOf(std::int64_t i) const
    {
        const std::int64_t token = tokens[i];
        const bool isReal = !isMean || i % t < lengths.of(i / t);
        return isReal && token >= 0 && token < rows && token != padding ? token : -1;
    }
    /// The row of dy that it adds, and the part of it.
    constexpr std::int64_t sourceOf(std::int64_t i) const { return isMean ? i / t : i; }
    constexpr float shareOf(std::int64_t i) const { return isMean ? 1.0f / static_cast<float>(lengths.of(i / t)) : 1.0f; }
};

/// firsts[row] = the first token that names the row, or INT32_MAX.
void findFirsts(const KernelContext& context, const TokenRows& named, std::int32_t* firsts)
{
    forEach(context, named.rows, [=] WEFT_DEVICE(std::int64_t row) { firsts[row] = INT32_MAX; });
    forEach(context, named.count, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t row = named.rowOf(i);
        if (row >= 0)
            lowerTo(firsts + row, static_cast<std::int32_t>(i));
    });
}

/// The first token of a row adds up all of that row, in their order: the same sum in every run. The sums of row r go to row
/// places[r] of `sums`, or to r itself where there are no places.
template <class T> void sumRows(const KernelContext& context, const TokenRows& named, const std::int32_t* firsts, const std::int32_t* places,
                                float* sums, std::int64_t width)
{
    const T* dy = inputData<T>(context, 0);
    forEachTeam(context, named.count, width, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t row = named.rowOf(i);
        if (row < 0 || firsts[row] != i)
            return;
        float* of = sums + (places ? places[row] : row) * width;
        for (std::int64_t d = team.index(); d < width; d += team.size()) {
            double sum = 0;
            for (std::int64_t j = i; j < named.count; ++j) {
                if (named.tokens[j] == row && named.rowOf(j) == row)
                    sum += static_cast<double>(named.shareOf(j)) * static_cast<double>(dy[named.sourceOf(j) * width + d]);
            }
            of[d] = static_cast<float>(sum);
        }
    });
}

struct EmbeddingGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return static_cast<std::size_t>(request.outputs[0].extents[0]) * sizeof(std::int32_t);
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.outputs[0].extent(1);
        const TokenRows named(context, attributes, context.outputs[0].extent(0), false);
        auto* firsts = static_cast<std::int32_t*>(context.scratch);
        float* dTable = outputData<float>(context);
        clearOnCard(context, dTable, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
        findFirsts(context, named, firsts);
        sumRows<T>(context, named, firsts, nullptr, dTable, width);
    }
};

struct EmbeddingRowsCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return static_cast<std::size_t>(request.attributes.integer("rows")) * sizeof(std::int32_t);
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.outputs[0].extent(1);
        const TokenRows named(context, attributes, attributes.integer("rows"), attributes.flag("isMean"));
        auto* firsts = static_cast<std::int32_t*>(context.scratch);
        float* rows = outputData<float>(context);
        std::int32_t* places = outputData<std::int32_t>(context, 1);
        clearOnCard(context, rows, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
        forEach(context, named.rows, [=] WEFT_DEVICE(std::int64_t row) { places[row] = -1; });
        findFirsts(context, named, firsts);
        numberRows(context, named, firsts, places);
        sumRows<T>(context, named, firsts, places, rows, width);
    }

    /// Rows are numbered as they first appear. Each thread of one team has a stretch of the tokens.
    static void numberRows(const KernelContext& context, const TokenRows& named, const std::int32_t* firsts, std::int32_t* places)
    {
        forEachTeam(context, 1, named.count, [=] WEFT_DEVICE(std::int64_t, const Team& team) {
            const std::int64_t stretch = (named.count + team.size() - 1) / team.size();
            const std::int64_t begin = team.index() * stretch, end = begin + stretch < named.count ? begin + stretch : named.count;
            std::int64_t own = 0;
            for (std::int64_t i = begin; i < end; ++i) {
                const std::int64_t row = named.rowOf(i);
                own += row >= 0 && firsts[row] == i ? 1 : 0;
            }
            std::int64_t next = team.sumBefore(own);
            for (std::int64_t i = begin; i < end; ++i) {
                const std::int64_t row = named.rowOf(i);
                if (row >= 0 && firsts[row] == i)
                    places[row] = static_cast<std::int32_t>(next++);
            }
        });
    }
};

/// A gradient of the table is float32, whatever dy is stored as.
template <class Kernel> std::vector<KernelOption> gradientOptions(const KernelRequest& request)
{
    return request.outputs[0].dtype == DType::Float32 ? storedCudaFactory<Kernel>(request) : std::vector<KernelOption>();
}

} // namespace

void embeddingCudaKernels(KernelTable& table)
{
    addStoredCuda<EmbeddingCuda>(table, "Embedding");
    table.add(DeviceKind::Cuda, "EmbeddingGradient", &gradientOptions<EmbeddingGradientCuda>);
    addStoredCuda<EmbeddingMeanCuda>(table, "EmbeddingMean");
    table.add(DeviceKind::Cuda, "EmbeddingRows", &gradientOptions<EmbeddingRowsCuda>);
}

} // namespace weft
