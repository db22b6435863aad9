#include "core/training/training_graph.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/ops/accuracy/accuracy.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"

namespace weft {

namespace {

Value slot(Graph& graph, const char* name, const Value& parameter)
{
    return graph.variable(std::string("slot/") + name + "/" + parameter.name(), Role::Slot, parameter.type(), Initializer{}, false);
}

std::vector<Value> slotsFor(Graph& graph, const Value& parameter, const TrainingSettings& settings)
{
    if (settings.optimizer == "adam")
        return {slot(graph, "m", parameter), slot(graph, "v", parameter)};
    if (settings.momentum > 0.0)
        return {slot(graph, "velocity", parameter)};
    return {};
}

void addUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, const TrainingSettings& settings, double weightDecay)
{
    if (targets.empty())
        return;
    if (settings.optimizer == "adam")
        adamUpdate(learningRate, targets, settings.beta1, settings.beta2, settings.epsilon, weightDecay);
    else
        sgdUpdate(learningRate, targets, settings.momentum, settings.nesterov, weightDecay);
}

const LoweredLoss* classificationLoss(const Lowered& lowered)
{
    const auto it = std::find_if(lowered.losses.begin(), lowered.losses.end(), [](const LoweredLoss& loss) {
        return loss.task == Task::Classification && !loss.isTrainingOnly && loss.target && loss.prediction.shape().rank() == 2;
    });
    return it == lowered.losses.end() ? nullptr : &*it;
}

} // namespace

BatchMetrics addMetrics(Lowered& lowered)
{
    if (!lowered.loss)
        throw Error(WEFT_TEXT(
            "Training",
            "The network has no loss, so there is nothing to learn from. Add a loss, for example CrossEntropy, and wire the output to it."));
    BatchMetrics metrics;
    metrics.loss = lowered.loss;
    if (const LoweredLoss* loss = classificationLoss(lowered))
        metrics.correct = reduceSum(isCorrect(loss->prediction, loss->target), {});
    return metrics;
}

TrainingGraph buildTrainingGraph(Lowered& lowered, const TrainingSettings& settings)
{
    Graph& graph = *lowered.graph;
    TrainingGraph training;
    training.metrics = addMetrics(lowered);

    std::vector<Value> parameters;
    for (const Value& variable : graph.variables()) {
        if (variable.variable()->role == Role::Parameter)
            parameters.push_back(variable);
    }
    const std::vector<Value> gradients = differentiate(lowered.loss, parameters);
    std::vector<UpdateTarget> decaying;
    std::vector<UpdateTarget> others;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (!gradients[i])
            continue;
        const bool decays = settings.weightDecay > 0.0 && parameters[i].variable()->decays;
        (decays ? decaying : others).push_back({parameters[i], gradients[i], slotsFor(graph, parameters[i], settings)});
    }
    if (decaying.empty() && others.empty())
        throw Error(
            WEFT_TEXT("Training", "Nothing in the network can be trained: no layer with weights leads to the loss. Add one, for example Dense."));
    training.learningRate = graph.input("learning_rate", {DType::Float32, Shape{}});
    addUpdate(training.learningRate, decaying, settings, settings.weightDecay);
    addUpdate(training.learningRate, others, settings, 0.0);
    return training;
}

std::vector<int> bindFeeds(const Lowered& lowered, const Dataset& dataset)
{
    std::vector<int> columns;
    for (const LoweredFeed& feed : lowered.feeds) {
        const Column* column = dataset.findColumn(feed.column);
        if (!column) {
            std::string known;
            for (const Column& c : dataset.columns())
                known += (known.empty() ? "" : ", ") + c.name;
            throw Error(WEFT_TEXT("Training", "The network reads the column \"%1\", which the data do not have. They have: %2."), feed.column, known);
        }
        Extents wanted = feed.value.shape().at(1);
        if (!wanted.empty())
            wanted.erase(wanted.begin());
        // One number a sample is [N] in the graph of a loss and [1] as a column of a table: the same bytes.
        const bool isNumber = elementCount(wanted) == 1 && elementCount(column->shape) == 1 && wanted.size() <= 1 && column->shape.size() <= 1;
        if (wanted != column->shape && !isNumber)
            throw Error(
                WEFT_TEXT("Training",
                          "The network takes \"%1\" in the shape %2, but the data have %3. Set the shape of the Input layer to that of the data."),
                feed.column, toString(wanted), toString(column->shape));
        if (feed.value.dtype() != column->dtype)
            throw Error(WEFT_TEXT("Training", "The network takes \"%1\" as %2, but the data have %3."), feed.column, nameOf(feed.value.dtype()),
                        nameOf(column->dtype));
        columns.push_back(dataset.columnIndex(feed.column));
    }
    return columns;
}

FeedList::FeedList(const Lowered& lowered, const Value& learningRate)
{
    for (const Value& input : lowered.graph->inputs()) {
        const auto it = std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& feed) { return feed.value == input; });
        const int index = it == lowered.feeds.end() ? -2 : static_cast<int>(it - lowered.feeds.begin());
        m_feedOfInput.push_back(input == learningRate ? -1 : index);
    }
    m_pointers.resize(m_feedOfInput.size());
}

const std::vector<const void*>& FeedList::pointers(const Batch& batch, const float* learningRate)
{
    for (std::size_t i = 0; i < m_feedOfInput.size(); ++i) {
        const int feed = m_feedOfInput[i];
        m_pointers[i] = feed >= 0 ? static_cast<const void*>(batch.columns[static_cast<std::size_t>(feed)].data())
            : feed == -1          ? learningRate
                                  : nullptr;
    }
    return m_pointers;
}

void checkTargets(const Lowered& lowered, const Dataset& dataset, Split split)
{
    for (const LoweredLoss& loss : lowered.losses) {
        const Column* column = loss.target ? dataset.findColumn(loss.target.name()) : nullptr;
        if (loss.task != Task::Classification || !column || !column->isLabel || loss.prediction.shape().rank() < 2)
            continue;
        const std::int64_t classes = loss.prediction.shape()[1].factor;
        const std::span<const std::int32_t> labels = dataset.labels(split);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] >= 0 && labels[i] < classes)
                continue;
            throw Error(WEFT_TEXT("Training",
                                  "The label of %1 is %2, but the output before the loss %3 has %4 units, for the labels 0 to %5. Give the last "
                                  "layer as many units as there are classes (%6)."),
                        dataset.sampleName(split, static_cast<std::int64_t>(i)), labels[i], loss.node, classes, classes - 1,
                        dataset.classNames().size());
        }
    }
}

} // namespace weft
