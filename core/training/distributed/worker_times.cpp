#include "core/training/distributed/worker_times.h"

#include <algorithm>

#include <QJsonObject>

namespace weft {

namespace {

double seconds(WorkerTimes::Clock::duration span)
{
    return std::chrono::duration<double>(span).count();
}

} // namespace

void WorkerTimes::handed(int rank, Clock::time_point now)
{
    Worker& worker = m_workers[rank];
    worker.isBusy = true;
    worker.since = now;
    m_handedAt[rank] = now;
}

double WorkerTimes::lastSeconds(int rank) const
{
    const auto it = m_lastSeconds.find(rank);
    return it == m_lastSeconds.end() ? 0.0 : it->second;
}

double WorkerTimes::remainingSeconds(int rank, Clock::time_point now) const
{
    const auto worker = m_workers.find(rank);
    if (worker == m_workers.end() || !worker->second.isBusy)
        return 0;
    const double elapsed = seconds(now - m_handedAt.at(rank)), last = lastSeconds(rank);
    return elapsed < last ? last - elapsed : elapsed;
}

void WorkerTimes::answered(int rank, std::int64_t samples, std::int64_t staleness, Clock::time_point now)
{
    Worker& worker = m_workers[rank];
    worker.busySeconds += worker.isBusy ? seconds(now - worker.since) : 0.0;
    if (worker.isBusy)
        m_lastSeconds[rank] = seconds(now - m_handedAt[rank]);
    worker.isBusy = false;
    if (staleness < 0) {
        ++worker.dropped;
        return;
    }
    ++worker.gradients;
    worker.samples += samples;
    worker.staleness += staleness;
    worker.mostStale = std::max(worker.mostStale, staleness);
}

QJsonArray WorkerTimes::take(Clock::time_point now)
{
    QJsonArray told;
    for (auto& [rank, worker] : m_workers) {
        // Work that goes on counts in both spans, in each with its part.
        const double busy = worker.busySeconds + (worker.isBusy ? seconds(now - worker.since) : 0.0);
        if (busy <= 0 && worker.gradients == 0 && worker.dropped == 0)
            continue;
        const double mean = worker.gradients > 0 ? static_cast<double>(worker.staleness) / static_cast<double>(worker.gradients) : 0.0;
        told.append(QJsonObject{{QStringLiteral("rank"), rank},
                                {QStringLiteral("gradients"), static_cast<qint64>(worker.gradients)},
                                {QStringLiteral("samples"), static_cast<qint64>(worker.samples)},
                                {QStringLiteral("busy_seconds"), busy},
                                {QStringLiteral("staleness"), mean},
                                {QStringLiteral("staleness_max"), static_cast<qint64>(worker.mostStale)},
                                {QStringLiteral("dropped"), static_cast<qint64>(worker.dropped)}});
        worker = Worker{worker.isBusy, now};
    }
    return told;
}

} // namespace weft
