#pragma once

#include "core/base/random.h"
#include "core/ops/support/reference.h"

namespace weft {

/// The mask of one sample of a batch: element e is kept where its Philox word says so. Every device
/// draws these very words.
class DropoutMask {
public:
    constexpr DropoutMask(const StepState& state, std::uint64_t stream, double rate, std::int64_t sample) :
        m_seed(state.seed), m_stream(mixKeys(mixKeys(stream, static_cast<std::uint64_t>(state.step)),
                                             static_cast<std::uint64_t>(state.sampleIndices ? state.sampleIndices[sample] : sample))),
        m_rate(rate)
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
    constexpr bool isKept(std::uint32_t word) const { return static_cast<double>(uniform01(word)) >= m_rate; }

    std::uint64_t m_seed;
    std::uint64_t m_stream;
    double m_rate;
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
            const DropoutMask mask(context.state ? *context.state : none, static_cast<std::uint64_t>(attributes.integer("stream")), rate, n);
            const T* x = inputData<T>(context, 0) + n * elements;
            for (std::int64_t e = 0; e < elements; ++e)
                y.as<T>()[n * elements + e] = mask.keeps(e) ? x[e] * scale : T(0);
        }
    }
};

} // namespace weft
