#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include "core/base/random.h"
#include "core/data/dataset.h"

namespace weft {

namespace {

/// A whole number below `bound`, from one 32-bit word where that is exact enough: Lemire's
/// multiplication, whose bias of bound / 2³² (64 bits: bound / 2⁶⁴) is far below what shows.
std::uint64_t below(std::uint64_t bound, std::uint32_t high, std::uint32_t low)
{
    const std::uint64_t word = static_cast<std::uint64_t>(high) << 32 | low;
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(word) * bound >> 64);
}

/// Fisher and Yates' shuffle with words of Philox.
void shuffleBy(std::vector<std::int64_t>& order, std::uint64_t seed, std::uint64_t stream)
{
    for (std::uint64_t i = order.size(); i-- > 1;) {
        const auto words = philox(seed, stream, i / 2);
        const std::size_t half = i % 2 * 2;
        std::swap(order[i], order[below(i + 1, words[half], words[half + 1])]);
    }
}

std::uint64_t streamOf(std::int64_t epoch)
{
    return mixKeys(fnv1a64("shuffle"), static_cast<std::uint64_t>(epoch));
}

void fillOrder(std::vector<std::int64_t>& order, std::int64_t size, bool shuffle, std::uint64_t seed, std::int64_t epoch)
{
    order.resize(static_cast<std::size_t>(size));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (shuffle)
        shuffleBy(order, seed, streamOf(epoch));
}

/// A permutation in which every rank has the same samples in every epoch. One rank alone has the order of all.
void fillKeptOrder(std::vector<std::int64_t>& order, const std::vector<int>& ranksOfPlace, int ranks, std::uint64_t seed, std::int64_t epoch)
{
    std::vector<std::vector<std::int64_t>> places(static_cast<std::size_t>(ranks));
    for (std::size_t i = 0; i < ranksOfPlace.size(); ++i)
        places[static_cast<std::size_t>(ranksOfPlace[i])].push_back(static_cast<std::int64_t>(i));
    order.resize(ranksOfPlace.size());
    for (std::size_t rank = 0; rank < places.size(); ++rank) {
        std::vector<std::int64_t> samples = places[rank];
        shuffleBy(samples, seed, rank == 0 ? streamOf(epoch) : mixKeys(streamOf(epoch), rank));
        for (std::size_t i = 0; i < samples.size(); ++i)
            order[static_cast<std::size_t>(places[rank][i])] = samples[i];
    }
}

} // namespace

std::int64_t bucketOf(std::int64_t length, std::int64_t longest)
{
    return std::min((length + timeBucket - 1) / timeBucket * timeBucket, longest);
}

std::vector<std::int64_t> epochOrder(std::int64_t size, bool shuffle, std::uint64_t seed, std::int64_t epoch)
{
    std::vector<std::int64_t> order;
    fillOrder(order, size, shuffle, seed, epoch);
    return order;
}

std::int64_t partBegin(std::int64_t samples, int rank, int ranks)
{
    return (samples * rank + ranks - 1) / ranks;
}

std::vector<int> ranksOfPlaces(std::int64_t size, std::int64_t batchSize, int ranks)
{
    std::vector<int> all(static_cast<std::size_t>(size));
    for (std::int64_t begin = 0; begin < size; begin += batchSize) {
        const std::int64_t samples = std::min(batchSize, size - begin);
        for (int rank = 0; rank < ranks; ++rank)
            std::fill(all.begin() + begin + partBegin(samples, rank, ranks), all.begin() + begin + partBegin(samples, rank + 1, ranks), rank);
    }
    return all;
}

/// One thread fills a ring of batches. `tail` counts what was taken, `head` what was filled, both
/// since the epoch's start; the batch handed out last stays untouched until the next call.
struct Loader::State {
    const Dataset& dataset;
    const LoaderOptions options;
    const std::int64_t samples;
    const std::int64_t batches;

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Batch> ring;
    std::int64_t epoch = 0;
    std::int64_t first = 0;
    std::int64_t last = 0; ///< one behind the last batch to read
    struct Part {
        int rank, ranks;
    };
    Part part; ///< of each batch
    std::uint64_t generation = 0; ///< counts startEpoch calls: what belongs to an older one is dropped
    std::int64_t filled = 0; ///< batches of this generation filled
    std::int64_t taken = 0; ///< batches of this generation handed out
    std::exception_ptr failure;
    bool isEnding = false;

