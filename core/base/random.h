#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weft {

/// FNV-1a, 64 bit: turns ids into keys for the random generator. Source: RFC draft "The FNV
/// Non-Cryptographic Hash Algorithm" (Fowler, Noll, Vo).
constexpr std::uint64_t fnv1a64(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return hash;
}

/// Philox4x32-10: a counter-based generator. The same key and counter give the same four words on
/// every device and thread. Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = 0xD2511F53ull * counter[0];
        const std::uint64_t p1 = 0xCD9E8D57ull * counter[2];
        counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
                   static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return counter;
}

/// Four words for the element group `index` of the stream (seed, stream id).
constexpr std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t index)
{
    return philox({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), static_cast<std::uint32_t>(stream),
                   static_cast<std::uint32_t>(stream >> 32)},
                  {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
}

/// A word as a float in [0, 1) with 24 significant bits.
constexpr float uniform01(std::uint32_t word)
{
    return static_cast<float>(word >> 8) * (1.0f / 16777216.0f);
}

/// Mixes several numbers into one 64-bit stream id (SplitMix64 finaliser over a running sum).
constexpr std::uint64_t mixKeys(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t z = a + 0x9E3779B97F4A7C15ull * (b + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

} // namespace weft
