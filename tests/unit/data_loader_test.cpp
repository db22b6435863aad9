#include <algorithm>
#include <numeric>
#include <set>

#include <QTest>

#include "core/base/error.h"
#include "core/data/dataset.h"

using namespace weft;

namespace {

/// Samples that hold their own index; one of them can be made unreadable.
class CountingDataset : public Dataset {
public:
    explicit CountingDataset(std::int64_t count) : m_count(count) {}
    std::int64_t unreadable = -1;

    const std::vector<Column>& columns() const override { return m_columns; }
    const std::vector<std::string>& classNames() const override { return m_names; }
    std::int64_t size(Split) const override { return m_count; }
    void read(Split, std::int64_t index, int column, void* to) const override
    {
        if (index == unreadable)
            throw Error(WEFT_TEXT("Data", "%1 cannot be read: %2."), "sample", "damaged");
        const auto value = static_cast<std::int32_t>(index);
        const int copies = column == 0 ? 2 : 1;
        for (int i = 0; i < copies; ++i)
            static_cast<std::int32_t*>(to)[i] = value + 1000 * column;
    }
    std::string sampleName(Split, std::int64_t index) const override { return std::to_string(index); }
    std::span<const std::int32_t> labels(Split) const override { return {}; }
    std::string fingerprint() const override { return {}; }
    const std::vector<DataWarning>& warnings() const override { return m_warnings; }

private:
    std::int64_t m_count;
    std::vector<Column> m_columns = {{"pair", DType::Int32, {2}, false}, {"single", DType::Int32, {}, false}};
    std::vector<std::string> m_names;
    std::vector<DataWarning> m_warnings;
};

LoaderOptions options(std::int64_t batchSize, bool shuffle = true, std::uint64_t seed = 7)
{
    LoaderOptions o;
    o.columns = {0, 1};
    o.batchSize = batchSize;
    o.shuffle = shuffle;
    o.seed = seed;
    return o;
}

std::vector<std::int64_t> drain(Loader& loader)
{
    std::vector<std::int64_t> all;
    while (const Batch* batch = loader.next())
        all.insert(all.end(), batch->indices.begin(), batch->indices.end());
    return all;
}

} // namespace

class DataLoaderTest : public QObject {
    Q_OBJECT

private slots:
    void givesEverySampleOnceInTheOrderOfTheEpoch()
    {
        const CountingDataset set(103);
        Loader loader(set, options(10));
        QCOMPARE(loader.batchesPerEpoch(), 11);
        for (const std::int64_t epoch : {0, 1, 5}) {
            loader.startEpoch(epoch);
            QCOMPARE(drain(loader), epochOrder(103, true, 7, epoch));
            QVERIFY(!loader.next());
        }
    }

    void aRankKeepsItsSamples()
    {
        constexpr int ranks = 3;
        const CountingDataset set(103);
        const std::vector<int> places = ranksOfPlaces(103, 10, ranks);
        std::vector<std::vector<std::int64_t>> first(ranks);
        for (const std::int64_t epoch : {0, 1}) {
            std::set<std::int64_t> all;
            for (int rank = 0; rank < ranks; ++rank) {
                LoaderOptions kept = options(10);
                kept.keepsSamples = true;
                kept.rank = rank;
                kept.ranks = ranks;
                Loader loader(set, kept);
                loader.startEpoch(epoch);
                std::vector<std::int64_t> own;
                std::int64_t number = 0;
                while (const Batch* batch = loader.next()) {
                    const std::int64_t whole = ++number < 11 ? 10 : 3;
                    QCOMPARE(batch->samples(), partBegin(whole, rank + 1, ranks) - partBegin(whole, rank, ranks));
                    own.insert(own.end(), batch->indices.begin(), batch->indices.begin() + static_cast<std::ptrdiff_t>(batch->samples()));
                }
                for (const std::int64_t index : own)
                    QCOMPARE(places[static_cast<std::size_t>(index)], rank);
                all.insert(own.begin(), own.end());
                if (epoch == 0)
                    first[static_cast<std::size_t>(rank)] = own;
                else
                    QVERIFY(own != first[static_cast<std::size_t>(rank)]); // shuffled anew
                loader.startEpoch(epoch);
                QCOMPARE(drain(loader).size(), own.size());
            }
            QCOMPARE(all.size(), std::size_t{103}); // each once
        }
        LoaderOptions alone = options(10);
        alone.keepsSamples = true;
        Loader loader(set, alone);
        loader.startEpoch(4);
        QCOMPARE(drain(loader), epochOrder(103, true, 7, 4));
    }

