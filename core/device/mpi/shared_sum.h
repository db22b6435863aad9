#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <mpi.h>

#include "core/device/wire_format.h"

namespace weft {

/// The sum of a piece between ranks of one machine: each writes what it adds to memory that all see, adds up one slice of what it
/// finds there in the order of the ranks, and takes the others' sums. They wait for each other twice, however many they are, and
/// nothing is copied once more to be sent.
class SharedSum {
public:
    /// Collective. None where MPI cannot share memory.
    static std::unique_ptr<SharedSum> make(MPI_Comm comm, std::int64_t mostFloats);
    ~SharedSum();
    SharedSum(const SharedSum&) = delete;
    SharedSum& operator=(const SharedSum&) = delete;

    /// The ranks add up the same pieces in the same order. It waits for them without end.
    void run(float* piece, int count, WireFormat format);

private:
    /// At the beginning of each rank's part: how many pieces it has put there, and how many slices it has added up.
    struct Progress {
        alignas(64) std::atomic<std::uint64_t> written{0};
        alignas(64) std::atomic<std::uint64_t> summed{0};
    };
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

    SharedSum(MPI_Comm comm, MPI_Win window, std::int64_t sumWords);
    std::uint16_t* wordsOf(int rank) const { return reinterpret_cast<std::uint16_t*>(m_parts[static_cast<std::size_t>(rank)] + 1); }

    MPI_Win m_window;
    std::int64_t m_sumWords; ///< room for a sum, before what is added
    int m_rank = 0;
    int m_size = 1;
    std::uint64_t m_piece = 0; ///< pieces so far
    std::vector<Progress*> m_parts; ///< of each rank
};

} // namespace weft
