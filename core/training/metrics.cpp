#include "core/training/metrics.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace weft {

namespace {

double ratio(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

/// Whether predictions of the loss can be compared with its targets one by one.
bool isJudgeable(const LoweredLoss& loss)
{
    if (loss.isTrainingOnly || !loss.target || !loss.output || loss.output.dtype() != DType::Float32 || loss.output.shape().rank() < 1)
        return false;
    if (loss.task == Task::Classification)
        return loss.output.shape().rank() == 2 && loss.target.dtype() == DType::Int32 && loss.target.shape().rank() == 1;
    return loss.target.dtype() == DType::Float32 && loss.target.shape().elements() == loss.output.shape().elements();
}

struct MonitorInfo {
    const char* name;
    const char* key;
    Task task; ///< whose it is; YesNo: that of classes and of yes and no
    bool isHigherBetter;
    double (*value)(const PredictionJudge&); ///< null: from the step's own sums
};

const MonitorInfo monitorInfos[] = {
    {"loss", "loss", Task::Classification, false, nullptr},
    {"accuracy", "accuracy", Task::Classification, true, nullptr},
    {"topKAccuracy", "top_k_accuracy", Task::Classification, true, [](const PredictionJudge& j) { return j.classification()->topKAccuracy; }},
    {"macroF1", "macro_f1", Task::YesNo, true,
     [](const PredictionJudge& j) { return j.isYesNo() ? j.yesNo().value_or(YesNoMetrics()).f1 : j.classification()->f1; }},
    {"auc", "auc", Task::Classification, true, [](const PredictionJudge& j) { return j.classification()->auc; }},
    {"meanIou", "mean_iou", Task::YesNo, true,
     [](const PredictionJudge& j) { return j.isYesNo() ? j.yesNo().value_or(YesNoMetrics()).iou : j.classification()->iou; }},
    {"meanAbsoluteError", "mean_absolute_error", Task::Regression, false, [](const PredictionJudge& j) { return j.regression()->meanAbsoluteError; }},
    {"r2", "r2", Task::Regression, true, [](const PredictionJudge& j) { return j.regression()->r2; }},
};

const MonitorInfo& infoOf(const std::string& name)
{
    return *std::find_if(std::begin(monitorInfos), std::end(monitorInfos), [&](const MonitorInfo& info) { return info.name == name; });
}

} // namespace

PredictionJudge::PredictionJudge(const Lowered& lowered, std::int64_t topK) : m_topK(topK)
{
    const auto loss = std::find_if(lowered.losses.begin(), lowered.losses.end(), isJudgeable);
    if (loss == lowered.losses.end())
        return;
    const auto feed
        = std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& candidate) { return candidate.value == loss->target; });
    if (feed == lowered.feeds.end())
        return;
    m_task = loss->task;
    m_output = loss->output;
    m_targetFeed = static_cast<std::size_t>(feed - lowered.feeds.begin());
    m_outputs = static_cast<std::size_t>(m_output.shape().elements().factor);
    if (m_task == Task::Classification) {
        m_topK = std::clamp<std::int64_t>(m_topK, 1, static_cast<std::int64_t>(m_outputs));
        m_confusion.resize(m_outputs * m_outputs);
    } else {
        m_sums.resize(m_outputs);
    }
}

void PredictionJudge::add(const float* output, const void* target, std::int64_t n)
{
    for (std::int64_t i = 0; m_output && i < n; ++i, ++m_samples) {
        const float* row = output + static_cast<std::size_t>(i) * m_outputs;
        if (m_task == Task::Classification)
            addClassified(row, static_cast<const std::int32_t*>(target)[i]);
        else
            addRegressed(row, static_cast<const float*>(target) + static_cast<std::size_t>(i) * m_outputs);
    }
}

void PredictionJudge::addClassified(const float* row, std::int32_t target)
{
    const auto wanted = static_cast<std::size_t>(target);
    const auto predicted = static_cast<std::size_t>(std::max_element(row, row + m_outputs) - row);
    ++m_confusion[wanted * m_outputs + predicted];
    // Of equal probabilities the first counts as the larger, as for the prediction.
    std::int64_t before = 0;
    for (std::size_t c = 0; c < m_outputs; ++c)
        before += row[c] > row[wanted] || (row[c] == row[wanted] && c < wanted) ? 1 : 0;
    m_inTopK += before < m_topK ? 1 : 0;
    m_probabilities.insert(m_probabilities.end(), row, row + m_outputs);
    m_targets.push_back(target);
}

void PredictionJudge::addRegressed(const float* row, const float* target)
{
    for (std::size_t i = 0; i < m_outputs; ++i) {
        OutputSums& sums = m_sums[i];
        const auto wanted = static_cast<double>(target[i]);
        ++m_answers[target[i] >= 0.5f][row[i] >= 0.5f];
        m_isYesOrNo = m_isYesOrNo && (target[i] == 0.0f || target[i] == 1.0f);
        if (m_samples == 0)
            sums.origin = wanted;
        const double error = wanted - static_cast<double>(row[i]);
        const double shifted = wanted - sums.origin;
        m_absoluteError += std::abs(error);
        sums.errorSquare += error * error;
        sums.target += shifted;
        sums.targetSquare += shifted * shifted;
    }
}

