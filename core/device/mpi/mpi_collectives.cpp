#include "core/device/mpi/mpi_collectives.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>

#include <mpi.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/device/mpi/mpi_waiting.h"

namespace weft {

namespace {

/// Pieces of this size go out one after the other: between two ranks 1 MiB is fastest by far.
constexpr std::int64_t pieceFloats = std::int64_t(1) << 18;

constexpr int headTag = 1;
constexpr int bodyTag = 2;

std::vector<std::string> hostsOfRanks(int size)
{
    std::array<char, 256> own{};
    ::gethostname(own.data(), own.size() - 1);
    std::vector<char> all(own.size() * static_cast<std::size_t>(size));
    MPI_Allgather(own.data(), static_cast<int>(own.size()), MPI_CHAR, all.data(), static_cast<int>(own.size()), MPI_CHAR, MPI_COMM_WORLD);
    std::vector<std::string> hosts;
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i)
        hosts.emplace_back(all.data() + i * own.size());
    return hosts;
}

/// Adds floats over all ranks in a thread of its own, one request after the other.
class SummingThread {
public:
    SummingThread()
    {
        MPI_Comm_dup(MPI_COMM_WORLD, &m_comm);
        MPI_Comm_rank(m_comm, &m_rank);
        MPI_Comm_size(m_comm, &m_size);
        m_thread = std::thread([this] { run(); });
    }
    ~SummingThread()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isEnding = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }

    void start(float* data, std::int64_t count, WireFormat format)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_waiting.push_back({data, count, format});
        }
        m_changed.notify_all();
    }
    bool isDone(const float* data)
    {
        const std::lock_guard lock(m_mutex);
        return std::none_of(m_waiting.begin(), m_waiting.end(), [&](const Request& request) { return request.data == data; });
    }

private:
    struct Request {
        float* data;
        std::int64_t count;
        WireFormat format;
    };

    void run()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_changed.wait(lock, [&] { return m_isEnding || !m_waiting.empty(); });
            if (m_waiting.empty())
                return;
            const Request request = m_waiting.front();
            lock.unlock();
            for (std::int64_t done = 0; done < request.count; done += pieceFloats) {
                const auto count = static_cast<int>(std::min(pieceFloats, request.count - done));
                if (request.format == WireFormat::Float32)
                    MPI_Allreduce(MPI_IN_PLACE, request.data + done, count, MPI_FLOAT, MPI_SUM, m_comm);
                else
                    sumPacked(request.data + done, count, request.format);
            }
            lock.lock();
            m_waiting.pop_front();
        }
    }

    /// Every rank adds up one slice of the piece: it gets that of all ranks, and gives them the sum.
    void sumPacked(float* piece, int count, WireFormat format)
    {
        const std::int64_t slice = (count + m_size - 1) / m_size;
        const auto begin = [&](int rank) { return std::min(slice * rank, std::int64_t{count}); };
        const auto size = [&](int rank) { return begin(rank + 1) - begin(rank); };
        const auto words = static_cast<int>(packedWords(slice));
        const auto place = [&](std::vector<std::uint16_t>& blocks, int rank) { return blocks.data() + std::ptrdiff_t{words} * rank; };
        for (std::vector<std::uint16_t>* blocks : {&m_sent, &m_received})
            blocks->resize(static_cast<std::size_t>(words) * static_cast<std::size_t>(m_size));
        for (int rank = 0; rank < m_size; ++rank)
            pack(format, piece + begin(rank), size(rank), place(m_sent, rank));
        MPI_Alltoall(m_sent.data(), words, MPI_UINT16_T, m_received.data(), words, MPI_UINT16_T, m_comm);
        float* sum = piece + begin(m_rank);
        unpack(format, place(m_received, 0), size(m_rank), sum);
        for (int rank = 1; rank < m_size; ++rank)
            addPacked(format, place(m_received, rank), size(m_rank), sum);
        pack(format, sum, size(m_rank), place(m_sent, m_rank));
        MPI_Allgather(place(m_sent, m_rank), words, MPI_UINT16_T, m_received.data(), words, MPI_UINT16_T, m_comm);
        for (int rank = 0; rank < m_size; ++rank)
            unpack(format, place(m_received, rank), size(rank), piece + begin(rank));
    }

    MPI_Comm m_comm = MPI_COMM_NULL;
    int m_rank = 0;
    int m_size = 1;
    std::vector<std::uint16_t> m_sent, m_received; ///< a block of words for each rank
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Request> m_waiting; ///< the first one is under way
    bool m_isEnding = false;
    std::thread m_thread;
};

class MpiCollectives : public Collectives {
public:
    explicit MpiCollectives(const CollectivesOptions& options) : m_options(options)
    {
        MPI_Comm_rank(MPI_COMM_WORLD, &m_rank);
        MPI_Comm_size(MPI_COMM_WORLD, &m_size);
        if (options.expectedSize > 0 && options.expectedSize != m_size)
            throw Error(WEFT_TEXT("Device", "The run needs %1 ranks, but %2 were started. Nothing was trained."), options.expectedSize, m_size);
        if (launchedProcesses() > m_size)
            throw Error(WEFT_TEXT("Device",
                                  "%1 processes were started, but MPI of this one knows only %2. Start them by mpirun, or by srun --mpi=pmix. "
                                  "Nothing was trained."),
                        launchedProcesses(), m_size);
        MPI_Comm_dup(MPI_COMM_WORLD, &m_messages);
        m_beats.emplace(hostsOfRanks(m_size));
        m_sums.emplace();
    }
    ~MpiCollectives() override
    {
        m_sums.reset();
        MPI_Barrier(MPI_COMM_WORLD);
        m_beats.reset();
        MPI_Finalize();
    }

