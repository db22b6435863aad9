#pragma once

#include <array>
#include <cstdint>

namespace weft::masks {

// The random masks of dropout, many words at a time. Each level of instructions has its own copy, see
// masks_kernels.inl.

/// What all elements of a sample share.
struct Drop {
    std::uint64_t seed, stream;
    std::uint32_t threshold; ///< an element is dropped when the upper 24 bits of its word are below it
    float scale; ///< what the others are multiplied by
};

/// y[i] = 0 or x[i] · scale for i < count: the word of element i is philox(seed, stream, i / 4)[i % 4]. In place too.
using DropFunction = void (*)(const Drop& drop, const float* x, float* y, std::int64_t count);

/// The copy for this processor.
DropFunction dropFunction();

/// The keys of Philox's ten rounds, two each.
inline std::array<std::uint32_t, 20> roundKeys(std::uint64_t seed)
{
    std::array<std::uint32_t, 20> keys{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    for (std::size_t i = 2; i < keys.size(); ++i)
        keys[i] = keys[i - 2] + (i % 2 == 0 ? 0x9E3779B9u : 0xBB67AE85u);
    return keys;
}

namespace avx2 {
void drop(const Drop& drop, const float* x, float* y, std::int64_t count);
}
namespace avx512 {
void drop(const Drop& drop, const float* x, float* y, std::int64_t count);
}

} // namespace weft::masks
