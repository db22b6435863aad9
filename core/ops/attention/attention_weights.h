#pragma once

#include <limits>

#include "core/ops/attention/attention_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

// What a card does between the products of an attention: from scores to weights, and from the slopes by these to those by the
// scores. A row is one query of one head.

/// The rows whose scores are at hand: all those of some heads or, where one head alone is too large, some of its queries.
struct Part {
    std::int64_t head, heads, query, queries;
};

/// Neighbouring numbers of a row.
struct Four {
    float at[4];
};

/// A row in groups of four that share a draw of dropout, counted through its sample. A thread reads and writes a group at once
/// where groups begin with the row, and no other's.
struct Row {
    std::int64_t keys, count, start, first, end; ///< keys, and those that count; number of the first weight; of the groups
    bool isWhole;

    constexpr Row(const AttentionSizes& sizes, std::int64_t row) :
        keys(sizes.keys), count(sizes.count(row)), start(sizes.firstElement(row)), first(start / 4), end((start + keys + 3) / 4),
        isWhole(keys % 4 == 0)
    {
    }
    /// scale · the numbers of a group, `other` for those that do not count.
    WEFT_DEVICE Four read(const float* row, std::int64_t group, float scale, float other) const
    {
        const std::int64_t column = group * 4 - start;
        Four four{{other, other, other, other}};
        if (isWhole && column + 4 <= count) {
            const Lanes<float, 4> lanes = lanesAt<4>(row + column);
            for (int i = 0; i < 4; ++i)
                four.at[i] = scale * lanes.at[i];
            return four;
        }
        for (int i = 0; i < 4; ++i)
            if (column + i >= 0 && column + i < count)
                four.at[i] = scale * row[column + i];
        return four;
    }
    template <class T> WEFT_DEVICE void write(T* row, std::int64_t group, const Four& four) const
    {
        const std::int64_t column = group * 4 - start;
        if (isWhole) {
            Lanes<T, 4> lanes;
            for (int i = 0; i < 4; ++i)
                lanes.at[i] = static_cast<T>(four.at[i]);
            putLanes(row + column, lanes);
            return;
        }
        for (int i = 0; i < 4; ++i)
            if (column + i >= 0 && column + i < keys)
                row[column + i] = static_cast<T>(four.at[i]);
    }
};

/// Groups of each thread that it holds while its team adds up; where rows are longer it reads and computes the others again.
constexpr int heldGroups = 4;

/// Makes those that this thread holds.
template <class Held, class Make> WEFT_DEVICE void holdGroups(const Row& row, const Team& team, Held (&held)[heldGroups], Make make)
{
    for (int i = 0; i < heldGroups; ++i)
        held[i] = make(row.first + team.index() + i * team.size());
}

/// Calls visit(group, numbers) for all of this thread.
template <class Held, class Make, class Visit>
WEFT_DEVICE void forEachGroup(const Row& row, const Team& team, Held (&held)[heldGroups], Make make, Visit visit)
{
    for (int i = 0; i < heldGroups; ++i) {
        const std::int64_t group = row.first + team.index() + i * team.size();
        if (group < row.end)
            visit(group, held[i]);
    }
    for (std::int64_t group = row.first + team.index() + heldGroups * team.size(); group < row.end; group += team.size()) {
        Held again = make(group);
        visit(group, again);
    }
}

/// e to the power of x, in two instructions of a card: as exact as weights have to be.
WEFT_DEVICE inline float powerOf(float x)
{
#ifdef __CUDA_ARCH__
    return __expf(x);
#else
    return std::exp(x);
#endif
}

/// What dropout multiplies the weights of a row by.
class RowMask {
public:
    constexpr RowMask(const AttentionSizes& sizes, const StepState& state, std::int64_t row) :
        m_mask(state, sizes.stream, sizes.threshold, sizes.sampleOf(row)), m_kept(static_cast<float>(sizes.keptScale())), m_drops(sizes.threshold > 0)
    {
    }
    /// A bit for each of a group.
    constexpr unsigned keeps(std::int64_t group) const { return m_drops ? m_mask.keepsFour(group) : 0xfu; }
    constexpr float factor(unsigned kept, int i) const { return (kept >> i & 1u) != 0 ? m_kept : 0.0f; }

private:
    DropoutMask m_mask;
    float m_kept;
    bool m_drops;
};

