#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include <QJsonArray>

namespace weft {

/// What the workers of a parameter server did since it was last told: how long each computed, how many gradients of it
/// counted, and how stale they were. Seconds are those from handing work out to its return, the way included.
class WorkerTimes {
public:
    using Clock = std::chrono::steady_clock;

    void handed(int rank, Clock::time_point now = Clock::now());
    /// `staleness` are the updates that the weights have seen meanwhile; negative where the gradient came too late and
    /// was dropped.
    void answered(int rank, std::int64_t samples, std::int64_t staleness, Clock::time_point now = Clock::now());
    /// From handing work out to its return, the last time; 0 before that.
    double lastSeconds(int rank) const;
    /// How long its work will still take, were it as fast as the last time; as long again as it has taken, where it is slower.
    double remainingSeconds(int rank, Clock::time_point now = Clock::now()) const;
    /// A list of {"rank", "gradients", "samples", "busy_seconds", "staleness" (mean), "staleness_max", "dropped"}, of those
    /// who did something; begins anew.
    QJsonArray take(Clock::time_point now = Clock::now());

private:
    struct Worker {
        bool isBusy = false;
        Clock::time_point since; ///< it got its work, or what came before was told
        double busySeconds = 0;
        std::int64_t gradients = 0, samples = 0, staleness = 0, mostStale = 0, dropped = 0;
    };

    std::map<int, Worker> m_workers;
    std::map<int, Clock::time_point> m_handedAt;
    std::map<int, double> m_lastSeconds;
};

} // namespace weft
