#include "core/training/network_measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/ops/global_norm/global_norm.h"
#include "core/training/data_fit.h"
#include "core/training/network_probe.h"
#include "core/training/training_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

constexpr std::int64_t mostSamples = 32;
constexpr double wantedMultiplyAdds = 4e10; ///< of the forward passes of a batch
constexpr double profiledSeconds = 0.5;
constexpr int mostSteps = 20;

/// Every way that leads to a node: "a", "a/b" for "a/b".
std::vector<std::string> waysTo(const std::string& node)
{
    std::vector<std::string> ways;
    for (std::size_t slash = node.find('/'); slash != std::string::npos; slash = node.find('/', slash + 1))
        ways.push_back(node.substr(0, slash));
    ways.push_back(node);
    return ways;
}

/// "stage1/conv1" of the variable "stage1/conv1/kernel".
std::string nodeOf(const std::string& variable)
{
    return variable.substr(0, variable.rfind('/'));
}

class Measuring {
public:
    Measuring(const Network& network, const TrainingSettings& settings, const TensorFile* weights, const Dataset& dataset,
              const SessionOptions& options, const MeasureProgress& progress) :
        m_network(network),
        m_weights(weights), m_dataset(dataset), m_options(options), m_progress(progress), m_lowered(lower(network, {Mode::Train, true})),
        m_session(options)
    {
        if (!m_lowered.loss)
            throw Error(WEFT_TEXT("Training", "The network has no loss, so nothing can be learned and no gradient measured."));
        if (dataset.size(Split::Train) == 0)
            throw Error(WEFT_TEXT("Training", "The data have no %1 samples."), nameOf(Split::Train));
        checkTargets(m_lowered, dataset, Split::Train);
        const double each = std::max(1.0, analyze(network).multiplyAdds);
        m_result.samples = std::clamp(static_cast<std::int64_t>(wantedMultiplyAdds / each), std::int64_t{2}, mostSamples);
        m_result.samples = std::min({m_result.samples, settings.batchSize, dataset.size(Split::Train)});
        m_seed = settings.seed;
    }

    NetworkMeasure run()
    {
        trainOneBatch();
        countDead();
        for (const std::string& node : m_order)
            m_result.nodes.push_back(m_measures.at(node));
        return std::move(m_result);
    }

private:
    NodeMeasure& measureOf(const std::string& node)
    {
        const auto [found, isNew] = m_measures.try_emplace(node);
        if (isNew) {
            found->second.node = node;
            m_order.push_back(node);
        }
        return found->second;
    }

    void report(double fraction) const
    {
        if (m_progress && !m_progress(fraction))
            throw Error(WEFT_TEXT("Training", "The measurement was cancelled."));
    }

