#pragma once

#include <map>
#include <vector>

#include <QDateTime>
#include <QJsonObject>
#include <QPointF>
#include <QString>

namespace weft {

/// What a worker did between two events.
struct WorkerSpan {
    double from = 0; ///< seconds since the run began
    double to = 0;
    double busyShare = 0; ///< of the span
    double staleness = 0; ///< mean of its gradients
    qint64 gradients = 0;
    qint64 dropped = 0;
};

/// A process that trains.
struct RankFacts {
    QString host;
    qint64 processId = 0;
    qint64 firstSample = 0; ///< its places in each batch
    qint64 endSample = 0;
    std::vector<WorkerSpan> spans;
};

/// What the events of a run tell of its processes: who they are, how busy each is, how stale its gradients are, how much
/// all of them do. Events go in, in their order.
class WorkerStats {
public:
    void add(const QJsonObject& event);

    const std::map<int, RankFacts>& ranks() const { return m_ranks; }
    /// Samples a second over seconds since the run began.
    const std::vector<QPointF>& throughput() const { return m_throughput; }
    bool hasWorkers() const;
    /// Seconds of the last event.
    double end() const { return m_last; }

private:
    double secondsOf(const QJsonObject& event);
    void begin(const QJsonObject& started);
    void addThroughput(double rate, double until);
    void addWorkers(const QJsonObject& batch, double until);

    std::map<int, RankFacts> m_ranks;
    std::vector<QPointF> m_throughput;
    double m_windowSamples = 0, m_windowSeconds = 0; ///< since the last point of it
    QDateTime m_start;
    double m_last = 0; ///< where the span of the next workers begins
};

} // namespace weft
