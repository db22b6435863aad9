// float16: the loss is scaled, updates whose gradients are too large are skipped, and nothing else changes. On processors,
// which multiply in full, and on a card where there is one.
#include <QtTest>

#include <cmath>
#include <limits>

#include "core/device/device.h"
#include "core/ops/loss_scale/loss_scale.h"
#include "core/training/distributed/replicas.h"
#include "core/training/epoch_runner.h"
#include "core/training/training_graph.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

template <class Numbers> void write(EpochRunner& runner, const char* name, const Numbers& numbers)
{
    runner.session().writeVariable(name, std::as_bytes(std::span(numbers)));
}

std::vector<float> read(EpochRunner& runner, const std::string& name)
{
    std::vector<float> numbers(static_cast<std::size_t>(elementCount(runner.session().variableType(name).shape.at(1))));
    runner.session().readVariable(name, std::as_writable_bytes(std::span(numbers)));
    return numbers;
}

/// All that an update changes but the scale itself.
std::map<std::string, std::vector<float>> weightsAndSlots(EpochRunner& runner)
{
    std::map<std::string, std::vector<float>> all;
    for (const std::string& name : runner.session().variableNames()) {
        if (runner.session().variableRole(name) != Role::State && !name.starts_with("slot/loss_scale/") && !name.starts_with("slot/gathered/"))
            all[name] = read(runner, name);
    }
    return all;
}

/// A scale with which any gradient is infinite: the loss counts four times.
constexpr std::array<float, 1> tooLarge{std::numeric_limits<float>::max()};

/// One with which the pictures' gradients are numbers of float16.
constexpr std::array<float, 1> moderate{1024};

} // namespace

class LossScaleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        writePictures(m_folder.path());
        for (const char* device : {"cpu", "cuda"}) {
            try {
                openDevice(std::string(device) == "cpu" ? DeviceKind::Cpu : DeviceKind::Cuda);
                m_devices.push_back(device);
            } catch (const Error&) {
                // Said by the rows of the test.
            }
        }
    }

    void aScaleChangesNoNumber_data() { devices(); }
    void aScaleChangesNoNumber();
    void updatesOfInfiniteGradientsAreSkipped_data() { devices(); }
    void updatesOfInfiniteGradientsAreSkipped();
    void skippedUpdatesDoNotCount_data() { devices(); }
    void skippedUpdatesDoNotCount();
    void theScaleGrowsAfterGoodUpdates_data() { devices(); }
    void theScaleGrowsAfterGoodUpdates();
    void gatheredGradientsAreSkippedTogether_data() { devices(); }
    void gatheredGradientsAreSkippedTogether();
    void normsAreThoseOfTheUnscaledGradients_data() { devices(); }
    void normsAreThoseOfTheUnscaledGradients();
    void leanMemoryGivesTheSameNumbers_data() { devices(); }
    void leanMemoryGivesTheSameNumbers();
    void aRunGoesOnWithTheSameBits_data() { devices(); }
    void aRunGoesOnWithTheSameBits();
    void serversRefuseIt();

private:
    void devices()
    {
        QTest::addColumn<QString>("device");
        for (const char* device : {"cpu", "cuda"})
            QTest::newRow(device) << QString::fromLatin1(device);
    }
    bool isThere(const QString& device) const { return m_devices.contains(device); }
    /// Without dropout, whose masks depend on the number of the step.
    void prepare(PictureJob& job) const
    {
        for (Node& node : job.job.network.nodes) {
            if (node.id == "drop")
                node.params["rate"] = 0.0;
            if (node.id == "loss")
                node.params["weight"] = 4.0;
        }
    }
    static SessionOptions on(const QString& device, Precision precision = Precision::Float16)
    {
        SessionOptions options;
        options.device = device == QStringLiteral("cpu") ? DeviceKind::Cpu : DeviceKind::Cuda;
        options.threads = 1;
        options.precision = precision;
        return options;
    }

    QTemporaryDir m_folder;
    QStringList m_devices;
};

#define ON_DEVICE                                                  \
    QFETCH(QString, device);                                       \
    if (!isThere(device))                                          \
        QSKIP("not run: no card");                                 \
    PictureJob pictures(m_folder.path());                          \
    prepare(pictures);                                             \
    TrainingJob& job = pictures.job

