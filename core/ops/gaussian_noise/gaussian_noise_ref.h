#pragma once

#include <cmath>
#include <numbers>

#include "core/base/random.h"
#include "core/ops/support/reference.h"

namespace weft {

/// Noise of one sample of a batch, mean 0 and deviation 1. Every device draws these very words.
class NormalNoise {
public:
    constexpr NormalNoise(const StepState& state, std::uint64_t stream, std::int64_t sample) :
        m_seed(state.seed), m_stream(mixKeys(mixKeys(stream, static_cast<std::uint64_t>(state.step)),
                                             static_cast<std::uint64_t>(state.sampleIndices ? state.sampleIndices[sample] : sample)))
    {
    }

    /// Two words make one number, by the transform of Box and Muller.
    constexpr double at(std::int64_t element) const
    {
        const auto words = philox(m_seed, m_stream, static_cast<std::uint64_t>(element / 2));
        const std::size_t pair = 2 * static_cast<std::size_t>(element % 2);
        const double u = 1.0 - static_cast<double>(uniform01(words[pair])); // In (0, 1], so that the logarithm is finite.
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(uniform01(words[pair + 1]));
        return std::sqrt(-2.0 * std::log(u)) * std::cos(angle);
    }

private:
    std::uint64_t m_seed;
    std::uint64_t m_stream;
};

struct GaussianNoiseReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& y = context.outputs[0];
        const StepState none;
        const double deviation = attributes.real("deviation");
        const std::int64_t samples = y.extent(0);
        const std::int64_t elements = samples > 0 ? y.count() / samples : 0;
        for (std::int64_t n = 0; n < samples; ++n) {
            const NormalNoise noise(context.state ? *context.state : none, static_cast<std::uint64_t>(attributes.integer("stream")), n);
            const T* x = inputData<T>(context, 0) + n * elements;
            for (std::int64_t e = 0; e < elements; ++e)
                y.as<T>()[n * elements + e] = x[e] + static_cast<T>(deviation * noise.at(e));
        }
    }
};

} // namespace weft
