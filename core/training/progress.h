#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QJsonObject>

namespace weft {

/// Sums over samples, of which events show the means.
struct MetricSums {
    double loss = 0;
    double correct = 0;
    std::int64_t samples = 0;

    /// A batch of `n` samples with mean loss `batchLoss`.
    void add(double batchLoss, double batchCorrect, std::int64_t n);
    double meanLoss() const { return samples ? loss / static_cast<double>(samples) : 0.0; }
    double accuracy() const { return samples ? correct / static_cast<double>(samples) : 0.0; }
    /// {"loss", "metrics": {"accuracy"}}; without accuracy `metrics` is empty.
    QJsonObject toJson(bool hasAccuracy) const;
};

/// Where a run stands: everything but the variables that a checkpoint must hold, so that going on from
/// it gives the numbers of the run that was not interrupted.
struct TrainingProgress {
    std::int64_t step = 0;
    std::int64_t epoch = 1; ///< the one being trained, from 1
    std::int64_t batch = 0; ///< batches of this epoch that are done
    std::int64_t epochs = 1; ///< `control set` changes it
    double learningRate = 0; ///< as well
    double epochSeconds = 0; ///< spent on this epoch
    double lossScale = 1; ///< for readers of checkpoints: the variables `slot/loss_scale/…` are what counts
    MetricSums epochSums;
    MetricSums windowSums; ///< since the last `batch` event
    std::vector<double> history; ///< the monitored metric after each epoch
    std::optional<double> best; ///< of these
    std::int64_t bestStep = 0;

    std::map<std::string, std::string> toMetadata() const;
    /// Throws Error when `metadata` is not that of a checkpoint of ours.
    static TrainingProgress fromMetadata(const std::map<std::string, std::string>& metadata);
};

} // namespace weft