    int rank() const override { return m_rank; }
    int size() const override { return m_size; }

    void startSum(float* data, std::int64_t count, WireFormat format) override { m_sums->start(data, count, format); }
    void finishSum(const float* data) override
    {
        Patience(*m_beats, m_options, onWarning).until([&] { return m_sums->isDone(data); });
    }

    void sum(std::span<double> numbers) override
    {
        finish([&](MPI_Request& request) {
            MPI_Iallreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD, &request);
        });
    }

    void broadcast(std::vector<std::byte>& bytes) override
    {
        auto size = static_cast<std::uint64_t>(bytes.size());
        finish([&](MPI_Request& request) { MPI_Ibcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD, &request); });
        bytes.resize(size);
        // MPI counts in int.
        constexpr std::uint64_t most = std::uint64_t(1) << 30;
        for (std::uint64_t done = 0; done < size; done += most) {
            const auto count = static_cast<int>(std::min(most, size - done));
            finish([&](MPI_Request& request) { MPI_Ibcast(bytes.data() + done, count, MPI_BYTE, 0, MPI_COMM_WORLD, &request); });
        }
    }

    std::vector<std::string> gather(const std::string& text) override
    {
        const auto ranks = static_cast<std::size_t>(m_size);
        const int own = static_cast<int>(text.size());
        std::vector<int> counts(ranks);
        finish([&](MPI_Request& request) { MPI_Igather(&own, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, MPI_COMM_WORLD, &request); });
        std::vector<int> begins(ranks);
        for (std::size_t i = 1; i < ranks; ++i)
            begins[i] = begins[i - 1] + counts[i - 1];
        std::string all(m_rank == 0 ? static_cast<std::size_t>(begins.back() + counts.back()) : 0, '\0');
        finish([&](MPI_Request& request) {
            MPI_Igatherv(text.data(), own, MPI_CHAR, all.data(), counts.data(), begins.data(), MPI_CHAR, 0, MPI_COMM_WORLD, &request);
        });
        std::vector<std::string> texts;
        for (std::size_t i = 0; m_rank == 0 && i < ranks; ++i)
            texts.push_back(all.substr(static_cast<std::size_t>(begins[i]), static_cast<std::size_t>(counts[i])));
        return texts;
    }

    void send(int to, std::span<const double> head, std::span<const float> body) override
    {
        finish([&](MPI_Request& request) { MPI_Isend(head.data(), static_cast<int>(head.size()), MPI_DOUBLE, to, headTag, m_messages, &request); });
        finish([&](MPI_Request& request) { MPI_Isend(body.data(), static_cast<int>(body.size()), MPI_FLOAT, to, bodyTag, m_messages, &request); });
    }

    int receive(std::vector<double>& head, std::vector<float>& body) override
    {
        const int from = receiveArray(head, MPI_DOUBLE, MPI_ANY_SOURCE, headTag);
        receiveArray(body, MPI_FLOAT, from, bodyTag);
        return from;
    }

    void abandon(int exitCode) override
    {
        MPI_Abort(MPI_COMM_WORLD, exitCode);
        std::_Exit(exitCode);
    }

private:
    /// The array of a message that has come from `from`; returns who sent it.
    template <class T> int receiveArray(std::vector<T>& to, MPI_Datatype type, int from, int tag)
    {
        MPI_Status status;
        int isThere = 0;
        Patience(*m_beats, m_options, onWarning).until([&] {
            MPI_Iprobe(from, tag, m_messages, &isThere, &status);
            return isThere != 0;
        });
        int count = 0;
        MPI_Get_count(&status, type, &count);
        to.resize(static_cast<std::size_t>(count));
        finish([&](MPI_Request& request) { MPI_Irecv(to.data(), count, type, status.MPI_SOURCE, tag, m_messages, &request); });
        return status.MPI_SOURCE;
    }

    template <class Start> void finish(const Start& start)
    {
        MPI_Request request = MPI_REQUEST_NULL;
        start(request);
        Patience(*m_beats, m_options, onWarning).until([&] {
            int isDone = 0;
            MPI_Test(&request, &isDone, MPI_STATUS_IGNORE);
            return isDone != 0;
        });
    }

    const CollectivesOptions m_options;
    int m_rank = 0;
    int m_size = 1;
    MPI_Comm m_messages = MPI_COMM_NULL;
    std::optional<Heartbeats> m_beats;
    std::optional<SummingThread> m_sums;
};

} // namespace

std::unique_ptr<Collectives> joinMpiRanks(const CollectivesOptions& options)
{
    int given = MPI_THREAD_SINGLE;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &given) != MPI_SUCCESS || given < MPI_THREAD_MULTIPLE)
        throw Error(WEFT_TEXT("Device",
                              "This Open MPI lets only one thread send at a time, but Weft sends gradients while it computes. Install Debian's "
                              "libopenmpi3."));
    return std::make_unique<MpiCollectives>(options);
}

} // namespace weft
