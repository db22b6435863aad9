// Several ranks train as one process does with the same batches.
#include <QtTest>

#include <cmath>
#include <set>

#include "core/base/random.h"
#include "core/device/collectives.h"
#include "core/engine/session.h"
#include "core/ops/all_reduce/all_reduce.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/gradient_exchange.h"
#include "core/training/distributed/link_measurement.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/distributed/rank_report.h"
#include "core/training/distributed/thread_ranks.h"
#include "core/training/epoch_runner.h"
#include "tests/unit/ranks_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

class TrainingRanksTest : public QObject, private PicturesForRanks {
    Q_OBJECT

private Q_SLOTS:
    void lossesAreThoseOfOneProcess_data();
    void lossesAreThoseOfOneProcess();
    void ranksOnDifferentDevicesAreRefused();
    void cardsRefuseCompression();
    void aRankWithoutNcclIsNamed();
    void aRankWhoseCardCannotJoinIsNamed();
    void aLostRankEndsTheFirstStep();
    void repetitionGivesTheSameBits();
    void aBatchForEachRankIsAsOneLargeBatch_data();
    void aBatchForEachRankIsAsOneLargeBatch();
    void theRateGrowsWithTheRanks();
    void sumsInSixteenBitsKeepToTheirBound();
    void compressedGradientsTrainAlike_data();
    void compressedGradientsTrainAlike();
    void theLargestOfGradientsTrainToo();
    void eachSampleIsReadOnce_data();
    void eachSampleIsReadOnce();
    void gradientsLeaveAsSoonAsTheyAreThere();
    void aFaultyRankIsNamed();
    void theLinkIsMeasuredAlike();
};

void TrainingRanksTest::lossesAreThoseOfOneProcess_data()
{
    QTest::addColumn<int>("ranks");
    QTest::addColumn<Tree>("settings");
    const Tree synchronised = Tree::Map{{"synchronisedBatchNorm", true}};
    const auto row = [&](const char* name, int ranks, Tree::Map settings) {
        settings.emplace_back("distributed", synchronised);
        QTest::newRow(name) << ranks << Tree(std::move(settings));
    };
    row("two ranks", 2, {});
    row("four ranks", 4, {});
    row("three ranks, unequal parts", 3, {{"batchSize", 25}});
    // The last batch has one sample, so that three of the ranks have none.
    row("ranks without a sample", 4, {{"batchSize", 53}});
    row("accumulation", 2, {{"batchSize", 12}, {"gradientAccumulation", 3}});
    row("clipping by norm", 2, {{"gradientClipping", Tree::Map{{"norm", 0.5}}}});
    row("averaged weights", 2, {{"weightAveraging", Tree::Map{{"decay", 0.9}}}});
}

void TrainingRanksTest::lossesAreThoseOfOneProcess()
{
    QFETCH(int, ranks);
    QFETCH(Tree, settings);
    const std::vector<DeviceInfo> devices = listDevices();
    if (m_device == DeviceKind::Cuda && std::ranges::count_if(devices, [](const DeviceInfo& d) { return d.id.starts_with("cuda:"); }) < ranks)
        QSKIP("not run: each rank needs a card");
    const TrainingJob together = job(settings);
    const Losses alone = train(together, 1);
    const Losses shared = train(together, ranks);
    QCOMPARE(shared.samples, alone.samples);
    QCOMPARE(shared.steps.size(), alone.steps.size());
    for (std::size_t i = 0; i < alone.steps.size(); ++i)
        QVERIFY2(
            std::abs(shared.steps[i] - alone.steps[i]) <= 1e-5 * alone.steps[i],
            qPrintable(QStringLiteral("step %1: %2 alone, %3 shared").arg(i + 1).arg(alone.steps[i], 0, 'g', 9).arg(shared.steps[i], 0, 'g', 9)));
    for (std::size_t i = 0; i < alone.validation.size(); ++i)
        QVERIFY2(std::abs(shared.validation[i] - alone.validation[i]) <= 1e-5 * alone.validation[i],
                 qPrintable(QStringLiteral("epoch %1: %2 alone, %3 shared").arg(i + 1).arg(alone.validation[i]).arg(shared.validation[i])));
}

