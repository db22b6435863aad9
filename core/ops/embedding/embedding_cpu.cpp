#include <cstring>
#include <limits>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"
#include "core/ops/embedding/embedding_ref.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

Options embedding(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    const double cost = 0.2 + static_cast<double>(elementCount(request.outputs[0].extents)) / 3000 / request.threads;
    return {rowMajorOption(request, "rows", cost, [](const KernelContext& context) {
        const Array& table = context.inputs[0];
        const std::int64_t rows = table.extent(0), width = table.extent(1);
        const auto* tokens = context.inputs[1].as<const std::int32_t>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, context.inputs[1].count(), parallelGrain / 4 / (width + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
                if (tokens[i] >= 0 && tokens[i] < rows)
                    std::memcpy(y + i * width, table.as<const float>() + tokens[i] * width, static_cast<std::size_t>(width) * sizeof(float));
                else
                    std::fill_n(y + i * width, width, std::numeric_limits<float>::quiet_NaN());
            }
        });
    })};
}

/// The rows of the table whose number is `own` modulo `parts`: cleared, then given their sums in the order of
/// the tokens. Frequent words often have neighbouring numbers, so that taking turns shares the work evenly.
void sumRows(const KernelContext& context, std::int64_t padding, std::int64_t own, std::int64_t parts)
{
    const Array& dTable = context.outputs[0];
    const std::int64_t rows = dTable.extent(0), width = dTable.extent(1), count = context.inputs[1].count();
    const auto* dy = context.inputs[0].as<const float>();
    const auto* tokens = context.inputs[1].as<const std::int32_t>();
    auto* table = dTable.as<float>();
    for (std::int64_t row = own; row < rows; row += parts)
        std::memset(table + row * width, 0, static_cast<std::size_t>(width) * sizeof(float));
    simdRun([=] {
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t token = tokens[i];
            if (token < 0 || token >= rows || token == padding || token % parts != own)
                continue;
            float* to = table + token * width;
            const float* from = dy + i * width;
#pragma GCC ivdep
            for (std::int64_t d = 0; d < width; ++d)
                to[d] += from[d];
        }
    });
}

Options embeddingGradient(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    const std::int64_t padding = request.attributes.integer("padding");
    return {rowMajorOption(request, "rows", elementwiseMicroseconds(request), [padding](const KernelContext& context) {
        const std::int64_t work = context.inputs[0].count() + context.outputs[0].count();
        const std::int64_t parts = work < parallelGrain ? 1 : context.threads;
        parallelFor(context.threads, parts, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t part = begin; part < end; ++part)
                sumRows(context, padding, part, parts);
        });
    })};
}

/// The mean of the rows that one sample's tokens name, in the order of the tokens.
void meanOfRows(const float* table, std::int64_t rows, std::int64_t width, const std::int32_t* tokens, std::int64_t length, float* y)
{
    // So far ahead rows are fetched: they lie all over a table that no nearby cache holds.
    constexpr std::int64_t ahead = 8;
    constexpr std::int64_t lineFloats = 16;
    const auto isRow = [=](std::int64_t i) { return tokens[i] >= 0 && tokens[i] < rows; };
    for (std::int64_t d = 0; d < width; ++d)
        y[d] = 0.0f;
    for (std::int64_t i = 0; i < length; ++i) {
        if (i + ahead < length && isRow(i + ahead)) {
            const float* next = table + tokens[i + ahead] * width;
            for (std::int64_t d = 0; d < width; d += lineFloats)
                __builtin_prefetch(next + d);
        }
        if (!isRow(i)) {
            std::fill_n(y, width, std::numeric_limits<float>::quiet_NaN());
            return;
        }
        const float* row = table + tokens[i] * width;
#pragma GCC ivdep
        for (std::int64_t d = 0; d < width; ++d)
            y[d] += row[d];
    }
    const float share = 1.0f / static_cast<float>(length);
#pragma GCC ivdep
    for (std::int64_t d = 0; d < width; ++d)
        y[d] *= share;
}

