#pragma once

#include <algorithm>
#include <cstdint>

#include <omp.h>

namespace weft {

/// Elements of the simplest work (some 4 µs of it) below which a fork and join, which takes 2 µs and
/// far more where another process holds a core, costs more than it saves. Heavier work takes a part.
inline constexpr std::int64_t parallelGrain = 65536;

/// A half-open range of work items.
struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    friend bool operator==(const Range&, const Range&) = default;
};

/// Part `part` of `parts` equal parts of [0, count).
inline Range partOf(std::int64_t count, std::int64_t part, std::int64_t parts)
{
    const std::int64_t size = count / parts;
    const std::int64_t rest = count % parts;
    const std::int64_t begin = part * size + std::min(part, rest);
    return {begin, begin + size + (part < rest ? 1 : 0)};
}

/// The range of the calling OpenMP thread, inside a parallel region.
inline Range ownPart(std::int64_t count)
{
    return partOf(count, omp_get_thread_num(), omp_get_num_threads());
}

/// Calls `body(begin, end)` for parts of [0, count) on up to `threads` threads, each part at least
/// `grain` items. The partition depends on the arguments only, so results repeat to the bit.
/// `body` must not throw.
template <class Body> void parallelFor(int threads, std::int64_t count, std::int64_t grain, const Body& body)
{
    const std::int64_t parts = std::min<std::int64_t>(threads, count / std::max<std::int64_t>(grain, 1));
    if (parts <= 1) {
        if (count > 0)
            body(std::int64_t(0), count);
        return;
    }
#pragma omp parallel num_threads(static_cast <int>(parts))
    {
        const Range own = ownPart(count);
        if (own.begin < own.end)
            body(own.begin, own.end);
    }
}

} // namespace weft