void TrainingRanksTest::ranksOnDifferentDevicesAreRefused()
{
    if (m_device != DeviceKind::Cuda)
        QSKIP("not run: this test is without a card");
    const TrainingJob shared = job(Tree::Map{});
    const std::string fault = errorOf([&] {
        ThreadRanks(2).run([&](Collectives& own) {
            SessionOptions options;
            options.threads = 1;
            options.collectives = &own;
            options.device = own.rank() == 0 ? DeviceKind::Cuda : DeviceKind::Cpu;
            EpochRunner(shared, options).session().joinRanks();
        });
    });
    QVERIFY2(fault.find("1 of the 2 ranks compute on graphics cards") != std::string::npos, fault.c_str());
}

void TrainingRanksTest::cardsRefuseCompression()
{
    if (m_device != DeviceKind::Cuda)
        QSKIP("not run: this test is without a card");
    const TrainingJob shared = job(Tree::Map{{"distributed", Tree::Map{{"compression", "bfloat16"}}}});
    const std::string fault = errorOf([&] { train(shared, 2); });
    QVERIFY2(fault.find("set training.distributed.compression to none") != std::string::npos, fault.c_str());
}

void TrainingRanksTest::aRankWithoutNcclIsNamed()
{
    if (m_device != DeviceKind::Cuda || !qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR"))
        QSKIP("not run: only cards of the host can do without NCCL");
    const TrainingJob shared = job(Tree::Map{});
    for (const char* rank : {"0", "1"}) {
        qputenv("WEFT_TEST_WITHOUT_NCCL", rank);
        const std::string fault = errorOf([&] { train(shared, 2); });
        qunsetenv("WEFT_TEST_WITHOUT_NCCL");
        QVERIFY2(fault.find(std::string("Rank ") + rank + " cannot train with the others: Several ranks on graphics cards need NVIDIA's NCCL")
                     != std::string::npos,
                 fault.c_str());
    }
}

/// The others wait inside NCCL for it, and come back.
void TrainingRanksTest::aRankWhoseCardCannotJoinIsNamed()
{
    if (m_device != DeviceKind::Cuda || !qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR"))
        QSKIP("not run: only the NCCL of the host fails when it is told to");
    const TrainingJob shared = job(Tree::Map{});
    for (const char* rank : {"0", "1", "2"}) {
        qputenv("WEFT_TEST_NCCL_FAULT", rank);
        const std::string fault = errorOf([&] { train(shared, 3); });
        qunsetenv("WEFT_TEST_NCCL_FAULT");
        QVERIFY2(fault.find(std::string("Rank ") + rank + " cannot train with the others: NCCL could not add up gradients") != std::string::npos,
                 fault.c_str());
    }
    // A rank that nobody is: all wait for one another.
    qputenv("WEFT_TEST_NCCL_FAULT", "7");
    const std::string fault = errorOf([&] { train(shared, 2); });
    qunsetenv("WEFT_TEST_NCCL_FAULT");
    QVERIFY2(fault.find("The cards of the ranks did not come together") != std::string::npos, fault.c_str());
}

/// The step that waits for it is under way on the cards of the others, with the batch behind it.
void TrainingRanksTest::aLostRankEndsTheFirstStep()
{
    const TrainingJob shared = job(Tree::Map{});
    qputenv("WEFT_TEST_NCCL_TELLS", "1");
    const std::string fault = errorOf([&] {
        ThreadRanks(2).run([&](Collectives& own) {
            const bool isLost = own.rank() == 1;
            EpochRunner runner(shared, ofRank(own));
            if (isLost)
                receiveOrder(own);
            runner.shareVariables();
            if (isLost)
                receiveOrder(own);
            runner.startEpoch(1, 0);
            if (isLost) {
                receiveOrder(own);
                throw Error(WEFT_TEXT("Test", "the rank is lost"));
            }
            runner.step(1, 0.01);
        });
    });
    qunsetenv("WEFT_TEST_NCCL_TELLS");
    QCOMPARE(fault, std::string("the rank is lost"));
}

void TrainingRanksTest::repetitionGivesTheSameBits()
{
    const TrainingJob shared = job(Tree::Map{});
    const Losses first = train(shared, 3);
    const Losses second = train(shared, 3);
    QCOMPARE(second.steps, first.steps);
    QCOMPARE(second.validation, first.validation);
}

void TrainingRanksTest::aBatchForEachRankIsAsOneLargeBatch_data()
{
    QTest::addColumn<QString>("update");
    QTest::addColumn<int>("ranks");
    QTest::addColumn<int>("backups");
    QTest::addColumn<int>("shared");
    QTest::newRow("all-reduce") << QStringLiteral("allReduce") << 3 << 0 << 21;
    QTest::newRow("server") << QStringLiteral("parameterServer") << 3 << 0 << 14;
    QTest::newRow("server with a backup") << QStringLiteral("parameterServer") << 4 << 1 << 14;
}

void TrainingRanksTest::aBatchForEachRankIsAsOneLargeBatch()
{
    QFETCH(QString, update);
    QFETCH(int, ranks);
    QFETCH(int, backups);
    QFETCH(int, shared);
    Tree distributed = Tree::Map{{"update", update.toStdString()}, {"backupWorkers", backups}};
    const Losses together = train(job(Tree::Map{{"batchSize", shared}, {"distributed", distributed}}), ranks);
    distributed["batch"] = "perRank";
    const Losses each = train(job(Tree::Map{{"batchSize", 7}, {"distributed", distributed}}), ranks);
    QCOMPARE(each.steps, together.steps);
    QCOMPARE(each.samples, together.samples);
}

void TrainingRanksTest::theRateGrowsWithTheRanks()
{
    const auto scale = [](Tree::Map distributed, std::int64_t step) {
        return rateScale(trainingSettings(Tree::Map{{"distributed", Tree(std::move(distributed))}}), 4, 10, step);
    };
    QCOMPARE(scale({}, 1), 1.0);
    QCOMPARE(scale({}, 100), 1.0);
    // Five epochs of ten steps.
    QCOMPARE(scale({{"batch", "perRank"}}, 1), 1.06);
    QCOMPARE(scale({{"batch", "perRank"}}, 25), 2.5);
    QCOMPARE(scale({{"batch", "perRank"}}, 50), 4.0);
    QCOMPARE(scale({{"batch", "perRank"}}, 51), 4.0);
    QCOMPARE(scale({{"batch", "perRank"}, {"warmupEpochs", 0}}, 1), 4.0);
    QCOMPARE(scale({{"batch", "perRank"}, {"learningRateScaling", "none"}}, 50), 1.0);
}

void TrainingRanksTest::sumsInSixteenBitsKeepToTheirBound()
{
    constexpr std::int64_t count = 5000;
    constexpr int ranks = 3;
    const auto number = [](int rank, std::int64_t i) {
        const auto words = philox(static_cast<std::uint64_t>(rank), 2, static_cast<std::uint64_t>(i));
        return std::ldexp(static_cast<float>(words[0]) / 2147483648.0f - 1.0f, -static_cast<int>(words[1] % 16));
    };
    for (const auto& [format, rounding] :
         {std::pair(WireFormat::BFloat16, std::ldexp(1.0, -8)), std::pair(WireFormat::Float16, std::ldexp(1.0, -11))}) {
        std::vector<std::vector<float>> sums(ranks);
        ThreadRanks(ranks).run([&, format = format](Collectives& own) {
            std::vector<float>& data = sums[static_cast<std::size_t>(own.rank())];
            for (std::int64_t i = 0; i < count; ++i)
                data.push_back(number(own.rank(), i));
            own.startSum(data.data(), count, format);
            own.finishSum(data.data());
        });
        QCOMPARE(sums[1], sums[0]);
        QCOMPARE(sums[2], sums[0]);
        for (std::int64_t i = 0; i < count; ++i) {
            double exact = 0, sizes = 0;
            for (int rank = 0; rank < ranks; ++rank) {
                exact += static_cast<double>(number(rank, i));
                sizes += std::abs(static_cast<double>(number(rank, i)));
            }
            // Each number is rounded once and their sum once more; three additions in float32 are lost in the last term.
            QVERIFY(std::abs(static_cast<double>(sums[0][static_cast<std::size_t>(i)]) - exact)
                    <= (2 * rounding + 2 * rounding * rounding) * sizes + 1e-9);
        }
    }
}

void TrainingRanksTest::compressedGradientsTrainAlike_data()
{
    QTest::addColumn<QString>("update");
    QTest::addColumn<QString>("compression");
    QTest::addColumn<double>("tolerance");
    for (const char* update : {"allReduce", "parameterServer"}) {
        QTest::addRow("%s, float16", update) << QString::fromLatin1(update) << QStringLiteral("float16") << 0.002;
        QTest::addRow("%s, bfloat16", update) << QString::fromLatin1(update) << QStringLiteral("bfloat16") << 0.02;
    }
}

void TrainingRanksTest::compressedGradientsTrainAlike()
{
    QFETCH(QString, update);
    QFETCH(QString, compression);
    QFETCH(double, tolerance);
    Tree distributed = Tree::Map{{"update", update.toStdString()}};
    // SGD follows gradients as they are; Adam's first steps would only see their signs.
    const Tree optimizer = Tree::Map{{"type", "sgd"}, {"learningRate", 0.1}, {"momentum", 0.9}};
    const Losses whole = train(job(Tree::Map{{"distributed", distributed}, {"optimizer", optimizer}}), 3);
    distributed["compression"] = compression.toStdString();
    const TrainingJob compressed = job(Tree::Map{{"distributed", distributed}, {"optimizer", optimizer}});
    const Losses rounded = train(compressed, 3);
    for (std::size_t i = 0; i < whole.steps.size(); ++i)
        QVERIFY2(std::abs(rounded.steps[i] - whole.steps[i]) <= tolerance * whole.steps[i],
                 qPrintable(QStringLiteral("step %1: %2, %3").arg(i + 1).arg(whole.steps[i]).arg(rounded.steps[i])));
    QVERIFY(rounded.steps != whole.steps);
    QCOMPARE(train(compressed, 3).steps, rounded.steps);
}

void TrainingRanksTest::theLargestOfGradientsTrainToo()
{
    Tree distributed = Tree::Map{{"compression", "topK"}, {"topKPercent", 5.0}};
    const Tree optimizer = Tree::Map{{"type", "sgd"}, {"learningRate", 0.1}, {"momentum", 0.9}};
    const TrainingJob sparse = job(Tree::Map{{"distributed", distributed}, {"optimizer", optimizer}});
    const Losses losses = train(sparse, 2);
    QVERIFY(losses.validation.back() < 0.8 * losses.validation.front());
    QCOMPARE(train(sparse, 2).steps, losses.steps);
    // One process sends nothing, so that nothing of its gradients is kept back.
    const TrainingJob whole = job(Tree::Map{{"distributed", Tree::Map{}}, {"optimizer", optimizer}});
    QCOMPARE(train(sparse, 1).steps, train(whole, 1).steps);
    QVERIFY(losses.steps != train(whole, 2).steps);

    distributed["update"] = "parameterServer";
    const std::string fault = errorOf([&] { job(Tree::Map{{"distributed", distributed}}); });
    QVERIFY2(fault.find("set training.distributed.update to \"allReduce\"") != std::string::npos, fault.c_str());
}

void TrainingRanksTest::eachSampleIsReadOnce_data()
{
    QTest::addColumn<int>("ranks");
    QTest::addColumn<int>("batchSize");
    QTest::newRow("even") << 2 << 16;
    QTest::newRow("uneven") << 3 << 25;
    QTest::newRow("one sample left") << 4 << 53;
}

void TrainingRanksTest::eachSampleIsReadOnce()
{
    QFETCH(int, ranks);
    QFETCH(int, batchSize);
    std::multiset<std::int64_t> read;
    for (int rank = 0; rank < ranks; ++rank) {
        LoaderOptions options;
        options.columns = {0, 1};
        options.batchSize = batchSize;
        options.rank = rank;
        options.ranks = ranks;
        Loader loader(*m_dataset, options);
        loader.startEpoch(1);
        while (const Batch* batch = loader.next()) {
            if (batch->isFiller)
                QVERIFY(rank != 0);
            else
                read.insert(batch->indices.begin(), batch->indices.end());
        }
    }
    QCOMPARE(static_cast<std::int64_t>(read.size()), m_dataset->size(Split::Train));
    QCOMPARE(std::set<std::int64_t>(read.begin(), read.end()).size(), read.size());
}

/// A chain x → a → b → c of three large gradients: each is sent before the op that follows it.
void TrainingRanksTest::gradientsLeaveAsSoonAsTheyAreThere()
{
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {Dim(64)}});
    std::vector<Value> chain{allReduce(x)};
    chain.push_back(allReduce(chain.back()));
    const std::vector<Value> sums = exchanged(chain, 4);
    QCOMPARE(sums.size(), chain.size());
    std::vector<std::string> names;
    for (const auto& op : graph.ops())
        names.emplace_back(op->spec().name);
    const std::vector<std::string> wanted{"AllReduceStart",  "AllReduceFinish", "AllReduceStart",  "AllReduceStart",
                                          "AllReduceFinish", "AllReduceStart",  "AllReduceFinish", "AllReduceFinish"};
    QCOMPARE(names, wanted);
    QCOMPARE(graph.ops()[2]->input(0), chain[0]);
    QCOMPARE(sums[0].producer()->input(0), graph.ops()[2]->output());
}

