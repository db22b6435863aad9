#include "core/training/training_graph.h"

#include <algorithm>
#include <string_view>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/ops/accuracy/accuracy.h"
#include "core/ops/binary/binary.h"
#include "core/ops/blend_update/blend_update.h"
#include "core/ops/constant/constant.h"
#include "core/ops/global_norm/global_norm.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "core/training/optimizers.h"

namespace weft {

namespace {

/// A variable of the optimizer that starts at zero.
Value optimizerVariable(const std::string& name, const Value& parameter)
{
    return parameter.graph().variable(name + "/" + parameter.name(), Role::Slot, parameter.type(), Initializer{}, false, 1.0);
}

Value number(Graph& graph, double value)
{
    return constant(graph, DType::Float32, {}, {value});
}

/// What makes the norm of all gradients at most `limit`, as clip_grad_norm_ of PyTorch.
Value normScale(const std::vector<Value>& gradients, double limit)
{
    constexpr double guard = 1e-6;
    Graph& graph = gradients.front().graph();
    return minimum(divide(number(graph, limit), affine(globalNorm(gradients), 1.0, guard)), number(graph, 1.0));
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

namespace {

/// Appends the ops of one step to a graph that has its loss.
class StepBuilder {
public:
    StepBuilder(Graph& graph, const TrainingSettings& settings, TrainingGraph& to) : m_graph(graph), m_settings(settings), m_to(to) {}

    void build(const Value& loss, StepKind kind)
    {
        for (const Value& variable : m_graph.variables()) {
            if (variable.variable()->role == Role::Parameter && variable.variable()->rateFactor > 0.0)
                m_parameters.push_back(variable);
        }
        m_gradients = differentiate(loss, m_parameters);
        for (std::size_t i = m_parameters.size(); i-- > 0;) {
            if (m_gradients[i])
                continue;
            m_parameters.erase(m_parameters.begin() + static_cast<std::ptrdiff_t>(i));
            m_gradients.erase(m_gradients.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (m_parameters.empty())
            throw Error(WEFT_TEXT("Training",
                                  "Nothing in the network can be trained: no layer with weights that are not frozen leads to the loss. Add one, for "
                                  "example Dense."));
        if (m_settings.gradientAccumulation > 1)
            gather();
        if (kind == StepKind::Gather)
            return;
        update();
        if (m_settings.averagingDecay > 0.0)
            average();
    }

private:
    Value scalar(const char* name, float StepNumbers::*number)
    {
        const Value value = m_graph.input(name, {DType::Float32, Shape{}});
        m_to.scalars.push_back({value, number});
        return value;
    }

    /// Adds the gradients to those of the batches before; from then on they count.
    void gather()
    {
        std::vector<BlendTarget> targets;
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            const Value sum = optimizerVariable("slot/gathered", m_parameters[i]);
            targets.push_back({sum, m_gradients[i]});
            m_gradients[i] = sum;
        }
        blendUpdate(scalar("gathered_kept", &StepNumbers::gatheredKept), scalar("gathered_share", &StepNumbers::gatheredShare), targets);
    }

    void update()
    {
        const OptimizerRule rule = optimizerRule(m_settings);
        std::vector<UpdateTarget> targets;
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            UpdateTarget target{m_parameters[i], m_gradients[i], {}};
            for (const std::string& slot : rule.slots)
                target.slots.push_back(optimizerVariable("slot/" + slot, m_parameters[i]));
            targets.push_back(std::move(target));
        }
        const UpdateOptions options{m_settings.weightDecay, m_settings.decoupledWeightDecay, m_settings.l1, m_settings.clipValue,
                                    m_settings.clipNorm > 0.0 ? normScale(m_gradients, m_settings.clipNorm) : Value()};
        optimizerUpdate(rule.op, scalar("learning_rate", &StepNumbers::learningRate), targets, rule.numbers, options);
    }

    void average()
    {
        std::vector<BlendTarget> targets;
        for (const Value& parameter : m_parameters)
            targets.push_back({optimizerVariable("ema", parameter), parameter});
        blendUpdate(scalar("average_kept", &StepNumbers::averageKept), scalar("average_share", &StepNumbers::averageShare), targets);
    }

    Graph& m_graph;
    const TrainingSettings& m_settings;
    TrainingGraph& m_to;
    std::vector<Value> m_parameters;
    std::vector<Value> m_gradients; ///< of m_parameters
};

} // namespace

TrainingGraph buildTrainingGraph(Lowered& lowered, const TrainingSettings& settings, StepKind kind)
{
    TrainingGraph training;
    training.metrics = addMetrics(lowered);
    StepBuilder(*lowered.graph, settings, training).build(lowered.loss, kind);
    return training;
}

namespace {

const Column& columnOf(const LoweredFeed& feed, const Dataset& dataset)
{
    if (const Column* column = dataset.findColumn(feed.column))
        return *column;
    std::string known;
    for (const Column& column : dataset.columns())
        known += (known.empty() ? "" : ", ") + column.name;
    throw Error(WEFT_TEXT("Training", "The network reads the column \"%1\", which the data do not have. They have: %2."), feed.column, known);
}

/// A sample's extents as the network declares them; of a sequence of variable length those of a step.
Extents declaredExtents(const LoweredFeed& feed)
{
    Extents extents = feed.value.shape().at(1);
    extents.erase(extents.begin(), extents.begin() + std::min<std::ptrdiff_t>(std::ssize(extents), hasVariableLength(feed) ? 2 : 1));
    return extents;
}

void checkSequence(const LoweredFeed& feed, const Column& column, std::int64_t longest)
{
    if (!column.isSequence)
        throw Error(WEFT_TEXT("Training",
                              "The network takes \"%1\" as sequences of variable length, but the data have %2 of a fixed shape. Turn "
                              "\"variableLength\" of the Input layer off."),
                    feed.column, toString(column.shape));
    if (column.shape.front() > longest)
        throw Error(WEFT_TEXT("Training",
                              "The sequences in \"%1\" have up to %2 steps, but the network takes %3 at most. Set data.maxLength to %3, or the shape "
                              "of the Input layer to %2."),
                    feed.column, column.shape.front(), longest);
}

void checkShape(const LoweredFeed& feed, const Column& column, std::int64_t longest)
{
    const Extents wanted = declaredExtents(feed);
    Extents given = column.shape;
    if (hasVariableLength(feed)) {
        checkSequence(feed, column, longest);
        given.erase(given.begin());
    }
    // One number a sample is [N] in the graph of a loss and [1] as a column of a table: the same bytes.
    const bool isNumber = elementCount(wanted) == 1 && elementCount(given) == 1 && wanted.size() <= 1 && given.size() <= 1;
    if (wanted != given && !isNumber)
        throw Error(
            WEFT_TEXT("Training",
                      "The network takes \"%1\" in the shape %2, but the data have %3. Set the shape of the Input layer to that of the data."),
            feed.column, toString(wanted), toString(given));
}

/// A token beyond the last row of a table would have no vector.
void checkTokens(const Lowered& lowered, const LoweredFeed& feed, const Column& column)
{
    for (const auto& op : lowered.graph->ops()) {
        if (column.indexCount == 0 || std::string_view(op->spec().name) != "Embedding" || op->input(1) != feed.value)
            continue;
        const std::int64_t rows = op->input(0).shape()[0].factor;
        if (column.indexCount > rows)
            throw Error(WEFT_TEXT("Training",
                                  "The texts have tokens up to %1, but %2 has a vocabulary of %3. Set its vocabulary to at least %4, or "
                                  "data.vocabularySize to %3."),
                        column.indexCount - 1, op->node(), rows, column.indexCount);
    }
}

} // namespace

bool hasVariableLength(const LoweredFeed& feed)
{
    return feed.value.shape().rank() > 1 && feed.value.shape()[1].timesT;
}

std::vector<int> bindFeeds(const Lowered& lowered, const Dataset& dataset)
{
    std::vector<int> columns;
    for (const LoweredFeed& feed : lowered.feeds) {
        const Column& column = columnOf(feed, dataset);
        checkShape(feed, column, lowered.longest);
        checkTokens(lowered, feed, column);
        if (feed.value.dtype() != column.dtype)
            throw Error(WEFT_TEXT("Training", "The network takes \"%1\" as %2, but the data have %3."), feed.column, nameOf(feed.value.dtype()),
                        nameOf(column.dtype));
        columns.push_back(dataset.columnIndex(feed.column));
    }
    return columns;
}

std::vector<int> cutColumns(const Lowered& lowered, const Dataset& dataset)
{
    std::vector<int> columns;
    for (const LoweredFeed& feed : lowered.feeds) {
        if (hasVariableLength(feed))
            columns.push_back(dataset.columnIndex(feed.column));
    }
    return columns;
}

std::int64_t longestTime(const Lowered& lowered, const Dataset& dataset)
{
    std::int64_t time = 1;
    for (const int column : cutColumns(lowered, dataset))
        time = std::max(time, dataset.columns()[static_cast<std::size_t>(column)].shape.front());
    return time;
}

FeedList::FeedList(const Lowered& lowered, std::vector<ScalarFeed> scalars) : m_scalars(std::move(scalars))
{
    for (const Value& input : lowered.graph->inputs()) {
        const auto feed = std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& f) { return f.value == input; });
        const auto scalar = std::find_if(m_scalars.begin(), m_scalars.end(), [&](const ScalarFeed& s) { return s.value == input; });
        m_feedOfInput.push_back(static_cast<int>(feed != lowered.feeds.end() ? feed - lowered.feeds.begin() : -1 - (scalar - m_scalars.begin())));
    }
    m_pointers.resize(m_feedOfInput.size());
}

const std::vector<const void*>& FeedList::pointers(const Batch& batch, const StepNumbers& numbers)
{
    for (std::size_t i = 0; i < m_feedOfInput.size(); ++i) {
        const int feed = m_feedOfInput[i];
        const auto scalar = static_cast<std::size_t>(-1 - feed);
        if (feed >= 0)
            m_pointers[i] = batch.columns[static_cast<std::size_t>(feed)].data();
        else
            m_pointers[i] = scalar < m_scalars.size() ? &(numbers.*m_scalars[scalar].number) : nullptr;
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
