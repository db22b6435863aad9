#include <algorithm>
#include <atomic>
#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/training/distributed/replicas.h"
#include "core/training/epoch_runner.h"
#include "core/training/memory_forecast.h"
#include "core/training/safe_file.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Eight residual stages with everything that computing a second time could get wrong: statistics that are
/// gathered once, masks, an index of a pooling, a view, values that two layers read.
std::string deepProject(const QString& folder)
{
    QStringList nodes{
        QStringLiteral(R"({"id": "image", "name": "image", "type": "Input", "params": {"shape": [1, 8, 8]}})"),
        QStringLiteral(R"({"id": "first", "name": "first", "type": "Conv2D", "params": {"filters": 16, "kernelSize": [3, 3], "padding": "same"}})")};
    QStringList wires{QStringLiteral(R"(["image.y", "first.x"])")};
    QString last = QStringLiteral("first");
    const auto add = [&](const QString& id, const char* type, const char* params, const QStringList& sources) {
        nodes << QStringLiteral(R"({"id": "%1", "name": "%1", "type": "%2", "params": %3})").arg(id, QLatin1String(type), QLatin1String(params));
        for (const QString& source : sources)
            wires << QStringLiteral(R"(["%1.y", "%2.x"])").arg(source, id);
        last = id;
    };
    for (int stage = 0; stage < 8; ++stage) {
        const QString before = last;
        add(QStringLiteral("conv%1").arg(stage), "Conv2D", R"({"filters": 16, "kernelSize": [3, 3], "padding": "same"})", {last});
        add(QStringLiteral("norm%1").arg(stage), "BatchNorm", "{}", {last});
        add(QStringLiteral("relu%1").arg(stage), "ReLU", "{}", {last});
        add(QStringLiteral("drop%1").arg(stage), "Dropout", R"({"rate": 0.1})", {last});
        add(QStringLiteral("sum%1").arg(stage), "Add", "{}", {before, last});
    }
    add(QStringLiteral("pool"), "MaxPool2D", "{}", {last});
    add(QStringLiteral("flatten"), "Flatten", "{}", {last});
    add(QStringLiteral("dense"), "Dense", R"({"units": 4})", {last});
    nodes << QStringLiteral(R"({"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}})");
    wires << QStringLiteral(R"(["dense.y", "loss.prediction"])");
    return QStringLiteral(R"({"weft": 1, "id": "deep", "data": {"source": "idx", "path": "%1", "validation": {"last": 48}},
"nodes": [%2], "wires": [%3],
"training": {"optimizer": {"type": "adam", "learningRate": 0.003}, "epochs": 2, "batchSize": 32, "seed": 3}})")
        .arg(folder, nodes.join(QStringLiteral(",\n")), wires.join(QStringLiteral(",\n")))
        .toStdString();
}

struct DeepJob {
    explicit DeepJob(const QString& folder, const char* memory = "normal")
    {
        Project project = parseProject(deepProject(folder), "deep.weft");
        project.training["memory"] = memory;
        dataset = openDataset(project.data, folder.toStdString());
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
        job.snapshot = formatProject(project);
        job.projectId = project.id;
        job.baseDir = folder.toStdString();
    }

    MemoryForecast forecast() const { return MemoryForecast(job.network, job.settings, oneThread(), dataset.get()); }
    static SessionOptions oneThread()
    {
        SessionOptions options;
        options.threads = 1;
        return options;
    }

    std::unique_ptr<Dataset> dataset;
    TrainingJob job;
};

} // namespace

/// Memory is known before a training, and `memory: lean` lowers it without changing a number.
class TrainingMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { writePictures(m_data = dir("data")); }
    void aLeanRunGivesTheSameNumbersInLessMemory();
    void aResumedRunStaysLean();
    void theForecastIsWhatASessionTakes();
    void averagedAndGatheredRunsAreForecast();
    void whatFitsIsNoProblem();
    void theLargestBatchThatFitsIsNamed();
    void whereOnlyLeanFitsItIsNamed();
    void ranksOfAMachineCountTogether();
    void replicasThatDoNotFitTogetherAreRefused();
    void aNetworkTooLargeIsRefusedBeforeTheRun();
    void aCardThatIsTooSmallIsNamedBeforeTheRun();
    void aCardIsForecastWithWhatLiesOnIt();
    void bytesAreReadable();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
    QString m_data;
};

void TrainingMemoryTest::aLeanRunGivesTheSameNumbersInLessMemory()
{
    std::vector<std::size_t> kernels;
    for (const char* memory : {"normal", "lean"}) {
        const DeepJob job(m_data, memory);
        QVERIFY(train(job.job, in(dir(memory))) == TrainingEnd::Finished);
        const QJsonObject record = readJsonObject(RunPaths{dir(memory).toStdString()}.runJson());
        QCOMPARE(record.value(QStringLiteral("settings")).toObject().value(QStringLiteral("memory")).toString(), QLatin1String(memory));
        kernels.push_back(static_cast<std::size_t>(record.value(QStringLiteral("kernels")).toArray().size()));
    }
    QCOMPARE(lossesOf(dir("lean").toStdString()), lossesOf(dir("normal").toStdString()));
    QVERIFY(arraysOf(dir("lean").toStdString()) == arraysOf(dir("normal").toStdString()));
    QVERIFY(kernels[1] > kernels[0] + 8); // It did compute again.
    const TrainingMemory normal = DeepJob(m_data).forecast().memory();
    const TrainingMemory lean = DeepJob(m_data, "lean").forecast().memory();
    QVERIFY2(lean.arena < normal.arena * 6 / 10, qPrintable(QStringLiteral("%1 of %2").arg(lean.arena).arg(normal.arena)));
    QCOMPARE(lean.variables, normal.variables);
}

