#include "core/device/mpi/mpi_collectives.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>

#include <mpi.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/device/mpi/mpi_sums.h"
#include "core/device/mpi/mpi_waiting.h"

namespace weft {

namespace {

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
        for (auto& [to, letter] : m_letters)
            MPI_Waitall(static_cast<int>(letter.requests.size()), letter.requests.data(), MPI_STATUSES_IGNORE);
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
        // Rank 0 serves the others: it does not wait for one that does not listen yet.
        if (m_rank == 0)
            return leave(to, head, body);
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
    /// A message with what it holds, until MPI has handed it over.
    struct Letter {
        std::vector<double> head;
        std::vector<float> body;
        std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    };

    /// Returns at once, unless the last message to this rank is still on its way.
    void leave(int to, std::span<const double> head, std::span<const float> body)
    {
        Letter& letter = m_letters[to];
        deliver(letter);
        letter.head.assign(head.begin(), head.end());
        letter.body.assign(body.begin(), body.end());
        MPI_Isend(letter.head.data(), static_cast<int>(letter.head.size()), MPI_DOUBLE, to, headTag, m_messages, &letter.requests[0]);
        MPI_Isend(letter.body.data(), static_cast<int>(letter.body.size()), MPI_FLOAT, to, bodyTag, m_messages, &letter.requests[1]);
    }

    void deliver(Letter& letter)
    {
        Patience(*m_beats, m_options, onWarning).until([&] {
            int isDone = 0;
            MPI_Testall(static_cast<int>(letter.requests.size()), letter.requests.data(), &isDone, MPI_STATUSES_IGNORE);
            return isDone != 0;
        });
    }

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
    std::map<int, Letter> m_letters; ///< the last one to each rank
    std::optional<Heartbeats> m_beats;
    std::optional<MpiSums> m_sums;
};

} // namespace

std::unique_ptr<Collectives> joinMpiRanks(const CollectivesOptions& options)
{
    prepareSums();
    int given = MPI_THREAD_SINGLE;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &given) != MPI_SUCCESS || given < MPI_THREAD_MULTIPLE)
        throw Error(WEFT_TEXT("Device",
                              "This Open MPI lets only one thread send at a time, but Weft sends gradients while it computes. Install Debian's "
                              "libopenmpi3."));
    return std::make_unique<MpiCollectives>(options);
}

} // namespace weft
