#include "core/training/training_graph.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/ops/accuracy/accuracy.h"
#include "core/ops/assign/assign.h"
#include "core/ops/binary/binary.h"
#include "core/ops/blend_update/blend_update.h"
#include "core/ops/constant/constant.h"
#include "core/ops/global_norm/global_norm.h"
#include "core/ops/keep_largest/keep_largest.h"
#include "core/ops/loss_scale/loss_scale.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "core/training/distributed/gradient_exchange.h"
#include "core/training/distributed/synchronised_batch_norm.h"
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

/// Parameters that are trained, each with its gradient.
struct Gradients {
    std::vector<Value> parameters;
    std::vector<Value> gradients;
};

Gradients gradientsOf(Graph& graph, const Value& loss)
{
    std::vector<Value> candidates;
    for (const Value& variable : graph.variables()) {
        if (variable.variable()->role == Role::Parameter && variable.variable()->rateFactor > 0.0)
            candidates.push_back(variable);
    }
    const std::vector<Value> gradients = differentiate(loss, candidates);
    Gradients reached;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!gradients[i])
            continue;
        reached.parameters.push_back(candidates[i]);
        reached.gradients.push_back(gradients[i]);
    }
    if (reached.parameters.empty())
        throw Error(WEFT_TEXT("Training",
                              "Nothing in the network can be trained: no layer with weights that are not frozen leads to the loss. Add one, for "
                              "example Dense."));
    return reached;
}

/// Appends the ops of one step to a graph that has its loss.
class StepBuilder {
public:
    StepBuilder(Graph& graph, const TrainingSettings& settings, bool hasRanks, bool scalesLoss, std::vector<ScalarFeed>& scalars) :
        m_graph(graph), m_settings(settings), m_hasRanks(hasRanks), m_scalesLoss(scalesLoss), m_scalars(scalars)
    {
    }

    void build(const Value& meanLoss, StepKind kind)
    {
        const Value loss = m_hasRanks ? prepareRanks(meanLoss) : meanLoss;
        Gradients all = gradientsOf(m_graph, m_scalesLoss ? scaled(loss) : loss);
        m_parameters = std::move(all.parameters);
        m_gradients = std::move(all.gradients);
        if (m_settings.gradientAccumulation > 1)
            gather();
        if (kind == StepKind::Gather)
            return;
        if (m_hasRanks && m_settings.distributed.sendsLargestAlone())
            keepLargestGradients();
        if (m_hasRanks)
            m_gradients = exchanged(m_gradients, m_settings.distributed.bucketMegabytes << 20, wireFormat(m_settings.distributed.compression));
        finish();
    }

    /// The end of a step whose gradients are there.
    void build(std::vector<Value> parameters, std::vector<Value> gradients)
    {
        m_parameters = std::move(parameters);
        m_gradients = std::move(gradients);
        finish();
    }

private:
    Value scalar(const char* name, float StepNumbers::*number)
    {
        const Value value = m_graph.input(name, {DType::Float32, Shape{}});
        m_scalars.push_back({value, number});
        return value;
    }

    /// The part of the loss of all ranks that this rank's samples make: its gradients add up over the ranks.
    Value prepareRanks(const Value& meanLoss)
    {
        const Value share = scalar("batch_share", &StepNumbers::batchShare);
        if (m_settings.distributed.synchronisedBatchNorm)
            synchroniseBatchNorms(m_graph, share, scalar("batch_samples", &StepNumbers::batchSamples));
        return multiply(meanLoss, share);
    }

