#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/ops/attention/attention_order.h"
#include "core/ops/dropout/dropout_ref.h"
#include "core/ops/support/reference.h"
#include "core/ops/support/sequence.h"

namespace weft {

/// How an Attention looks: `heads` of all samples, each with its queries, keys and values. A row is one query of one head. It is told of
/// matrices with heads before positions, however they lie.
struct AttentionSizes {
    std::int64_t heads, headsOfSample, queries, keys, width, valueWidth;
    double scale, rate;
    std::uint64_t stream;
    std::uint32_t threshold; ///< of dropout's words
    bool isCausal;
    bool isByPosition; ///< matrices lie with heads behind positions
    Lengths lengths;

    AttentionSizes(const Array& q, const Array& k, const Array& v, const Array* ofLengths, const Attributes& attributes) :
        heads(k.extent(0)), queries(extentBefore(q)), keys(extentBefore(k)), width(q.type.extents.back()), valueWidth(v.type.extents.back()),
        scale(attributes.real("scale")), rate(attributes.real("rate")), stream(static_cast<std::uint64_t>(attributes.integer("stream"))),
        threshold(dropThreshold(rate)), isCausal(attributes.flag("causal")), isByPosition(weft::isByPosition(attributes)), lengths(ofLengths, keys)
    {
        headsOfSample = 1;
        for (std::size_t axis = 1; axis + 2 < q.type.extents.size(); ++axis)
            headsOfSample *= q.type.extents[axis];
        heads *= headsOfSample;
    }

