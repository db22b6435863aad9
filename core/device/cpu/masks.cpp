#include "core/device/cpu/masks.h"

#include "core/base/random.h"
#include "core/device/cpu/simd.h"

namespace weft::masks {

namespace {

/// One element after the other, for processors without the vectors of the other copies.
void dropPlainly(const Drop& drop, const float* x, float* y, std::int64_t count)
{
    for (std::int64_t first = 0; first < count; first += 4) {
        const auto words = philox(drop.seed, drop.stream, static_cast<std::uint64_t>(first / 4));
        for (std::int64_t i = first; i < first + 4 && i < count; ++i)
            y[i] = words[static_cast<std::size_t>(i - first)] >> 8 < drop.threshold ? 0.0f : x[i] * drop.scale;
    }
}

} // namespace

DropFunction dropFunction()
{
#if defined(__x86_64__)
    switch (simdLevel()) {
    case SimdLevel::Avx512: return avx512::drop;
    case SimdLevel::Avx2: return avx2::drop;
    case SimdLevel::Baseline: break;
    }
#endif
    return dropPlainly;
}

} // namespace weft::masks
