#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/fingerprint.h"
#include "core/data/sources.h"
#include "core/data/split_dataset.h"

namespace weft {

namespace {

/// Random numbers of one thing that is generated: a class, a sample, a row of pixels.
class Draws {
public:
    Draws(std::uint64_t seed, std::string_view what, std::uint64_t number) : m_seed(seed), m_stream(mixKeys(fnv1a64(what), number)) {}

    /// Uniform in [low, high).
    float between(float low, float high) { return low + (high - low) * uniform01(word()); }
    /// Of mean 0 and deviation 1: the sum of four uniform numbers, which is close enough to the normal distribution here.
    float spread() { return (between(0, 1) + between(0, 1) + between(0, 1) + between(0, 1) - 2.0f) * std::numbers::sqrt3_v<float>; }

private:
    std::uint32_t word()
    {
        if (m_used == m_words.size()) {
            m_words = philox(m_seed, m_stream, m_group++);
            m_used = 0;
        }
        return m_words[m_used++];
    }

    std::uint64_t m_seed;
    std::uint64_t m_stream;
    std::uint64_t m_group = 0;
    std::array<std::uint32_t, 4> m_words{};
    std::size_t m_used = 4;
};

/// Samples made of their number and the seed, with something to learn in them, for trying a network out
/// before its data are at hand. Nothing is kept: reading a sample makes it.
class GeneratedDataset : public SplitDataset {
public:
    explicit GeneratedDataset(const DataSettings& settings) :
        m_shape(settings.shape.empty() ? Extents{3, 32, 32} : settings.shape), m_classes(settings.classes), m_seed(settings.seed),
        m_samples(settings.samples)
    {
        if (m_shape.size() == 3 && m_shape[0] != 1 && m_shape[0] != 3)
            throw Error(WEFT_TEXT("Data", "Generated pictures have 1 (grey) or 3 (colour) channels, not %1: give \"shape\" as [3, 64, 64]."),
                        m_shape[0]);
        const Extents& s = m_shape;
        switch (s.size()) {
        case 1: addColumn("features", DType::Float32, s); break;
        case 2:
            addColumn("series", DType::Float32, s);
            addColumn("next", DType::Float32, {s[1]});
            break;
        default: addColumn("image", DType::UInt8, s); addColumn("mask", DType::Float32, {1, s[1], s[2]});
        }
        addColumn("label", DType::Int32, {}, true);
        for (std::int64_t i = 0; i < m_classes; ++i)
            m_classNames.push_back(std::to_string(i));
        const SplitRule tenth{.fraction = 0.1};
        m_indices = splitSamples(settings.samples, settings.validation.value_or(tenth), settings.test.value_or(tenth), settings.seed);
        for (std::size_t split = 0; split < m_indices.size(); ++split) {
            for (const std::int64_t index : m_indices[split])
                m_labels[split].push_back(classOf(index));
        }
    }

    void read(Split split, std::int64_t index, int column, void* to) const override
    {
        const std::int64_t sample = indexOf(split, index);
        const std::string& name = m_columns[static_cast<std::size_t>(column)].name;
        if (name == "label")
            *static_cast<std::int32_t*>(to) = classOf(sample);
        else if (name == "image")
            paint(sample, static_cast<std::uint8_t*>(to), nullptr);
        else if (name == "mask")
            paint(sample, nullptr, static_cast<float*>(to));
        else if (name == "features")
            scatter(sample, static_cast<float*>(to));
        else
            swing(sample, name == "next", static_cast<float*>(to));
    }

    std::string sampleName(Split split, std::int64_t index) const override { return "generated " + std::to_string(indexOf(split, index) + 1); }

    std::string fingerprint() const override
    {
        Fingerprint print;
        for (const std::int64_t extent : m_shape)
            print.add(static_cast<std::uint64_t>(extent));
        for (const std::uint64_t number : {static_cast<std::uint64_t>(m_classes), static_cast<std::uint64_t>(m_samples), m_seed})
            print.add(number);
        return print.text("generated");
    }

private:
    std::int32_t classOf(std::int64_t sample) const { return static_cast<std::int32_t>(sample % m_classes); }
    Draws ofClass(std::int64_t sample) const { return Draws(m_seed, "class", static_cast<std::uint64_t>(classOf(sample))); }
    Draws ofSample(std::int64_t sample) const { return Draws(m_seed, "sample", static_cast<std::uint64_t>(sample)); }