    constexpr std::int64_t samples() const { return heads / headsOfSample; }
    constexpr std::int64_t rows() const { return heads * queries; }
    constexpr std::int64_t sampleOf(std::int64_t row) const { return row / (headsOfSample * queries); }
    /// Keys that the query of `row` sees.
    constexpr std::int64_t count(std::int64_t row) const
    {
        const std::int64_t real = lengths.of(sampleOf(row));
        return isCausal ? std::min(real, row % queries + 1) : real;
    }
    /// The number that dropout gives the first weight of `row` within the weights of its sample.
    constexpr std::int64_t firstElement(std::int64_t row) const { return row % (headsOfSample * queries) * keys; }
    constexpr double keptScale() const { return rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0; }

private:
    static std::int64_t extentBefore(const Array& a) { return a.type.extents[a.type.extents.size() - 2]; }
};

/// The rows of an Attention, in double.
template <class T> struct AttentionRows {
    AttentionSizes sizes;
    const T *q, *k, *v;
    StepState state;

    AttentionRows(const KernelContext& context, const AttentionSizes& of, std::size_t first) :
        sizes(of), q(inputData<T>(context, first)), k(inputData<T>(context, first + 1)), v(inputData<T>(context, first + 2)),
        state(context.state ? *context.state : StepState())
    {
    }

    static double dot(const T* a, const T* b, std::int64_t count)
    {
        double sum = 0;
        for (std::int64_t i = 0; i < count; ++i)
            sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        return sum;
    }
    const T* query(std::int64_t row) const { return q + row * sizes.width; }
    std::int64_t key(std::int64_t row, std::int64_t j) const { return row / sizes.queries * sizes.keys + j; }
    double score(std::int64_t row, std::int64_t j) const { return sizes.scale * dot(query(row), k + key(row, j) * sizes.width, sizes.width); }
    /// What dropout multiplies weight j of `row` by.
    double factor(std::int64_t row, std::int64_t j) const
    {
        const DropoutMask mask(state, sizes.stream, sizes.threshold, sizes.sampleOf(row));
        return mask.keeps(sizes.firstElement(row) + j) ? sizes.keptScale() : 0.0;
    }
};

struct AttentionReference {
    template <class T> static void run(const KernelContext& given, const Attributes& attributes)
    {
        runHeadsFirst<T>(given, 3, 1, attributes, [&](const KernelContext& context) { runOn<T>(context, attributes); });
    }

private:
    template <class T> static void runOn(const KernelContext& context, const Attributes& attributes)
    {
        const std::span<const Array> in = context.inputs;
        const AttentionRows<T> rows(context, {in[0], in[1], in[2], in.size() > 3 ? &in[3] : nullptr, attributes}, 0);
        const AttentionSizes& sizes = rows.sizes;
        for (std::int64_t row = 0; row < sizes.rows(); ++row) {
            std::vector<double> scores;
            for (std::int64_t j = 0; j < sizes.count(row); ++j)
                scores.push_back(rows.score(row, j));
            const double largest = *std::max_element(scores.begin(), scores.end());
            double sum = 0;
            for (const double score : scores)
                sum += std::exp(score - largest);
            std::vector<double> y(static_cast<std::size_t>(sizes.valueWidth));
            for (std::size_t j = 0; j < scores.size(); ++j) {
                const auto at = static_cast<std::int64_t>(j);
                const double weight = std::exp(scores[j] - largest) / sum * rows.factor(row, at);
                for (std::size_t i = 0; i < y.size(); ++i)
                    y[i] += weight * static_cast<double>(rows.v[rows.key(row, at) * sizes.valueWidth + static_cast<std::int64_t>(i)]);
            }
            std::transform(y.begin(), y.end(), outputData<T>(context) + row * sizes.valueWidth, [](double value) { return static_cast<T>(value); });
            outputData<T>(context, 1)[row] = static_cast<T>(largest + std::log(sum));
        }
    }
};

struct AttentionGradientReference {
    template <class T> static void run(const KernelContext& given, const Attributes& attributes)
    {
        runHeadsFirst<T>(given, 5, 3, attributes, [&](const KernelContext& context) { runOn<T>(context, attributes); });
    }

private:
    template <class T> static void runOn(const KernelContext& context, const Attributes& attributes)
    {
        const std::span<const Array> in = context.inputs;
        const AttentionRows<T> rows(context, {in[1], in[2], in[3], in.size() > 6 ? &in[6] : nullptr, attributes}, 1);
        const AttentionSizes& sizes = rows.sizes;
        std::vector<double> gradients[3];
        for (std::size_t i = 0; i < 3; ++i)
            gradients[i].resize(static_cast<std::size_t>(context.outputs[i].count()));
        const auto addTo = [](std::vector<double>& to, std::int64_t first, double factor, const T* from, std::int64_t count) {
            for (std::int64_t i = 0; i < count; ++i)
                to[static_cast<std::size_t>(first + i)] += factor * static_cast<double>(from[i]);
        };
        for (std::int64_t row = 0; row < sizes.rows(); ++row) {
            const T* dy = inputData<T>(context, 0) + row * sizes.valueWidth;
            const double mean = AttentionRows<T>::dot(dy, inputData<T>(context, 4) + row * sizes.valueWidth, sizes.valueWidth);
            std::vector<double> weights, slopes; // slopes: of the loss by the weights before dropout
            for (std::int64_t j = 0; j < sizes.count(row); ++j) {
                const std::int64_t value = rows.key(row, j) * sizes.valueWidth;
                const double factor = rows.factor(row, j);
                weights.push_back(std::exp(rows.score(row, j) - static_cast<double>(inputData<T>(context, 5)[row])));
                slopes.push_back(factor * AttentionRows<T>::dot(dy, rows.v + value, sizes.valueWidth));
                addTo(gradients[2], value, weights.back() * factor, dy, sizes.valueWidth);
            }
            for (std::size_t j = 0; j < weights.size(); ++j) {
                const std::int64_t key = rows.key(row, static_cast<std::int64_t>(j)) * sizes.width;
                const double slope = sizes.scale * weights[j] * (slopes[j] - mean);
                addTo(gradients[0], row * sizes.width, slope, rows.k + key, sizes.width);
                addTo(gradients[1], key, slope, rows.query(row), sizes.width);
            }
        }
        for (std::size_t i = 0; i < 3; ++i)
            std::transform(gradients[i].begin(), gradients[i].end(), outputData<T>(context, i), [](double value) { return static_cast<T>(value); });
    }
};

} // namespace weft
