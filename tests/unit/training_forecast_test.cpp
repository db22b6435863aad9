#include <cmath>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/network/lowering.h"
#include "core/training/memory_forecast.h"
#include "core/training/step_forecast.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// A network on made-up pictures.
struct Subject {
    explicit Subject(Project of) : project(std::move(of)), dataset(openDataset(project.data, {}))
    {
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
    }

    MemoryForecast memory() const { return MemoryForecast(job.network, job.settings, {}, dataset.get()); }

    Project project;
    std::unique_ptr<Dataset> dataset;
    TrainingJob job;
};

Project table(std::int64_t samples, std::int64_t batch)
{
    Project project = projectFromTemplate("tabular-mlp");
    project.data = Tree::Map{
        {"source", "generated"}, {"shape", Tree::List{16}}, {"classes", 4}, {"samples", samples}, {"validation", Tree::Map{{"fraction", 0.2}}}};
    project.training["batchSize"] = batch;
    return project;
}

constexpr std::size_t plenty = std::size_t{64} << 30;
const ForecastLimits quick{0, 0, 0};

} // namespace

/// What an epoch takes is known before it.
class TrainingForecastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEpochIsItsStepsAndTheValidation();
    void stepsGoOnOverTheEndOfAnEpoch();
    void memoryIsThatOfTheMemoryForecast();
    void whatDoesNotFitIsSaidAndSmallerBatchesAreTimed();
    void whereNothingFitsNothingIsTimed();
    void largeNetworksAreTimedWithFewSamples();
    void aMeasurementTakesTwoSecondsAndCanBeCancelled();
    void theLargestBatchIsTheLargest();
};

void TrainingForecastTest::anEpochIsItsStepsAndTheValidation()
{
    const Subject subject(table(1000, 64));
    const StepForecast forecast = forecastSteps(subject.job, {}, plenty, {}, quick);
    QCOMPARE(forecast.batchSize, 64);
    QCOMPARE(forecast.timedBatch, 64);
    QCOMPARE(forecast.timedSteps, 1);
    QCOMPARE(forecast.trainingSize, subject.dataset->size(Split::Train));
    QCOMPARE(forecast.validationSize, subject.dataset->size(Split::Validation));
    QVERIFY(forecast.validationSize > 0);
    QCOMPARE(forecast.stepsPerEpoch(), static_cast<std::int64_t>(std::ceil(static_cast<double>(forecast.trainingSize) / 64)));
    QVERIFY(forecast.stepMilliseconds > 0);
    QVERIFY(forecast.validationSeconds > 0);
    const double training = static_cast<double>(forecast.trainingSize) / forecast.samplesPerSecond();
    QVERIFY(std::abs(forecast.epochSeconds() - training - forecast.validationSeconds) < 1e-9);
    QVERIFY(!forecast.problem);

    const Subject without([] {
        Project project = table(100, 64);
        project.data["validation"] = Tree::Map{{"fraction", 0.0}};
        return project;
    }());
    QCOMPARE(forecastSteps(without.job, {}, plenty, {}, quick).validationSeconds, 0.0);
}

void TrainingForecastTest::stepsGoOnOverTheEndOfAnEpoch()
{
    const Subject subject(table(50, 64)); // one step an epoch, of all there is
    const StepForecast forecast = forecastSteps(subject.job, {}, plenty, {}, {0, 0.02, 0});
    QCOMPARE(forecast.stepsPerEpoch(), 1);
    QCOMPARE(forecast.batchSize, forecast.trainingSize);
    QVERIFY(forecast.timedSteps >= 1);
    QCOMPARE(forecast.largestBatch, forecast.trainingSize);
}

void TrainingForecastTest::memoryIsThatOfTheMemoryForecast()
{
    const Subject subject(table(1000, 64));
    const StepForecast forecast = forecastSteps(subject.job, {}, plenty, {}, quick);
    QCOMPARE(forecast.memoryBytes, subject.memory().memory().total());
    QCOMPARE(forecast.availableBytes, plenty);
    QCOMPARE(forecast.largestBatch, forecast.trainingSize);
}

