#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/network/lowering.h"

namespace weft {

/// How well one class is told from the others. Where nothing counts (no sample, no prediction) a
/// measure is 0, as scikit-learn has it.
struct ClassMetrics {
    double precision = 0; ///< share of the predictions of this class that are right
    double recall = 0; ///< share of the samples of this class that are found
    double f1 = 0; ///< harmonic mean of both
    double iou = 0; ///< intersection over union of predictions and samples: Jaccard's index
    /// Area under the ROC curve of this class against all others: how often a sample of the class gets a
    /// greater probability than another one. NaN where there are none of either.
    double auc = 0;
    std::int64_t support = 0; ///< samples of this class
};

struct ClassificationMetrics {
    std::int64_t classes = 0;
    std::vector<std::int64_t> confusion; ///< [true class, predicted class]
    std::int64_t topK = 5; ///< at most the number of classes
    double topKAccuracy = 0; ///< share of samples whose class is among the topK most probable
    std::vector<ClassMetrics> perClass;
    double precision = 0, recall = 0, f1 = 0, iou = 0; ///< means over the classes that occur: "macro"
    double auc = 0; ///< mean over the classes that have one; NaN without any
};

struct RegressionMetrics {
    double meanAbsoluteError = 0;
    double r2 = 0; ///< 1 − Σ(y − ŷ)² / Σ(y − mean)², mean over the outputs; NaN where the targets are all equal
};

/// How well answers of yes (one half or more) or no are given, over all numbers of all samples: pixels of masks,
/// several labels of one sample. Where nothing counts a measure is 0.
struct YesNoMetrics {
    double accuracy = 0; ///< share of right answers
    double precision = 0, recall = 0, f1 = 0, iou = 0; ///< of yes
};

/// Compares what inference gives with the targets, sample by sample: for the first loss that stays at
/// inference and whose task has such measures.
class PredictionJudge {
public:
    explicit PredictionJudge(const Lowered& lowered, std::int64_t topK = 5);

    bool isClassification() const { return m_task == Task::Classification && m_output; }
    /// Numbers are compared with numbers; those of yes and no as well.
    bool isRegression() const { return m_task != Task::Classification && m_output; }
    bool isYesNo() const { return m_task == Task::YesNo && m_output; }
    /// What to fetch, float32 [N, …]; empty when there is nothing to judge.
    const Value& output() const { return m_output; }
    /// Index into Lowered::feeds of the targets.
    std::size_t targetFeed() const { return m_targetFeed; }
    std::size_t outputsPerSample() const { return m_outputs; }

    /// `output` [n, outputs] and `target`: int32 [n] or float32 [n, outputs].
    void add(const float* output, const void* target, std::int64_t n);
    std::optional<ClassificationMetrics> classification() const;
    std::optional<RegressionMetrics> regression() const;
    /// Empty where a target lies between 0 and 1, as grey pixels do.
    std::optional<YesNoMetrics> yesNo() const;

private:
    void addClassified(const float* row, std::int32_t target);
    double aucOf(std::size_t classIndex) const;
    void addRegressed(const float* row, const float* target);

    Task m_task = Task::Classification;
    Value m_output;
    std::size_t m_targetFeed = 0;
    std::size_t m_outputs = 0;
    std::int64_t m_topK;
    std::int64_t m_samples = 0;
    std::int64_t m_inTopK = 0;
    std::vector<std::int64_t> m_confusion;
    std::vector<float> m_probabilities; ///< [samples, classes]: the order of all of them makes the AUC
    std::vector<std::int32_t> m_targets;
    bool m_isYesOrNo = true; ///< all targets are 0 or 1
    std::int64_t m_answers[2][2] = {}; ///< [is yes, is answered yes]
    double m_absoluteError = 0;
    struct OutputSums {
        double origin = 0; ///< the first target: sums of differences from it keep their digits
        double target = 0, targetSquare = 0, errorSquare = 0;
    };
    std::vector<OutputSums> m_sums; ///< for each output
};

/// The values of `training.monitor`.
const std::vector<std::string>& monitorNames();

/// A metric that decides: which, where it shows in events, and which way is up.
struct Monitor {
    std::string name; ///< never "auto"
    std::string key; ///< "macro_f1"
    bool isHigherBetter = false;
    bool needsJudge = false; ///< comes from a PredictionJudge, not from the step's own sums
};

/// What `training.monitor` means for this network: "auto" is the accuracy, or the loss where there is
/// none. Throws Error when the network has no such metric.
Monitor resolveMonitor(const std::string& name, const Lowered& lowered);
/// The number of a monitor that needs a judge.
double monitored(const Monitor& monitor, const PredictionJudge& judge);

} // namespace weft
