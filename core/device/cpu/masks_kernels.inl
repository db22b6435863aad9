// Included once for each level of instructions, with WEFT_LEVEL (a namespace), WEFT_VECTOR (words in a register),
// WEFT_REGISTER (its type) and WEFT_INTRINSIC (the prefix of its instructions) set. No function of the standard library
// may be called here that is not always inlined: another file could end up with this level's copy of it.

namespace weft::masks::WEFT_LEVEL
{

namespace
{

using std::int64_t;
using std::uint32_t;
using std::uint64_t;

constexpr int vectorWords = WEFT_VECTOR;
/// Elements whose words are made together: four for each of a vector's counters.
constexpr int64_t block = 4 * vectorWords;

typedef uint32_t Words __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef uint64_t Wide __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef float Floats __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef float LooseFloats __attribute__((vector_size(WEFT_VECTOR * 4), aligned(4), may_alias));

inline Words everywhere(uint32_t word)
{
    return word - Words{};
}

/// The upper and the lower words of x · factor. A vector multiplies only every other of its words.
inline void multiply(Words x, uint32_t factor, Words& upper, Words& lower)
{
    const auto even = reinterpret_cast<Wide>(WEFT_INTRINSIC(mul_epu32)(reinterpret_cast<WEFT_REGISTER>(x), reinterpret_cast<WEFT_REGISTER>(everywhere(factor))));
    const auto odd = reinterpret_cast<Wide>(
        WEFT_INTRINSIC(mul_epu32)(reinterpret_cast<WEFT_REGISTER>(reinterpret_cast<Wide>(x) >> 32), reinterpret_cast<WEFT_REGISTER>(everywhere(factor))));
    constexpr uint64_t lowerHalf = 0xffffffffull;
    upper = reinterpret_cast<Words>((even >> 32) | (odd & ~lowerHalf));
    lower = reinterpret_cast<Words>((even & lowerHalf) | (odd << 32));
}

/// Counters in an order such that four words each, woven within quarters of 128 bits, come out in the order of elements.
inline Words counterOrder()
{
    Words order;
    for (int lane = 0; lane < vectorWords; ++lane)
        order[lane] = static_cast<uint32_t>(vectorWords / 4 * (lane % 4) + lane / 4);
    return order;
}

inline Words woven(Words a, Words b, bool isUpper)
{
    const auto left = reinterpret_cast<WEFT_REGISTER>(a), right = reinterpret_cast<WEFT_REGISTER>(b);
    return reinterpret_cast<Words>(isUpper ? WEFT_INTRINSIC(unpackhi_epi32)(left, right) : WEFT_INTRINSIC(unpacklo_epi32)(left, right));
}

inline Words pairsWoven(Words a, Words b, bool isUpper)
{
    const auto left = reinterpret_cast<WEFT_REGISTER>(a), right = reinterpret_cast<WEFT_REGISTER>(b);
    return reinterpret_cast<Words>(isUpper ? WEFT_INTRINSIC(unpackhi_epi64)(left, right) : WEFT_INTRINSIC(unpacklo_epi64)(left, right));
}

/// The words of `block` elements from `first` on, in order.
inline void makeWords(const Drop& drop, const uint32_t* keys, Words order, int64_t first, Words* words)
{
    const auto counter = static_cast<uint64_t>(first / 4);
    Words w[4] = {static_cast<uint32_t>(counter) + order, everywhere(static_cast<uint32_t>(counter >> 32)),
                  everywhere(static_cast<uint32_t>(drop.stream)), everywhere(static_cast<uint32_t>(drop.stream >> 32))};
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        Words upper0, lower0, upper1, lower1;
        multiply(w[0], 0xD2511F53u, upper0, lower0);
        multiply(w[2], 0xCD9E8D57u, upper1, lower1);
        w[0] = upper1 ^ w[1] ^ everywhere(keys[2 * round]);
        w[1] = lower1;
        w[2] = upper0 ^ w[3] ^ everywhere(keys[2 * round + 1]);
        w[3] = lower0;
    }
    const Words low01 = woven(w[0], w[1], false), low23 = woven(w[2], w[3], false);
    const Words high01 = woven(w[0], w[1], true), high23 = woven(w[2], w[3], true);
    words[0] = pairsWoven(low01, low23, false);
    words[1] = pairsWoven(low01, low23, true);
    words[2] = pairsWoven(high01, high23, false);
    words[3] = pairsWoven(high01, high23, true);
}

} // namespace

void drop(const Drop& drop, const float* x, float* y, int64_t count)
{
    const auto keys = roundKeys(drop.seed);
    const Words order = counterOrder();
    Words words[4];
    int64_t first = 0;
    for (; first + block <= count; first += block) {
        makeWords(drop, keys.data(), order, first, words);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            const Floats scaled = *reinterpret_cast<const LooseFloats*>(x + first + i * vectorWords) * drop.scale;
            const auto isKept = reinterpret_cast<Words>((words[i] >> 8) >= everywhere(drop.threshold));
            *reinterpret_cast<LooseFloats*>(y + first + i * vectorWords) = reinterpret_cast<Floats>(reinterpret_cast<Words>(scaled) & isKept);
        }
    }
    if (first == count)
        return;
    makeWords(drop, keys.data(), order, first, words);
    for (int64_t i = first; i < count; ++i)
        y[i] = words[(i - first) / vectorWords][(i - first) % vectorWords] >> 8 < drop.threshold ? 0.0f : x[i] * drop.scale;
}

} // namespace weft::masks::WEFT_LEVEL