void TrainingForecastTest::whatDoesNotFitIsSaidAndSmallerBatchesAreTimed()
{
    Project project = projectFromTemplate("resnet18");
    const Tree shape = Tree::List{3, 32, 32};
    project.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 5000}};
    project.network.findNode("image")->params["shape"] = shape;
    project.training["batchSize"] = 1024;
    const Subject subject(project);
    const MemoryForecast memory = subject.memory();
    const std::size_t room = memory.memory(6, MemoryUse::Normal).total();
    const StepForecast forecast = forecastSteps(subject.job, {}, room, {}, quick);
    QVERIFY(forecast.memoryBytes > room);
    QVERIFY(forecast.problem);
    QCOMPARE(english(*forecast.problem), english(*memoryProblem(memory, room)));
    QVERIFY(forecast.largestBatch >= 5 && forecast.largestBatch <= 8);
    QVERIFY(memory.memory(forecast.largestBatch, MemoryUse::Normal).total() <= room);
    QCOMPARE(forecast.timedBatch, forecast.largestBatch);
    QVERIFY(forecast.stepMilliseconds > 0);
    QCOMPARE(forecast.batchSize, 1024);
}

void TrainingForecastTest::whereNothingFitsNothingIsTimed()
{
    const Subject subject(table(1000, 64));
    const StepForecast forecast = forecastSteps(subject.job, {}, 1000);
    QVERIFY(forecast.problem || forecast.memoryBytes > forecast.availableBytes);
    QCOMPARE(forecast.largestBatch, 0);
    QCOMPARE(forecast.timedBatch, 0);
    QCOMPARE(forecast.timedSteps, 0);
    QCOMPARE(forecast.samplesPerSecond(), 0.0);
}

void TrainingForecastTest::largeNetworksAreTimedWithFewSamples()
{
    Project project = projectFromTemplate("resnet18");
    const Tree shape = Tree::List{3, 224, 224};
    project.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 100}};
    project.network.findNode("image")->params["shape"] = shape;
    project.training["batchSize"] = 64;
    const Subject subject(project);
    const double each = analyze(project.network).multiplyAdds;
    std::vector<StepForecast> news;
    const StepForecast forecast
        = forecastSteps(subject.job, {}, plenty, {}, quick, [&](const StepForecast& known) { news.push_back(known); });
    QCOMPARE(news.size(), std::size_t(1));
    QVERIFY(!news.front().isTimed());
    QCOMPARE(news.front().memoryBytes, forecast.memoryBytes);
    QCOMPARE(news.front().largestBatch, forecast.largestBatch);
    QVERIFY(forecast.isEstimate());
    QVERIFY(static_cast<double>(forecast.timedBatch) * each <= 1e10);
    // Of a full batch all the same.
    QCOMPARE(forecast.batchSize, 64);
    QVERIFY(std::abs(forecast.samplesPerSecond() * forecast.stepMilliseconds * 1e-3 - 64) < 1e-6);
    QVERIFY(forecast.validationSeconds == 0 || forecast.validationSeconds < forecast.epochSeconds() / 2);
}

void TrainingForecastTest::aMeasurementTakesTwoSecondsAndCanBeCancelled()
{
    const Subject subject(table(1000, 64));
    QElapsedTimer timer;
    timer.start();
    std::vector<double> fractions;
    const auto note = [&](double fraction) {
        fractions.push_back(fraction);
        return true;
    };
    const StepForecast forecast = forecastSteps(subject.job, {}, plenty, note);
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed()))); // 1.6 s by itself; others may use the machine
    QVERIFY(forecast.timedSteps > 100);
    QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
    QVERIFY(fractions.back() <= 1.0);

    int calls = 0;
    const auto refuse = [&](double) { return ++calls < 3; };
    QVERIFY_EXCEPTION_THROWN(forecastSteps(subject.job, {}, plenty, refuse), Error);
    QCOMPARE(calls, 3);
}

void TrainingForecastTest::theLargestBatchIsTheLargest()
{
    const Subject subject(table(4000, 64));
    const MemoryForecast memory = subject.memory();
    for (const std::int64_t wanted : {1, 17, 400, 2000}) {
        const std::size_t room = memory.memory(wanted, MemoryUse::Normal).total();
        const std::int64_t found = largestBatch(memory, room, 4000, MemoryUse::Normal);
        QVERIFY2(found >= wanted - wanted / 16, qPrintable(QStringLiteral("%1 of %2").arg(found).arg(wanted)));
        QVERIFY(memory.memory(found, MemoryUse::Normal).total() <= room);
    }
    QCOMPARE(largestBatch(memory, plenty, 300, MemoryUse::Normal), 300);
    QCOMPARE(largestBatch(memory, 10, 300, MemoryUse::Normal), 0);
}

QTEST_GUILESS_MAIN(TrainingForecastTest)
#include "training_forecast_test.moc"
