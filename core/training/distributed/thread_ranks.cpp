#include "core/training/distributed/thread_ranks.h"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/base/error.h"

namespace weft {

namespace {

/// What the ranks bring to an exchange; it is over when all have brought theirs, gone when all have taken the result.
struct Meeting {
    std::vector<float*> floats;
    std::vector<std::vector<double>> numbers;
    std::vector<std::string> texts;
    std::vector<std::byte> bytes;
    int present = 0;
    int left = 0;
};

struct Letter {
    int from;
    std::vector<double> head;
    std::vector<float> body;
};

/// What the ranks of several processes would get, by way of 16 bits.
void addPackedFloats(const Meeting& meeting, std::int64_t count, WireFormat format)
{
    std::vector<std::uint16_t> sent(static_cast<std::size_t>(packedWords(count)));
    std::vector<float> sum(static_cast<std::size_t>(count));
    for (const float* floats : meeting.floats) {
        pack(format, floats, count, sent.data());
        addPacked(format, sent.data(), count, sum.data());
    }
    pack(format, sum.data(), count, sent.data());
    for (float* floats : meeting.floats)
        unpack(format, sent.data(), count, floats);
}

void addFloats(const Meeting& meeting, std::int64_t count, WireFormat format)
{
    if (isPacked(format))
        return addPackedFloats(meeting, count, format);
    float* first = meeting.floats.front();
    for (std::size_t rank = 1; rank < meeting.floats.size(); ++rank) {
        const float* other = meeting.floats[rank];
        for (std::int64_t i = 0; i < count; ++i)
            first[i] += other[i];
    }
    for (std::size_t rank = 1; rank < meeting.floats.size(); ++rank)
        std::copy(first, first + count, meeting.floats[rank]);
}

} // namespace

/// Exchanges are numbered: those of startSum, and all others.
using MeetingKey = std::pair<int, std::int64_t>;

struct ThreadRanks::World {
    explicit World(int ranks) : size(ranks), letters(static_cast<std::size_t>(ranks)) {}

    /// `bring` adds what this rank has, `end` is done once when all are there.
    template <class Bring, class End> void enter(const MeetingKey& key, const Bring& bring, const End& end)
    {
        const std::scoped_lock lock(mutex);
        Meeting& meeting = meetings[key];
        const auto ranks = static_cast<std::size_t>(size);
        meeting.floats.resize(ranks);
        meeting.numbers.resize(ranks);
        meeting.texts.resize(ranks);
        bring(meeting);
        if (++meeting.present < size)
            return;
        end(meeting);
        changed.notify_all();
    }

    /// Waits until all are there; `take` reads the result.
    template <class Take> void leave(const MeetingKey& key, const Take& take)
    {
        std::unique_lock lock(mutex);
        Meeting& meeting = meetings.at(key);
        wait(lock, [&] { return meeting.present == size; });
        take(meeting);
        if (++meeting.left == size)
            meetings.erase(key);
    }

    template <class IsDone> void wait(std::unique_lock<std::mutex>& lock, const IsDone& isDone)
    {
        changed.wait(lock, [&] { return fault || isDone(); });
        if (!isDone())
            throw LostRankError(WEFT_TEXT("Training", "Another replica of the network has failed."));
    }

    void fail(std::exception_ptr problem)
    {
        const std::scoped_lock lock(mutex);
        if (!fault)
            fault = std::move(problem);
        changed.notify_all();
    }

    const int size;
    std::mutex mutex;
    std::condition_variable changed;
    std::map<MeetingKey, Meeting> meetings;
    std::vector<std::deque<Letter>> letters; ///< for each rank
    std::exception_ptr fault;
};

class ThreadRanks::Rank : public Collectives {
public:
    Rank(World& world, int rank) : m_world(world), m_rank(rank) {}
    int rank() const override { return m_rank; }
    int size() const override { return m_world.size; }

    void startSum(float* data, std::int64_t count, WireFormat format) override
    {
        m_started[data] = m_sums;
        m_world.enter(
            {0, m_sums++}, [&](Meeting& meeting) { meeting.floats[own()] = data; },
            [=](const Meeting& meeting) { addFloats(meeting, count, format); });
    }
    void finishSum(const float* data) override
    {
        m_world.leave({0, m_started.at(data)}, [](const Meeting&) {});
    }

    void sum(std::span<double> numbers) override
    {
        meet([&](Meeting& meeting) { meeting.numbers[own()].assign(numbers.begin(), numbers.end()); },
             [&](const Meeting& meeting) {
                 for (std::size_t i = 0; i < numbers.size(); ++i) {
                     numbers[i] = 0;
                     for (const std::vector<double>& of : meeting.numbers)
                         numbers[i] += of[i];
                 }
             });
    }

    void broadcast(std::vector<std::byte>& bytes) override
    {
        meet(
            [&](Meeting& meeting) {
                if (m_rank == 0)
                    meeting.bytes = bytes;
            },
            [&](const Meeting& meeting) { bytes = meeting.bytes; });
    }

    std::vector<std::string> gather(const std::string& text) override
    {
        std::vector<std::string> texts;
        meet([&](Meeting& meeting) { meeting.texts[own()] = text; },
             [&](const Meeting& meeting) {
                 if (m_rank == 0)
                     texts = meeting.texts;
             });
        return texts;
    }

    void send(int to, std::span<const double> head, std::span<const float> body) override
    {
        const std::scoped_lock lock(m_world.mutex);
        m_world.letters[static_cast<std::size_t>(to)].push_back({m_rank, {head.begin(), head.end()}, {body.begin(), body.end()}});
        m_world.changed.notify_all();
    }
    int receive(std::vector<double>& head, std::vector<float>& body) override
    {
        std::unique_lock lock(m_world.mutex);
        std::deque<Letter>& mine = m_world.letters[own()];
        m_world.wait(lock, [&] { return !mine.empty(); });
        head = std::move(mine.front().head);
        body = std::move(mine.front().body);
        const int from = mine.front().from;
        mine.pop_front();
        return from;
    }

    void abandon(int exitCode) override { std::_Exit(exitCode); }

private:
    std::size_t own() const { return static_cast<std::size_t>(m_rank); }
    template <class Bring, class Take> void meet(const Bring& bring, const Take& take)
    {
        const MeetingKey key{1, m_meetings++};
        m_world.enter(key, bring, [](const Meeting&) {});
        m_world.leave(key, take);
    }

    World& m_world;
    int m_rank;
    std::int64_t m_sums = 0;
    std::int64_t m_meetings = 0;
    std::map<const float*, std::int64_t> m_started;
};

ThreadRanks::ThreadRanks(int size) : m_world(std::make_unique<World>(size)) {}

ThreadRanks::~ThreadRanks() = default;

void ThreadRanks::run(const std::function<void(Collectives&)>& work)
{
    const auto runRank = [&](int rank) {
        try {
            Rank member(*m_world, rank);
            work(member);
        } catch (...) {
            m_world->fail(std::current_exception());
        }
    };
    std::vector<std::thread> others;
    for (int rank = 1; rank < m_world->size; ++rank)
        others.emplace_back(runRank, rank);
    runRank(0);
    for (std::thread& other : others)
        other.join();
    if (m_world->fault)
        std::rethrow_exception(m_world->fault);
}

} // namespace weft
