#include "core/device/mpi/mpi_waiting.h"

#include <cmath>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr auto beat = std::chrono::seconds(1);
constexpr std::int64_t spinning = 2000; ///< tries before the first sleep: some hundred microseconds
constexpr std::int64_t napping = 20000; ///< tries before the sleeps become long
constexpr auto nap = std::chrono::microseconds(50);
constexpr auto sleep = std::chrono::milliseconds(2);

} // namespace

Heartbeats::Heartbeats(std::vector<std::string> hosts) :
    m_hosts(std::move(hosts)), m_lastHeard(m_hosts.size()), m_told(m_hosts.size(), MPI_REQUEST_NULL)
{
    MPI_Comm_dup(MPI_COMM_WORLD, &m_comm);
    MPI_Comm_rank(m_comm, &m_rank);
    const int size = static_cast<int>(m_hosts.size());
    for (int other = 0; other < size; ++other) {
        if (other != m_rank && (m_rank == 0 || other == 0))
            m_peers.push_back(other);
    }
    m_thread = std::thread([this] { run(); });
}

Heartbeats::~Heartbeats()
{
    m_isEnding = true;
    m_thread.join();
    // Beats that nobody took are nobody's loss.
    for (MPI_Request& told : m_told) {
        if (told != MPI_REQUEST_NULL)
            MPI_Request_free(&told);
    }
}

Heartbeats::Silence Heartbeats::longestSilence() const
{
    const double now = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    Silence longest{m_rank, 0};
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        const double seconds = now - m_lastHeard[i];
        if (seconds > longest.seconds)
            longest = {m_peers[i], seconds};
    }
    return longest;
}

void Heartbeats::run()
{
    auto next = std::chrono::steady_clock::now();
    while (!m_isEnding) {
        listen();
        if (std::chrono::steady_clock::now() >= next) {
            tell();
            next += beat;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

/// A peer that takes no beats gets no further one, so that nothing piles up.
void Heartbeats::tell()
{
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        int isTaken = 1;
        MPI_Test(&m_told[i], &isTaken, MPI_STATUS_IGNORE);
        if (isTaken)
            MPI_Isend(nullptr, 0, MPI_BYTE, m_peers[i], 0, m_comm, &m_told[i]);
    }
}

void Heartbeats::listen()
{
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        int isThere = 0;
        while (MPI_Iprobe(m_peers[i], 0, m_comm, &isThere, MPI_STATUS_IGNORE) == MPI_SUCCESS && isThere) {
            MPI_Recv(nullptr, 0, MPI_BYTE, m_peers[i], 0, m_comm, MPI_STATUS_IGNORE);
            m_lastHeard[i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        }
    }
}

void Patience::rest(std::int64_t tries)
{
    if (tries < spinning)
        return;
    std::this_thread::sleep_for(tries < napping ? std::chrono::duration_cast<std::chrono::microseconds>(nap) : sleep);
    const Heartbeats::Silence silence = m_beats.longestSilence();
    if (silence.seconds > m_options.abortSeconds)
        throw LostRankError(
            WEFT_TEXT("Device", "Rank %1 on %2 has given no sign of life for %3 seconds. The run ends here; resume it from its last checkpoint."),
            silence.rank, m_beats.hostOf(silence.rank), std::lround(silence.seconds));
    if (silence.seconds > m_options.warnSeconds && !m_hasWarned && m_onWarning) {
        m_hasWarned = true;
        m_onWarning(message(WEFT_TEXT("Device", "Rank %1 on %2 has given no sign of life for %3 seconds. The run waits for it up to %4 seconds."),
                            silence.rank, m_beats.hostOf(silence.rank), std::lround(silence.seconds), std::lround(m_options.abortSeconds)));
    }
}

} // namespace weft
