#include "core/training/distributed/server_shard.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"

namespace weft {

namespace {

std::int64_t floatsOf(const Value& variable)
{
    return elementCount(variable.shape().at(1));
}

/// Which server has each parameter: the largest go first, each to the server that has least.
std::vector<std::size_t> serversBySize(const std::vector<Value>& parameters, std::size_t servers)
{
    std::vector<std::size_t> order(parameters.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return floatsOf(parameters[a]) > floatsOf(parameters[b]); });
    std::vector<std::int64_t> held(servers, 0);
    std::vector<std::size_t> server(parameters.size());
    for (const std::size_t parameter : order) {
        const auto least = std::min_element(held.begin(), held.end());
        server[parameter] = static_cast<std::size_t>(least - held.begin());
        *least += floatsOf(parameters[parameter]);
    }
    return server;
}

Plan& planned(const ServerShard& shard, Session& session)
{
    session.addVariables(*shard.update.graph);
    return session.plan(*shard.update.graph, {1, 1, {}, true});
}

/// The sum, in the array of the first one.
std::vector<float>& sumOf(std::vector<GradientShare>& shares, std::int64_t floats)
{
    const auto count = static_cast<std::size_t>(floats);
    std::vector<float>& sum = shares.front().gradient;
    if (const float share = shares.front().share; share != 1) {
        for (std::size_t i = 0; i < count; ++i)
            sum[i] *= share;
    }
    for (std::size_t part = 1; part < shares.size(); ++part) {
        const float* gradient = shares[part].gradient.data();
        const float share = shares[part].share;
        for (std::size_t i = 0; i < count; ++i)
            sum[i] += gradient[i] * share;
    }
    return sum;
}

} // namespace

std::vector<float> ServerShard::read(const Session& session) const
{
    std::vector<float> all;
    for (const Value& variable : update.graph->variables()) {
        const std::size_t begin = all.size();
        all.resize(begin + static_cast<std::size_t>(floatsOf(variable)));
        session.readVariable(variable.name(), std::as_writable_bytes(std::span(all).subspan(begin)));
    }
    return all;
}

void ServerShard::write(Session& session, std::span<const float> from) const
{
    for (const Value& variable : update.graph->variables()) {
        const auto count = static_cast<std::size_t>(floatsOf(variable));
        session.writeVariable(variable.name(), std::as_bytes(from.first(count)));
        from = from.subspan(count);
    }
}

std::vector<ServerShard> serverShards(const Graph& graph, const std::vector<Value>& trained, const TrainingSettings& settings)
{
    const auto servers = static_cast<std::size_t>(settings.distributed.servers);
    if (trained.size() < servers)
        throw Error(WEFT_TEXT("Training",
                              "The network has %1 trained arrays, which cannot be divided among %2 parameter servers. Set "
                              "training.distributed.servers to %1 or less."),
                    trained.size(), servers);
    const std::vector<std::size_t> server = serversBySize(trained, servers);
    std::vector<ServerShard> shards;
    for (std::size_t i = 0; i < servers; ++i) {
        std::vector<Value> own;
        for (std::size_t parameter = 0; parameter < trained.size(); ++parameter) {
            if (server[parameter] == i)
                own.push_back(trained[parameter]);
        }
        ExchangeLayout layout(own, i == 0 ? statesOf(graph, trained) : std::vector<Value>());
        UpdateGraph update = buildUpdateGraph(own, settings);
        shards.push_back({std::move(own), std::move(layout), std::move(update)});
    }
    return shards;
}

ShardWeights::ShardWeights(const ServerShard& shard, Session& session, const TrainingSettings& settings) :
    m_shard(shard), m_session(session), m_settings(settings), m_plan(planned(shard, session))
{
}

const std::vector<float>& ShardWeights::current()
{
    if (!m_isCurrent)
        m_shard.layout.read(m_session, m_current);
    m_isCurrent = true;
    return m_current;
}

std::span<const float> ShardWeights::given(int worker)
{
    const DistributedSettings& distributed = m_settings.distributed;
    if (distributed.hasStaleGradients() && distributed.delayCompensation > 0)
        m_given[worker] = current();
    return current();
}

/// The gradient g of weights w became that of the weights v as they are now: g + λ g² (v − w), in which λ g² stands for the second
/// derivative. Source: Zheng et al., "Asynchronous Stochastic Gradient Descent with Delay Compensation", arXiv 1609.08326.
void ShardWeights::compensate(GradientShare& share)
{
    const auto then = m_given.find(share.worker);
    if (then == m_given.end())
        return;
    const std::vector<float>& now = current();
    const auto lambda = static_cast<float>(m_settings.distributed.delayCompensation);
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_shard.layout.parameterFloats()); ++i) {
        float& g = share.gradient[i];
        g += lambda * g * g * (now[i] - then->second[i]);
    }
}

void ShardWeights::update(std::vector<GradientShare>& shares, const StepNumbers& numbers, std::int64_t step)
{
    for (GradientShare& share : shares)
        compensate(share);
    std::vector<float>& sum = sumOf(shares, m_shard.layout.parameterFloats());
    const UpdateGraph& update = m_shard.update;
    std::vector<const void*> feeds;
    for (const Value& input : update.graph->inputs()) {
        const auto gradient = std::find(update.gradients.begin(), update.gradients.end(), input);
        if (gradient != update.gradients.end()) {
            feeds.push_back(m_shard.layout.place(sum, static_cast<std::size_t>(gradient - update.gradients.begin())));
            continue;
        }
        const auto scalar = std::find_if(update.scalars.begin(), update.scalars.end(), [&](const ScalarFeed& s) { return s.value == input; });
        feeds.push_back(&(numbers.*(scalar->number)));
    }
    m_session.run(m_plan, feeds, {}, {m_settings.seed, step, nullptr, step});
    m_shard.layout.writeStates(m_session, sum);
    haveChanged();
}

} // namespace weft
