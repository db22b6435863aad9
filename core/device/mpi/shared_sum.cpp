#include "core/device/mpi/shared_sum.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>

namespace weft {

namespace {

/// Whether something is so on all ranks.
bool isEverywhere(bool isSo, MPI_Comm comm)
{
    int all = isSo ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, comm);
    return all != 0;
}

constexpr std::int64_t lineWords = 32; ///< of the cache

/// 16-bit words of a slice, whole lines.
std::int64_t blockWords(WireFormat format, std::int64_t slice)
{
    const std::int64_t words = format == WireFormat::Float32 ? 2 * slice : packedWords(slice);
    return (words + lineWords - 1) / lineWords * lineWords;
}

void put(WireFormat format, const float* from, std::int64_t count, std::uint16_t* to)
{
    if (format == WireFormat::Float32)
        std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof *from);
    else
        pack(format, from, count, to);
}

void take(WireFormat format, const std::uint16_t* from, std::int64_t count, float* to)
{
    if (format == WireFormat::Float32)
        std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof *to);
    else
        unpack(format, from, count, to);
}

void add(WireFormat format, const std::uint16_t* from, std::int64_t count, float* sum)
{
    if (format != WireFormat::Float32)
        return addPacked(format, from, count, sum);
    const auto* numbers = reinterpret_cast<const float*>(from);
    for (std::int64_t i = 0; i < count; ++i)
        sum[i] += numbers[i];
}

/// The others are as far in a moment, unless they do not run: then the core is theirs.
void waitFor(const std::atomic<std::uint64_t>& counter, std::uint64_t value)
{
    constexpr int yielding = 200, napping = 20000;
    for (int tries = 0; counter.load(std::memory_order_acquire) < value; ++tries) {
        if (tries > napping)
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        else if (tries > yielding)
            std::this_thread::yield();
    }
}

} // namespace

std::unique_ptr<SharedSum> SharedSum::make(MPI_Comm comm, std::int64_t mostFloats)
{
    int size = 1;
    MPI_Comm_size(comm, &size);
    // What a rank adds to every slice, and its sum of one.
    const std::int64_t most = blockWords(WireFormat::Float32, (mostFloats + size - 1) / size + lineWords);
    const auto bytes = static_cast<MPI_Aint>(sizeof(Progress) + static_cast<std::size_t>(most * (size + 1)) * sizeof(std::uint16_t));
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Info info = MPI_INFO_NULL;
    MPI_Info_create(&info);
    MPI_Info_set(info, "alloc_shared_noncontig", "true");
    MPI_Win window = MPI_WIN_NULL;
    void* own = nullptr;
    const bool isMade = MPI_Win_allocate_shared(bytes, 1, info, comm, &own, &window) == MPI_SUCCESS;
    MPI_Info_free(&info);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_ARE_FATAL);
    if (!isEverywhere(isMade, comm)) {
        if (isMade)
            MPI_Win_free(&window);
        return nullptr;
    }
    ::new (own) Progress;
    MPI_Barrier(comm);
    return std::unique_ptr<SharedSum>(new SharedSum(comm, window, most));
}

SharedSum::SharedSum(MPI_Comm comm, MPI_Win window, std::int64_t sumWords) : m_window(window), m_sumWords(sumWords)
{
    MPI_Comm_rank(comm, &m_rank);
    MPI_Comm_size(comm, &m_size);
    for (int rank = 0; rank < m_size; ++rank) {
        MPI_Aint size = 0;
        int unit = 0;
        Progress* part = nullptr;
        MPI_Win_shared_query(m_window, rank, &size, &unit, &part);
        m_parts.push_back(part);
    }
}

SharedSum::~SharedSum()
{
    MPI_Win_free(&m_window);
}

void SharedSum::run(float* piece, int count, WireFormat format)
{
    ++m_piece;
    const std::int64_t slice = (count + m_size - 1) / m_size;
    const std::int64_t block = blockWords(format, slice);
    const auto begin = [&](int rank) { return std::min(slice * rank, std::int64_t{count}); };
    const auto size = [&](int rank) { return begin(rank + 1) - begin(rank); };
    // Sums lie in the same place whatever the size of the piece: someone may still read the last one's while the next is written.
    const auto sumOf = [&](int rank) { return wordsOf(rank); };
    const auto added = [&](int from, int to) { return wordsOf(from) + m_sumWords + block * to; };

    // Nobody reads the last piece's numbers any more: the sums that were made of them have all been taken.
    for (int to = 0; to < m_size; ++to)
        put(format, piece + begin(to), size(to), added(m_rank, to));
    m_parts[static_cast<std::size_t>(m_rank)]->written.store(m_piece, std::memory_order_release);

    float* sum = piece + begin(m_rank);
    for (int rank = 0; rank < m_size; ++rank) {
        waitFor(m_parts[static_cast<std::size_t>(rank)]->written, m_piece);
        (rank == 0 ? take : add)(format, added(rank, m_rank), size(m_rank), sum);
    }
    // All have put this piece there, and so have taken the last one's sums.
    put(format, sum, size(m_rank), sumOf(m_rank));
    m_parts[static_cast<std::size_t>(m_rank)]->summed.store(m_piece, std::memory_order_release);
    if (format != WireFormat::Float32)
        take(format, sumOf(m_rank), size(m_rank), sum); // all have the same bits
    for (int other = 1; other < m_size; ++other) {
        const int rank = (m_rank + other) % m_size;
        waitFor(m_parts[static_cast<std::size_t>(rank)]->summed, m_piece);
        take(format, sumOf(rank), size(rank), piece + begin(rank));
    }
}

} // namespace weft