void TrainingMemoryTest::aResumedRunStaysLean()
{
    const DeepJob lean(m_data, "lean");
    const QString run = dir("resumed");
    std::atomic<bool> stop = false;
    TrainingOptions options = in(run);
    options.stopRequested = &stop;
    options.onEvent = [&](const QJsonObject& event) { stop = stop || event.value(QStringLiteral("step")).toInt() == 3; };
    QVERIFY(train(lean.job, options) == TrainingEnd::Stopped);
    options = in(run);
    options.resume = true;
    const DeepJob normal(m_data);
    QVERIFY(errorOf([&] { train(normal.job, options); }).find("settings differ") != std::string::npos);
    QVERIFY(train(lean.job, options) == TrainingEnd::Finished);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(dir("normal").toStdString()));
}

void TrainingMemoryTest::theForecastIsWhatASessionTakes()
{
    for (const char* memory : {"normal", "lean"}) {
        const DeepJob job(m_data, memory);
        EpochRunner runner(job.job, DeepJob::oneThread());
        const TrainingMemory forecast = job.forecast().memory();
        QCOMPARE(forecast.variables, runner.session().variableBytes());
        QCOMPARE(forecast.arena, runner.session().arenaBytes());
        QVERIFY(forecast.loader >= std::size_t(5 * 32 * 8 * 8));
        QCOMPARE(forecast.total(), forecast.variables + forecast.arena + forecast.packed + forecast.loader + forecast.checkpoint);
    }
}

void TrainingMemoryTest::averagedAndGatheredRunsAreForecast()
{
    DeepJob job(m_data);
    const TrainingMemory plain = job.forecast().memory();
    job.job.settings.gradientAccumulation = 2;
    const TrainingMemory gathered = job.forecast().memory();
    job.job.settings.averagingDecay = 0.99;
    const TrainingMemory averaged = job.forecast().memory();
    const EpochRunner runner(job.job, DeepJob::oneThread());
    // Adam has three arrays a weight; the sum of gradients is a fourth, the average a fifth, and it is validated by a sixth.
    QVERIFY(gathered.variables > plain.variables);
    QVERIFY(averaged.variables > gathered.variables + (gathered.variables - plain.variables));
}

void TrainingMemoryTest::whatFitsIsNoProblem()
{
    const DeepJob job(m_data);
    const MemoryForecast forecast = job.forecast();
    QVERIFY(!memoryProblem(forecast, std::size_t(1) << 40));
    const std::size_t need = forecast.memory().total();
    QVERIFY(!memoryProblem(forecast, need));
    QVERIFY(memoryProblem(forecast, need - 1));
}

void TrainingMemoryTest::theLargestBatchThatFitsIsNamed()
{
    const DeepJob job(m_data, "lean");
    const MemoryForecast forecast = job.forecast();
    const std::size_t available = (forecast.memory().total() + forecast.memory(1, MemoryUse::Lean).total()) / 2;
    const std::optional<Message> problem = memoryProblem(forecast, available);
    QVERIFY(problem);
    QCOMPARE(problem->args.size(), std::size_t(4));
    QCOMPARE(problem->args[0], std::string("32"));
    QCOMPARE(problem->args[1], bytesText(forecast.memory().total()));
    QCOMPARE(problem->args[2], bytesText(available));
    const std::int64_t batch = std::stoll(problem->args[3]);
    QVERIFY(forecast.memory(batch, MemoryUse::Lean).total() <= available);
    QVERIFY(forecast.memory(batch + 2, MemoryUse::Lean).total() > available);
    QVERIFY(english(*problem).find("set the batch size to") != std::string::npos);
}

void TrainingMemoryTest::whereOnlyLeanFitsItIsNamed()
{
    const DeepJob job(m_data);
    const MemoryForecast forecast = job.forecast();
    const std::size_t lean = forecast.memory(32, MemoryUse::Lean).total();
    const std::optional<Message> both = memoryProblem(forecast, lean);
    QVERIFY(both && english(*both).find("keep it and recompute values to save memory (--memory lean)") != std::string::npos);
    const std::optional<Message> none = memoryProblem(forecast, forecast.memory(1, MemoryUse::Lean).total() / 2);
    QVERIFY(none && english(*none).find("not even a batch of 1 fits") != std::string::npos);
}

