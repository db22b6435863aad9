#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/training/predictor.h"
#include "core/training/training_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

constexpr std::int64_t evaluationBatch = 128;

const LoweredLoss* judgedLoss(const Lowered& lowered)
{
    const auto it
        = std::find_if(lowered.losses.begin(), lowered.losses.end(), [](const LoweredLoss& loss) { return loss.task == Task::Classification; });
    return it == lowered.losses.end() ? nullptr : &*it;
}

} // namespace

Evaluation evaluate(const Network& network, const TensorFile& checkpoint, const Dataset& dataset, Split split, const SessionOptions& options,
                    bool keepProbabilities, const DataProgress& progress)
{
    if (dataset.size(split) == 0)
        throw Error(WEFT_TEXT("Training", "The data have no %1 samples."), nameOf(split));
    Lowered lowered = lower(network, {Mode::Infer, true});
    const BatchMetrics metrics = addMetrics(lowered);
    checkTargets(lowered, dataset, split);
    const LoweredLoss* judged = metrics.correct ? judgedLoss(lowered) : nullptr;
    std::vector<Value> fetches{metrics.loss};
    if (judged)
        fetches.insert(fetches.end(), {metrics.correct, judged->output});
    const std::size_t classes = judged ? static_cast<std::size_t>(judged->output.shape().elements().factor) : 0;

    Session session(options);
    session.addVariables(*lowered.graph);
    loadVariables(session, *lowered.graph, checkpoint);
    LoaderOptions loading;
    loading.split = split;
    loading.columns = bindFeeds(lowered, dataset);
    loading.batchSize = std::min(evaluationBatch, dataset.size(split));
    loading.shuffle = false;
    Loader loader(dataset, loading);
    FeedList feeds(lowered, Value());

    Evaluation result;
    double lossSum = 0;
    double correctSum = 0;
    std::vector<float> probabilities(classes * static_cast<std::size_t>(evaluationBatch));
    loader.startEpoch(0);
    while (const Batch* batch = loader.next()) {
        float loss = 0;
        float correct = 0;
        void* const results[] = {&loss, &correct, probabilities.data()};
        Plan& plan = session.plan(*lowered.graph, {batch->size, 1, fetches, false});
        session.run(plan, feeds.pointers(*batch, nullptr), std::span(results, fetches.size()), {0, 0, batch->indices.data()});
        lossSum += static_cast<double>(loss) * static_cast<double>(batch->size);
        correctSum += correct;
        result.samples += batch->size;
        if (progress && !progress(result.samples, dataset.size(split)))
            throw Error(WEFT_TEXT("Training", "The evaluation was cancelled."));
        for (std::size_t i = 0; judged && i < static_cast<std::size_t>(batch->size); ++i) {
            const float* row = probabilities.data() + i * classes;
            result.predicted.push_back(static_cast<std::int32_t>(std::max_element(row, row + classes) - row));
            if (keepProbabilities)
                result.probabilities.insert(result.probabilities.end(), row, row + classes);
        }
    }
    result.loss = lossSum / static_cast<double>(result.samples);
    result.accuracy = judged ? correctSum / static_cast<double>(result.samples) : std::nan("");
    return result;
}

} // namespace weft
