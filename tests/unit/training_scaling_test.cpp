#include <cmath>
#include <string>

#include <QTest>

#include "core/base/error.h"
#include "core/training/distributed/scaling_forecast.h"

using namespace weft;

namespace {

/// 25 million parameters and a step of 280 ms.
ScalingSubject subject()
{
    ScalingSubject made;
    made.stepSeconds = 0.28;
    made.samplesPerStep = 32;
    made.parameterBytes = 100e6;
    return made;
}

double efficiency(const std::string& update, const ScalingSubject& of, const ScalingLink& link, std::int64_t workers)
{
    return scalingPoint(update, of, link, workers).efficiency;
}

bool isNear(double a, double b, double relative = 1e-9)
{
    return std::abs(a - b) <= relative * std::abs(b);
}

} // namespace

/// How throughput grows with the workers: the limits of the model, and measurements that others published.
class TrainingScalingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneWorkerIsAsFastAsItWasMeasured()
    {
        for (const char* update : updateRules()) {
            const ScalingPoint point = scalingPoint(update, subject(), {}, 1);
            QVERIFY(isNear(point.samplesPerSecond, 32 / 0.28));
            QCOMPARE(point.efficiency, 1.0);
        }
    }

    void efficiencyFallsWithTheWorkers()
    {
        for (const char* update : updateRules()) {
            double last = 1;
            for (const std::int64_t workers : workerCounts(2, 1024)) {
                const ScalingPoint point = scalingPoint(update, subject(), {}, workers);
                QVERIFY2(point.efficiency <= last && point.efficiency > 0, update);
                QVERIFY(isNear(point.samplesPerSecond, point.efficiency * static_cast<double>(workers) * 32 / 0.28));
                last = point.efficiency;
            }
            QVERIFY(last < 0.99);
        }
    }

    void anInfiniteLinkAndEvenWorkersAreIdeal()
    {
        ScalingLink link;
        link.bytesPerSecond = link.insideBytesPerSecond = 1e30;
        link.latencySeconds = 0;
        ScalingSubject even = subject();
        even.jitter = 0;
        for (const char* update : updateRules())
            QVERIFY2(isNear(efficiency(update, even, link, 512), 1.0), update);
    }

    void anAllReduceMovesWhatARingMoves()
    {
        ScalingLink link;
        link.bytesPerSecond = 1e9;
        link.usableShare = 1;
        link.latencySeconds = 0;
        ScalingSubject even = subject();
        even.jitter = 0;
        QVERIFY(isNear(efficiency("allReduce", even, link, 2), 0.28 / (0.28 + 0.1)));
        QVERIFY(isNear(efficiency("allReduce", even, link, 4), 0.28 / (0.28 + 0.15)));
        // Two workers of one host share its link, and are quicker inside.
        link.workersPerHost = 2;
        link.insideBytesPerSecond = 1e10;
        QVERIFY(isNear(efficiency("allReduce", even, link, 2), 0.28 / (0.28 + 0.01)));
        QVERIFY(isNear(efficiency("allReduce", even, link, 4), 0.28 / (0.28 + 0.01 + 0.1)));
    }

    void whatOverlapsIsHiddenAtMostBehindTheBackwardPass()
    {
        ScalingSubject hidden = subject();
        hidden.jitter = 0;
        hidden.overlap = 1;
        ScalingLink fast;
        fast.latencySeconds = 0;
        const double quick = 2.0 * 63 / 64 * 100e6 / (0.95 * 3.125e9);
        const double buckets = 24; // of 4 MiB; nothing is computed behind the last
        QVERIFY(isNear(efficiency("allReduce", hidden, fast, 64), 0.28 / (0.28 + quick / buckets)));
        ScalingSubject small = hidden;
        small.parameterBytes = 4e6; // one bucket
        QVERIFY(isNear(efficiency("allReduce", small, fast, 64), 0.28 / (0.28 + quick / 25)));
        ScalingLink slow = fast;
        slow.bytesPerSecond = 1e8;
        const double exchange = 2.0 * 63 / 64 * 100e6 / 0.95e8;
        QVERIFY(isNear(efficiency("allReduce", hidden, slow, 64), 0.28 / (0.28 + exchange - 0.28 * 2 / 3)));
        hidden.overlap = 0.5;
        QVERIFY(efficiency("allReduce", hidden, fast, 64) < 1.0);
    }

    void oneServerIsTheBottleneckAndSeveralShareIt()
    {
        const ScalingLink link;
        QVERIFY(efficiency("parameterServer", subject(), link, 64) < efficiency("allReduce", subject(), link, 64));
        ScalingSubject sharded = subject();
        sharded.servers = 8;
        QVERIFY(efficiency("parameterServer", sharded, link, 64) > 4 * efficiency("parameterServer", subject(), link, 64));
        // A full server hands out no more updates, however many workers ask for them.
        const double most = scalingPoint("asynchronous", subject(), link, 256).samplesPerSecond;
        QVERIFY(isNear(scalingPoint("asynchronous", subject(), link, 512).samplesPerSecond, most, 1e-6));
        QVERIFY(isNear(most, 32 * link.bytesPerSecond * link.usableShare / 100e6, 1e-6));
    }

    void whoWaitsLessIsFasterWhereWorkersDiffer()
    {
        ScalingSubject uneven = subject();
        uneven.jitter = 0.3;
        ScalingLink link;
        link.bytesPerSecond = 1e12;
        const auto of = [&](const char* update) { return efficiency(update, uneven, link, 64); };
        QVERIFY(of("parameterServer") < of("staleSynchronous"));
        QVERIFY(of("staleSynchronous") < of("asynchronous"));
        // The slowest of 64 normal numbers is 2.34 deviations late (integrated from the density of the largest).
        ScalingLink perfect = link;
        perfect.bytesPerSecond = 1e30;
        perfect.latencySeconds = 0;
        QVERIFY(isNear(efficiency("allReduce", uneven, perfect, 64), 1 / (1 + 0.3 * 2.3437), 1e-3));
        QVERIFY(isNear(efficiency("allReduce", uneven, perfect, 2), 1 / (1 + 0.3 * 0.5642), 1e-3));
    }

    void sixteenBitsHalveWhatGradientsTake()
    {
        ScalingLink link;
        link.bytesPerSecond = 1e9;
        link.usableShare = 1;
        link.latencySeconds = 0;
        ScalingSubject packed = subject();
        packed.jitter = 0;
        packed.sentShare = 0.5;
        QVERIFY(isNear(efficiency("allReduce", packed, link, 2), 0.28 / (0.28 + 0.05)));
        // Weights come whole, gradients go by half.
        QVERIFY(isNear(efficiency("parameterServer", packed, link, 2), 0.28 / (0.28 + 0.2 + 0.1)));
        QVERIFY(isNear(efficiency("asynchronous", packed, link, 2), 0.28 / (0.28 + 0.1 + 0.05)));
        const auto tells = [](const ScalingSubject& of) { return scalingAssumptions("allReduce", of, {}).size(); };
        QCOMPARE(tells(packed), tells(subject()) + 1);
    }

    void workersInReserveMakeUpForSlowOnes()
    {
        ScalingLink link;
        link.bytesPerSecond = link.insideBytesPerSecond = 1e30;
        link.latencySeconds = 0;
        ScalingSubject uneven = subject();
        uneven.jitter = 0.3;
        uneven.backupWorkers = 1;
        // The larger of three normal numbers but one is their median, which is 0 late; two of three workers count.
        QVERIFY(isNear(efficiency("parameterServer", uneven, link, 3), 2.0 / 3, 1e-6));
        QVERIFY(isNear(scalingPoint("parameterServer", uneven, link, 3).samplesPerSecond, 2 * 32 / 0.28, 1e-6));
        // Of four the second largest is 0.2970 deviations late (from tables of order statistics).
        QVERIFY(isNear(efficiency("parameterServer", uneven, link, 4), 0.75 / (1 + 0.3 * 0.29701), 1e-4));
        // Other rules have none.
        ScalingSubject without = uneven;
        without.backupWorkers = 0;
        QCOMPARE(efficiency("allReduce", uneven, link, 4), efficiency("allReduce", without, link, 4));
        // Where workers differ much one in reserve is worth more than it costs, and where they do not less.
        uneven.jitter = without.jitter = 1;
        QVERIFY(efficiency("parameterServer", uneven, link, 64) > efficiency("parameterServer", without, link, 64));
        uneven.jitter = without.jitter = 0.005;
        QVERIFY(efficiency("parameterServer", uneven, link, 64) < efficiency("parameterServer", without, link, 64));
        const auto tells = [](const ScalingSubject& of) { return scalingAssumptions("parameterServer", of, {}).size(); };
        QCOMPARE(tells(uneven), tells(without) + 1);
    }

    void settingsSayWhatIsSent()
    {
        TrainingSettings settings;
        settings.batchSize = 12;
        QCOMPARE(scalingSubject(settings, 100).sentShare, 1.0);
        settings.distributed.compression = "topK";
        const ScalingSubject sparse = scalingSubject(settings, 1'000'000);
        QVERIFY(sparse.isSparse);
        QCOMPARE(sparse.sentShare, 0.02); // a percent, with places as large as the numbers
        ScalingSubject whole = sparse;
        whole.isSparse = false;
        whole.sentShare = 1;
        ScalingLink slow;
        slow.bytesPerSecond = 1.25e8;
        // With few workers far less goes out; what each sends to each becomes much with many.
        QVERIFY(scalingPoint("allReduce", sparse, slow, 4).samplesPerSecond > scalingPoint("allReduce", whole, slow, 4).samplesPerSecond);
        QVERIFY(scalingPoint("allReduce", sparse, slow, 512).samplesPerSecond < scalingPoint("allReduce", whole, slow, 512).samplesPerSecond);
        settings.distributed.compression = "bfloat16";
        settings.distributed.backupWorkers = 2;
        const ScalingSubject made = scalingSubject(settings, 100);
        QCOMPARE(made.sentShare, 0.5);
        QCOMPARE(made.backupWorkers, 2);
        QCOMPARE(made.parameterBytes, 400.0);
        QCOMPARE(made.samplesPerStep, 12.0);
    }

    void publishedRunsLieWithinFivePoints()
    {
        int of64 = 0;
        for (const PublishedScaling& run : publishedScaling()) {
            const double points = 100 * std::abs(run.forecast - run.published);
            QVERIFY2(points < 5, qPrintable(QStringLiteral("%1 at %2: %3, not %4").arg(run.network).arg(run.workers).arg(run.forecast).arg(run.published)));
            if (run.workers != 64)
                continue;
            ++of64;
            QVERIFY(std::abs(run.published - (std::string(run.network) == "ResNet-50" ? 0.818 : 0.938)) < 5e-4);
        }
        QCOMPARE(of64, 2);
    }

    void wordsAreRead()
    {
        QVERIFY(isNear(linkRate("25Gbit"), 3.125e9));
        QVERIFY(isNear(linkRate("1.5 GB"), 1.5e9));
        QVERIFY(isNear(linkRate("800Mbit"), 1e8));
        for (const char* nonsense : {"", "fast", "25", "-1Gbit", "0Gbit", "25Gbits", "infGB"})
            QVERIFY_EXCEPTION_THROWN(linkRate(nonsense), Error);
        QVERIFY_EXCEPTION_THROWN(scalingPoint("gossip", subject(), {}, 2), Error);
        QCOMPARE(workerCounts(1, 1), (std::vector<std::int64_t>{1}));
        QCOMPARE(workerCounts(1, 8), (std::vector<std::int64_t>{1, 2, 4, 8}));
        QCOMPARE(workerCounts(3, 10), (std::vector<std::int64_t>{3, 6, 10}));
        for (const char* update : updateRules())
            QVERIFY(scalingAssumptions(update, subject(), {}).size() >= 4);
    }
};

QTEST_GUILESS_MAIN(TrainingScalingTest)
#include "training_scaling_test.moc"
