#include <cmath>
#include <cstring>

#include <QTemporaryDir>
#include <QTest>

#include "core/training/predictor.h"
#include "core/training/run_record.h"
#include "core/training/run_summary.h"
#include "core/training/safe_file.h"
#include "core/training/variables.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

class TrainingRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runFolderHoldsWhatTheDesignSays();
    void theNetworkLearns();
    void severalOutputsLearnByTheirWeights();
    void usedFoldersAreRefused();
    void whatATargetLeftMayBeReplacedOnceItIsGone();
    void aRunThatNeverStartedMayBeReplaced();
    void anInfiniteLossStopsTheRun();
    void infiniteWeightsAreNoCheckpoint();
    void labelsOutsideTheClassesAreNamed();
    void aWrongInputShapeIsNamed();
    void bestAndNewestCheckpointsStay();
    void optimizersAndWeightDecayDiffer();
    void weightsCanBeGiven();
    void evaluationAgreesWithValidation();
    void aCheckpointOfAnotherNetworkIsRefused();
    void settingsAreChecked();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
    QString m_data;
    QString m_whole; ///< a run from beginning to end, for comparison
};

void TrainingRunTest::initTestCase()
{
    m_data = dir("data");
    writePictures(m_data);
    m_whole = dir("whole");
    const PictureJob job(m_data);
    QVERIFY(train(job.job, in(m_whole)) == TrainingEnd::Finished);
}

void TrainingRunTest::runFolderHoldsWhatTheDesignSays()
{
    const RunPaths run{m_whole.toStdString()};
    QStringList order;
    qint64 seq = 0;
    for (const QJsonObject& event : EventReader(run.events()).poll()) {
        QCOMPARE(event.value(QStringLiteral("seq")).toInteger(), ++seq);
        const QString name = event.value(QStringLiteral("event")).toString();
        if (order.isEmpty() || order.back() != name)
            order << name;
    }
    const QStringList epoch{QStringLiteral("batch"), QStringLiteral("epoch"), QStringLiteral("checkpoint")};
    QCOMPARE(order, QStringList{QStringLiteral("started")} + epoch + epoch + epoch + epoch + QStringList{QStringLiteral("finished")});
    QCOMPARE(eventsOf(run.dir, "batch").size(), 40u);
    const QJsonObject started = eventsOf(run.dir, "started").front();
    QCOMPARE(started.value(QStringLiteral("steps_per_epoch")).toInt(), 10);
    QCOMPARE(started.value(QStringLiteral("samples")).toInt(), 160);
    const QJsonObject last = eventsOf(run.dir, "epoch").back();
    QCOMPARE(last.value(QStringLiteral("step")).toInt(), 40);
    QVERIFY(last.value(QStringLiteral("validation")).toObject().value(QStringLiteral("metrics")).toObject().contains(QStringLiteral("accuracy")));

    const QJsonObject record = readJsonObject(run.runJson());
    QCOMPARE(record.value(QStringLiteral("seed")).toInt(), 3);
    QCOMPARE(record.value(QStringLiteral("settings")).toObject().value(QStringLiteral("batch_size")).toInt(), 16);
    QVERIFY(!record.value(QStringLiteral("data")).toObject().value(QStringLiteral("fingerprint")).toString().isEmpty());
    QVERIFY(!record.value(QStringLiteral("kernels")).toArray().isEmpty());
    QCOMPARE(readProject(run.project()).id, std::string("pictures"));

    const TensorFile checkpoint = readTensorFile(resolveCheckpoint(run, "last"));
    QCOMPARE(checkpoint.metadata.at("step"), std::string("40"));
    for (const char* key : {"param/conv/kernel", "param/dense/bias", "slot/m/conv/kernel", "slot/v/dense/kernel"})
        QVERIFY2(checkpoint.tensors.count(key) == 1, key);
    const bool hasState = std::any_of(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                                      [](const auto& entry) { return entry.first.rfind("state/norm/", 0) == 0; });
    QVERIFY(hasState);
    QCOMPARE(summarizeRun(run.dir).state, std::string("finished"));
}

void TrainingRunTest::theNetworkLearns()
{
    const QJsonObject last = eventsOf(m_whole.toStdString(), "epoch").back();
    QVERIFY(
        last.value(QStringLiteral("validation")).toObject().value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy")).toDouble()
        > 0.9);
}

