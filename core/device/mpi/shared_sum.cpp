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

/// Adds up what each rank has, in their order, and writes the sum to two places: block by block, so that it is read and written once.
void addUp(const std::vector<const float*>& ofRanks, std::int64_t count, float* one, float* other)
{
    constexpr std::int64_t most = 1024; // what stays in the fastest cache
    float sum[most];
    for (std::int64_t begin = 0; begin < count; begin += most) {
        const std::int64_t size = std::min(most, count - begin);
        const auto bytes = static_cast<std::size_t>(size) * sizeof *sum;
        std::memcpy(sum, ofRanks.front() + begin, bytes);
        for (std::size_t rank = 1; rank < ofRanks.size(); ++rank) {
            const float* more = ofRanks[rank] + begin;
            for (std::int64_t i = 0; i < size; ++i)
                sum[i] += more[i];
        }
        std::memcpy(one + begin, sum, bytes);
        std::memcpy(other + begin, sum, bytes);
    }
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
    const bool isRounded = format != WireFormat::Float32;
    for (int to = 0; to < m_size; ++to) {
        if (to != m_rank || isRounded)
            put(format, piece + begin(to), size(to), added(m_rank, to));
    }
    m_parts[static_cast<std::size_t>(m_rank)]->written.store(m_piece, std::memory_order_release);
    for (const Progress* part : m_parts)
        waitFor(part->written, m_piece);

    // All have put this piece there, and so have taken the last one's sums.
    float* sum = piece + begin(m_rank);
    if (isRounded) {
        unpack(format, added(0, m_rank), size(m_rank), sum);
        for (int rank = 1; rank < m_size; ++rank)
            addPacked(format, added(rank, m_rank), size(m_rank), sum);
        pack(format, sum, size(m_rank), sumOf(m_rank));
    } else {
        std::vector<const float*> ofRanks;
        for (int rank = 0; rank < m_size; ++rank)
            ofRanks.push_back(rank == m_rank ? sum : reinterpret_cast<const float*>(added(rank, m_rank)));
        addUp(ofRanks, size(m_rank), sum, reinterpret_cast<float*>(sumOf(m_rank)));
    }
    m_parts[static_cast<std::size_t>(m_rank)]->summed.store(m_piece, std::memory_order_release);
    if (isRounded)
        unpack(format, sumOf(m_rank), size(m_rank), sum); // all have the same bits
    for (int other = 1; other < m_size; ++other) {
        const int rank = (m_rank + other) % m_size;
        waitFor(m_parts[static_cast<std::size_t>(rank)]->summed, m_piece);
        take(format, sumOf(rank), size(rank), piece + begin(rank));
    }
}

} // namespace weft
