#include "core/engine/initializer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/random.h"

namespace weft {

namespace {

/// The random stream of one variable: numbers by element index.
class Stream {
public:
    Stream(std::uint64_t seed, const std::string& name) : m_seed(seed), m_stream(fnv1a64(name)) {}

    /// Uniform in [0, 1).
    double uniform(std::int64_t element) const
    {
        return static_cast<double>(
            uniform01(philox(m_seed, m_stream, static_cast<std::uint64_t>(element / 4))[static_cast<std::size_t>(element % 4)]));
    }

    /// Normal with mean 0 and deviation 1, by the transform of Box and Muller.
    double normal(std::int64_t element) const
    {
        const auto words = philox(m_seed, m_stream, static_cast<std::uint64_t>(element / 2));
        const std::size_t pair = 2 * static_cast<std::size_t>(element % 2);
        const double u = 1.0 - static_cast<double>(uniform01(words[pair])); // In (0, 1], so that the logarithm is finite.
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(uniform01(words[pair + 1]));
        return std::sqrt(-2.0 * std::log(u)) * std::cos(angle);
    }

    /// Normal within two deviations: values outside are drawn again, from later counters.
    double truncatedNormal(std::int64_t element) const
    {
        constexpr std::int64_t retryStride = std::int64_t(1) << 40;
        std::int64_t index = element;
        double value = normal(index);
        while (std::abs(value) > 2.0)
            value = normal(index += retryStride);
        return value;
    }

private:
    std::uint64_t m_seed;
    std::uint64_t m_stream;
};

/// Each number is a function of its place alone, so that any number of threads gives the same.
template <class Draw> std::vector<double> drawn(std::int64_t count, Draw draw)
{
    constexpr std::int64_t worthATeam = 1 << 14;
    std::vector<double> values(static_cast<std::size_t>(count));
#pragma omp parallel for schedule(static) if (count >= worthATeam)
    for (std::int64_t i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = draw(i);
    return values;
}

std::vector<double> symmetricUniform(std::int64_t count, const Stream& stream, double variance)
{
    const double limit = std::sqrt(3.0 * variance);
    return drawn(count, [&](std::int64_t i) { return limit * (2.0 * stream.uniform(i) - 1.0); });
}

std::vector<double> scaledNormal(std::int64_t count, const Stream& stream, double variance)
{
    const double deviation = std::sqrt(variance);
    return drawn(count, [&](std::int64_t i) { return deviation * stream.normal(i); });
}

/// Rows of a [rows, columns] matrix made orthonormal (its columns, where there are more rows), by the
/// modified Gram-Schmidt process on a normal matrix.
std::vector<double> orthogonal(const Extents& extents, const Stream& stream)
{
    const std::int64_t count = elementCount(extents);
    const std::int64_t rows = extents.empty() ? 1 : extents.front();
    const std::int64_t columns = rows > 0 ? count / rows : 0;
    const std::int64_t vectors = std::min(rows, columns);
    const std::int64_t length = std::max(rows, columns);
    const std::int64_t vectorStride = rows <= columns ? columns : 1;
    const std::int64_t elementStride = rows <= columns ? 1 : columns;
    std::vector<double> values = drawn(count, [&](std::int64_t i) { return stream.normal(i); });
    const auto at = [&](std::int64_t vector, std::int64_t element) -> double& {
        return values[static_cast<std::size_t>(vector * vectorStride + element * elementStride)];
    };
    for (std::int64_t v = 0; v < vectors; ++v) {
        for (std::int64_t earlier = 0; earlier < v; ++earlier) {
            double dot = 0;
            for (std::int64_t i = 0; i < length; ++i)
                dot += at(v, i) * at(earlier, i);
            for (std::int64_t i = 0; i < length; ++i)
                at(v, i) -= dot * at(earlier, i);
        }
        double square = 0;
        for (std::int64_t i = 0; i < length; ++i)
            square += at(v, i) * at(v, i);
        for (std::int64_t i = 0; i < length; ++i)
            at(v, i) /= std::sqrt(square);
    }
    return values;
}

std::vector<double> allDrawn(const Initializer& init, const std::string& name, const Extents& extents, std::uint64_t seed)
{
    const std::int64_t count = elementCount(extents);
    const Stream stream(seed, name);
    const double fanIn = static_cast<double>(std::max<std::int64_t>(init.fanIn, 1));
    const double fanMean = static_cast<double>(std::max<std::int64_t>(init.fanIn + init.fanOut, 1)) / 2.0;
    switch (init.kind) {
    case Initializer::Kind::Constant: break;
    case Initializer::Kind::Uniform: return drawn(count, [&](std::int64_t i) { return init.a + (init.b - init.a) * stream.uniform(i); });
    case Initializer::Kind::Normal: return drawn(count, [&](std::int64_t i) { return init.a + init.b * stream.normal(i); });
    case Initializer::Kind::TruncatedNormal: return drawn(count, [&](std::int64_t i) { return init.a + init.b * stream.truncatedNormal(i); });
    case Initializer::Kind::GlorotUniform: return symmetricUniform(count, stream, 1.0 / fanMean);
    case Initializer::Kind::GlorotNormal: return scaledNormal(count, stream, 1.0 / fanMean);
    case Initializer::Kind::HeUniform: return symmetricUniform(count, stream, 2.0 / fanIn);
    case Initializer::Kind::HeNormal: return scaledNormal(count, stream, 2.0 / fanIn);
    case Initializer::Kind::LecunUniform: return symmetricUniform(count, stream, 1.0 / fanIn);
    case Initializer::Kind::LecunNormal: return scaledNormal(count, stream, 1.0 / fanIn);
    case Initializer::Kind::Orthogonal: return orthogonal(extents, stream);
    }
    return std::vector<double>(static_cast<std::size_t>(count), init.a);
}

} // namespace

std::vector<double> initialValues(const Initializer& init, const std::string& name, const Extents& extents, std::uint64_t seed)
{
    std::vector<double> values = allDrawn(init, name, extents, seed);
    if (init.zeroRow >= 0 && !extents.empty() && init.zeroRow < extents[0]) {
        const auto row = static_cast<std::ptrdiff_t>(values.size()) / extents[0];
        std::fill_n(values.begin() + init.zeroRow * row, row, 0.0);
    }
    return values;
}

} // namespace weft
