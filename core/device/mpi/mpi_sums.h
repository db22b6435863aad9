#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "core/device/wire_format.h"

namespace weft {

/// Has MPI send pieces of sums at once, where a network carries them; what the user has set stays. Before MPI begins.
void prepareSums();

/// Adds arrays of floats over all ranks beside the threads that ask for it. In shared memory one piece goes out after
/// the other. On a network two are under way at a time, so that the link is busy while ranks add up what has come.
class MpiSums {
public:
    /// Collective.
    MpiSums();
    ~MpiSums();

    /// The ranks start their sums in the same order.
    void start(float* data, std::int64_t count, WireFormat format);
    bool isDone(const float* data);

private:
    class Lane;
    struct Request {
        const float* data;
        std::int64_t piecesLeft;
    };
    struct Piece {
        float* data;
        int count;
        WireFormat format;
        Request* request;
    };

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::list<Request> m_requests; ///< that are not done
    bool m_isEnding = false;
    std::size_t m_nextLane = 0; ///< the same on all ranks, since they count the same pieces
    std::vector<std::unique_ptr<Lane>> m_lanes; ///< they end before what they use
};

} // namespace weft