    /// A disc of the class's stripes and colour somewhere on a noisy ground; `mask` is 1 on the disc.
    void paint(std::int64_t sample, std::uint8_t* image, float* mask) const
    {
        const std::int64_t channels = m_shape[0], height = m_shape[1], width = m_shape[2];
        Draws kind = ofClass(sample);
        const float stripes = kind.between(2.0f, 8.0f);
        const float slope = kind.between(0.0f, std::numbers::pi_v<float>);
        float tone[3];
        for (float& channel : tone)
            channel = kind.between(-70.0f, 70.0f);
        Draws draws = ofSample(sample);
        const float phase = draws.between(0.0f, 2.0f * std::numbers::pi_v<float>);
        const float radius = draws.between(0.25f, 0.45f);
        const float centreX = draws.between(0.4f, 0.6f), centreY = draws.between(0.4f, 0.6f);
        const float turn = 2.0f * std::numbers::pi_v<float> * stripes;
        // sin(a + b) by the sine and cosine of rows and columns: one sine a row and a column instead of one a pixel.
        std::vector<float> sines(static_cast<std::size_t>(width)), cosines(static_cast<std::size_t>(width));
        for (std::int64_t x = 0; x < width; ++x) {
            const float angle = turn * std::cos(slope) * static_cast<float>(x) / static_cast<float>(width);
            sines[static_cast<std::size_t>(x)] = std::sin(angle);
            cosines[static_cast<std::size_t>(x)] = std::cos(angle);
        }
        for (std::int64_t y = 0; y < height; ++y) {
            const float down = (static_cast<float>(y) + 0.5f) / static_cast<float>(height) - centreY;
            const float angle = turn * std::sin(slope) * static_cast<float>(y) / static_cast<float>(height) + phase;
            const float rowSine = std::sin(angle), rowCosine = std::cos(angle);
            Draws noise(m_seed, "row", static_cast<std::uint64_t>(sample * height + y));
            for (std::int64_t x = 0; x < width; ++x) {
                const float across = (static_cast<float>(x) + 0.5f) / static_cast<float>(width) - centreX;
                const bool isInside = across * across + down * down < radius * radius;
                if (mask)
                    mask[y * width + x] = isInside ? 1.0f : 0.0f;
                if (!image)
                    continue;
                const auto column = static_cast<std::size_t>(x);
                const float wave = sines[column] * rowCosine + cosines[column] * rowSine;
                const float grain = noise.between(-24.0f, 24.0f);
                for (std::int64_t c = 0; c < channels; ++c) {
                    const float light = 128.0f + grain + (isInside ? 45.0f * wave + tone[c] : 0.0f);
                    image[(c * height + y) * width + x] = static_cast<std::uint8_t>(std::clamp(light, 0.0f, 255.0f));
                }
            }
        }
    }

    /// Points around the centre of their class.
    void scatter(std::int64_t sample, float* features) const
    {
        Draws centre = ofClass(sample);
        Draws draws = ofSample(sample);
        for (std::int64_t i = 0; i < m_shape[0]; ++i)
            features[i] = 1.5f * centre.spread() + draws.spread();
    }

    /// Waves of the class's frequencies, one a feature, that start anywhere, with noise; `next` is the step after the last.
    void swing(std::int64_t sample, bool isNext, float* to) const
    {
        const std::int64_t steps = m_shape[0], features = m_shape[1];
        Draws kind = ofClass(sample);
        Draws draws = ofSample(sample);
        // All phases come before the noise, so that series and next tell of the same waves.
        std::vector<std::pair<float, float>> waves(static_cast<std::size_t>(features));
        for (auto& [frequency, phase] : waves) {
            frequency = kind.between(0.05f, 0.5f);
            phase = draws.between(0.0f, 2.0f * std::numbers::pi_v<float>);
        }
        for (std::size_t f = 0; f < waves.size(); ++f) {
            const auto [frequency, phase] = waves[f];
            if (isNext)
                to[f] = std::sin(frequency * static_cast<float>(steps) + phase);
            for (std::int64_t t = 0; t < steps && !isNext; ++t)
                to[t * features + static_cast<std::int64_t>(f)] = std::sin(frequency * static_cast<float>(t) + phase) + 0.1f * draws.spread();
        }
    }

    Extents m_shape;
    std::int64_t m_classes;
    std::uint64_t m_seed;
    std::int64_t m_samples;
};

} // namespace

std::unique_ptr<Dataset> openGenerated(const DataSettings& settings)
{
    return std::make_unique<GeneratedDataset>(settings);
}

} // namespace weft