Options embeddingMean(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32 || elementCount(request.inputs[1].extents) == 0)
        return {};
    const double cost = 0.2 + static_cast<double>(elementCount(request.inputs[1].extents) * request.outputs[0].extents[1]) / 3000 / request.threads;
    return {rowMajorOption(request, "rows", cost, [](const KernelContext& context) {
        const Array &table = context.inputs[0], &tokens = context.inputs[1];
        const std::int64_t width = table.extent(1), t = tokens.extent(1);
        const Lengths lengths = lengthsBehind(context, 2, t);
        parallelFor(context.threads, tokens.extent(0), parallelGrain / 4 / (t * width + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
            simdRun([&] {
                for (std::int64_t n = begin; n < end; ++n)
                    meanOfRows(table.as<const float>(), table.extent(0), width, tokens.as<const std::int32_t>() + n * t, lengths.of(n),
                               context.outputs[0].as<float>() + n * width);
            });
        });
    })};
}

/// Numbers the rows that tokens name as they first appear. `own` [count]: the place that each real token adds to, or −1.
/// Returns how many places there are.
std::int32_t numberRows(const NamedRows& tokens, const Array& places, std::int32_t* own)
{
    auto* placeOf = places.as<std::int32_t>();
    std::fill_n(placeOf, places.count(), -1);
    std::int32_t used = 0;
    tokens.forEach([&](std::int64_t i, std::int64_t row, std::int64_t, double) {
        if (row >= 0 && placeOf[row] < 0)
            placeOf[row] = used++;
        own[i] = row < 0 ? -1 : placeOf[row];
    });
    return used;
}

/// Threads share places by their number modulo this. Frequent words come early, so that taking turns is fair.
constexpr std::int32_t turns = 64;

/// Sums what goes to the places whose number modulo `turns` lies in `range`, in the order of the tokens. The first token of a place, which has the
/// next number, begins its sum.
void sumPlaces(const NamedRows& tokens, const std::int32_t* own, const float* dy, float* rows, std::int64_t width, Range range)
{
    std::int32_t next = 0;
    tokens.forEach([=, &next](std::int64_t i, std::int64_t, std::int64_t source, double exactShare) {
        const std::int32_t place = own[i];
        const bool isFirst = place == next;
        next += isFirst ? 1 : 0;
        const std::int64_t turn = place % turns;
        if (turn < range.begin || turn >= range.end)
            return;
        const auto share = static_cast<float>(exactShare);
        const float* from = dy + source * width;
        float* to = rows + place * width;
        if (isFirst) {
#pragma GCC ivdep
            for (std::int64_t d = 0; d < width; ++d)
                to[d] = from[d] * share;
        } else {
#pragma GCC ivdep
            for (std::int64_t d = 0; d < width; ++d)
                to[d] += from[d] * share;
        }
    });
}

/// Worth it where the table has more rows than there are tokens; else its gradient may as well be whole.
Options embeddingRows(const KernelRequest& request)
{
    const std::int64_t count = request.outputs[0].extents[0];
    if (request.outputs[0].dtype != DType::Float32 || count == 0 || count > request.attributes.integer("rows"))
        return {};
    const auto run = [attributes = request.attributes](const KernelContext& context) {
        const NamedRows tokens(context, attributes);
        const Array& rows = context.outputs[0];
        const std::int64_t width = rows.extent(1);
        auto* own = static_cast<std::int32_t*>(context.scratch);
        const std::int64_t used = numberRows(tokens, context.outputs[1], own);
        const std::int64_t parts = rows.count() < parallelGrain / 2 ? 1 : std::min(context.threads, turns);
        parallelFor(context.threads, parts, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t part = begin; part < end; ++part) {
                const auto* dy = context.inputs[0].as<const float>();
                simdRun([&] { sumPlaces(tokens, own, dy, rows.as<float>(), width, partOf(turns, part, parts)); });
                const Range unused = partOf((tokens.count() - used) * width, part, parts);
                std::fill(rows.as<float>() + used * width + unused.begin, rows.as<float>() + used * width + unused.end, 0.0f);
            }
        });
    };
    return {rowMajorOption(request, "rows", elementwiseMicroseconds(request), run, static_cast<std::size_t>(count) * sizeof(std::int32_t))};
}

} // namespace

void embeddingCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Embedding", &embedding);
    table.add(DeviceKind::Cpu, "EmbeddingGradient", &embeddingGradient);
    table.add(DeviceKind::Cpu, "EmbeddingMean", &embeddingMean);
    table.add(DeviceKind::Cpu, "EmbeddingRows", &embeddingRows);
}

} // namespace weft
