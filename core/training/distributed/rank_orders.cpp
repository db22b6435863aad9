#include "core/training/distributed/rank_orders.h"

#include <cstring>
#include <vector>

#include "core/training/distributed/parameter_server.h"

namespace weft {

void sendOrder(Collectives& ranks, const RankOrder& order)
{
    std::vector<std::byte> bytes(sizeof order);
    std::memcpy(bytes.data(), &order, sizeof order);
    ranks.broadcast(bytes);
}

RankOrder receiveOrder(Collectives& ranks)
{
    std::vector<std::byte> bytes;
    ranks.broadcast(bytes);
    RankOrder order;
    std::memcpy(&order, bytes.data(), sizeof order);
    return order;
}

void shareVariables(Collectives& ranks, Session& session, std::optional<Role> role)
{
    for (const std::string& name : session.variableNames()) {
        if (role && session.variableRole(name) != *role)
            continue;
        const TensorType& type = session.variableType(name);
        std::vector<std::byte> bytes(static_cast<std::size_t>(elementCount(type.shape.at(1))) * sizeOf(type.dtype));
        session.readVariable(name, bytes);
        ranks.broadcast(bytes);
        session.writeVariable(name, bytes);
    }
}

namespace {

void followOrders(Collectives& ranks, EpochRunner& runner)
{
    for (;;) {
        const RankOrder order = receiveOrder(ranks);
        switch (order.kind) {
        case RankOrder::Kind::ShareVariables: runner.shareVariables(); break;
        case RankOrder::Kind::StartEpoch: runner.startEpoch(order.number, order.firstBatch); break;
        case RankOrder::Kind::Step: runner.step(order.number, order.learningRate); break;
        case RankOrder::Kind::Validate: runner.validate(); break;
        case RankOrder::Kind::EvenResiduals: runner.evenResiduals(); break;
        case RankOrder::Kind::End: return;
        }
    }
}

} // namespace

void trainBesideLeader(const TrainingJob& job, const SessionOptions& options, const std::function<void()>& onReady)
{
    Collectives& ranks = *options.collectives;
    if (job.settings.distributed.isServer(ranks.rank()))
        return serveBesideLeader(job, options, ranks, onReady);
    if (job.settings.distributed.hasServer())
        return workForServer(job, options, ranks, onReady);
    EpochRunner runner(job, options);
    onReady();
    followOrders(ranks, runner);
}

} // namespace weft