void LossScaleTest::aScaleChangesNoNumber()
{
    ON_DEVICE;
    EpochRunner full(job, on(device, Precision::Float32)), scaled(job, on(device));
    QVERIFY(!full.lossScale());
    QCOMPARE(scaled.lossScale()->scale, firstLossScale);
    write(scaled, lossScaleName, moderate);
    full.startEpoch(1, 0);
    scaled.startEpoch(1, 0);
    // A power of two leaves a processor's numbers as they are; a card rounds the factors of products to 11 bits.
    const double tolerance = device == QStringLiteral("cpu") ? 0.0 : 0.02;
    for (int step = 1; step <= 8; ++step) {
        const double expected = full.step(step, 0.01).loss, loss = scaled.step(step, 0.01).loss;
        QVERIFY2(std::abs(loss - expected) <= tolerance, qPrintable(QStringLiteral("step %1: %2, not %3").arg(step).arg(loss).arg(expected)));
    }
    QCOMPARE(scaled.lossScale()->skippedUpdates, 0);
}

void LossScaleTest::updatesOfInfiniteGradientsAreSkipped()
{
    ON_DEVICE;
    EpochRunner runner(job, on(device));
    runner.startEpoch(1, 0);
    write(runner, lossScaleName, moderate);
    runner.step(1, 0.01);
    const auto before = weightsAndSlots(runner);
    write(runner, lossScaleName, tooLarge);
    QVERIFY(std::isfinite(runner.step(2, 0.01).loss));
    QVERIFY(weightsAndSlots(runner) == before);
    QCOMPARE(read(runner, lossScaleName)[0], tooLarge[0] / 2);
    QCOMPARE(read(runner, lossScaleCountsName), (std::vector<float>{0, 1}));
    QCOMPARE(runner.lossScale()->skippedUpdates, 1);
    write(runner, lossScaleName, moderate);
    runner.step(3, 0.01);
    QVERIFY(weightsAndSlots(runner) != before);
    QCOMPARE(read(runner, lossScaleName)[0], moderate[0]);
    QCOMPARE(read(runner, lossScaleCountsName), (std::vector<float>{1, 1}));
}

void LossScaleTest::skippedUpdatesDoNotCount()
{
    ON_DEVICE;
    // Adam corrects its means by the number of updates: one that was skipped is none.
    EpochRunner later(job, on(device)), skipping(job, on(device));
    write(later, lossScaleName, moderate);
    later.startEpoch(1, 1);
    skipping.startEpoch(1, 0);
    write(skipping, lossScaleName, tooLarge);
    skipping.step(1, 0.01);
    write(skipping, lossScaleName, moderate);
    for (int step = 1; step <= 4; ++step)
        QCOMPARE(skipping.step(step + 1, 0.01).loss, later.step(step, 0.01).loss);
}

void LossScaleTest::theScaleGrowsAfterGoodUpdates()
{
    ON_DEVICE;
    EpochRunner runner(job, on(device));
    runner.startEpoch(1, 0);
    write(runner, lossScaleName, moderate);
    write(runner, lossScaleCountsName, std::array<float, 2>{1998, 0});
    runner.step(1, 0.01);
    QCOMPARE(runner.lossScale()->scale, static_cast<double>(moderate[0]));
    runner.step(2, 0.01);
    QCOMPARE(runner.lossScale()->scale, 2 * static_cast<double>(moderate[0]));
    QCOMPARE(read(runner, lossScaleCountsName), (std::vector<float>{0, 0}));
}

void LossScaleTest::gatheredGradientsAreSkippedTogether()
{
    ON_DEVICE;
    job.settings.gradientAccumulation = 2;
    EpochRunner runner(job, on(device));
    runner.startEpoch(1, 0);
    const auto before = weightsAndSlots(runner);
    write(runner, lossScaleName, tooLarge);
    runner.step(1, 0.01);
    QCOMPARE(runner.lossScale()->scale, static_cast<double>(tooLarge[0])); // nothing is updated yet
    // The second batch is a good one; the sum is not.
    write(runner, lossScaleName, moderate);
    runner.step(2, 0.01);
    QVERIFY(weightsAndSlots(runner) == before);
    QCOMPARE(runner.lossScale()->scale, static_cast<double>(moderate[0]) / 2);
    runner.step(3, 0.01);
    runner.step(4, 0.01);
    QVERIFY(weightsAndSlots(runner) != before);
    QCOMPARE(runner.lossScale()->skippedUpdates, 1);
}

