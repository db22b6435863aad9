#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include <QTemporaryDir>
#include <QTest>

#include "core/training/epoch_runner.h"
#include "core/training/run_summary.h"
#include "core/training/variables.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// What a process that dies leaves: the exception passes through the trainer as nothing else does.
struct Crash {};

} // namespace

/// A run that was stopped, killed or damaged goes on as if nothing had happened, or says why it cannot.
class TrainingResumeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void stoppingAndResumingChangesNoLoss();
    void commandsAreObeyedBetweenSteps();
    void aCrashGoesOnFromTheLastCheckpoint();
    void aFinishedRunGoesOnWithMoreEpochs();
    void aDamagedCheckpointLeavesTheOneBefore();
    void aCheckpointOfNoSuchStepIsRefused();
    void onlyEpochsMayChangeOnResume();
    void changedDataAreRefusedOnResume();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
    QString m_data;
    QString m_whole; ///< a run from beginning to end, for comparison
};

void TrainingResumeTest::initTestCase()
{
    m_data = dir("data");
    writePictures(m_data);
    m_whole = dir("whole");
    const PictureJob job(m_data);
    QVERIFY(train(job.job, in(m_whole)) == TrainingEnd::Finished);
}

void TrainingResumeTest::stoppingAndResumingChangesNoLoss()
{
    const PictureJob job(m_data);
    const QString run = dir("stopped");
    // Stops in the middle of epochs and at their ends; the last part is uninterrupted.
    for (const int stopAt : {3, 10, 27, 1000}) {
        std::atomic<bool> stop = false;
        TrainingOptions options = in(run);
        options.resume = stopAt != 3;
        options.stopRequested = &stop;
        options.onEvent = [&](const QJsonObject& event) {
            if (event.value(QStringLiteral("event")) == QStringLiteral("batch") && event.value(QStringLiteral("step")).toInt() == stopAt)
                stop = true;
        };
        QVERIFY(train(job.job, options) == (stopAt == 1000 ? TrainingEnd::Finished : TrainingEnd::Stopped));
        QCOMPARE(lastEvent(run), std::string(stopAt == 1000 ? "finished" : "stopped"));
        // A card has begun the next step by then, within an epoch.
        const bool hasBegunNext = testDevice() == DeviceKind::Cuda && stopAt % 10 != 0;
        QCOMPARE(checkpointSteps({run.toStdString()}).back(), stopAt == 1000 ? 40 : stopAt + (hasBegunNext ? 1 : 0));
    }
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
    QVERIFY(arraysOf(run.toStdString()) == arraysOf(m_whole.toStdString()));
}

/// A new learning rate holds from one step on, and the checkpoint that keeps it has the weights of the step before: those that
/// single steps give.
void TrainingResumeTest::commandsAreObeyedBetweenSteps()
{
    PictureJob job(m_data);
    job.job.settings.epochs = 1;
    const RunPaths run{dir("commanded").toStdString()};
    std::mutex mutex;
    std::condition_variable changed;
    bool isAnswered = false;
    TrainingOptions options = in(dir("commanded"));
    options.onEvent = [&](const QJsonObject& event) {
        const std::scoped_lock lock(mutex);
        isAnswered = isAnswered || event.value(QStringLiteral("event")) == QStringLiteral("control");
        changed.notify_all();
    };
    options.onProgress = [&](auto...) {
        std::unique_lock lock(mutex);
        if (isAnswered)
            return;
        lock.unlock();
        sendControl(run, QStringLiteral("set"), QStringLiteral("training.optimizer.learningRate"), QStringLiteral("0.002"));
        lock.lock();
        changed.wait(lock, [&] { return isAnswered; });
    };
    QVERIFY(train(job.job, options) == TrainingEnd::Finished);

    const auto stepOf = [](const QJsonObject& event) { return event.value(QStringLiteral("step")).toInteger(); };
    const std::vector<QJsonObject> checkpoints = eventsOf(run.dir, "checkpoint");
    QCOMPARE(checkpoints.size(), std::size_t(2)); // the other one is the epoch's
    const std::int64_t changedAt = stepOf(checkpoints.front());
    QVERIFY(changedAt < 10);
    for (const QJsonObject& event : eventsOf(run.dir, "batch"))
        QCOMPARE(event.value(QStringLiteral("learning_rate")).toDouble(), stepOf(event) <= changedAt ? 0.01 : 0.002);

    EpochRunner runner(job.job, options.session);
    runner.startEpoch(1, 0);
    for (std::int64_t step = 1; step <= 10; ++step) {
        runner.step(step, step <= changedAt ? 0.01 : 0.002);
        if (step != changedAt && step != 10)
            continue;
        TensorFile stepped;
        saveVariables(runner.session(), stepped);
        const TensorFile kept = readTensorFile(run.checkpoint(step));
        for (const auto& [name, tensor] : stepped.tensors)
            QVERIFY2(kept.tensors.at(name).bytes == tensor.bytes, name.c_str());
    }
}

