#include "core/device/mpi/mpi_sums.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include <mpi.h>

#include "core/device/mpi/shared_sum.h"
#include "core/device/mpi/sparse_sum.h"

namespace weft {

namespace {

/// Pieces of this size stay in the caches, and between two ranks of one machine are fastest by far.
constexpr std::int64_t pieceFloats = std::int64_t(1) << 18;

/// Whether the ranks talk through shared memory, as those of one machine do.
bool isOneMachine()
{
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
    int together = 0, all = 0;
    MPI_Comm_size(here, &together);
    MPI_Comm_size(MPI_COMM_WORLD, &all);
    MPI_Comm_free(&here);
    // Ranks may see this differently, where some share a machine with all and some do not: every one must do the same.
    int isOne = together == all ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &isOne, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return isOne != 0;
}

/// The sum of a piece that ranks send each other in 16 bits: every rank adds up one slice of it. It gets that of all ranks,
/// and gives them the sum. What a rank sends to itself stays where it is.
class PackedSum {
public:
    explicit PackedSum(MPI_Comm comm) : m_comm(comm)
    {
        MPI_Comm_rank(m_comm, &m_rank);
        MPI_Comm_size(m_comm, &m_size);
    }

    void run(float* piece, int count, WireFormat format)
    {
        const std::int64_t slice = (count + m_size - 1) / m_size;
        const auto begin = [&](int rank) { return std::min(slice * rank, std::int64_t{count}); };
        const auto size = [&](int rank) { return begin(rank + 1) - begin(rank); };
        m_words = static_cast<int>(packedWords(slice));
        for (std::vector<std::uint16_t>* blocks : {&m_sent, &m_received})
            blocks->resize(static_cast<std::size_t>(m_words) * static_cast<std::size_t>(m_size));
        float* sum = piece + begin(m_rank);

        receiveFromOthers();
        for (int other = 1; other < m_size; ++other) {
            const int to = (m_rank + other) % m_size;
            pack(format, piece + begin(to), size(to), place(m_sent, to));
            send(m_sent, to, to);
        }
        pack(format, sum, size(m_rank), place(m_received, m_rank));
        finish();
        unpack(format, place(m_received, 0), size(m_rank), sum);
        for (int rank = 1; rank < m_size; ++rank)
            addPacked(format, place(m_received, rank), size(m_rank), sum);

        receiveFromOthers();
        pack(format, sum, size(m_rank), place(m_sent, m_rank));
        for (int other = 1; other < m_size; ++other)
            send(m_sent, m_rank, (m_rank + other) % m_size);
        unpack(format, place(m_sent, m_rank), size(m_rank), sum);
        finish();
        for (int rank = 0; rank < m_size; ++rank) {
            if (rank != m_rank)
                unpack(format, place(m_received, rank), size(rank), piece + begin(rank));
        }
    }

private:
    std::uint16_t* place(std::vector<std::uint16_t>& blocks, int rank) const { return blocks.data() + std::ptrdiff_t{m_words} * rank; }

    void receiveFromOthers()
    {
        for (int rank = 0; rank < m_size; ++rank) {
            if (rank != m_rank)
                MPI_Irecv(place(m_received, rank), m_words, MPI_UINT16_T, rank, 0, m_comm, &m_requests.emplace_back());
        }
    }

    void send(std::vector<std::uint16_t>& blocks, int block, int to)
    {
        MPI_Isend(place(blocks, block), m_words, MPI_UINT16_T, to, 0, m_comm, &m_requests.emplace_back());
    }

    void finish()
    {
        MPI_Waitall(static_cast<int>(m_requests.size()), m_requests.data(), MPI_STATUSES_IGNORE);
        m_requests.clear();
    }