void LossScaleTest::normsAreThoseOfTheUnscaledGradients()
{
    ON_DEVICE;
    job.settings.optimizer = "sgd";
    job.settings.clipNorm = 0.05;
    EpochRunner full(job, on(device, Precision::Float32)), scaled(job, on(device));
    write(scaled, lossScaleName, moderate);
    full.startEpoch(1, 0);
    scaled.startEpoch(1, 0);
    const double tolerance = device == QStringLiteral("cpu") ? 1e-5 : 0.02;
    for (int step = 1; step <= 8; ++step) {
        const double expected = full.step(step, 0.5).loss, loss = scaled.step(step, 0.5).loss;
        QVERIFY2(std::abs(loss - expected) <= tolerance, qPrintable(QStringLiteral("step %1: %2, not %3").arg(step).arg(loss).arg(expected)));
    }
}

/// There each parameter is updated by itself.
void LossScaleTest::leanMemoryGivesTheSameNumbers()
{
    ON_DEVICE;
    EpochRunner normal(job, on(device));
    TrainingJob sparing = job;
    sparing.settings.memory = "lean";
    EpochRunner lean(sparing, on(device));
    for (EpochRunner* runner : {&normal, &lean}) {
        runner->startEpoch(1, 0);
        write(*runner, lossScaleName, tooLarge);
        runner->step(1, 0.01);
        write(*runner, lossScaleName, moderate);
    }
    for (int step = 2; step <= 5; ++step)
        QCOMPARE(lean.step(step, 0.01).loss, normal.step(step, 0.01).loss);
    QCOMPARE(lean.lossScale()->skippedUpdates, 1);
    QVERIFY(weightsAndSlots(lean) == weightsAndSlots(normal));
}

void LossScaleTest::aRunGoesOnWithTheSameBits()
{
    ON_DEVICE;
    job.settings.gradientAccumulation = 3;
    const auto options = [&](const char* name) {
        TrainingOptions all = in(m_folder.filePath(device + QLatin1String(name)));
        all.session = on(device);
        return all;
    };
    const TrainingOptions whole = options("whole");
    train(job, whole);
    TrainingOptions parts = options("parts");
    std::atomic<bool> stop{false};
    parts.stopRequested = &stop;
    parts.onEvent = [&](const QJsonObject& event) { stop = stop || event.value(QStringLiteral("step")).toInteger() == 14; };
    QVERIFY(train(job, parts) == TrainingEnd::Stopped);
    // A card that rounds to float16 finds the first scale too large for these pictures; a processor takes any.
    const bool isRounding = device != QStringLiteral("cpu");
    const std::string scale = readTensorFile(resolveCheckpoint({parts.runDir}, "last")).metadata.at("loss_scale");
    QCOMPARE(QByteArray::fromStdString(scale).toDouble() < firstLossScale, isRounding);
    stop = false;
    parts.onEvent = {};
    parts.resume = true;
    train(job, parts);
    QCOMPARE(lossesOf(parts.runDir), lossesOf(whole.runDir));
    QVERIFY(arraysOf(parts.runDir) == arraysOf(whole.runDir));
    const QJsonObject last = eventsOf(whole.runDir, "epoch").back();
    QCOMPARE(last.value(QStringLiteral("loss_scale")).toDouble() < firstLossScale, isRounding);
    QCOMPARE(last.value(QStringLiteral("skipped_updates")).toInt(-1) > 0, isRounding);
}

void LossScaleTest::serversRefuseIt()
{
    PictureJob pictures(m_folder.path());
    TrainingJob& job = pictures.job;
    job.settings.distributed.update = "parameterServer";
    TrainingOptions options = in(m_folder.filePath(QStringLiteral("server")));
    options.session = on(QStringLiteral("cpu"));
    const std::string fault = errorOf([&] { trainReplicas(job, options, 2); });
    QVERIFY2(fault.find("does not scale the loss") != std::string::npos, fault.c_str());
}

QTEST_GUILESS_MAIN(LossScaleTest)
#include "training_loss_scale_test.moc"
