#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/training/settings.h"

namespace weft {

/// What carries gradients between workers. The defaults are one set for every forecast; that of the published runs keeps
/// them (`publishedScaling`).
struct ScalingLink {
    double bytesPerSecond = 3.125e9; ///< line rate of a host, each way: 25 Gbit/s
    double usableShare = 0.95; ///< of the line rate
    double latencySeconds = 50e-6; ///< of a message
    std::int64_t workersPerHost = 1; ///< that share the host's link
    double insideBytesPerSecond = 2.5e9; ///< between workers of one host
    int measuredRanks = 0; ///< between which the link was measured; 0: its rate was said
};

/// What of an exchange goes on beside the backward pass where a card computes and leaves the processor free; on a processor both
/// need the same cores (`tests/bench/ranks gpu-like`).
inline constexpr double overlapOfCards = 0.9;

/// One worker's work, and how the exchange goes beside it.
struct ScalingSubject {
    double stepSeconds = 0; ///< of one worker alone
    double samplesPerStep = 1; ///< of one worker: more workers make the batch of all larger
    double parameterBytes = 0;
    double sentShare = 1; ///< of a gradient's bytes: what goes over the link
    bool isSparse = false; ///< what a worker sends of its gradient goes to each of the others: it cannot be added up on the way
    std::int64_t backupWorkers = 0; ///< parameterServer: so many are not waited for, and their samples do not count
    double bucketBytes = 4 << 20;
    double overlap = 0; ///< share of the exchange that may go on beside the backward pass; all but the last bucket at most
    double jitter = 0.005; ///< standard deviation of a worker's step, as a share of it
    std::int64_t stalenessBound = 3; ///< staleSynchronous
    std::int64_t servers = 1; ///< parameter servers, each on a host of its own, with a share of the weights
};

struct ScalingPoint {
    std::int64_t workers = 1;
    double samplesPerSecond = 0;
    double efficiency = 1; ///< of as many workers, each as fast as one alone
};

/// What the settings say of a step, whose time is not known yet.
ScalingSubject scalingSubject(const TrainingSettings& settings, std::int64_t parameters);

/// The update rules as `training.distributed.update` names them.
std::span<const char* const> updateRules();

/// Throughput of `workers` under an update rule. One worker trains alone, as it was measured.
ScalingPoint scalingPoint(const std::string& update, const ScalingSubject& subject, const ScalingLink& link, std::int64_t workers);

/// What the forecast takes for granted, in sentences.
std::vector<Message> scalingAssumptions(const std::string& update, const ScalingSubject& subject, const ScalingLink& link);

/// A measurement that others published, and what the model says to it.
struct PublishedScaling {
    const char* network;
    std::int64_t workers;
    double published; ///< efficiency
    double forecast;
};
/// TensorFlow's benchmarks of May 2017: synchronous SGD, 64 pictures a GPU, 8 K80 GPUs a host of Amazon's p2.8xlarge with
/// 10 Gbit/s and a shard of the parameters on every host, which moves as many bytes as an all-reduce.
std::vector<PublishedScaling> publishedScaling();

/// 1, 2, 4, … from `first` to `last`, both included.
std::vector<std::int64_t> workerCounts(std::int64_t first, std::int64_t last);

/// "25Gbit", "800 Mbit", "3GB": bytes a second. Throws Error for other texts.
double linkRate(const std::string& text);

} // namespace weft
