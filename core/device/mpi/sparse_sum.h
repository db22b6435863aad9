#pragma once

#include <cstdint>
#include <vector>

#include <mpi.h>

namespace weft {

/// The sum of a piece of which most is zero: the ranks send each other what is not, each with its place, and add it up in the order
/// of the ranks, so that all get the same bits.
class SparseSum {
public:
    explicit SparseSum(MPI_Comm comm);
    void run(float* piece, int count);

private:
    struct Entry {
        std::uint32_t place;
        float number;
    };

    MPI_Comm m_comm;
    int m_size = 1;
    std::vector<Entry> m_own, m_all;
    std::vector<int> m_bytes, m_begins; ///< of what each rank sends, in bytes
};

} // namespace weft
