#include <algorithm>
#include <bit>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

// The bits of a float without its sign grow with its magnitude, and those of what is no number are the largest. So the
// magnitude of the last number that is kept is found by counting, first by the upper bits, then by the lower ones of those
// whose upper bits are its own: two passes over the array whatever it holds.

constexpr int lowerBits = 15;
constexpr std::size_t upperBins = std::size_t(1) << 16;
constexpr std::size_t lowerBins = std::size_t(1) << lowerBits;
constexpr std::uint32_t lowerMask = lowerBins - 1;

std::uint32_t magnitude(float x)
{
    return std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFu;
}

/// Counts the elements by `binOf`, which is `bins` or more for those that are left out, in `counts`: room for `threads` times `bins`,
/// of which the first hold the result.
template <class Bin> void countBins(const KernelContext& context, std::uint32_t* counts, std::size_t bins, const Bin& binOf)
{
    const Array& x = context.inputs[0];
    const auto* data = x.as<const float>();
    std::fill_n(counts, bins * static_cast<std::size_t>(context.threads), 0u);
    parallelFor(context.threads, x.count(), parallelGrain, [&](std::int64_t begin, std::int64_t end) {
        std::uint32_t* own = counts + bins * static_cast<std::size_t>(omp_get_thread_num());
        for (std::int64_t i = begin; i < end; ++i) {
            const std::size_t bin = binOf(magnitude(data[i]));
            if (bin < bins)
                ++own[bin];
        }
    });
    for (int thread = 1; thread < context.threads; ++thread) {
        for (std::size_t bin = 0; bin < bins; ++bin)
            counts[bin] += counts[bins * static_cast<std::size_t>(thread) + bin];
    }
}

/// The bin of the `wanted`-th largest element, of which those in larger bins are taken off.
std::uint32_t binOfLast(const std::uint32_t* counts, std::size_t bins, std::int64_t& wanted)
{
    std::size_t bin = bins - 1;
    while (bin > 0 && counts[bin] < wanted)
        wanted -= counts[bin--];
    return static_cast<std::uint32_t>(bin);
}

void run(const KernelContext& context, std::int64_t kept)
{
    const Array& x = context.inputs[0];
    auto* counts = static_cast<std::uint32_t*>(context.scratch);
    std::int64_t wanted = std::min(kept, x.count());
    countBins(context, counts, upperBins, [](std::uint32_t bits) { return std::size_t(bits >> lowerBits); });
    const std::uint32_t upper = binOfLast(counts, upperBins, wanted);
    countBins(context, counts, lowerBins,
              [upper](std::uint32_t bits) { return bits >> lowerBits == upper ? std::size_t(bits & lowerMask) : lowerBins; });
    const std::uint32_t least = (upper << lowerBits) | binOfLast(counts, lowerBins, wanted);
    const auto* from = x.as<const float>();
    auto* to = context.outputs[0].as<float>();
    parallelFor(context.threads, x.count(), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            to[i] = magnitude(from[i]) >= least ? from[i] : 0.0f;
    });
}

std::vector<KernelOption> keepLargest(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(
        request, "counting", 3 * elementwiseMicroseconds(request),
        [count = request.attributes.integer("count")](const KernelContext& context) { run(context, count); },
        upperBins * static_cast<std::size_t>(request.threads) * sizeof(std::uint32_t))};
}

} // namespace

void keepLargestCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "KeepLargest", &keepLargest);
}

} // namespace weft