    std::vector<std::int64_t> order; ///< of the reading thread alone
    /// How a column is loaded. A cut one has `time` steps of `bytes` each.
    struct Loading {
        int column = 0;
        std::size_t bytes = 0; ///< of a sample, or of one of its steps
        std::int64_t longest = 0; ///< steps of the longest sample; 0: the column comes whole
        int lengths = -1; ///< column
        std::size_t wholeBytes() const { return bytes * static_cast<std::size_t>(std::max<std::int64_t>(longest, 1)); }
    };
    std::vector<Loading> loadings; ///< of options.columns
    std::vector<std::byte> whole; ///< a sample before it is cut; of the reading thread alone
    std::thread thread;

    State(const Dataset& data, LoaderOptions loaderOptions) :
        dataset(data), options(std::move(loaderOptions)), samples(data.size(options.split)),
        batches((samples + options.batchSize - 1) / options.batchSize), part{options.rank, options.ranks}
    {
        for (const int column : options.columns)
            loadings.push_back(loadingOf(column));
        // One more than is read ahead: the one that the caller holds.
        ring.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(options.prefetch, 1, std::max<std::int64_t>(batches, 1)) + 1));
        for (Batch& batch : ring) {
            batch.indices.reserve(static_cast<std::size_t>(options.batchSize));
            for (const Loading& loading : loadings)
                batch.columns.emplace_back().reserve(loading.wholeBytes() * static_cast<std::size_t>(options.batchSize));
        }
    }

    Loading loadingOf(int column)
    {
        const Column& info = dataset.columns()[static_cast<std::size_t>(column)];
        Loading loading{column, sizeOf(info.dtype) * static_cast<std::size_t>(elementCount(info.shape))};
        if (std::find(options.cutColumns.begin(), options.cutColumns.end(), column) == options.cutColumns.end())
            return loading;
        loading.longest = info.shape.front();
        loading.bytes /= static_cast<std::size_t>(loading.longest);
        loading.lengths = dataset.columnIndex(info.name + ".lengths");
        whole.resize(std::max(whole.size(), loading.wholeBytes()));
        return loading;
    }

    void start(std::int64_t newEpoch, std::int64_t from, std::int64_t to, const Part& newPart);

    std::int64_t capacity() const { return static_cast<std::int64_t>(ring.size()); }
    Batch& slot(std::int64_t number) { return ring[static_cast<std::size_t>(number % capacity())]; }
    bool isEndOfEpoch(std::int64_t number) const { return first + number >= last; }
    /// The slot of the batch that the caller holds is not free before its next call.
    bool hasRoom() const { return filled - taken < capacity() - 1; }
    bool mayFill() const { return generation > 0 && !failure && !isEndOfEpoch(filled) && hasRoom(); }

    void fill(Batch& batch, std::int64_t number, const Part& own)
    {
        const std::int64_t begins = number * options.batchSize;
        batch.ofAllRanks = std::min(options.batchSize, samples - begins);
        const std::int64_t begin = begins + partBegin(batch.ofAllRanks, own.rank, own.ranks);
        const std::int64_t end = begins + partBegin(batch.ofAllRanks, own.rank + 1, own.ranks);
        batch.isFiller = begin == end;
        batch.size = std::max<std::int64_t>(end - begin, 1);
        const auto from = order.begin() + static_cast<std::ptrdiff_t>(batch.isFiller ? begins : begin);
        batch.indices.assign(from, from + static_cast<std::ptrdiff_t>(batch.size));
        batch.time = timeOf(batch);
        for (std::size_t c = 0; c < loadings.size(); ++c)
            fillColumn(batch, loadings[c], batch.columns[c]);
    }

    /// The steps that hold every sample of the batch.
    std::int64_t timeOf(const Batch& batch) const
    {
        std::int64_t time = 1;
        for (const Loading& loading : loadings) {
            if (batch.isFiller)
                break;
            std::int32_t longest = 1;
            for (const std::int64_t index : batch.indices) {
                std::int32_t length = 0;
                if (loading.longest > 0)
                    dataset.read(options.split, index, loading.lengths, &length);
                longest = std::max(longest, length);
            }
            if (loading.longest > 0)
                time = std::max(time, bucketOf(longest, loading.longest));
        }
        return time;
    }

    void fillColumn(const Batch& batch, const Loading& loading, std::vector<std::byte>& to)
    {
        const std::size_t bytes = loading.longest > 0 ? loading.bytes * static_cast<std::size_t>(batch.time) : loading.bytes;
        // Where another sequence of the batch is longer than this one ever gets, zeros follow.
        to.assign(loading.longest > 0 || batch.isFiller ? bytes * static_cast<std::size_t>(batch.size) : 0, std::byte{0});
        to.resize(bytes * static_cast<std::size_t>(batch.size));
        if (batch.isFiller)
            return;
        std::byte* place = to.data();
        for (const std::int64_t index : batch.indices) {
            if (loading.longest > 0) {
                dataset.read(options.split, index, loading.column, whole.data());
                std::memcpy(place, whole.data(), std::min(bytes, loading.wholeBytes()));
            } else {
                dataset.read(options.split, index, loading.column, place);
            }
            place += bytes;
        }
    }

    void orderFor(std::int64_t newEpoch)
    {
        if (options.keepsSamples && options.shuffle)
            fillKeptOrder(order, ranksOfPlaces(samples, options.batchSize, options.ranks), options.ranks, options.seed, newEpoch);
        else
            fillOrder(order, samples, options.shuffle, options.seed, newEpoch);
    }

    void run()
    {
        std::optional<std::int64_t> orderedFor;
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [&] { return isEnding || mayFill(); });
            if (isEnding)
                return;
            const std::uint64_t current = generation;
            const std::int64_t number = filled, batchNumber = first + filled, currentEpoch = epoch;
            const Part own = part;
            lock.unlock();
            std::exception_ptr problem;
            try {
                if (orderedFor != currentEpoch)
                    orderFor(currentEpoch);
                orderedFor = currentEpoch;
                fill(slot(number), batchNumber, own);
            } catch (...) {
                problem = std::current_exception();
            }
            lock.lock();
            if (generation != current)
                continue;
            if (problem)
                failure = problem;
            else
                ++filled;
            changed.notify_all();
        }
    }
};