/// Mann and Whitney's statistic: the mean rank of the samples of the class, equal probabilities sharing theirs.
double PredictionJudge::aucOf(std::size_t classIndex) const
{
    std::vector<std::pair<float, bool>> scores;
    scores.reserve(m_targets.size());
    for (std::size_t i = 0; i < m_targets.size(); ++i)
        scores.emplace_back(m_probabilities[i * m_outputs + classIndex], static_cast<std::size_t>(m_targets[i]) == classIndex);
    std::sort(scores.begin(), scores.end());
    double rankSum = 0;
    double positives = 0;
    for (std::size_t first = 0; first < scores.size();) {
        std::size_t end = first;
        double own = 0;
        for (; end < scores.size() && scores[end].first == scores[first].first; ++end)
            own += scores[end].second ? 1.0 : 0.0;
        rankSum += own * (static_cast<double>(first + 1 + end) / 2.0);
        positives += own;
        first = end;
    }
    const double negatives = static_cast<double>(scores.size()) - positives;
    return positives > 0 && negatives > 0 ? (rankSum - positives * (positives + 1) / 2) / (positives * negatives) : std::nan("");
}

std::optional<ClassificationMetrics> PredictionJudge::classification() const
{
    if (!isClassification() || m_samples == 0)
        return std::nullopt;
    ClassificationMetrics metrics{static_cast<std::int64_t>(m_outputs), m_confusion, m_topK, ratio(m_inTopK, m_samples), {}};
    int withAuc = 0;
    double occurring = 0; // classes that neither the targets nor the predictions have say nothing
    for (std::size_t c = 0; c < m_outputs; ++c) {
        std::int64_t support = 0;
        std::int64_t predicted = 0;
        for (std::size_t other = 0; other < m_outputs; ++other) {
            support += m_confusion[c * m_outputs + other];
            predicted += m_confusion[other * m_outputs + c];
        }
        const std::int64_t right = m_confusion[c * m_outputs + c];
        const ClassMetrics one{ratio(right, predicted),
                               ratio(right, support),
                               ratio(2 * right, support + predicted),
                               ratio(right, support + predicted - right),
                               aucOf(c),
                               support};
        metrics.precision += one.precision;
        metrics.recall += one.recall;
        metrics.f1 += one.f1;
        metrics.iou += one.iou;
        if (!std::isnan(one.auc)) {
            metrics.auc += one.auc;
            ++withAuc;
        }
        occurring += support + predicted > 0 ? 1.0 : 0.0;
        metrics.perClass.push_back(one);
    }
    for (double* mean : {&metrics.precision, &metrics.recall, &metrics.f1, &metrics.iou})
        *mean /= occurring;
    metrics.auc = withAuc > 0 ? metrics.auc / withAuc : std::nan("");
    return metrics;
}

std::optional<RegressionMetrics> PredictionJudge::regression() const
{
    if (!isRegression() || m_samples == 0)
        return std::nullopt;
    RegressionMetrics metrics;
    const auto samples = static_cast<double>(m_samples);
    const auto outputs = static_cast<double>(m_outputs);
    metrics.meanAbsoluteError = m_absoluteError / (samples * outputs);
    for (const OutputSums& sums : m_sums) {
        const double spread = sums.targetSquare - sums.target * sums.target / samples;
        metrics.r2 += (spread > 0 ? 1.0 - sums.errorSquare / spread : std::nan("")) / outputs;
    }
    return metrics;
}

std::optional<YesNoMetrics> PredictionJudge::yesNo() const
{
    if (!isYesNo() || m_samples == 0 || !m_isYesOrNo)
        return std::nullopt;
    const std::int64_t found = m_answers[1][1], missed = m_answers[1][0], wrong = m_answers[0][1], rest = m_answers[0][0];
    return YesNoMetrics{ratio(found + rest, found + missed + wrong + rest), ratio(found, found + wrong), ratio(found, found + missed),
                        ratio(2 * found, 2 * found + missed + wrong), ratio(found, found + missed + wrong)};
}

const std::vector<std::string>& monitorNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{"auto"};
        for (const MonitorInfo& info : monitorInfos)
            all.emplace_back(info.name);
        return all;
    }();
    return names;
}

Monitor resolveMonitor(const std::string& name, const Lowered& lowered)
{
    const PredictionJudge judge(lowered);
    const MonitorInfo& info = infoOf(name != "auto" ? name : judge.isClassification() ? "accuracy" : "loss");
    const bool isLoss = std::string(info.name) == "loss";
    const bool isOfClasses = info.task != Task::Regression && judge.isClassification();
    const bool fits
        = isLoss || isOfClasses || (info.task == Task::Regression && judge.isRegression()) || (info.task == Task::YesNo && judge.isYesNo());
    if (!fits)
        throw Error(
            WEFT_TEXT("Training", "training.monitor is \"%1\", but the network's loss gives no such number. Set it to \"loss\", or to \"auto\"."),
            name);
    return {info.name, info.key, info.isHigherBetter, info.value != nullptr};
}

double monitored(const Monitor& monitor, const PredictionJudge& judge)
{
    return infoOf(monitor.name).value(judge);
}

} // namespace weft