/// The class and, from the same features, the picture again: the loss is the weighted sum of both, and both heads learn.
void TrainingRunTest::severalOutputsLearnByTheirWeights()
{
    const auto trained = [&](const char* name, double ofClass, double ofPicture) {
        PictureJob job(m_data);
        Network& network = job.job.network;
        network.findNode("loss")->params["weight"] = ofClass;
        network.nodes.push_back({"pixels", "pixels", "Flatten", Tree::Map{}, {}});
        network.nodes.push_back({"copy", "copy", "Dense", Tree::Map{{"units", pictureSide * pictureSide}}, {}});
        network.nodes.push_back({"copyLoss", "copyLoss", "MeanSquaredError", Tree::Map{{"weight", ofPicture}}, {}});
        for (const auto& [from, to] :
             {std::pair{"image.y", "pixels.x"}, {"flatten.y", "copy.x"}, {"copy.y", "copyLoss.prediction"}, {"pixels.y", "copyLoss.target"}})
            network.wires.push_back({*parsePortRef(from), *parsePortRef(to)});
        const TrainingOptions options = in(dir(name));
        if (train(job.job, options) != TrainingEnd::Finished)
            qFatal("the run did not finish");
        const TensorFile weights = readTensorFile(resolveCheckpoint({options.runDir}, "last"));
        const double first = eventsOf(options.runDir, "batch").front().value(QStringLiteral("loss")).toDouble();
        return std::pair{first, evaluate(network, weights, *job.dataset, Split::Test, {})};
    };
    const auto [both, ofBoth] = trained("both", 1.0, 2.0);
    const auto [classes, ofClasses] = trained("classes", 1.0, 0.0);
    const auto [pictures, ofPictures] = trained("pictures", 0.0, 2.0);
    // All three begin with the same weights.
    QVERIFY(std::abs(both - classes - pictures) < 1e-4);
    QVERIFY(ofBoth.accuracy > 0.9 && ofClasses.accuracy > 0.9);
    QVERIFY2(ofBoth.loss < 0.5 * both, qPrintable(QStringLiteral("%1, at first %2").arg(ofBoth.loss).arg(both)));
    QVERIFY(ofPictures.loss < 0.5 * pictures);
    QVERIFY(ofPictures.accuracy < 0.6); // a head with the weight 0 has nothing to learn from
}

void TrainingRunTest::usedFoldersAreRefused()
{
    const PictureJob job(m_data);
    QVERIFY(says(errorOf([&] { train(job.job, in(m_whole)); }), "--resume"));
    QVERIFY(says(errorOf([&] { train(job.job, in(m_data)); }), "holds other files"));

    QDir().mkpath(dir("busy"));
    const RunLock lock(dir("busy").toStdString() + "/run.lock");
    QVERIFY(says(errorOf([&] { train(job.job, in(dir("busy"))); }), "another process"));
    TrainingOptions resumed = in(dir("busy"));
    resumed.resume = true;
    QVERIFY(says(errorOf([&] { train(job.job, resumed); }), "another process"));
}

void TrainingRunTest::whatATargetLeftMayBeReplacedOnceItIsGone()
{
    PictureJob job(m_data);
    job.job.settings.epochs = 1;
    const RunPaths run{dir("returned").toStdString()};
    QDir().mkpath(dir("returned"));
    writeTextSafely(run.jobLog(), "The image could not be fetched.\n");
    writeTextSafely(run.jobState(), R"({"phase": "failed"})");
    writeTextSafely(run.submission(), "kind: Job\n");
    std::filesystem::create_directories(run.partLogs());
    writeTextSafely(run.partLogs() + "/pod.log", "pulling\n");
    for (const char* live : {R"({"stage": "submitting"})", R"({"stage": "ended"})", "torn"}) {
        writeTextSafely(run.target(), live);
        QVERIFY2(says(errorOf([&] { train(job.job, in(dir("returned"))); }), "weft follow"), live);
        QVERIFY(!std::filesystem::exists(run.lock()));
    }
    writeTextSafely(run.target(), R"({"stage": "cleaned"})");
    QVERIFY(train(job.job, in(dir("returned"))) == TrainingEnd::Finished);
    for (const std::string& path : {run.target(), run.submission(), run.jobLog(), run.jobState(), run.partLogs()})
        QVERIFY2(!std::filesystem::exists(path), path.c_str()); // it tells of the other run
}

void TrainingRunTest::aRunThatNeverStartedMayBeReplaced()
{
    PictureJob job(m_data, 3);
    const QString run = dir("retried");
    QVERIFY(!errorOf([&] { train(job.job, in(run)); }).empty());
    QCOMPARE(lastEvent(run), std::string("failed"));
    PictureJob mended(m_data);
    mended.job.settings.epochs = 1;
    train(mended.job, in(run));
    QCOMPARE(lastEvent(run), std::string("finished"));
    QCOMPARE(eventsOf(run.toStdString(), "failed").size(), 0u);
}

