// How much of an all-reduce goes on beside the backward pass where a card computes: the ranks of an MPI job wait, as for a
// card, for a forward pass and then bucket after bucket of the backward pass, and send each bucket as it comes.
//   gpu_like_bench MILLION-PARAMETERS STEP-MS     started by mpirun; `tests/bench/ranks gpu-like` reads what rank 0 prints:
// ranks, ms of a step without sums, with them, of the sums alone, and what the scaling forecast gives for a step.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "core/device/collectives.h"
#include "core/training/distributed/link_measurement.h"
#include "core/training/distributed/scaling_forecast.h"

using namespace weft;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t bucketFloats = 1 << 20; // 4 MiB, the default
constexpr int rounds = 15;

struct Step {
    std::vector<float> gradients;
    double milliseconds = 0; ///< of the card

    std::int64_t buckets() const { return (static_cast<std::int64_t>(gradients.size()) + bucketFloats - 1) / bucketFloats; }
    float* bucket(std::int64_t index) { return gradients.data() + index * bucketFloats; }
    std::int64_t floats(std::int64_t index) const { return std::min(bucketFloats, static_cast<std::int64_t>(gradients.size()) - index * bucketFloats); }
};

void meet(Collectives& ranks)
{
    double nothing[1] = {};
    ranks.sum(nothing);
}

/// A third of the step is the forward pass; then the buckets come one after the other.
double run(Collectives& ranks, Step& step, bool computes, bool sums)
{
    meet(ranks);
    const Clock::time_point start = Clock::now();
    const auto waitUntil = [&](double share) {
        if (computes)
            std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(share * step.milliseconds)));
    };
    waitUntil(1.0 / 3);
    for (std::int64_t i = 0; i < step.buckets(); ++i) {
        waitUntil(1.0 / 3 + 2.0 / 3 * static_cast<double>(i + 1) / static_cast<double>(step.buckets()));
        if (sums)
            ranks.startSum(step.bucket(i), step.floats(i), WireFormat::Float32);
    }
    for (std::int64_t i = 0; sums && i < step.buckets(); ++i)
        ranks.finishSum(step.bucket(i));
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(Collectives& ranks, Step& step, bool computes, bool sums)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round)
        times.push_back(run(ranks, step, computes, sums));
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

double forecast(const Step& step, double alone, ScalingLink link, int workers)
{
    ScalingSubject subject;
    subject.stepSeconds = alone * 1e-3;
    subject.parameterBytes = 4.0 * static_cast<double>(step.gradients.size());
    subject.overlap = overlapOfCards;
    return 1e3 * static_cast<double>(workers) / scalingPoint("allReduce", subject, link, workers).samplesPerSecond;
}

} // namespace

int main(int count, char** words)
{
    if (count != 3) {
        std::fputs("gpu_like_bench MILLION-PARAMETERS STEP-MS\n", stderr);
        return 2;
    }
    try {
        const std::unique_ptr<Collectives> ranks = joinRanks({});
        Step step{std::vector<float>(static_cast<std::size_t>(std::atof(words[1]) * 1e6), 0.0f), std::atof(words[2])};
        const double alone = median(*ranks, step, true, false);
        const double together = median(*ranks, step, true, true);
        const double sums = median(*ranks, step, false, true);
        const double said = ranks->size() > 1 ? forecast(step, alone, measureLink(*ranks), ranks->size()) : alone;
        if (ranks->rank() == 0)
            std::printf("%d %.2f %.2f %.2f %.2f\n", ranks->size(), alone, together, sums, said);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