Loader::Loader(const Dataset& dataset, LoaderOptions options) : m_state(std::make_unique<State>(dataset, std::move(options)))
{
    m_state->thread = std::thread([state = m_state.get()] { state->run(); });
}

Loader::~Loader()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isEnding = true;
    }
    m_state->changed.notify_all();
    m_state->thread.join();
}

std::int64_t Loader::batchesPerEpoch() const
{
    return m_state->batches;
}

void Loader::State::start(std::int64_t newEpoch, std::int64_t from, std::int64_t to, const Part& newPart)
{
    {
        const std::lock_guard lock(mutex);
        epoch = newEpoch;
        first = from;
        last = to;
        part = newPart;
        filled = taken = 0;
        failure = nullptr;
        ++generation;
    }
    changed.notify_all();
}

void Loader::startEpoch(std::int64_t epoch, std::int64_t first)
{
    m_state->start(epoch, first, m_state->batches, {m_state->options.rank, m_state->options.ranks});
}

const Batch* Loader::fetch(std::int64_t epoch, std::int64_t number, int rank, int ranks)
{
    m_state->start(epoch, number, number + 1, {rank, ranks});
    return next();
}

const Batch* Loader::next()
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    if (s.generation == 0 || s.isEndOfEpoch(s.taken))
        return nullptr;
    s.changed.wait(lock, [&] { return s.filled > s.taken || s.failure; });
    if (s.filled == s.taken)
        std::rethrow_exception(s.failure);
    const Batch& batch = s.slot(s.taken++);
    lock.unlock();
    s.changed.notify_all();
    return &batch;
}

} // namespace weft