    /// One norm for each node with weights, as fetches of the training graph.
    std::vector<Value> addNorms()
    {
        std::vector<Value> parameters;
        for (const Value& variable : m_lowered.graph->variables()) {
            if (variable.variable()->role == Role::Parameter)
                parameters.push_back(variable);
        }
        const std::vector<Value> gradients = differentiate(m_lowered.loss, parameters);
        std::map<std::string, std::vector<Value>> ofNode;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (gradients[i])
                ofNode[nodeOf(parameters[i].name())].push_back(gradients[i]);
        }
        std::vector<Value> norms;
        for (const auto& [node, values] : ofNode) {
            norms.push_back(globalNorm(values));
            m_normed.push_back(node);
        }
        return norms;
    }

    void trainOneBatch()
    {
        std::vector<Value> fetches{m_lowered.loss};
        const std::vector<Value> norms = addNorms();
        fetches.insert(fetches.end(), norms.begin(), norms.end());
        m_session.addVariables(*m_lowered.graph);
        if (m_weights)
            loadVariables(m_session, *m_lowered.graph, *m_weights);
        LoaderOptions loading;
        loading.columns = bindFeeds(m_lowered, m_dataset);
        loading.cutColumns = cutColumns(m_lowered, m_dataset);
        loading.batchSize = m_result.samples;
        loading.seed = m_seed;
        loading.prefetch = 1;
        Loader loader(m_dataset, loading);
        loader.startEpoch(0);
        const Batch& batch = *loader.next();
        m_indices = batch.indices;

        std::vector<float> numbers(fetches.size());
        std::vector<void*> results;
        for (float& number : numbers)
            results.push_back(&number);
        FeedList feeds(m_lowered, {});
        Plan& plan = m_session.plan(*m_lowered.graph, {batch.size, batch.time, fetches, false});
        const auto step = [&] { m_session.run(plan, feeds.pointers(batch, {}), results, {m_seed, 1, batch.indices.data()}); };
        step(); // the first touches memory and packs weights
        report(0.2);
        m_session.setProfiling(true);
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < mostSteps && std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < profiledSeconds; ++i) {
            step();
            report(0.2 + 0.3 * (i + 1) / mostSteps);
        }
        noteNorms(numbers);
        noteTimes(plan, static_cast<double>(batch.size));
    }

    void noteNorms(const std::vector<float>& numbers)
    {
        for (std::size_t i = 0; i < m_normed.size(); ++i) {
            for (const std::string& way : waysTo(m_normed[i])) {
                NodeMeasure& measure = measureOf(way);
                measure.gradientNorm = std::hypot(std::max(0.0, measure.gradientNorm), static_cast<double>(numbers[i + 1]));
            }
        }
    }

    void noteTimes(const Plan& plan, double samples)
    {
        for (const PlanStep& step : plan.steps()) {
            if (step.node.empty())
                continue;
            for (const std::string& way : waysTo(step.node))
                measureOf(way).milliseconds += step.microseconds * 1e-3 / samples;
        }
    }

    /// A unit is a channel of [C, H, W] or a feature of [F] and [T, F].
    void countDead()
    {
        NetworkProbe probe(m_network, m_options);
        if (m_weights)
            probe.load(*m_weights);
        std::map<std::string, std::vector<char>> isAlive;
        for (std::size_t i = 0; i < m_indices.size(); ++i) {
            probe.run(m_dataset, Split::Train, m_indices[i]);
            probe.forEach([&](const std::string& node, const PortTensor& tensor) { noteAlive(tensor, isAlive[node]); });
            report(0.5 + 0.5 * static_cast<double>(i + 1) / static_cast<double>(m_indices.size()));
        }
        for (const auto& [node, units] : isAlive) {
            if (!units.empty())
                measureOf(node).deadShare = static_cast<double>(std::count(units.begin(), units.end(), 0)) / static_cast<double>(units.size());
        }
    }

    static void noteAlive(const PortTensor& tensor, std::vector<char>& isAlive)
    {
        if (tensor.extents.empty() || tensor.dtype != DType::Float32)
            return;
        const bool isLast = tensor.extents.size() == 2;
        const auto units = static_cast<std::size_t>(isLast ? tensor.extents.back() : tensor.extents.front());
        const std::size_t apart = isLast || units == 0 ? 1 : tensor.values.size() / units;
        isAlive.resize(units, 0);
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            if (tensor.values[i] != 0.0f)
                isAlive[i / apart % units] = 1;
        }
    }

    const Network& m_network;
    const TensorFile* m_weights;
    const Dataset& m_dataset;
    SessionOptions m_options;
    const MeasureProgress& m_progress;
    std::uint64_t m_seed = 0;
    Lowered m_lowered;
    NetworkMeasure m_result;
    std::vector<std::string> m_normed; ///< nodes of the norms, in their order
    std::vector<std::int64_t> m_indices;
    std::map<std::string, NodeMeasure> m_measures;
    std::vector<std::string> m_order;
    Session m_session;
};

} // namespace

NetworkMeasure measureNetwork(const Network& network, const TrainingSettings& settings, const TensorFile* weights, const Dataset& dataset,
                              const SessionOptions& session, const MeasureProgress& progress)
{
    return Measuring(network, settings, weights, dataset, session, progress).run();
}

} // namespace weft
