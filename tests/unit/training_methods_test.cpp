#include <cmath>

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/epoch_runner.h"
#include "core/training/optimizers.h"
#include "core/training/predictor.h"
#include "core/training/run_checkpoints.h"
#include "core/training/safe_file.h"
#include "core/training/schedule.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

using Arrays = std::map<std::string, std::vector<float>>;

Arrays arraysOf(const QString& dir)
{
    Arrays arrays;
    for (const auto& [key, tensor] : readTensorFile(resolveCheckpoint({dir.toStdString()}, "last")).tensors) {
        arrays[key].resize(tensor.bytes.size() / sizeof(float));
        std::memcpy(arrays[key].data(), tensor.bytes.data(), tensor.bytes.size());
    }
    return arrays;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() ? 0.0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}

void removeNode(Network& network, const std::string& id)
{
    for (const Edit& edit : bypassNodeEdits(network, id))
        apply(network, edit);
}

/// The initial weights of a job, by name.
std::vector<float> initialWeights(const TrainingJob& job, const std::string& name)
{
    SessionOptions options;
    options.threads = 1;
    EpochRunner runner(job, options);
    const Extents extents = runner.session().variableType(name).shape.at(1);
    std::vector<float> values(static_cast<std::size_t>(elementCount(extents)));
    runner.session().readVariable(name, std::as_writable_bytes(std::span(values)));
    return values;
}

} // namespace