void TrainingRanksTest::aFaultyRankIsNamed()
{
    try {
        ThreadRanks(3).run([](Collectives& own) {
            if (own.rank() == 0)
                hearRanks(own, 10);
            else
                reportRank(own, 10, own.rank() == 2 ? "no data" : "");
        });
        QFAIL("The fault of rank 2 was not heard.");
    } catch (const Error& error) {
        const QString text = QString::fromUtf8(error.what());
        QVERIFY2(text.startsWith(QStringLiteral("Rank 2 on ")) && text.endsWith(QStringLiteral("no data")), qPrintable(text));
    }
}

void TrainingRanksTest::theLinkIsMeasuredAlike()
{
    std::vector<ScalingLink> links(3);
    ThreadRanks(3).run([&](Collectives& own) { links[static_cast<std::size_t>(own.rank())] = measureLink(own); });
    for (const ScalingLink& link : links) {
        QCOMPARE(link.measuredRanks, 3);
        QVERIFY(link.bytesPerSecond > 1e6 && std::isfinite(link.bytesPerSecond) && link.latencySeconds > 0);
        QCOMPARE(link.bytesPerSecond, links[0].bytesPerSecond);
        QCOMPARE(link.latencySeconds, links[0].latencySeconds);
    }
    const ScalingLink read = linkFrom("a note\n" + linkText(links[0]) + "\n");
    QCOMPARE(read.measuredRanks, 3);
    QVERIFY(std::abs(read.bytesPerSecond / links[0].bytesPerSecond - 1) < 1e-9);
    QCOMPARE(read.usableShare, 1.0);
    QVERIFY_EXCEPTION_THROWN(linkFrom("{\"ranks\":1}\n"), Error);
    QVERIFY_EXCEPTION_THROWN(ThreadRanks(1).run([](Collectives& own) { measureLink(own); }), Error);
}

} // namespace

QTEST_GUILESS_MAIN(TrainingRanksTest)
#include "training_ranks_test.moc"