void TrainingResumeTest::aCrashGoesOnFromTheLastCheckpoint()
{
    const PictureJob job(m_data);
    const QString run = dir("crashed");
    TrainingOptions options = in(run);
    options.onEvent = [](const QJsonObject& event) {
        if (event.value(QStringLiteral("event")) == QStringLiteral("batch") && event.value(QStringLiteral("step")).toInt() == 17)
            throw Crash();
    };
    QVERIFY_EXCEPTION_THROWN(train(job.job, options), Crash);
    QCOMPARE(lastEvent(run), std::string("batch"));
    QCOMPARE(summarizeRun(run.toStdString()).state, std::string("interrupted"));

    options = in(run);
    options.resume = true;
    QVERIFY(train(job.job, options) == TrainingEnd::Finished);
    QCOMPARE(eventsOf(run.toStdString(), "resumed").front().value(QStringLiteral("step")).toInt(), 10);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
    QVERIFY(arraysOf(run.toStdString()) == arraysOf(m_whole.toStdString()));
}

void TrainingResumeTest::aFinishedRunGoesOnWithMoreEpochs()
{
    PictureJob job(m_data);
    const QString run = dir("longer");
    job.job.settings.epochs = 2;
    train(job.job, in(run));
    TrainingOptions options = in(run);
    options.resume = true;
    QVERIFY(says(errorOf([&] { train(job.job, options); }), "--epochs"));
    options.epochsGiven = true;
    job.job.settings.epochs = 4;
    train(job.job, options);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
    QCOMPARE(
        readJsonObject(RunPaths{run.toStdString()}.runJson()).value(QStringLiteral("settings")).toObject().value(QStringLiteral("epochs")).toInt(),
        4);
}

void TrainingResumeTest::aDamagedCheckpointLeavesTheOneBefore()
{
    PictureJob job(m_data);
    const RunPaths run{dir("torn").toStdString()};
    job.job.settings.epochs = 3;
    train(job.job, in(dir("torn")));
    QFile newest(QString::fromStdString(run.checkpoint(30)));
    QVERIFY(newest.resize(newest.size() / 2));

    job.job.settings.epochs = 4;
    TrainingOptions options = in(dir("torn"));
    options.resume = options.epochsGiven = true;
    const std::string message = errorOf([&] { train(job.job, options); });
    QVERIFY(says(message, "it was cut off"));
    QVERIFY(says(message, "30.safetensors to go on from the checkpoint of step 20"));
    // Numbers that no run writes are damage as well.
    TensorFile wild = readTensorFile(run.checkpoint(20));
    std::fill_n(wild.tensors.at("param/dense/bias").bytes.begin(), 4, std::byte{0xFF});
    writeTensorFile(wild, run.checkpoint(30));
    QVERIFY(says(errorOf([&] { train(job.job, options); }), "\"param/dense/bias\" holds numbers that are NaN"));
    QVERIFY(newest.remove());
    train(job.job, options);
    QCOMPARE(lossesOf(run.dir), lossesOf(m_whole.toStdString()));
}

void TrainingResumeTest::aCheckpointOfNoSuchStepIsRefused()
{
    PictureJob job(m_data);
    const RunPaths run{dir("astray").toStdString()};
    job.job.settings.epochs = 1;
    train(job.job, in(dir("astray")));
    const TensorFile good = readTensorFile(run.checkpoint(10));
    TrainingOptions options = in(dir("astray"));
    options.resume = options.epochsGiven = true;
    job.job.settings.epochs = 4;
    for (const auto& [key, value] : {std::pair("batch", "10"), std::pair("batch", "99999"), std::pair("step", "11"), std::pair("epoch", "3")}) {
        TensorFile astray = good;
        astray.metadata[key] = value;
        writeTensorFile(astray, run.checkpoint(10));
        QVERIFY(says(errorOf([&] { train(job.job, options); }), "does not fit an epoch of 10 steps"));
    }
}

void TrainingResumeTest::onlyEpochsMayChangeOnResume()
{
    PictureJob job(m_data);
    job.job.settings.learningRate = 0.5;
    TrainingOptions options = in(m_whole);
    options.resume = true;
    QVERIFY(says(errorOf([&] { train(job.job, options); }), "settings differ"));
}

void TrainingResumeTest::changedDataAreRefusedOnResume()
{
    const QString data = dir("changing");
    writePictures(data);
    const QString run = dir("changed");
    {
        PictureJob job(data);
        job.job.settings.epochs = 1;
        train(job.job, in(run));
    }
    writePictures(data, QStringLiteral("train"), 212);
    PictureJob job(data);
    TrainingOptions options = in(run);
    options.resume = options.epochsGiven = true;
    QVERIFY(says(errorOf([&] { train(job.job, options); }), "data have changed"));
    QCOMPARE(lastEvent(run), std::string("failed"));
}

QTEST_GUILESS_MAIN(TrainingResumeTest)
#include "training_resume_test.moc"