    MPI_Comm m_comm;
    int m_rank = 0;
    int m_size = 1;
    int m_words = 0; ///< of a block
    std::vector<std::uint16_t> m_sent, m_received; ///< a block for each rank
    std::vector<MPI_Request> m_requests; ///< under way
};

} // namespace

void prepareSums()
{
    // Larger messages than its eager limit, 64 KiB by itself, Open MPI sends only once the receiver has allowed it. That word
    // waits behind all that the receiver has already handed to the same connection, so that one direction of the link rests
    // while the other sends: half the line's rate.
    const std::string limit = std::to_string(pieceFloats * static_cast<std::int64_t>(sizeof(float)) + (std::int64_t(1) << 16));
    for (const char* name : {"OMPI_MCA_btl_tcp_eager_limit", "OMPI_MCA_btl_tcp_rndv_eager_limit", "OMPI_MCA_btl_tcp_max_send_size"})
        ::setenv(name, limit.c_str(), 0);
}

/// A thread with a communicator of its own, whose pieces go out in their order.
class MpiSums::Lane {
public:
    Lane(MpiSums& sums, bool isOneMachine) :
        m_sums(sums), m_comm(duplicate()), m_packed(m_comm), m_sparse(m_comm),
        m_shared(isOneMachine ? SharedSum::make(m_comm, pieceFloats) : nullptr), m_thread([this] { run(); })
    {
    }
    ~Lane() { m_thread.join(); }

    std::deque<Piece> waiting; ///< guarded by the mutex of the sums

private:
    static MPI_Comm duplicate()
    {
        MPI_Comm comm = MPI_COMM_NULL;
        MPI_Comm_dup(MPI_COMM_WORLD, &comm);
        return comm;
    }

    void run()
    {
        std::unique_lock lock(m_sums.m_mutex);
        for (;;) {
            m_sums.m_changed.wait(lock, [&] { return m_sums.m_isEnding || !waiting.empty(); });
            if (waiting.empty())
                return;
            const Piece piece = waiting.front();
            waiting.pop_front();
            lock.unlock();
            // In shared memory zeros cost less than to look for them.
            if (m_shared)
                m_shared->run(piece.data, piece.count, piece.format == WireFormat::Sparse ? WireFormat::Float32 : piece.format);
            else if (piece.format == WireFormat::Sparse)
                m_sparse.run(piece.data, piece.count);
            else if (piece.format == WireFormat::Float32)
                MPI_Allreduce(MPI_IN_PLACE, piece.data, piece.count, MPI_FLOAT, MPI_SUM, m_comm);
            else
                m_packed.run(piece.data, piece.count, piece.format);
            lock.lock();
            if (--piece.request->piecesLeft == 0)
                m_sums.m_requests.remove_if([&](const Request& request) { return &request == piece.request; });
        }
    }

    MpiSums& m_sums;
    MPI_Comm m_comm;
    PackedSum m_packed;
    SparseSum m_sparse;
    std::unique_ptr<SharedSum> m_shared; ///< where one machine has all ranks
    std::thread m_thread;
};

MpiSums::MpiSums()
{
    const bool isOne = isOneMachine();
    for (int i = 0; i < (isOne ? 1 : 2); ++i)
        m_lanes.push_back(std::make_unique<Lane>(*this, isOne));
}

MpiSums::~MpiSums()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
}

void MpiSums::start(float* data, std::int64_t count, WireFormat format)
{
    {
        const std::lock_guard lock(m_mutex);
        Request* request = &m_requests.emplace_back(Request{data, 0});
        for (std::int64_t done = 0; done < count; done += pieceFloats) {
            m_lanes[m_nextLane]->waiting.push_back({data + done, static_cast<int>(std::min(pieceFloats, count - done)), format, request});
            ++request->piecesLeft;
            m_nextLane = (m_nextLane + 1) % m_lanes.size();
        }
        if (count == 0)
            m_requests.pop_back();
    }
    m_changed.notify_all();
}

bool MpiSums::isDone(const float* data)
{
    const std::lock_guard lock(m_mutex);
    return std::none_of(m_requests.begin(), m_requests.end(), [&](const Request& request) { return request.data == data; });
}

} // namespace weft