void TrainingRunTest::anInfiniteLossStopsTheRun()
{
    PictureJob job(m_data);
    job.job.settings.optimizer = "sgd";
    job.job.settings.learningRate = 1e38;
    const QString run = dir("diverged");
    const std::string message = errorOf([&] { train(job.job, in(run)); });
    QVERIFY(says(message, "learning rate"));
    const QJsonObject failed = eventsOf(run.toStdString(), "failed").back();
    QVERIFY(failed.value(QStringLiteral("step")).toInt() >= 2);
    QVERIFY(says(message, qPrintable(QStringLiteral("step %1").arg(failed.value(QStringLiteral("step")).toInt()))));
    QVERIFY(checkpointSteps({run.toStdString()}).empty());
}

void TrainingRunTest::infiniteWeightsAreNoCheckpoint()
{
    // An Adam step is as large as the learning rate: weights that BatchNorm hides from the loss.
    PictureJob job(m_data);
    job.job.settings.learningRate = 3e38;
    const QString run = dir("hidden");
    QVERIFY(says(errorOf([&] { train(job.job, in(run)); }), "learning rate"));
    QVERIFY(checkpointSteps({run.toStdString()}).empty());

    TensorFile file;
    const float values[] = {1.0f, std::numeric_limits<float>::infinity()};
    file.tensors["a"] = {DType::Float32, {1}, {}};
    file.tensors["a"].bytes.assign(4, std::byte{0});
    QCOMPARE(firstNotFinite(file), std::string());
    file.tensors["b"] = {DType::Float32, {2}, std::vector<std::byte>(sizeof values)};
    std::memcpy(file.tensors["b"].bytes.data(), values, sizeof values);
    QCOMPARE(firstNotFinite(file), std::string("b"));
}

void TrainingRunTest::labelsOutsideTheClassesAreNamed()
{
    const PictureJob job(m_data, 3);
    const std::string message = errorOf([&] { train(job.job, in(dir("labels"))); });
    QVERIFY(says(message, "3 units"));
    QVERIFY(says(message, "loss"));
    QVERIFY(eventsOf(dir("labels").toStdString(), "batch").empty());
}

void TrainingRunTest::aWrongInputShapeIsNamed()
{
    PictureJob job(m_data);
    job.job.network.findNode("image")->params["shape"] = Tree::List{1, 9, 9};
    QVERIFY(says(errorOf([&] { train(job.job, in(dir("shape"))); }), "[1, 8, 8]"));
}

void TrainingRunTest::bestAndNewestCheckpointsStay()
{
    PictureJob job(m_data);
    job.job.settings.epochs = 9;
    const RunPaths run{dir("many").toStdString()};
    train(job.job, in(dir("many")));
    double best = -1;
    std::int64_t bestStep = 0;
    for (const QJsonObject& event : eventsOf(run.dir, "epoch")) {
        const double accuracy = event.value(QStringLiteral("validation"))
                                    .toObject()
                                    .value(QStringLiteral("metrics"))
                                    .toObject()
                                    .value(QStringLiteral("accuracy"))
                                    .toDouble();
        if (accuracy > best) {
            best = accuracy;
            bestStep = event.value(QStringLiteral("step")).toInteger();
        }
    }
    QVERIFY(bestStep < 70);
    QCOMPARE(checkpointSteps(run), (std::vector<std::int64_t>{bestStep, 70, 80, 90}));
    QCOMPARE(resolveCheckpoint(run, "best"), run.checkpoint(bestStep));
    QCOMPARE(resolveCheckpoint(run, "last"), run.checkpoint(90));
}

void TrainingRunTest::optimizersAndWeightDecayDiffer()
{
    QStringList results;
    for (const char* variant : {"sgd", "momentum", "nesterov", "decay", "adam"}) {
        PictureJob job(m_data);
        TrainingSettings& settings = job.job.settings;
        settings.epochs = 1;
        settings.optimizer = qstrcmp(variant, "adam") == 0 ? "adam" : "sgd";
        settings.momentum = qstrcmp(variant, "sgd") == 0 ? 0.0 : 0.9;
        settings.nesterov = qstrcmp(variant, "nesterov") == 0;
        settings.weightDecay = qstrcmp(variant, "decay") == 0 ? 0.1 : 0.0;
        const QString run = dir(variant);
        train(job.job, in(run));
        QVERIFY(!results.contains(lossesOf(run.toStdString()).join(QLatin1Char(' '))));
        results << lossesOf(run.toStdString()).join(QLatin1Char(' '));
        const bool hasVelocity = arraysOf(run.toStdString()).count("slot/velocity/conv/kernel") == 1;
        QCOMPARE(hasVelocity, settings.optimizer == "sgd" && settings.momentum > 0);
    }
}

