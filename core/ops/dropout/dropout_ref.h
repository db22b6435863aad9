#pragma once

#include <algorithm>

#include "core/base/random.h"
#include "core/ops/support/reference.h"

namespace weft {

/// Of the 2^24 numbers that a word can stand for, how many are dropped: the least that is not below rate · 2^24.
constexpr std::uint32_t dropThreshold(double rate)
{
    const double steps = std::clamp(rate, 0.0, 1.0) * 16777216.0;
    const auto whole = static_cast<std::uint32_t>(steps);
    return static_cast<double>(whole) < steps ? whole + 1 : whole;
}

/// The mask of one sample of a batch: element e is kept where its Philox word says so. Every device
/// draws these very words.
class DropoutMask {
public:
    /// `threshold` is that of the rate.
    constexpr DropoutMask(const StepState& state, std::uint64_t stream, std::uint32_t threshold, std::int64_t sample) :
        m_seed(state.seed), m_stream(mixKeys(mixKeys(stream, static_cast<std::uint64_t>(state.step)),
                                             static_cast<std::uint64_t>(state.sampleIndices ? state.sampleIndices[sample] : sample))),
        m_threshold(threshold)
    {
    }

    constexpr bool keeps(std::int64_t element) const
    {
        const auto words = philox(m_seed, m_stream, static_cast<std::uint64_t>(element / 4));
        return isKept(words[static_cast<std::size_t>(element % 4)]);
    }
    /// The same of elements 4·group to 4·group + 3, which share a draw: a bit each, the lowest for the first.
    constexpr unsigned keepsFour(std::int64_t group) const
    {
        const auto words = philox(m_seed, m_stream, static_cast<std::uint64_t>(group));
        const auto bit = [&](unsigned i) { return isKept(words[i]) ? 1u << i : 0u; };
        return bit(0) | bit(1) | bit(2) | bit(3);
    }

private:
    /// uniform01(word) >= rate
    constexpr bool isKept(std::uint32_t word) const { return word >> 8 >= m_threshold; }

    std::uint64_t m_seed;
    std::uint64_t m_stream;
    std::uint32_t m_threshold;
};

struct DropoutReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& y = context.outputs[0];
        const StepState none;
        const double rate = attributes.real("rate");
        const T scale = static_cast<T>(rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0);
        const std::int64_t samples = y.extent(0);
        const std::int64_t elements = samples > 0 ? y.count() / samples : 0;
        for (std::int64_t n = 0; n < samples; ++n) {
            const DropoutMask mask(context.state ? *context.state : none, static_cast<std::uint64_t>(attributes.integer("stream")),
                                   dropThreshold(rate), n);
            const T* x = inputData<T>(context, 0) + n * elements;
            for (std::int64_t e = 0; e < elements; ++e)
                y.as<T>()[n * elements + e] = mask.keeps(e) ? x[e] * scale : T(0);
        }
    }
};

} // namespace weft
