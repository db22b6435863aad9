#include "core/device/mpi/sparse_sum.h"

#include <algorithm>
#include <numeric>

namespace weft {

SparseSum::SparseSum(MPI_Comm comm) : m_comm(comm)
{
    MPI_Comm_size(m_comm, &m_size);
    m_bytes.resize(static_cast<std::size_t>(m_size));
    m_begins.resize(static_cast<std::size_t>(m_size));
}

void SparseSum::run(float* piece, int count)
{
    m_own.clear();
    for (int i = 0; i < count; ++i) {
        if (piece[i] != 0.0f) // what is no number is sent as well
            m_own.push_back({static_cast<std::uint32_t>(i), piece[i]});
    }
    const int bytes = static_cast<int>(m_own.size() * sizeof(Entry));
    MPI_Allgather(&bytes, 1, MPI_INT, m_bytes.data(), 1, MPI_INT, m_comm);
    const std::int64_t total = std::accumulate(m_bytes.begin(), m_bytes.end(), std::int64_t(0));
    // Together the ranks may have more than the piece itself is.
    if (total >= 2 * static_cast<std::int64_t>(sizeof(float)) * count) {
        MPI_Allreduce(MPI_IN_PLACE, piece, count, MPI_FLOAT, MPI_SUM, m_comm);
        return;
    }
    std::exclusive_scan(m_bytes.begin(), m_bytes.end(), m_begins.begin(), 0);
    m_all.resize(static_cast<std::size_t>(total) / sizeof(Entry));
    MPI_Allgatherv(m_own.data(), bytes, MPI_BYTE, m_all.data(), m_bytes.data(), m_begins.data(), MPI_BYTE, m_comm);
    std::fill_n(piece, count, 0.0f);
    for (const Entry& entry : m_all)
        piece[entry.place] += entry.number;
}

} // namespace weft