void TrainingRunTest::weightsCanBeGiven()
{
    PictureJob job(m_data);
    job.job.settings.epochs = 1;
    TensorFile weights = readTensorFile(resolveCheckpoint({m_whole.toStdString()}, "last"));
    const std::string file = dir("weights.safetensors").toStdString();
    writeTensorFile(weights, file);
    TrainingOptions options = in(dir("warm"));
    options.weightsFile = file;
    train(job.job, options);
    const double cold = eventsOf(m_whole.toStdString(), "batch").front().value(QStringLiteral("loss")).toDouble();
    const double warm = eventsOf(options.runDir, "batch").front().value(QStringLiteral("loss")).toDouble();
    QVERIFY(warm < cold / 2);
    QVERIFY(eventsOf(options.runDir, "warning").empty());

    weights.tensors["param/other/kernel"] = weights.tensors["param/dense/kernel"];
    writeTensorFile(weights, file);
    options.runDir = dir("unknown").toStdString();
    QVERIFY(says(errorOf([&] { train(job.job, options); }), "param/other/kernel"));

    weights.tensors.erase("param/other/kernel");
    weights.tensors.erase("param/dense/bias");
    writeTensorFile(weights, file);
    options.runDir = dir("partial").toStdString();
    train(job.job, options);
    QVERIFY(says(eventsOf(options.runDir, "warning").front().value(QStringLiteral("message")).toString().toStdString(), "dense/bias"));
}

void TrainingRunTest::evaluationAgreesWithValidation()
{
    const PictureJob job(m_data);
    const TensorFile checkpoint = readTensorFile(resolveCheckpoint({m_whole.toStdString()}, "last"));
    const Evaluation result = evaluate(job.job.network, checkpoint, *job.dataset, Split::Validation, in({}).session, true);
    const QJsonObject last = eventsOf(m_whole.toStdString(), "epoch").back().value(QStringLiteral("validation")).toObject();
    QCOMPARE(result.samples, 48);
    QVERIFY(std::abs(result.loss - last.value(QStringLiteral("loss")).toDouble()) < 1e-5);
    QCOMPARE(result.accuracy, last.value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy")).toDouble());
    QCOMPARE(result.predicted.size(), 48u);
    QCOMPARE(result.probabilities.size(), 48u * pictureClasses);

    // The predictor, without losses, says the same of a sample.
    Predictor predictor(job.job.network, checkpoint, in({}).session);
    QCOMPARE(predictor.feeds().size(), 1u);
    std::vector<std::byte> picture(pictureSide * pictureSide);
    job.dataset->read(Split::Validation, 5, job.dataset->columnIndex("image"), picture.data());
    const void* const inputs[] = {picture.data()};
    const std::vector<float> probabilities = predictor.run(1, inputs).front();
    for (std::size_t c = 0; c < probabilities.size(); ++c)
        QVERIFY(std::abs(probabilities[c] - result.probabilities[5 * pictureClasses + c]) < 1e-5f);
}

void TrainingRunTest::aCheckpointOfAnotherNetworkIsRefused()
{
    const PictureJob job(m_data);
    TensorFile checkpoint = readTensorFile(resolveCheckpoint({m_whole.toStdString()}, "last"));
    PictureJob wider(m_data, 5);
    const std::string message = errorOf([&] { Predictor predictor(wider.job.network, checkpoint, in({}).session); });
    QVERIFY(says(message, "dense/"));
    QVERIFY(says(message, "5]"));
    QVERIFY(says(message, "4]"));
    checkpoint.tensors.erase("param/conv/kernel");
    QVERIFY(says(errorOf([&] { Predictor predictor(job.job.network, checkpoint, in({}).session); }), "conv/kernel"));
}

void TrainingRunTest::settingsAreChecked()
{
    const TrainingSettings defaults = trainingSettings(Tree::Map{});
    QVERIFY(defaults == trainingSettings(trainingTree(defaults)));
    const auto complaint = [](const char* json) { return errorOf([&] { trainingSettings(fromJson(json, "test")); }); };
    QVERIFY(says(complaint(R"({"epochs": 0})"), "training.epochs"));
    QVERIFY(says(complaint(R"({"epochs": "many"})"), "integer"));
    QVERIFY(says(complaint(R"({"epoch": 3})"), "epochs"));
    QVERIFY(says(complaint(R"({"shuffle": 1})"), "true or false"));
    QVERIFY(says(complaint(R"({"optimizer": {"type": "adamax"}})"), "adam"));
    QVERIFY(says(complaint(R"({"optimizer": {"learningRate": 0}})"), "greater than"));
    QVERIFY(says(complaint(R"({"optimizer": {"momentum": 1}})"), "less than"));
    QVERIFY(says(complaint(R"({"optimizer": {"type": "sgd", "nesterov": true}})"), "momentum"));
    QVERIFY(says(complaint(R"({"optimizer": []})"), "object"));
}

QTEST_GUILESS_MAIN(TrainingRunTest)
#include "training_run_test.moc"
