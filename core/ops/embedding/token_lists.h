#pragma once

#include "core/ops/over_time/over_time_ref.h"
#include "core/ops/support/cuda_kernel.h"
#include "core/ops/support/scratch.h"

namespace weft {

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

/// The tokens of a batch by the rows that they name, on a card.
struct TokenLists {
    Scratch scratch;
    std::int32_t* ranks; ///< by token: how many of its row come before it, or −1 where it names none
    std::int32_t* counts; ///< by token: how many there are of its row, where it is their first; else 0
    std::int32_t* order; ///< tokens, those of a row behind each other as they come
    std::int32_t* starts; ///< by row that is named: the first of these in `order`

    TokenLists(void* memory, std::int64_t tokens, std::int64_t rows) :
        scratch(memory), ranks(scratch.take<std::int32_t>(tokens)), counts(scratch.take<std::int32_t>(tokens)),
        order(scratch.take<std::int32_t>(tokens)), starts(scratch.take<std::int32_t>(rows))
    {
    }
    static std::size_t bytes(std::int64_t tokens, std::int64_t rows) { return TokenLists(nullptr, tokens, rows).scratch.bytes(); }
};

/// A team a token looks at all others: many comparisons, but each is little beside the slopes that a token adds.
inline void rankTokens(const KernelContext& context, const TokenRows& named, const TokenLists& lists)
{
    forEachTeam(context, named.count, named.count, [=] WEFT_DEVICE(std::int64_t i, const Team& team) {
        const std::int64_t row = named.rowOf(i);
        const auto count = [&](std::int64_t begin, std::int64_t end) {
            std::int64_t alike = 0;
            for (std::int64_t j = begin + team.index(); j < end; j += team.size())
                alike += named.tokens[j] == row && named.rowOf(j) == row ? 1 : 0;
            return team.sum(alike);
        };
        const std::int64_t before = row < 0 ? -1 : count(0, i);
        const std::int64_t all = before == 0 ? count(i, named.count) : 0;
        if (team.index() != 0)
            return;
        lists.ranks[i] = static_cast<std::int32_t>(before);
        lists.counts[i] = static_cast<std::int32_t>(all);
    });
}

/// Rows follow each other as they first appear, and are numbered so in `places`, where it is given. Each thread of one team has a
/// stretch of the tokens.
inline void placeRows(const KernelContext& context, const TokenRows& named, const TokenLists& lists, std::int32_t* places)
{
    forEachTeam(context, 1, named.count, [=] WEFT_DEVICE(std::int64_t, const Team& team) {
        const std::int64_t stretch = (named.count + team.size() - 1) / team.size();
        const std::int64_t begin = team.index() * stretch, end = begin + stretch < named.count ? begin + stretch : named.count;
        std::int64_t rows = 0, tokens = 0;
        for (std::int64_t i = begin; i < end; ++i) {
            rows += lists.counts[i] > 0 ? 1 : 0;
            tokens += lists.counts[i];
        }
        rows = team.sumBefore(rows);
        tokens = team.sumBefore(tokens);
        for (std::int64_t i = begin; i < end; ++i) {
            if (lists.counts[i] == 0)
                continue;
            lists.starts[named.tokens[i]] = static_cast<std::int32_t>(tokens);
            if (places)
                places[named.tokens[i]] = static_cast<std::int32_t>(rows++);
            tokens += lists.counts[i];
        }
    });
}

inline void listTokens(const KernelContext& context, const TokenRows& named, const TokenLists& lists, std::int32_t* places)
{
    rankTokens(context, named, lists);
    placeRows(context, named, lists, places);
    forEach(context, named.count, [=] WEFT_DEVICE(std::int64_t i) {
        if (lists.ranks[i] >= 0)
            lists.order[lists.starts[named.tokens[i]] + lists.ranks[i]] = static_cast<std::int32_t>(i);
    });
}

} // namespace weft