    void fillsTheColumnsRowByRow()
    {
        const CountingDataset set(25);
        Loader loader(set, options(10));
        loader.startEpoch(3);
        while (const Batch* batch = loader.next()) {
            const auto* pairs = reinterpret_cast<const std::int32_t*>(batch->columns[0].data());
            const auto* singles = reinterpret_cast<const std::int32_t*>(batch->columns[1].data());
            QCOMPARE(batch->columns[0].size(), static_cast<std::size_t>(batch->size) * 8);
            for (std::size_t row = 0; row < batch->indices.size(); ++row) {
                QCOMPARE(pairs[2 * row], batch->indices[row]);
                QCOMPARE(pairs[2 * row + 1], batch->indices[row]);
                QCOMPARE(singles[row], batch->indices[row] + 1000);
            }
        }
    }

    void startsInTheMiddleOfAnEpoch()
    {
        const CountingDataset set(50);
        Loader loader(set, options(8));
        loader.startEpoch(2, 4);
        const std::vector<std::int64_t> order = epochOrder(50, true, 7, 2);
        QCOMPARE(drain(loader), std::vector<std::int64_t>(order.begin() + 32, order.end()));
    }

    void dropsWhatWasReadAheadOfAnotherEpoch()
    {
        const CountingDataset set(500);
        Loader loader(set, options(3));
        for (std::int64_t epoch = 0; epoch < 40; ++epoch) {
            loader.startEpoch(epoch);
            const Batch* batch = loader.next();
            QVERIFY(batch);
            QCOMPARE(batch->indices[0], epochOrder(500, true, 7, epoch)[0]);
        }
    }

    void carriesTheReadersErrorToTheCaller()
    {
        CountingDataset set(30);
        set.unreadable = 25;
        Loader loader(set, options(10, false));
        loader.startEpoch(0);
        QVERIFY(loader.next());
        QVERIFY(loader.next());
        QVERIFY_EXCEPTION_THROWN(loader.next(), Error);
        QVERIFY_EXCEPTION_THROWN(loader.next(), Error);
        loader.startEpoch(1); // can be started again
        QVERIFY(loader.next());
    }

    void recyclesItsBuffers()
    {
        const CountingDataset set(100);
        Loader loader(set, options(10));
        std::set<const std::byte*> buffers;
        for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
            loader.startEpoch(epoch);
            while (const Batch* batch = loader.next())
                buffers.insert(batch->columns[0].data());
        }
        QVERIFY(buffers.size() <= 5);
    }

    void endsWhileBatchesWaitToBeTaken()
    {
        const CountingDataset set(1000);
        for (int i = 0; i < 50; ++i) {
            Loader loader(set, options(1));
            if (i % 2)
                loader.startEpoch(i);
        }
    }

    void givesNothingOfAnEmptySplit()
    {
        const CountingDataset set(0);
        Loader loader(set, options(4));
        QVERIFY(!loader.next());
        loader.startEpoch(0);
        QVERIFY(!loader.next());
        QCOMPARE(loader.batchesPerEpoch(), 0);
    }

    void shufflesByTheSeedAndTheEpoch()
    {
        const std::vector<std::int64_t> order = epochOrder(1000, true, 1, 0);
        QCOMPARE(order, epochOrder(1000, true, 1, 0));
        QVERIFY(order != epochOrder(1000, true, 1, 1));
        QVERIFY(order != epochOrder(1000, true, 2, 0));
        std::vector<std::int64_t> sorted = order;
        std::sort(sorted.begin(), sorted.end());
        QCOMPARE(sorted, epochOrder(1000, false, 1, 0));
        QVERIFY(order != sorted);
    }

    void shufflesWithoutFavourites()
    {
        // Where sample 0 lands over 4,000 epochs of 4 samples: each place expects 1,000, sd 27.
        int places[4] = {};
        for (std::int64_t epoch = 0; epoch < 4000; ++epoch) {
            const std::vector<std::int64_t> order = epochOrder(4, true, 3, epoch);
            ++places[std::find(order.begin(), order.end(), 0) - order.begin()];
        }
        for (const int count : places)
            QVERIFY(std::abs(count - 1000) < 140);
    }
};

QTEST_GUILESS_MAIN(DataLoaderTest)
#include "data_loader_test.moc"
