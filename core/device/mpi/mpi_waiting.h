#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <mpi.h>

#include "core/device/collectives.h"

namespace weft {

/// Signs of life: every rank tells rank 0, and rank 0 every rank, once a second that it runs, from a thread of its
/// own. MPI itself never notices a process that was stopped.
class Heartbeats {
public:
    /// Collective. `hosts` are those of all ranks.
    explicit Heartbeats(std::vector<std::string> hosts);
    ~Heartbeats();

    int rank() const { return m_rank; }
    /// The rank that has been silent for longest, of those this one listens to, and for how many seconds.
    struct Silence {
        int rank = 0;
        double seconds = 0;
    };
    Silence longestSilence() const;
    const std::string& hostOf(int rank) const { return m_hosts[static_cast<std::size_t>(rank)]; }

private:
    void run();
    void tell();
    void listen();

    std::vector<std::string> m_hosts;
    int m_rank = 0;
    MPI_Comm m_comm = MPI_COMM_NULL;
    std::vector<int> m_peers;
    std::vector<std::atomic<double>> m_lastHeard; ///< of m_peers, seconds since m_start
    std::vector<MPI_Request> m_told; ///< of m_peers
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    std::atomic<bool> m_isEnding = false;
    std::thread m_thread;
};

/// Waits until something is done, without end as long as all ranks live: first spinning, then ever longer asleep,
/// so that a paused run takes no core. Throws Error when a rank stays silent.
class Patience {
public:
    Patience(const Heartbeats& beats, const CollectivesOptions& options, const std::function<void(const Message&)>& onWarning) :
        m_beats(beats), m_options(options), m_onWarning(onWarning)
    {
    }

    template <class IsDone> void until(const IsDone& isDone)
    {
        for (std::int64_t tries = 0; !isDone(); ++tries)
            rest(tries);
    }

private:
    void rest(std::int64_t tries);

    const Heartbeats& m_beats;
    const CollectivesOptions& m_options;
    const std::function<void(const Message&)>& m_onWarning;
    bool m_hasWarned = false;
};

} // namespace weft
