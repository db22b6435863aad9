#include <deque>
#include <map>

#include "core/training/distributed/parameter_server.h"
#include "core/training/distributed/server_letters.h"
#include "core/training/distributed/server_shard.h"

namespace weft {

namespace {

/// One of the servers beside rank 0.
class FurtherServer {
public:
    FurtherServer(const TrainingJob& job, Session& session, Collectives& ranks, const ServerShard& shard) :
        m_session(session), m_ranks(ranks), m_shard(shard), m_format(wireFormat(job.settings.distributed.compression)),
        m_weights(shard, session, job.settings)
    {
    }

    void run()
    {
        while (!m_hasEnded) {
            receive();
            while (!m_orders.empty() && isThere(m_orders.front().first)) {
                auto [order, body] = std::move(m_orders.front());
                m_orders.pop_front();
                obey(order, body);
                m_spare.give(std::move(body));
            }
        }
    }

private:
    void receive()
    {
        std::vector<double> head;
        std::vector<float> body = m_spare.take();
        const int from = m_ranks.receive(head, body);
        if (from == 0)
            m_orders.emplace_back(ServerOrder::of(head), std::move(body));
        else
            m_gradients[errandOf(head).serial] = {m_shard.layout.unpacked(std::move(body), m_format), 1, from};
    }

    /// Whether all that the order speaks of has come from the workers.
    bool isThere(const ServerOrder& order) const
    {
        return std::all_of(order.parts.begin(), order.parts.end(), [&](const ServerOrder::Part& part) { return m_gradients.count(part.serial) > 0; });
    }

    void obey(const ServerOrder& order, const std::vector<float>& body)
    {
        switch (order.kind) {
        case ServerOrder::Kind::Update: update(order); break;
        case ServerOrder::Kind::Forget: reuse(taken(order)); break;
        case ServerOrder::Kind::Give: m_ranks.send(order.rank, {}, m_weights.given(order.rank)); break;
        case ServerOrder::Kind::Tell: m_ranks.send(0, {}, m_shard.read(m_session)); break;
        case ServerOrder::Kind::Take:
            m_shard.write(m_session, body);
            m_weights.haveChanged();
            break;
        case ServerOrder::Kind::End: m_hasEnded = true; break;
        }
    }

    void update(const ServerOrder& order)
    {
        StepNumbers numbers;
        numbers.learningRate = static_cast<float>(order.learningRate);
        numbers.averageKept = static_cast<float>(order.averageKept);
        numbers.averageShare = static_cast<float>(order.averageShare);
        std::vector<GradientShare> shares = taken(order);
        m_weights.update(shares, numbers, order.step);
        reuse(std::move(shares));
    }

    void reuse(std::vector<GradientShare> shares)
    {
        for (GradientShare& share : shares)
            m_spare.give(std::move(share.gradient));
    }

    std::vector<GradientShare> taken(const ServerOrder& order)
    {
        std::vector<GradientShare> shares;
        for (const ServerOrder::Part& part : order.parts) {
            shares.push_back(std::move(m_gradients.extract(part.serial).mapped()));
            shares.back().share = static_cast<float>(part.share);
        }
        return shares;
    }

    Session& m_session;
    Collectives& m_ranks;
    const ServerShard& m_shard;
    const WireFormat m_format;
    ShardWeights m_weights;
    std::deque<std::pair<ServerOrder, std::vector<float>>> m_orders;
    std::map<double, GradientShare> m_gradients; ///< by serial
    SpareArrays m_spare;
    bool m_hasEnded = false;
};

} // namespace

void serveBesideLeader(const TrainingJob& job, SessionOptions options, Collectives& ranks, const std::function<void()>& onReady)
{
    options.seed = job.settings.seed;
    options.collectives = nullptr;
    const GradientStep step(job); // only its shape: servers compute no gradients
    const std::vector<ServerShard> shards = serverShards(*step.graph.lowered.graph, step.gradients.parameters, job.settings);
    Session session(options);
    FurtherServer server(job, session, ranks, shards.at(static_cast<std::size_t>(ranks.rank())));
    onReady();
    server.run();
}

} // namespace weft
