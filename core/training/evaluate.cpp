#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/training/data_fit.h"
#include "core/training/predictor.h"
#include "core/training/training_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

constexpr std::int64_t evaluationBatch = 128;

} // namespace

Evaluation evaluate(const Network& network, const TensorFile& checkpoint, const Dataset& dataset, Split split, const SessionOptions& options,
                    bool keepProbabilities, const DataProgress& progress, std::int64_t topK)
{
    if (dataset.size(split) == 0)
        throw Error(WEFT_TEXT("Training", "The data have no %1 samples. Name another part of them with --split, or set data.%1."), nameOf(split));
    Lowered lowered = lower(network, {Mode::Infer, true});
    const BatchMetrics metrics = addMetrics(lowered);
    checkTargets(lowered, dataset, split);
    PredictionJudge judge(lowered, topK);
    std::vector<Value> fetches{metrics.loss};
    if (metrics.correct)
        fetches.push_back(metrics.correct);
    if (judge.output())
        fetches.push_back(judge.output());
    const std::size_t outputs = judge.outputsPerSample();

    Session session(options);
    session.addVariables(*lowered.graph);
    loadVariables(session, *lowered.graph, checkpoint);
    LoaderOptions loading;
    loading.split = split;
    loading.columns = bindFeeds(lowered, dataset);
    loading.cutColumns = cutColumns(lowered, dataset);
    loading.batchSize = std::min(evaluationBatch, dataset.size(split));
    loading.shuffle = false;
    Loader loader(dataset, loading);
    FeedList feeds(lowered, {});

    Evaluation result;
    double lossSum = 0;
    double correctSum = 0;
    std::vector<float> rows(outputs * static_cast<std::size_t>(evaluationBatch));
    loader.startEpoch(0);
    while (const Batch* batch = loader.next()) {
        float loss = 0;
        float correct = 0;
        std::vector<void*> results{&loss};
        if (metrics.correct)
            results.push_back(&correct);
        if (judge.output())
            results.push_back(rows.data());
        Plan& plan = session.plan(*lowered.graph, {batch->size, batch->time, fetches, false});
        session.run(plan, feeds.pointers(*batch, {}), results, {0, 0, batch->indices.data()});
        lossSum += static_cast<double>(loss) * static_cast<double>(batch->size);
        correctSum += correct;
        result.samples += batch->size;
        if (progress && !progress(result.samples, dataset.size(split)))
            throw Error(WEFT_TEXT("Training", "The evaluation was cancelled."));
        if (judge.output())
            judge.add(rows.data(), batch->columns[judge.targetFeed()].data(), batch->size);
        for (std::size_t i = 0; judge.isClassification() && i < static_cast<std::size_t>(batch->size); ++i) {
            const float* row = rows.data() + i * outputs;
            result.predicted.push_back(static_cast<std::int32_t>(std::max_element(row, row + outputs) - row));
            if (keepProbabilities)
                result.probabilities.insert(result.probabilities.end(), row, row + outputs);
        }
    }
    result.loss = lossSum / static_cast<double>(result.samples);
    result.classification = judge.classification();
    result.regression = judge.regression();
    result.yesNo = judge.yesNo();
    result.accuracy = metrics.correct ? correctSum / static_cast<double>(result.samples) : result.yesNo ? result.yesNo->accuracy : std::nan("");
    return result;
}

} // namespace weft
