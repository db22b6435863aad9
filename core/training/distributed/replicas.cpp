#include "core/training/distributed/replicas.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/device/cards.h"
#include "core/device/cpu_info.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/distributed/rank_report.h"
#include "core/training/distributed/thread_ranks.h"
#include "core/training/memory_forecast.h"

namespace weft {

namespace {

void follow(const TrainingJob& job, const SessionOptions& session, Collectives& own)
{
    const std::int64_t batchSize = globalBatchSize(job.settings, &own, job.dataset->size(Split::Train));
    followAndReport(own, batchSize, [&](const auto& ready) { trainBesideLeader(job, session, ready); });
}

/// Each replica computes on a card of its own.
void requireCards(int replicas)
{
    const int cards = availableCards();
    if (replicas > cards)
        throw Error(WEFT_TEXT("Training", "%1 replicas on graphics cards need a card each, but this machine has %2. Choose fewer, or the device cpu."),
                    replicas, cards);
}

} // namespace

TrainingEnd trainReplicas(const TrainingJob& job, const TrainingOptions& options, int replicas)
{
    const int threads = options.session.threads > 0 ? options.session.threads : usableCores();
    SessionOptions session = options.session;
    session.threads = std::max(1, threads / replicas);
    const bool isOnCards = session.device == DeviceKind::Cuda;
    if (isOnCards)
        requireCards(replicas);
    requireMemory(job.network, job.settings, session, job.dataset, {replicas, isOnCards ? 1 : replicas});
    TrainingEnd end = TrainingEnd::Stopped;
    ThreadRanks(replicas).run([&](Collectives& own) {
        TrainingOptions mine = options;
        mine.session = session;
        mine.session.collectives = &own;
        mine.session.deviceIndex = isOnCards ? own.rank() : 0;
        if (own.rank() == 0)
            end = train(job, mine);
        else
            follow(job, mine.session, own);
    });
    return end;
}

} // namespace weft
