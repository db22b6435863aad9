#include <cmath>
#include <numeric>

#include <QtTest>

#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

Tree generated(Tree::List shape, int samples = 200)
{
    return Tree::Map{{"source", "generated"}, {"shape", std::move(shape)}, {"classes", 4}, {"samples", samples}};
}

template <class T> std::vector<T> readAs(const Dataset& set, std::int64_t index, const char* column)
{
    const Column& found = *set.findColumn(column);
    std::vector<T> values(static_cast<std::size_t>(elementCount(found.shape)));
    set.read(Split::Train, index, set.columnIndex(column), values.data());
    return values;
}

} // namespace

class DataGeneratedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShapeDecidesTheColumns()
    {
        const auto pictures = openDataset(generated({3, 20, 30}), {});
        QCOMPARE(pictures->findColumn("image")->shape, (Extents{3, 20, 30}));
        QCOMPARE(pictures->findColumn("mask")->shape, (Extents{1, 20, 30}));
        QVERIFY(pictures->findColumn("label")->isLabel);
        QCOMPARE(pictures->size(Split::Train), 160);
        QCOMPARE(pictures->size(Split::Test), 20);
        QCOMPARE(pictures->classNames().size(), std::size_t{4});
        const auto rows = openDataset(generated({7}), {});
        QCOMPARE(rows->findColumn("features")->shape, (Extents{7}));
        const auto series = openDataset(generated({12, 2}), {});
        QCOMPARE(series->findColumn("series")->shape, (Extents{12, 2}));
        QCOMPARE(series->findColumn("next")->shape, (Extents{2}));
    }

    void theSeedDecidesTheSamples()
    {
        Tree data = generated({3, 16, 16});
        const auto one = openDataset(data, {}), same = openDataset(data, {});
        data["seed"] = 2;
        const auto other = openDataset(data, {});
        QCOMPARE(readAs<std::uint8_t>(*one, 5, "image"), readAs<std::uint8_t>(*same, 5, "image"));
        QVERIFY(readAs<std::uint8_t>(*one, 5, "image") != readAs<std::uint8_t>(*one, 6, "image"));
        QVERIFY(readAs<std::uint8_t>(*one, 5, "image") != readAs<std::uint8_t>(*other, 5, "image"));
        QCOMPARE(one->fingerprint(), same->fingerprint());
        QVERIFY(one->fingerprint() != other->fingerprint());
    }

    /// The mean of each class, from half of the samples, tells the other half apart.
    void classesCanBeLearned_data()
    {
        QTest::addColumn<QString>("column");
        QTest::newRow("pictures") << "image";
        QTest::newRow("rows") << "features";
    }
    void classesCanBeLearned()
    {
        QFETCH(QString, column);
        const bool isImage = column == "image";
        const auto set = openDataset(generated(isImage ? Tree::List{3, 16, 16} : Tree::List{16}, 400), {});
        const auto vectorOf = [&](std::int64_t i) {
            if (!isImage)
                return readAs<float>(*set, i, "features");
            // The mean of each channel is enough, because classes differ in colour.
            const std::vector<std::uint8_t> pixels = readAs<std::uint8_t>(*set, i, "image");
            std::vector<float> means;
            for (std::size_t c = 0; c < 3; ++c)
                means.push_back(std::accumulate(pixels.begin() + static_cast<std::ptrdiff_t>(c * 256),
                                                pixels.begin() + static_cast<std::ptrdiff_t>(c * 256 + 256), 0.0f));
            return means;
        };
        const std::span<const std::int32_t> labels = set->labels(Split::Train);
        std::vector<std::vector<float>> sums(4);
        std::vector<float> counts(4, 0.0f);
        const std::int64_t half = set->size(Split::Train) / 2;
        for (std::int64_t i = 0; i < half; ++i) {
            const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
            const std::vector<float> values = vectorOf(i);
            sums[label].resize(values.size());
            for (std::size_t k = 0; k < values.size(); ++k)
                sums[label][k] += values[k];
            counts[label] += 1;
        }
        int right = 0;
        for (std::int64_t i = half; i < 2 * half; ++i) {
            const std::vector<float> values = vectorOf(i);
            std::size_t best = 0;
            double nearest = 1e30;
            for (std::size_t label = 0; label < 4; ++label) {
                double distance = 0;
                for (std::size_t k = 0; k < values.size(); ++k)
                    distance += std::pow(static_cast<double>(values[k] - sums[label][k] / counts[label]), 2);
                if (distance < nearest) {
                    nearest = distance;
                    best = label;
                }
            }
            right += labels[static_cast<std::size_t>(i)] == static_cast<std::int32_t>(best) ? 1 : 0;
        }
        QVERIFY2(right > 0.8 * static_cast<double>(half), qPrintable(QString::number(right)));
    }

    void theMaskCoversTheDisc()
    {
        const auto set = openDataset(generated({1, 32, 32}), {});
        const std::vector<float> mask = readAs<float>(*set, 3, "mask");
        const double share = std::accumulate(mask.begin(), mask.end(), 0.0) / static_cast<double>(mask.size());
        QVERIFY(share > 0.1 && share < 0.7);
        QCOMPARE(mask[0], 0.0f);
        QCOMPARE(mask[16 * 32 + 16], 1.0f);
    }

    void nextFollowsTheSeries()
    {
        const auto shorter = openDataset(generated({12, 2}), {}), longer = openDataset(generated({13, 2}), {});
        const std::vector<float> next = readAs<float>(*shorter, 3, "next"), series = readAs<float>(*longer, 3, "series");
        for (std::size_t f = 0; f < 2; ++f)
            QVERIFY(std::abs(next[f] - series[24 + f]) < 0.5f);
    }

    void refusesWhatItCannotMake()
    {
        QVERIFY(says(openingError(generated({2, 8, 8})), "1 (grey) or 3 (colour) channels, not 2"));
        QVERIFY(says(openingError(generated({1, 2, 3, 4})), "\"shape\" must be a list of one to three integers"));
        QVERIFY(says(openingError(generated({0})), "\"shape\" must be"));
        QVERIFY(says(openingError(generated({4}, 0)), "\"samples\" must be"));
        Tree data = generated({4});
        data["classes"] = 1;
        QVERIFY(says(openingError(data), "\"classes\" must be"));
    }
};

QTEST_GUILESS_MAIN(DataGeneratedTest)
#include "data_generated_test.moc"
