#include <algorithm>

#include "core/base/random.h"
#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

/// What all elements of a batch share.
struct Mask {
    std::uint64_t seed, stream;
    std::uint32_t threshold; ///< a word is dropped when its upper 24 bits are below it
    float scale;
};

/// Drops elements of one sample. Philox is computed for 16 counters side by side, so that the loops
/// vectorise; counter i gives the words of elements 4·i … 4·i + 3.
void dropSample(const Mask& mask, std::uint64_t stream, const float* x, float* y, std::int64_t count)
{
    constexpr int lanes = 16;
    const auto key0 = static_cast<std::uint32_t>(mask.seed);
    const auto key1 = static_cast<std::uint32_t>(mask.seed >> 32);
    for (std::int64_t first = 0; first < count; first += 4 * lanes) {
        std::uint32_t words[4][lanes];
        for (int lane = 0; lane < lanes; ++lane) {
            const auto index = static_cast<std::uint64_t>(first / 4 + lane);
            words[0][lane] = static_cast<std::uint32_t>(index);
            words[1][lane] = static_cast<std::uint32_t>(index >> 32);
            words[2][lane] = static_cast<std::uint32_t>(stream);
            words[3][lane] = static_cast<std::uint32_t>(stream >> 32);
        }
        std::uint32_t k0 = key0;
        std::uint32_t k1 = key1;
        for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
            for (int lane = 0; lane < lanes; ++lane) {
                const std::uint64_t p0 = 0xD2511F53ull * words[0][lane];
                const std::uint64_t p1 = 0xCD9E8D57ull * words[2][lane];
                words[0][lane] = static_cast<std::uint32_t>(p1 >> 32) ^ words[1][lane] ^ k0;
                words[1][lane] = static_cast<std::uint32_t>(p1);
                words[2][lane] = static_cast<std::uint32_t>(p0 >> 32) ^ words[3][lane] ^ k1;
                words[3][lane] = static_cast<std::uint32_t>(p0);
            }
        float factors[4 * lanes];
        for (int lane = 0; lane < lanes; ++lane)
            for (int word = 0; word < 4; ++word)
                factors[4 * lane + word] = (words[word][lane] >> 8) < mask.threshold ? 0.0f : mask.scale;
        const std::int64_t size = std::min<std::int64_t>(4 * lanes, count - first);
        for (std::int64_t i = 0; i < size; ++i)
            y[first + i] = factors[i] == 0.0f ? 0.0f : x[first + i] * factors[i];
    }
}

/// The smallest number of 2^−24 steps that is not below `rate`.
std::uint32_t thresholdOf(double rate)
{
    const double steps = std::clamp(rate, 0.0, 1.0) * 16777216.0;
    const auto whole = static_cast<std::uint32_t>(steps);
    return static_cast<double>(whole) < steps ? whole + 1 : whole;
}

std::vector<KernelOption> dropout(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const double rate = request.attributes.real("rate");
    const float scale = static_cast<float>(rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0);
    const auto id = static_cast<std::uint64_t>(request.attributes.integer("stream"));
    const std::uint32_t threshold = thresholdOf(rate);
    return {rowMajorOption(request, "philox", 4 * elementwiseMicroseconds(request), [=](const KernelContext& context) {
        const StepState state = context.state ? *context.state : StepState();
        const Mask mask{state.seed, mixKeys(id, static_cast<std::uint64_t>(state.step)), threshold, scale};
        const std::int64_t samples = context.outputs[0].extent(0);
        if (context.outputs[0].count() == 0)
            return;
        const std::int64_t elements = context.outputs[0].count() / samples;
        const auto* x = context.inputs[0].as<const float>();
        auto* y = context.outputs[0].as<float>();
        parallelFor(context.threads, samples, parallelGrain / 8 / elements + 1, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
                for (std::int64_t n = begin; n < end; ++n) {
                    const auto sample = static_cast<std::uint64_t>(state.sampleIndices ? state.sampleIndices[n] : n);
                    dropSample(mask, mixKeys(mask.stream, sample), x + n * elements, y + n * elements, elements);
                }
            });
        });
    })};
}

} // namespace

void dropoutCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Dropout", &dropout);
}

} // namespace weft
