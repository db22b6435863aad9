#include "widgets/cluster/worker_stats.h"

#include <algorithm>

#include <QJsonArray>

namespace weft {

void WorkerStats::add(const QJsonObject& event)
{
    const QString kind = event.value(QStringLiteral("event")).toString();
    const double now = secondsOf(event);
    if (kind == QLatin1String("started"))
        begin(event);
    if (kind == QLatin1String("batch")) {
        addThroughput(event.value(QStringLiteral("samples_per_second")).toDouble(), now);
        addWorkers(event, now);
    }
    m_last = std::max(m_last, now);
}

bool WorkerStats::hasWorkers() const
{
    return std::any_of(m_ranks.begin(), m_ranks.end(), [](const auto& entry) { return !entry.second.spans.empty(); });
}

double WorkerStats::secondsOf(const QJsonObject& event)
{
    const QDateTime time = QDateTime::fromString(event.value(QStringLiteral("time")).toString(), Qt::ISODateWithMs);
    if (!time.isValid())
        return m_last;
    if (!m_start.isValid())
        m_start = time;
    return static_cast<double>(m_start.msecsTo(time)) / 1000;
}

/// A run that is started again may have other processes; what the earlier ones did stays.
void WorkerStats::begin(const QJsonObject& started)
{
    for (const QJsonValue& value : started.value(QStringLiteral("ranks")).toArray()) {
        const QJsonObject facts = value.toObject();
        RankFacts& rank = m_ranks[facts.value(QStringLiteral("rank")).toInt()];
        const QJsonArray shard = facts.value(QStringLiteral("shard")).toArray();
        rank.host = facts.value(QStringLiteral("host")).toString();
        rank.processId = facts.value(QStringLiteral("pid")).toInteger();
        rank.firstSample = shard.at(0).toInteger();
        rank.endSample = shard.at(1).toInteger();
    }
}

/// Gradients may come in pairs, one right behind the other: speeds of such moments are those of no run.
void WorkerStats::addThroughput(double rate, double until)
{
    constexpr double shortest = 0.25; // seconds
    const double length = until - m_last;
    m_windowSamples += rate * length;
    m_windowSeconds += length;
    const bool isFirst = m_throughput.empty();
    if (rate <= 0 || (m_windowSeconds < shortest && !isFirst))
        return;
    m_throughput.emplace_back(until, m_windowSeconds > 0 ? m_windowSamples / m_windowSeconds : rate);
    m_windowSamples = m_windowSeconds = 0;
}

void WorkerStats::addWorkers(const QJsonObject& batch, double until)
{
    const double length = until - m_last;
    if (length <= 0)
        return;
    for (const QJsonValue& value : batch.value(QStringLiteral("workers")).toArray()) {
        const QJsonObject worker = value.toObject();
        const double busy = worker.value(QStringLiteral("busy_seconds")).toDouble() / length;
        m_ranks[worker.value(QStringLiteral("rank")).toInt()].spans.push_back(
            {m_last, until, std::clamp(busy, 0.0, 1.0), worker.value(QStringLiteral("staleness")).toDouble(),
             worker.value(QStringLiteral("gradients")).toInteger(), worker.value(QStringLiteral("dropped")).toInteger()});
    }
}

} // namespace weft