/// The kernels between the products. They may write where they read.
template <class T> struct AttentionWeights {
    AttentionSizes sizes;
    std::int64_t row; ///< the first one at hand
    std::int64_t rows;

    AttentionWeights(const AttentionSizes& of, const Part& part) :
        sizes(of), row(part.head * of.queries + part.query), rows(part.heads * part.queries)
    {
    }

    /// A thread for what it can hold.
    std::int64_t workOfRow() const { return (sizes.keys + 4 * heldGroups - 1) / (4 * heldGroups); }

    /// weights = softmax and dropout of the products of queries with keys.
    void weigh(const KernelContext& context, const float* products, T* weights, float* logSum) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        forEachTeam(context, rows, workOfRow(), [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            constexpr float none = -std::numeric_limits<float>::infinity();
            const std::int64_t at = self.row + r;
            const Row of(self.sizes, at);
            const float scale = static_cast<float>(self.sizes.scale);
            const auto scores = [&](std::int64_t group) { return of.read(products + r * of.keys, group, scale, none); };
            Four held[heldGroups];
            holdGroups(of, team, held, scores);
            float largest = none;
            forEachGroup(of, team, held, scores, [&](std::int64_t, const Four& four) {
                for (const float score : four.at)
                    largest = score > largest || std::isnan(score) ? score : largest;
            });
            largest = team.max(largest);
            double sum = 0;
            forEachGroup(of, team, held, scores, [&](std::int64_t, Four& four) {
                float part = 0;
                for (float& score : four.at) {
                    score = powerOf(score - largest);
                    part += score;
                }
                sum += static_cast<double>(part);
            });
            sum = team.sum(sum);
            if (team.index() == 0)
                logSum[at] = largest + static_cast<float>(std::log(sum));
            const float share = static_cast<float>(1.0 / sum);
            const RowMask mask(self.sizes, *state, at);
            const auto powers = [&](std::int64_t group) {
                Four four = scores(group);
                for (float& score : four.at)
                    score = powerOf(score - largest);
                return four;
            };
            forEachGroup(of, team, held, powers, [&](std::int64_t group, const Four& four) {
                const unsigned kept = mask.keeps(group);
                Four weight;
                for (int i = 0; i < 4; ++i)
                    weight.at[i] = four.at[i] * share * mask.factor(kept, i);
                of.write(weights + r * of.keys, group, weight);
            });
        });
    }

    /// The same weights again, and the slopes by the products from those by the weights, for the inputs of a gradient.
    void weighSlopes(const KernelContext& context, const float* products, const float* slopes, T* weights, T* scoreSlopes) const
    {
        const AttentionWeights self = *this;
        const StepState* state = queueOf(context).state;
        const T *dy = inputData<T>(context, 0), *y = inputData<T>(context, 4);
        const float* logSum = inputData<float>(context, 5);
        forEachTeam(context, rows, workOfRow(), [=] WEFT_DEVICE(std::int64_t r, const Team& team) {
            const std::int64_t at = self.row + r;
            const Row of(self.sizes, at);
            const RowMask mask(self.sizes, *state, at);
            const std::int64_t first = r * of.keys;
            const float scale = static_cast<float>(self.sizes.scale), total = logSum[at];
            // Over all weights: the sum of slope · weight.
            double sum = 0;
            for (std::int64_t i = team.index(); i < self.sizes.valueWidth; i += team.size()) {
                const std::int64_t place = at * self.sizes.valueWidth + i;
                sum += static_cast<double>(dy[place]) * static_cast<double>(y[place]);
            }
            const float mean = static_cast<float>(team.sum(sum));
            for (std::int64_t group = of.first + team.index(); group < of.end; group += team.size()) {
                Four weight = of.read(products + first, group, scale, -std::numeric_limits<float>::infinity());
                Four slope = of.read(slopes + first, group, 1.0f, 0.0f);
                const unsigned kept = mask.keeps(group);
                for (int i = 0; i < 4; ++i) {
                    const float undropped = powerOf(weight.at[i] - total), factor = mask.factor(kept, i);
                    slope.at[i] = scale * undropped * (factor * slope.at[i] - mean);
                    weight.at[i] = undropped * factor;
                }
                of.write(scoreSlopes + first, group, slope);
                of.write(weights + first, group, weight);
            }
        });
    }
};

} // namespace weft
