#pragma once

#include <cstdint>

namespace weft {

// Sums over one row inside a vectorised body (`simdRun`): sixteen partial results side by side, joined in a fixed
// order, since the compiler may not reorder a plain sum.

inline constexpr int rowLanes = 16;

/// Joins partial sums, the second half to the first.
[[gnu::always_inline]] inline float joinedSum(float (&sums)[rowLanes])
{
    for (int half = rowLanes / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; ++lane)
            sums[lane] += sums[lane + half];
    return sums[0];
}

/// term(0) + … + term(count − 1).
template <class Term> [[gnu::always_inline]] inline float rowSum(std::int64_t count, const Term& term)
{
    float sums[rowLanes] = {};
    std::int64_t i = 0;
    for (; i + rowLanes <= count; i += rowLanes)
        for (int lane = 0; lane < rowLanes; ++lane)
            sums[lane] += term(i + lane);
    for (int lane = 0; i < count; ++i, ++lane)
        sums[lane] += term(i);
    return joinedSum(sums);
}

/// The largest of x[0] … x[count − 1], count at least 1; NaN is passed over.
[[gnu::always_inline]] inline float rowMaximum(const float* x, std::int64_t count)
{
    float largest[rowLanes];
    for (float& value : largest)
        value = x[0];
    std::int64_t i = 0;
    for (; i + rowLanes <= count; i += rowLanes)
        for (int lane = 0; lane < rowLanes; ++lane)
            largest[lane] = x[i + lane] > largest[lane] ? x[i + lane] : largest[lane];
    for (; i < count; ++i)
        largest[0] = x[i] > largest[0] ? x[i] : largest[0];
    for (int lane = 1; lane < rowLanes; ++lane)
        largest[0] = largest[lane] > largest[0] ? largest[lane] : largest[0];
    return largest[0];
}

} // namespace weft
