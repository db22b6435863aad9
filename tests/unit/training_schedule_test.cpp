#include <cmath>

#include <QTest>

#include "core/training/schedule.h"

using namespace weft;

namespace {

constexpr std::int64_t stepsPerEpoch = 4;

/// A run of 6 epochs of 4 steps with the rate 0.8.
bool follows(const ScheduleSettings& schedule, const std::vector<double>& expected, const MonitorHistory& whole = {})
{
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const MonitorHistory known{whole.values.first(std::min(whole.values.size(), i / stepsPerEpoch)), whole.isHigherBetter};
        const double rate = scheduledRate(schedule, 0.8, {6, stepsPerEpoch}, static_cast<std::int64_t>(i) + 1, known);
        if (std::abs(rate - expected[i]) > 1e-9) {
            qWarning("step %d: %.12g, expected %.12g", static_cast<int>(i) + 1, rate, expected[i]);
            return false;
        }
    }
    return true;
}

} // namespace

/// The numbers are those of PyTorch 1.13's schedulers.
class TrainingScheduleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void constantStays() { QVERIFY(follows({}, {0.8, 0.8, 0.8})); }

    void steps()
    {
        QVERIFY(follows({.type = "step", .stepEpochs = 2, .gamma = 0.5},
                        {0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.2}));
        QVERIFY(follows({.type = "multistep", .milestones = {1, 4}, .gamma = 0.25},
                        {0.8, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.05, 0.05}));
    }

    void exponential()
    {
        QVERIFY(follows({.type = "exponential", .gamma = 0.9}, {0.8, 0.8, 0.8, 0.8, 0.72, 0.72, 0.72, 0.72, 0.648, 0.648, 0.648, 0.648, 0.5832}));
    }

    void polynomial()
    {
        QVERIFY(follows({.type = "polynomial", .power = 2.0, .epochs = 5},
                        {0.8,   0.722, 0.648, 0.578, 0.512, 0.45,  0.392, 0.338, 0.288, 0.242, 0.2, 0.162,
                         0.128, 0.098, 0.072, 0.05,  0.032, 0.018, 0.008, 0.002, 0,     0,     0,   0}));
    }

    void cosineStartsAgain()
    {
        QVERIFY(follows(
            {.type = "cosine", .epochs = 2, .minimumRate = 0.1},
            {0.8, 0.773357836379, 0.697487373415, 0.583939201328, 0.45, 0.316060798672, 0.202512626585, 0.126642163621, 0.8, 0.773357836379}));
        QVERIFY(follows({.type = "cosine", .epochs = 1, .periodFactor = 2},
                        {0.8, 0.682842712475, 0.4, 0.117157287525, 0.8, 0.769551813005, 0.682842712475, 0.553073372946, 0.4, 0.246926627054,
                         0.117157287525, 0.0304481869955, 0.8, 0.792314112161}));
    }

    void oneCycle()
    {
        QVERIFY(follows({.type = "oneCycle"}, {0.032,          0.0802508994005, 0.212877820034,  0.396550719166,  0.585111354198,   0.731173161424,
                                               0.798029820182, 0.795532348361,  0.77755342191,   0.746410375873,  0.703189076503,   0.64939652316,
                                               0.586908303679, 0.517903198156,  0.444787211298,  0.370109682134,  0.296474396069,   0.226448798567,
                                               0.162474475883, 0.106782024151,  0.0613132750674, 0.0276535899403, 0.00697658281304, 3.2e-06}));
    }

    void plateau()
    {
        ScheduleSettings settings{.type = "plateau", .gamma = 0.5, .minimumRate = 0.15, .patience = 1, .threshold = 0.01, .cooldown = 1};
        std::vector<double> expected;
        for (const double rate : {0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.15})
            expected.insert(expected.end(), stepsPerEpoch, rate);
        const std::vector<double> losses{1, 0.995, 0.994, 0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0};
        QVERIFY(follows(settings, expected, {losses, false}));
        settings = {.type = "plateau", .gamma = 0.5, .patience = 0, .threshold = 0.1};
        expected.clear();
        for (const double rate : {0.8, 0.8, 0.4, 0.4, 0.2, 0.2})
            expected.insert(expected.end(), stepsPerEpoch, rate);
        const std::vector<double> accuracies{0.5, 0.54, 0.56, 0.6, 0.7, 0.71};
        QVERIFY(follows(settings, expected, {accuracies, true}));
    }

    void warmUpGrowsToTheSchedule()
    {
        QVERIFY(follows({.warmupSteps = 4}, {0.2, 0.4, 0.6, 0.8, 0.8}));
        QVERIFY(follows({.type = "exponential", .warmupSteps = 8, .gamma = 0.5}, {0.1, 0.2, 0.3, 0.4, 0.25, 0.3, 0.35, 0.4, 0.2}));
    }

    void improvementIsCounted()
    {
        const auto without = [](const std::vector<double>& values, bool isHigherBetter, double minimumDelta) {
            return epochsWithoutImprovement({values, isHigherBetter}, minimumDelta);
        };
        QCOMPARE(without({}, false, 0.0), 0);
        QCOMPARE(without({3, 2, 2.5, 2}, false, 0.0), 2);
        QCOMPARE(without({0.5, 0.6, 0.55}, true, 0.0), 1);
        // 0.64 is better, but not by enough.
        QCOMPARE(without({0.5, 0.6, 0.64}, true, 0.05), 1);
        QCOMPARE(without({std::nan(""), std::nan("")}, true, 0.0), 2);
        // Nothing finite would count as better than an infinite loss by a share of it.
        const double infinite = std::numeric_limits<double>::infinity();
        QCOMPARE(without({infinite, 3, 2}, false, 0.0), 0);
        const ScheduleSettings settings{.type = "plateau", .gamma = 0.5, .patience = 0, .threshold = 0.1};
        const std::vector<double> losses{infinite, 3, 2};
        QCOMPARE(scheduledRate(settings, 0.8, {10, 1}, 4, {losses, false}), 0.4);
    }
};

QTEST_APPLESS_MAIN(TrainingScheduleTest)
#include "training_schedule_test.moc"
