#include <algorithm>
#include <limits>

#include "core/ops/embedding/token_lists.h"
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

/// Adds up all slopes of a row in one order: the same sum in every run. Several at once, since a word may be a twentieth of a text and a
/// card waits long for each number. The sums of row r go to row places[r] of `sums`, or to r itself where there are no places.
template <class T> void sumRows(const KernelContext& context, const TokenRows& named, const TokenLists& lists, const std::int32_t* places,
                                float* sums, std::int64_t width)
{
    const T* dy = inputData<T>(context, 0);
    forEachTeam(context, named.count, width, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t count = lists.counts[i];
        if (count == 0)
            return;
        const std::int64_t row = named.tokens[i];
        const std::int32_t* tokens = lists.order + lists.starts[row];
        float* of = sums + (places ? places[row] : row) * width;
        for (std::int64_t d = team.index(); d < width; d += team.size()) {
            constexpr int atOnce = 8;
            double parts[atOnce] = {};
            for (std::int64_t first = 0; first < count; first += atOnce) {
                for (int k = 0; k < atOnce; ++k) {
                    const std::int32_t token = tokens[std::min(first + k, count - 1)];
                    const double slope = static_cast<double>(named.shareOf(token)) * static_cast<double>(dy[named.sourceOf(token) * width + d]);
                    parts[k] += first + k < count ? slope : 0.0;
                }
            }
            of[d] = static_cast<float>(((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7])));
        }
    });
}

struct EmbeddingGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return TokenLists::bytes(elementCount(request.inputs[1].extents), request.outputs[0].extents[0]);
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.outputs[0].extent(1);
        const TokenRows named(context, attributes, context.outputs[0].extent(0), false);
        const TokenLists lists(context.scratch, named.count, named.rows);
        float* dTable = outputData<float>(context);
        clearOnCard(context, dTable, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
        listTokens(context, named, lists, nullptr);
        sumRows<T>(context, named, lists, nullptr, dTable, width);
    }
};

struct EmbeddingRowsCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return TokenLists::bytes(elementCount(request.inputs[1].extents), request.attributes.integer("rows"));
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.outputs[0].extent(1);
        const TokenRows named(context, attributes, attributes.integer("rows"), attributes.flag("isMean"));
        const TokenLists lists(context.scratch, named.count, named.rows);
        float* rows = outputData<float>(context);
        std::int32_t* places = outputData<std::int32_t>(context, 1);
        clearOnCard(context, rows, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
        forEach(context, named.rows, [=] WEFT_DEVICE(std::int64_t row) { places[row] = -1; });
        listTokens(context, named, lists, places);
        sumRows<T>(context, named, lists, places, rows, width);
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