/// What the settings of a training do, each on a run of its own.
class TrainingMethodsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_data = dir("data");
        writePictures(m_data);
    }

    void everyOptimizerLearnsAndResumes_data()
    {
        QTest::addColumn<QString>("training");
        const auto row = [](const char* name, const char* settings) { QTest::newRow(name) << QString::fromLatin1(settings); };
        row("sgd", R"({"optimizer": {"type": "sgd", "learningRate": 0.05}})");
        row("momentum", R"({"optimizer": {"type": "sgd", "momentum": 0.9, "learningRate": 0.02}})");
        row("nesterov", R"({"optimizer": {"type": "sgd", "momentum": 0.9, "nesterov": true, "weightDecay": 0.001, "learningRate": 0.02}})");
        row("adam", R"({"optimizer": {"learningRate": 0.01, "l1": 0.0001}})");
        row("adamw", R"({"optimizer": {"type": "adamw", "learningRate": 0.01}})");
        row("rmsprop", R"({"optimizer": {"type": "rmsprop", "learningRate": 0.002}})");
        row("rmsprop momentum", R"({"optimizer": {"type": "rmsprop", "momentum": 0.9, "learningRate": 0.001}})");
        row("adagrad", R"({"optimizer": {"type": "adagrad", "learningRate": 0.05}})");
        row("nadam", R"({"optimizer": {"type": "nadam", "learningRate": 0.01}})");
        row("adadelta", R"({"optimizer": {"type": "adadelta"}})");
        row("lion", R"({"optimizer": {"type": "lion", "learningRate": 0.003}})");
        row("gathered", R"({"gradientAccumulation": 4, "optimizer": {"learningRate": 0.02}})");
        row("clipped", R"({"gradientClipping": {"norm": 0.5}, "optimizer": {"type": "sgd", "learningRate": 0.1}})");
        row("clipped by value", R"({"gradientClipping": {"value": 0.05}, "optimizer": {"type": "sgd", "momentum": 0.9, "learningRate": 0.1}})");
        row("averaged", R"({"weightAveraging": {"decay": 0.8}, "optimizer": {"learningRate": 0.02}})");
        row("gathered, averaged, warmed up",
            R"({"gradientAccumulation": 3, "weightAveraging": {"decay": 0.8}, "schedule": {"type": "cosine", "epochs": 1, "periodFactor": 2, "warmupSteps": 8},
                "optimizer": {"type": "adamw", "learningRate": 0.02}})");
        row("one cycle", R"({"schedule": {"type": "oneCycle"}, "optimizer": {"learningRate": 0.02}})");
        row("plateau", R"({"schedule": {"type": "plateau", "patience": 0, "threshold": 0.5, "gamma": 0.5}, "optimizer": {"learningRate": 0.02}})");
    }

    void everyOptimizerLearnsAndResumes()
    {
        QFETCH(QString, training);
        PictureJob job(m_data);
        job.job.settings = trainingSettings(fromJson(training.toStdString(), "test"));
        job.job.settings.epochs = 4;
        job.job.settings.batchSize = 16;
        const QString whole = dir(QTest::currentDataTag()) + QStringLiteral("-whole");
        QVERIFY(train(job.job, in(whole)) == TrainingEnd::Finished);
        const std::vector<QJsonObject> epochs = eventsOf(whole.toStdString(), "epoch");
        const auto lossOf = [](const QJsonObject& e) { return e.value(QStringLiteral("train")).toObject().value(QStringLiteral("loss")).toDouble(); };
        QVERIFY2(lossOf(epochs.back()) < 0.8 * lossOf(epochs.front()),
                 qPrintable(QStringLiteral("%1 -> %2").arg(lossOf(epochs.front())).arg(lossOf(epochs.back()))));

        const QString run = dir(QTest::currentDataTag());
        for (const int stopAt : {6, 23, 1000}) {
            std::atomic<bool> stop = false;
            TrainingOptions options = in(run);
            options.resume = stopAt != 6;
            options.stopRequested = &stop;
            options.onEvent = [&](const QJsonObject& event) {
                if (event.value(QStringLiteral("event")) == QStringLiteral("batch") && event.value(QStringLiteral("step")).toInt() == stopAt)
                    stop = true;
            };
            train(job.job, options);
        }
        QCOMPARE(lossesOf(run.toStdString()), lossesOf(whole.toStdString()));
        QVERIFY(arraysOf(run) == arraysOf(whole));
    }

    void gatheredBatchesAreOneLargeBatch()
    {
        // 160 samples: 2 full batches of 64 and one of 32, or gathered 16 by 16 with 4 and then 2 in an update.
        const auto trained = [&](const char* name, std::int64_t batch, std::int64_t together) {
            PictureJob job(m_data);
            // Statistics of a batch and random masks would differ.
            removeNode(job.job.network, "norm");
            removeNode(job.job.network, "drop");
            job.job.settings.batchSize = batch;
            job.job.settings.gradientAccumulation = together;
            job.job.settings.optimizer = "adagrad";
            job.job.settings.epochs = 3;
            train(job.job, in(dir(name)));
            return arraysOf(dir(name));
        };
        const Arrays large = trained("large", 64, 1);
        Arrays small = trained("small", 16, 4);
        QVERIFY(small.count("slot/gathered/conv/kernel") == 1);
        for (const auto& [key, values] : large)
            QVERIFY2(largestDifference(values, small[key]) < 2e-5, key.c_str());
        QVERIFY(largestDifference(large.at("param/conv/kernel"), trained("other", 16, 1).at("param/conv/kernel")) > 1e-3);
    }

    void clippingBoundsTheStep()
    {
        for (const char* kind : {"norm", "value"}) {
            PictureJob job(m_data);
            job.job.settings = {};
            job.job.settings.optimizer = "sgd";
            job.job.settings.learningRate = 1.0;
            job.job.settings.batchSize = 16;
            job.job.settings.epochs = 1;
            (qstrcmp(kind, "norm") == 0 ? job.job.settings.clipNorm : job.job.settings.clipValue) = 1e-3;
            const std::vector<float> before = initialWeights(job.job, "dense/kernel");
            train(job.job, in(dir(kind)));
            const double moved = largestDifference(before, arraysOf(dir(kind)).at("param/dense/kernel"));
            QVERIFY2(moved > 1e-4 && moved <= 10 * 1e-3 + 1e-6, qPrintable(QString::number(moved)));
        }
    }

    void averagedWeightsPredict()
    {
        PictureJob job(m_data);
        job.job.settings.averagingDecay = 0.9;
        job.job.settings.epochs = 2;
        const QString run = dir("average");
        train(job.job, in(run));
        const Arrays arrays = arraysOf(run);
        QVERIFY(arrays.at("ema/conv/kernel") != arrays.at("param/conv/kernel"));
        const std::string last = resolveCheckpoint({run.toStdString()}, "last");
        const TensorFile model = readTrainedModel(last);
        QVERIFY(model.tensors.at("param/conv/kernel").bytes == model.tensors.at("ema/conv/kernel").bytes);
        // The validation of the run was that of the averaged weights.
        const double told
            = eventsOf(run.toStdString(), "epoch").back().value(QStringLiteral("validation")).toObject().value(QStringLiteral("loss")).toDouble();
        const auto lossWith
            = [&](const TensorFile& file) { return evaluate(job.job.network, file, *job.dataset, Split::Validation, in({}).session).loss; };
        QVERIFY(std::abs(lossWith(model) - told) < 1e-6);
        QVERIFY(std::abs(lossWith(readCheckpoint(last)) - told) > 1e-4);
    }

    void frozenLayersStay()
    {
        PictureJob job(m_data);
        apply(job.job.network, rateFactorEdit(job.job.network, "conv", 0.0));
        apply(job.job.network, rateFactorEdit(job.job.network, "dense", 1e-6));
        job.job.settings.epochs = 1;
        const std::vector<float> conv = initialWeights(job.job, "conv/kernel");
        const std::vector<float> dense = initialWeights(job.job, "dense/kernel");
        train(job.job, in(dir("frozen")));
        const Arrays arrays = arraysOf(dir("frozen"));
        QVERIFY(arrays.at("param/conv/kernel") == conv);
        QVERIFY(arrays.count("slot/m/conv/kernel") == 0);
        const double moved = largestDifference(dense, arrays.at("param/dense/kernel"));
        QVERIFY2(moved > 0 && moved < 1e-6, qPrintable(QString::number(moved)));
        for (Node& node : job.job.network.nodes)
            node.learningRateFactor = 0.0;
        QVERIFY(says(errorOf([&] { train(job.job, in(dir("allfrozen"))); }), "not frozen"));
    }

    void aFactorIsPartOfTheProjectFile()
    {
        Project project = parseProject(pictureProject(m_data), "test");
        const std::string plain = formatProject(project);
        apply(project, settingEdit(project, "nodes.conv.learningRateFactor", "0.1"));
        const std::string text = formatProject(project);
        QVERIFY(says(text, R"("learningRateFactor": 0.1})"));
        QVERIFY(parseProject(text, "test") == project);
        apply(project, rateFactorEdit(project.network, "conv", 1.0));
        QCOMPARE(formatProject(project), plain);
        QVERIFY(says(errorOf([&] { settingEdit(project, "nodes.conv.learningRateFactor", "-1"); }), "at least 0"));
        std::string wrong = text;
        wrong.replace(wrong.find(": 0.1}"), 6, ": -1}");
        QVERIFY(says(errorOf([&] { parseProject(wrong, "test"); }), "\"learningRateFactor\" must be a number of at least 0"));
    }

    void aRunThatNoLongerImprovesEndsEarly()
    {
        PictureJob job(m_data);
        job.job.settings.learningRate = 1e-9;
        job.job.settings.monitor = "loss";
        job.job.settings.patience = 2;
        job.job.settings.minimumDelta = 0.5;
        job.job.settings.epochs = 50;
        const QString run = dir("early");
        QVERIFY(train(job.job, in(run)) == TrainingEnd::Finished);
        QCOMPARE(eventsOf(run.toStdString(), "epoch").size(), 3u);
        QVERIFY(eventsOf(run.toStdString(), "finished").front().value(QStringLiteral("message")).toString().contains(QStringLiteral("2 epochs")));
        TrainingOptions options = in(run);
        options.resume = true;
        QVERIFY(says(errorOf([&] { train(job.job, options); }), "ended early"));
    }

    void theBestCheckpointIsThatOfTheWatchedMetric()
    {
        PictureJob job(m_data);
        job.job.settings.monitor = "macroF1";
        const QString run = dir("f1");
        train(job.job, in(run));
        double best = -1;
        std::int64_t step = 0;
        for (const QJsonObject& event : eventsOf(run.toStdString(), "epoch")) {
            const QJsonValue f1
                = event.value(QStringLiteral("validation")).toObject().value(QStringLiteral("metrics")).toObject().value(QStringLiteral("macro_f1"));
            QVERIFY(f1.isDouble());
            if (f1.toDouble() > best) {
                best = f1.toDouble();
                step = event.value(QStringLiteral("step")).toInteger();
            }
        }
        const RunPaths paths{run.toStdString()};
        QCOMPARE(resolveCheckpoint(paths, "best"), paths.checkpoint(step));
        const Evaluation result
            = evaluate(job.job.network, readTrainedModel(paths.checkpoint(step)), *job.dataset, Split::Validation, in({}).session);
        QCOMPARE(result.classification->f1, best);
        job.job.settings.monitor = "r2";
        QVERIFY(says(errorOf([&] { train(job.job, in(dir("r2"))); }), "training.monitor"));
    }

    void eventsTellTheRateOfEachStep()
    {
        PictureJob job(m_data);
        TrainingSettings& settings = job.job.settings;
        settings.schedule = {.type = "cosine", .warmupSteps = 5};
        const QString run = dir("rates");
        train(job.job, in(run));
        for (const QJsonObject& event : eventsOf(run.toStdString(), "batch")) {
            const std::int64_t step = event.value(QStringLiteral("step")).toInteger();
            QCOMPARE(event.value(QStringLiteral("learning_rate")).toDouble(),
                     scheduledRate(settings.schedule, settings.learningRate, {settings.epochs, 10}, step, {}));
        }
    }

    void recordsOfOlderVersionsLackWhatHadItsDefault()
    {
        PictureJob job(m_data);
        job.job.settings.epochs = 1;
        const QString run = dir("older");
        train(job.job, in(run));
        const std::string path = RunPaths{run.toStdString()}.runJson();
        QJsonObject record = readJsonObject(path);
        QJsonObject settings = record.value(QStringLiteral("settings")).toObject();
        QVERIFY(settings.contains(QStringLiteral("schedule")) && settings.contains(QStringLiteral("monitor")));
        settings.remove(QStringLiteral("schedule"));
        settings.remove(QStringLiteral("monitor"));
        record.insert(QStringLiteral("settings"), settings);
        writeTextSafely(path, QJsonDocument(record).toJson().toStdString());
        job.job.settings.epochs = 2;
        TrainingOptions options = in(run);
        options.resume = options.epochsGiven = true;
        QVERIFY(train(job.job, options) == TrainingEnd::Finished);
    }

    void initializersDiffer()
    {
        const auto weights = [&](const char* name) {
            PictureJob job(m_data);
            apply(job.job.network, setParamEdit(job.job.network, "dense", "initializer", name));
            return initialWeights(job.job, "dense/kernel"); // [54, 4]
        };
        const auto deviation = [](const std::vector<float>& values) {
            double square = 0;
            for (const float value : values)
                square += static_cast<double>(value) * static_cast<double>(value);
            return std::sqrt(square / static_cast<double>(values.size()));
        };
        const std::pair<const char*, double> expected[]
            = {{"glorotUniform", std::sqrt(2.0 / 58)}, {"glorotNormal", std::sqrt(2.0 / 58)}, {"heUniform", std::sqrt(2.0 / 54)},
               {"heNormal", std::sqrt(2.0 / 54)},      {"lecunUniform", std::sqrt(1.0 / 54)}, {"lecunNormal", std::sqrt(1.0 / 54)},
               {"truncatedNormal", 0.02 * 0.88}};
        for (const auto& [name, wanted] : expected)
            QVERIFY2(std::abs(deviation(weights(name)) / wanted - 1.0) < 0.15, name);
        const std::vector<float> q = weights("orthogonal");
        for (std::size_t a = 0; a < 4; ++a) {
            for (std::size_t b = 0; b < 4; ++b) {
                double dot = 0;
                for (std::size_t i = 0; i < 54; ++i)
                    dot += static_cast<double>(q[i * 4 + a]) * static_cast<double>(q[i * 4 + b]);
                QVERIFY(std::abs(dot - (a == b ? 1.0 : 0.0)) < 1e-5);
            }
        }
    }

    void settingsThatCannotBeAreRefused()
    {
        const auto complaint = [](const char* json) { return errorOf([&] { trainingSettings(fromJson(json, "test")); }); };
        QVERIFY(says(complaint(R"({"optimizer": {"type": "adamm"}})"), "\"adamw\""));
        QVERIFY(says(complaint(R"({"optimizer": {"type": "adamw", "decoupledWeightDecay": false}})"), "AdamW"));
        QVERIFY(says(complaint(R"({"optimizer": {"l1": -1}})"), "training.optimizer.l1"));
        QVERIFY(says(complaint(R"({"gradientClipping": {"norm": 1, "value": 1}})"), "only one"));
        QVERIFY(says(complaint(R"({"gradientAccumulation": 0})"), "at least 1"));
        QVERIFY(says(complaint(R"({"weightAveraging": {"decay": 1}})"), "less than 1"));
        QVERIFY(says(complaint(R"({"schedule": {"type": "cosinus"}})"), "\"cosine\""));
        QVERIFY(says(complaint(R"({"schedule": {"type": "multistep"}})"), "milestones"));
        QVERIFY(says(complaint(R"({"schedule": {"type": "multistep", "milestones": [5, 3]}})"), "growing"));
        QVERIFY(says(complaint(R"({"schedule": {"minimumRate": 1}})"), "above the learning rate"));
        QVERIFY(says(complaint(R"({"schedule": {"gama": 1}})"), "Did you mean \"gamma\""));
        QVERIFY(says(complaint(R"({"monitor": "beauty"})"), "\"macroF1\""));
        QVERIFY(says(complaint(R"({"earlyStopping": {"patience": -1}})"), "at least 0"));
        for (const OptimizerInfo& info : optimizers()) {
            TrainingSettings settings = trainingSettings(Tree::Map{{"optimizer", Tree::Map{{"type", info.name}}}});
            QVERIFY(settings == trainingSettings(trainingTree(settings)));
        }
        QCOMPARE(trainingSettings(fromJson(R"({"optimizer": {"type": "adamw"}})", "test")).weightDecay, 0.01);
        QCOMPARE(trainingSettings(fromJson(R"({"optimizer": {"type": "adadelta"}})", "test")).learningRate, 1.0);
    }

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
    QString m_data;
};

QTEST_GUILESS_MAIN(TrainingMethodsTest)
#include "training_methods_test.moc"