    /// The loss whose gradients are computed. The scale changes with the weights alone, so that gradients that are
    /// gathered have one.
    Value scaled(const Value& loss)
    {
        m_lossScale.scale = m_graph.variable(lossScaleName, Role::Slot, {DType::Float32, Shape{}},
                                             Initializer{.kind = Initializer::Kind::Constant, .a = firstLossScale}, false);
        m_lossScale.counts = m_graph.variable(lossScaleCountsName, Role::Slot, {DType::Float32, {Dim(2)}}, Initializer{}, false);
        return multiply(loss, m_lossScale.scale);
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

    /// What is not sent is added to the gradient of the next step (deep gradient compression, arXiv 1712.01887, without its
    /// further corrections). Those of biases and scales go whole: they cost nothing, and each of them counts.
    void keepLargestGradients()
    {
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            if (m_gradients[i].shape().rank() < 2)
                continue;
            const std::int64_t count = elementCount(m_gradients[i].shape().at(1));
            const Value residual = optimizerVariable(residualName, m_parameters[i]);
            const Value whole = add(residual, m_gradients[i]);
            const auto kept = static_cast<std::int64_t>(std::ceil(m_settings.distributed.topKPercent / 100 * static_cast<double>(count)));
            m_gradients[i] = keepLargest(whole, kept);
            assign(residual, subtract(whole, m_gradients[i]));
        }
    }

    void finish()
    {
        update();
        if (m_settings.averagingDecay > 0.0)
            average();
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
        const Value norm = m_scalesLoss ? globalNorm(m_gradients) : Value();
        const UpdateOptions options{m_settings.weightDecay, m_settings.decoupledWeightDecay, m_settings.l1, m_settings.clipValue,
                                    m_scalesLoss                   ? lossScaleFactor(m_lossScale, norm, m_settings.clipNorm)
                                        : m_settings.clipNorm > 0.0 ? normScale(m_gradients, m_settings.clipNorm)
                                                                    : Value()};
        optimizerUpdate(rule.op, scalar("learning_rate", &StepNumbers::learningRate), targets, rule.numbers, options);
        if (m_scalesLoss)
            lossScaleUpdate(m_lossScale, norm);
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
    const bool m_hasRanks;
    const bool m_scalesLoss;
    std::vector<ScalarFeed>& m_scalars;
    std::vector<Value> m_parameters;
    std::vector<Value> m_gradients; ///< of m_parameters
    LossScale m_lossScale;
};

} // namespace

TrainingGraph buildTrainingGraph(Lowered& lowered, const TrainingSettings& settings, StepKind kind, bool hasRanks, bool scalesLoss)
{
    TrainingGraph training;
    training.metrics = addMetrics(lowered);
    StepBuilder(*lowered.graph, settings, hasRanks, scalesLoss, training.scalars).build(lowered.loss, kind);
    return training;
}

GradientGraph buildGradientGraph(Lowered& lowered)
{
    GradientGraph graph;
    graph.metrics = addMetrics(lowered);
    Gradients all = gradientsOf(*lowered.graph, lowered.loss);
    graph.parameters = std::move(all.parameters);
    graph.gradients = std::move(all.gradients);
    return graph;
}

UpdateGraph buildUpdateGraph(const std::vector<Value>& parameters, const TrainingSettings& settings)
{
    UpdateGraph update;
    update.graph = std::make_unique<Graph>();
    std::vector<Value> own;
    for (const Value& parameter : parameters) {
        const Variable& variable = *parameter.variable();
        own.push_back(
            update.graph->variable(variable.name, variable.role, parameter.type(), variable.initializer, variable.decays, variable.rateFactor));
        update.gradients.push_back(update.graph->input("gradient/" + variable.name, parameter.type()));
    }
    StepBuilder(*update.graph, settings, false, false, update.scalars).build(std::move(own), update.gradients);
    return update;
}

bool hasVariableLength(const LoweredFeed& feed)
{
    return feed.value.shape().rank() > 1 && feed.value.shape()[1].timesT;
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

std::vector<const void*> FeedList::columns(const Batch& batch) const
{
    std::vector<const void*> places;
    for (const int feed : m_feedOfInput)
        places.push_back(feed >= 0 ? batch.columns[static_cast<std::size_t>(feed)].data() : nullptr);
    return places;
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

} // namespace weft