void TrainingMemoryTest::ranksOfAMachineCountTogether()
{
    DeepJob job(m_data);
    const MemoryForecast alone = job.forecast();
    const TrainingMemory quarter = alone.memory(8, MemoryUse::Normal); // of a batch of 32
    const auto of
        = [&](RankCount ranks) { return MemoryForecast(job.job.network, job.job.settings, DeepJob::oneThread(), job.dataset.get(), ranks).memory(); };
    QCOMPARE(of({4, 4}).arena, 4 * quarter.arena);
    QCOMPARE(of({4, 4}).variables, 4 * quarter.variables);
    QCOMPARE(of({4, 4}).loader, 4 * quarter.loader);
    QCOMPARE(of({4, 4}).checkpoint, quarter.checkpoint); // one of them writes it
    QCOMPARE(of({4, 1}).total(), quarter.total()); // the others are on other machines
    job.job.settings.distributed.batch = "perRank";
    QCOMPARE(of({4, 4}).arena, 4 * alone.memory().arena);
}

void TrainingMemoryTest::replicasThatDoNotFitTogetherAreRefused()
{
    const PictureJob job(m_data, 1 << 20); // a gigabyte alone
    QVERIFY(!memoryProblem(MemoryForecast(job.job.network, job.job.settings, DeepJob::oneThread(), job.job.dataset), std::size_t{4'000'000'000}));
    const std::string problem = errorOf([&] { trainReplicas(job.job, in(dir("replicas")), 4096); });
    QVERIFY2(problem.find("Training in batches of 16 takes about") == 0, problem.c_str());
    QVERIFY(!std::filesystem::exists(dir("replicas").toStdString()));
}

void TrainingMemoryTest::aNetworkTooLargeIsRefusedBeforeTheRun()
{
    const PictureJob job(m_data, 1 << 20);
    TrainingJob huge = job.job;
    Node wide = *huge.network.findNode("dense");
    wide.id = wide.name = "wide";
    huge.network.nodes.push_back(wide);
    for (Wire& wire : huge.network.wires) {
        if (wire.to.node == "loss")
            wire.from.node = "wide";
    }
    huge.network.wires.push_back({{"dense", "y"}, {"wide", "x"}});
    const std::string problem = errorOf([&] { train(huge, in(dir("huge"))); });
    QVERIFY2(problem.find("Training in batches of 16 takes about") == 0, problem.c_str());
    QVERIFY(!std::filesystem::exists(dir("huge").toStdString()));
}

void TrainingMemoryTest::aCardThatIsTooSmallIsNamedBeforeTheRun()
{
    SessionOptions onCard = DeepJob::oneThread();
    onCard.device = DeviceKind::Cuda;
    if (memoryFor(onCard) == 0)
        QSKIP("not run: no card");
    DeepJob deep(m_data);
    requireMemory(deep.job.network, deep.job.settings, onCard, deep.dataset.get());
    // The pictures alone take more than any card has.
    deep.job.settings.batchSize = 40'000'000;
    const std::string problem = errorOf([&] { requireMemory(deep.job.network, deep.job.settings, onCard); });
    QVERIFY2(problem.find("GB") != std::string::npos, problem.c_str());
}

void TrainingMemoryTest::aCardIsForecastWithWhatLiesOnIt()
{
    DeepJob deep(m_data);
    SessionOptions onCard = DeepJob::oneThread();
    onCard.device = DeviceKind::Cuda;
    if (memoryFor(onCard) == 0)
        QSKIP("not run: no card");
    const auto of = [&](RankCount ranks) { return MemoryForecast(deep.job.network, deep.job.settings, onCard, deep.dataset.get(), ranks).memory(); };
    const TrainingMemory alone = of({});
    // Places for a batch of the training and the one that arrives, for the last of an epoch, and as many less one for the validation.
    const auto samplesOf = [&](Split split, std::int64_t full) { return full * 32 + deep.dataset->size(split) % 32; };
    const std::int64_t samples = samplesOf(Split::Train, 2) + samplesOf(Split::Validation, 1);
    const std::size_t bytesOfSample = alone.loader / static_cast<std::size_t>(samples);
    QCOMPARE(alone.loader, static_cast<std::size_t>(samples) * bytesOfSample);
    const TrainingMemory host = deep.forecast().memory(); // Its loader holds as many samples of each split.
    QCOMPARE(host.loader % bytesOfSample, std::size_t(0));
    QVERIFY(bytesOfSample >= std::size_t(8 * 8));
    QCOMPARE(alone.checkpoint, std::size_t(0));
    QCOMPARE(alone.exchange, std::size_t(0));
    QVERIFY(of({2, 2}).exchange > 0);
    QCOMPARE(of({2, 2}).total(), of({2, 1}).total()); // A rank has a card of its own.
}

void TrainingMemoryTest::bytesAreReadable()
{
    QCOMPARE(bytesText(0), std::string("0 kB"));
    QCOMPARE(bytesText(4'200), std::string("4 kB"));
    QCOMPARE(bytesText(1'540'000), std::string("1.5 MB"));
    QCOMPARE(bytesText(999'600'000), std::string("1.0 GB"));
    QCOMPARE(bytesText(123'400'000'000), std::string("123 GB"));
}

QTEST_GUILESS_MAIN(TrainingMemoryTest)
#include "training_memory_test.moc"
