#include "core/training/distributed/scaling_forecast.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/device/wire_format.h"

namespace weft {

namespace {

/// Of a step the backward pass takes about two thirds: one product of three is the forward pass's.
constexpr double backwardShare = 2.0 / 3.0;

double normalDistribution(double x)
{
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

/// How likely at most `late` of `count` standard normal numbers are above x.
double chanceOfFewAbove(double x, std::int64_t count, std::int64_t late)
{
    const double above = normalDistribution(-x), below = normalDistribution(x);
    if (late == 0)
        return std::pow(below, static_cast<double>(count));
    // By logarithms: the factors alone are too large and too small for numbers.
    const auto n = static_cast<double>(count);
    double sum = 0;
    for (std::int64_t i = 0; i <= late; ++i) {
        const auto k = static_cast<double>(i);
        sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(above) + (n - k) * std::log(below));
    }
    return std::min(sum, 1.0);
}

/// The expected largest of `count` standard normal numbers without the `late` largest: how late the last of the workers is
/// that a step waits for.
double expectedLargest(std::int64_t count, std::int64_t late)
{
    constexpr double reach = 8;
    constexpr double width = 0.01;
    double sum = 0;
    for (double x = width / 2; x < reach; x += width)
        sum += (1 - chanceOfFewAbove(x, count, late) - chanceOfFewAbove(-x, count, late)) * width;
    return sum;
}

std::int64_t hostsOf(const ScalingLink& link, std::int64_t workers)
{
    return (workers + link.workersPerHost - 1) / link.workersPerHost;
}

/// The seconds in which every member gives away and gets (n − 1) / n of the bytes twice: a ring's, and no exchange of all
/// with all moves fewer.
double ringSeconds(double bytes, std::int64_t members, double rate)
{
    const auto n = static_cast<double>(members);
    return 2 * (n - 1) / n * bytes / rate;
}

double usableRate(const ScalingLink& link)
{
    return link.bytesPerSecond * link.usableShare;
}

double bucketsOf(const ScalingSubject& subject)
{
    return std::max(std::ceil(subject.parameterBytes / subject.bucketBytes), 1.0);
}

/// Gradients are added up inside each host, then between hosts, bucket by bucket.
double allReduceSeconds(const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers)
{
    const std::int64_t hosts = hostsOf(link, workers);
    const double bytes = subject.parameterBytes * subject.sentShare;
    const double turns = 2 * std::ceil(std::log2(static_cast<double>(hosts)));
    if (subject.isSparse) {
        const auto here = static_cast<double>(std::min(workers, link.workersPerHost)), all = static_cast<double>(workers);
        return here * (here - 1) * bytes / link.insideBytesPerSecond + here * (all - here) * bytes / usableRate(link)
            + bucketsOf(subject) * turns * link.latencySeconds;
    }
    return ringSeconds(bytes, std::min(workers, link.workersPerHost), link.insideBytesPerSecond) + ringSeconds(bytes, hosts, usableRate(link)) + bucketsOf(subject) * turns * link.latencySeconds;
}

/// One way of `bytes` between each of the workers and the servers, all at once: the fullest link decides.
double oneWaySeconds(double bytes, const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers)
{
    const double share = static_cast<double>(workers) / static_cast<double>(subject.servers);
    const double perHost = static_cast<double>(std::min(workers, link.workersPerHost));
    return std::max(share, perHost) * bytes / usableRate(link) + link.latencySeconds;
}

/// Weights there and gradients back.
double serverSeconds(const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers)
{
    return oneWaySeconds(subject.parameterBytes, subject, link, workers)
        + oneWaySeconds(subject.parameterBytes * subject.sentShare, subject, link, workers);
}

/// The workers whose samples count: all but those in reserve.
std::int64_t countingWorkers(const std::string& update, const ScalingSubject& subject, std::int64_t workers)
{
    return update == "parameterServer" ? std::max<std::int64_t>(workers - subject.backupWorkers, 1) : workers;
}

/// The last bucket never is hidden, since nothing is computed after it.
double hiddenShare(const ScalingSubject& subject)
{
    return std::min(subject.overlap, 1 - 1 / bucketsOf(subject));
}

double visible(double exchange, const ScalingSubject& subject)
{
    return exchange - std::min(hiddenShare(subject) * exchange, backwardShare * subject.stepSeconds);
}

/// Of the workers that are waited for, while `late` others may be slower still.
double slowestStep(const ScalingSubject& subject, std::int64_t workers, std::int64_t late = 0, double steps = 1)
{
    return subject.stepSeconds * (1 + subject.jitter * expectedLargest(workers, late) / std::sqrt(steps));
}

/// Workers that do not wait for each other go on at their own pace until the servers' links are full.
double freeRunning(const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers, double stepSeconds)
{
    const double alone = stepSeconds + serverSeconds(subject, link, 1);
    // Links carry both ways at once, and weights are the more.
    const double full = std::max(oneWaySeconds(subject.parameterBytes, subject, link, workers) - link.latencySeconds, 0.0);
    return std::max(alone, full);
}

/// The seconds in which each worker has done one step.
double cycleSeconds(const std::string& update, const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers)
{
    if (workers == 1)
        return subject.stepSeconds;
    if (update == "allReduce")
        return slowestStep(subject, workers) + visible(allReduceSeconds(subject, link, workers), subject);
    if (update == "parameterServer")
        return slowestStep(subject, workers, workers - countingWorkers(update, subject, workers)) + serverSeconds(subject, link, workers);
    if (update == "staleSynchronous")
        return freeRunning(subject, link, workers, slowestStep(subject, workers, 0, static_cast<double>(subject.stalenessBound + 1)));
    if (update == "asynchronous")
        return freeRunning(subject, link, workers, subject.stepSeconds);
    throw Error(WEFT_TEXT("Training", "There is no update rule \"%1\". There are allReduce, parameterServer, staleSynchronous, asynchronous."),
                update);
}

Message linkAssumption(const ScalingLink& link)
{
    const long latency = std::lround(link.latencySeconds * 1e6);
    if (link.measuredRanks == 0)
        return message(WEFT_TEXT("Training", "Of the link's rate %1 % can be used, in both directions at once; a message takes %2 µs."),
                       link.usableShare * 100, latency);
    return message(WEFT_TEXT("Training", "All links are as the one between the %1 ranks that were measured: %2 Gbit/s each way, in both directions "
                                         "at once; a message takes %3 µs."),
                   link.measuredRanks, std::round(link.bytesPerSecond * 8e-7) * 0.01, latency);
}

} // namespace

ScalingSubject scalingSubject(const TrainingSettings& settings, std::int64_t parameters)
{
    ScalingSubject subject;
    subject.samplesPerStep = static_cast<double>(settings.batchSize);
    subject.parameterBytes = 4.0 * static_cast<double>(parameters);
    const WireFormat format = wireFormat(settings.distributed.compression);
    subject.isSparse = format == WireFormat::Sparse;
    // A number that is sent by itself has its place beside it.
    subject.sentShare = subject.isSparse ? std::min(1.0, 2 * settings.distributed.topKPercent / 100) : isPacked(format) ? 0.5 : 1.0;
    subject.backupWorkers = settings.distributed.backupWorkers;
    subject.servers = settings.distributed.servers;
    subject.bucketBytes = static_cast<double>(settings.distributed.bucketMegabytes << 20);
    subject.stalenessBound = settings.distributed.stalenessBound;
    return subject;
}

std::span<const char* const> updateRules()
{
    static constexpr const char* rules[] = {"allReduce", "parameterServer", "staleSynchronous", "asynchronous"};
    return rules;
}

ScalingPoint scalingPoint(const std::string& update, const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers)
{
    const double cycle = cycleSeconds(update, subject, link, workers);
    const auto counting = static_cast<double>(countingWorkers(update, subject, workers));
    return {workers, counting * subject.samplesPerStep / cycle, counting / static_cast<double>(workers) * subject.stepSeconds / cycle};
}

std::vector<Message> scalingAssumptions(const std::string& update, const ScalingSubject& subject, const ScalingLink& link)
{
    std::vector<Message> all{
        message(WEFT_TEXT("Training", "Every worker takes batches of %1 samples, so that the batch of all grows with their number, and is as fast as "
                                      "the one that was measured."),
                std::llround(subject.samplesPerStep)),
        message(WEFT_TEXT("Training", "Data reach every worker in time, and the steps of a worker differ by %1 % (standard deviation)."),
                subject.jitter * 100),
        linkAssumption(link)};
    if (subject.sentShare < 1)
        all.push_back(message(WEFT_TEXT("Training", "Gradients take %1 % of their bytes on the link, and converting them takes no time."),
                              std::round(subject.sentShare * 1000) / 10));
    if (update == "parameterServer" && subject.backupWorkers > 0)
        all.push_back(message(WEFT_TEXT("Training", "Of the workers %1 stand by for slow ones: a step ends when the others have theirs, whichever "
                                                    "these are, and samples count once."),
                              subject.backupWorkers));
    if (update == "allReduce" && subject.isSparse)
        all.push_back(message(WEFT_TEXT("Training", "Every worker sends the largest of its gradient to each of the others.")));
    else if (update == "allReduce")
        all.push_back(message(WEFT_TEXT("Training", "An all-reduce moves what a ring moves, in buckets; %1 % of it are hidden behind the backward pass."),
                              std::lround(hiddenShare(subject) * 100)));
    else
        all.push_back(message(WEFT_TEXT("Training", "Of %1 parameter server(s) each has a link of its own and updates weights in no time."),
                              subject.servers));
    return all;
}

std::vector<PublishedScaling> publishedScaling()
{
    struct Run {
        const char* network;
        double parameters;
        double alone; ///< pictures a second on one GPU
        std::int64_t workers;
        double together;
    };
    static constexpr Run runs[] = {{"Inception-v3", 23.8e6, 29.7, 8, 229},   {"Inception-v3", 23.8e6, 29.7, 16, 459},
                                   {"Inception-v3", 23.8e6, 29.7, 32, 902},  {"Inception-v3", 23.8e6, 29.7, 64, 1783},
                                   {"ResNet-50", 25.6e6, 52.4, 8, 378},      {"ResNet-50", 25.6e6, 52.4, 16, 751},
                                   {"ResNet-50", 25.6e6, 52.4, 32, 1388},    {"ResNet-50", 25.6e6, 52.4, 64, 2744}};
    ScalingLink link;
    link.bytesPerSecond = 10e9 / 8;
    link.workersPerHost = 8;
    std::vector<PublishedScaling> all;
    for (const Run& run : runs) {
        ScalingSubject subject;
        subject.samplesPerStep = 64;
        subject.stepSeconds = subject.samplesPerStep / run.alone;
        subject.parameterBytes = 4 * run.parameters;
        const double published = run.together / (run.alone * static_cast<double>(run.workers));
        all.push_back({run.network, run.workers, published, scalingPoint("allReduce", subject, link, run.workers).efficiency});
    }
    return all;
}

std::vector<std::int64_t> workerCounts(std::int64_t first, std::int64_t last)
{
    std::vector<std::int64_t> counts;
    for (std::int64_t count = first; count < last; count *= 2)
        counts.push_back(count);
    counts.push_back(last);
    return counts;
}

double linkRate(const std::string& text)
{
    static constexpr std::pair<const char*, double> units[]
        = {{"kbit", 1e3 / 8}, {"Mbit", 1e6 / 8}, {"Gbit", 1e9 / 8}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}};
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit(end, text.data() + text.size());
    std::erase(unit, ' ');
    for (const auto& [name, factor] : units) {
        if (fault == std::errc() && unit == name && number > 0 && std::isfinite(number))
            return number * factor;
    }
    throw Error(WEFT_TEXT("Training", "\"%1\" is no speed of a link. Say it like 25Gbit, 800Mbit or 3GB (a second)."), text);
}

} // namespace weft
