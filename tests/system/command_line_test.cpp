#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

QJsonDocument json(const Outcome& outcome)
{
    return QJsonDocument::fromJson(outcome.output.toUtf8());
}

QStringList keys(const QJsonValue& object)
{
    return object.toObject().keys();
}

QStringList sorted(const char* line)
{
    QStringList list = words(line);
    list.sort();
    return list;
}

} // namespace

/// `weft` as scripts and strangers call it: exit codes, one message, the keys of --json.
class CommandLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void wrongUsageIsExitCodeTwo_data();
    void wrongUsageIsExitCodeTwo();
    void faultsAreExitCodeOneAndOneLine_data();
    void faultsAreExitCodeOneAndOneLine();
    void openMpsVariablesBoundTheThreads();
    void decodersDoNotMutter();
    void jsonKeysStay();
    void checkPromisesNoTrainingWithoutALoss();
    void aNumberCanBeLearntFromATable();
    void helpExplainsEveryCommand();
    void memoryIsASettingOfTheRun();
    void benchLeavesKernelsOut();
    void anOlderProcessorIsRefusedInASentence();

private:
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    /// Words in which DIR/ is the folder of this test.
    QStringList at(const QString& line) const { return QString(line).replace(QStringLiteral("DIR"), m_folder.path()).split(QLatin1Char(' ')); }

    /// Replaces a part of a project.
    void replaceIn(const char* name, const char* what, const char* by)
    {
        QFile project(file(name));
        QVERIFY(project.open(QIODevice::ReadOnly));
        QByteArray text = project.readAll();
        QVERIFY2(text.contains(what), what);
        writeFile(file(name), text.replace(what, by));
    }

    /// The project of the pictures with one part of it replaced.
    void writeVariant(const char* name, const char* what, const char* by)
    {
        writeFile(file(name), QByteArray::fromStdString(pictureProject(file("data"))));
        replaceIn(name, what, by);
    }

    QTemporaryDir m_folder;
};

void CommandLineTest::initTestCase()
{
    writePictures(file("data"));
    writeFile(file("p.weft"), QByteArray::fromStdString(pictureProject(file("data"))));
    QCOMPARE(weftRun(at(QStringLiteral("train DIR/p.weft --run-dir DIR/run"))).code, 0);

    writeVariant("layer.weft", "\"Conv2D\"", "\"Conv2E\"");
    writeVariant("circle.weft", "[\"image.y\", \"conv.x\"]", "[\"relu.y\", \"conv.x\"]");
    writeVariant("twice.weft", "[\"relu.y\", \"pool.x\"]", "[\"relu.y\", \"pool.x\"], [\"conv.y\", \"pool.x\"]");
    writeVariant("units.weft", "\"units\": 4", "\"units\": 3");
    writeVariant("shape.weft", "[1, 8, 8]", "[1, 9, 9]");
    writeVariant("version.weft", "\"weft\": 1", "\"weft\": 7");
    writeVariant("key.weft", "\"wires\"", "\"cables\"");
    writeVariant("rate.weft", "\"adam\", \"learningRate\": 0.01", "\"sgd\", \"learningRate\": 1e30");
    writeVariant("nodata.weft", "/data\"", "/nothing\"");
    // Both dense layers together would take terabytes.
    writeVariant("giant.weft", "{\"id\": \"flatten\", \"name\": \"flatten\", \"type\": \"Flatten\", \"params\": {}},",
                 "{\"id\": \"flatten\", \"type\": \"Flatten\"}, {\"id\": \"a\", \"type\": \"Dense\", \"params\": {\"units\": 1048576}}, "
                 "{\"id\": \"b\", \"type\": \"Dense\", \"params\": {\"units\": 1048576}},");
    replaceIn("giant.weft", "[\"flatten.y\", \"dense.x\"]", "[\"flatten.y\", \"a.x\"], [\"a.y\", \"b.x\"], [\"b.y\", \"dense.x\"]");
    writeFile(file("cut.weft"), QByteArray::fromStdString(pictureProject(file("data"))).left(300));
    writeFile(file("notes/own.txt"), "mine");
}

void CommandLineTest::wrongUsageIsExitCodeTwo_data()
{
    QTest::addColumn<QString>("line");
    for (const char* command :
         {"new", "check", "summary", "data", "bench", "train", "evaluate", "predict", "export", "runs", "follow", "control", "worker"})
        QTest::newRow(command) << QString::fromLatin1(command);
    for (const char* line : {"nonsense",
                             "--nonsense",
                             "layers extra",
                             "devices --jason",
                             "new lenet -o",
                             "new mlp a.weft b.weft",
                             "summary DIR/p.weft --json=1",
                             "train DIR/p.weft --epochs 0",
                             "train DIR/p.weft --epochs many",
                             "train DIR/p.weft --seed -1",
                             "train DIR/p.weft --device tpu",
                             "train DIR/p.weft --precision fp9",
                             "train DIR/p.weft --memory small",
                             "train DIR/p.weft --set epochs",
                             "train DIR/p.weft --follow xml",
                             "train DIR/p.weft --resume",
                             "train --run-dir DIR/none",
                             "evaluate DIR/run --split middle",
                             "predict DIR/run",
                             "export DIR/run",
                             "export DIR/run --format onnx",
                             "bench DIR/p.weft --mode sleep",
                             "bench DIR/p.weft --steps 0",
                             "data info",
                             "data burn",
                             "data list DIR/data",
                             "runs burn",
                             "runs show",
                             "runs list DIR/run",
                             "follow DIR/run --from x",
                             "control DIR/run",
                             "control DIR/run faster",
                             "control DIR/run set",
                             "control DIR/run pause now"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void CommandLineTest::wrongUsageIsExitCodeTwo()
{
    QFETCH(QString, line);
    const Outcome outcome = weftRun(at(line));
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.output.isEmpty(), qPrintable(outcome.output));
    // What is wrong, and where the usage is explained.
    QVERIFY2(outcome.errors.count(QLatin1Char('\n')) <= 2 && outcome.errors.contains(QStringLiteral("--help")), qPrintable(outcome.errors));
}

void CommandLineTest::faultsAreExitCodeOneAndOneLine_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* line, const char* says) { QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(says); };
    row("new lexnet -o DIR/x.weft", "Templates: mlp, lenet");
    row("new lenet -o DIR/no/where.weft", "DIR/no/where.weft cannot be written");
    row("check DIR/none.weft", "no file DIR/none.weft");
    row("check DIR/cut.weft", "DIR/cut.weft ends in the middle, at line");
    row("train DIR/version.weft", "newer version of Weft");
    row("train DIR/key.weft", "the key \"cables\" is unknown here. There are: weft, id");
    row("train DIR/layer.weft", "conv: There is no layer \"Conv2E\". Did you mean \"Conv2D\"?");
    row("train DIR/circle.weft", "run in a circle: conv → norm → relu → conv");
    row("train DIR/twice.weft", "pool: Two wires end at input \"x\": from relu.y and from conv.y");
    row("train DIR/units.weft --run-dir DIR/u", "3 units, for the labels 0 to 2");
    row("train DIR/shape.weft --run-dir DIR/s", "the data have [1, 8, 8]");
    row("train DIR/nodata.weft --run-dir DIR/n", "DIR/nothing is not there");
    row("train DIR/giant.weft --run-dir DIR/g", "and not even a batch of 1 fits");
    row("bench DIR/giant.weft", "and not even a batch of 1 fits");
    row("train DIR/p.weft --set training.memory=small", "\"training.memory\" must be one of \"normal\", \"lean\"");
    row("train DIR/p.weft --run-dir DIR/run", "holds a run. Go on with it by --resume");
    row("train DIR/p.weft --run-dir DIR/notes", "DIR/notes holds other files");
    row("train DIR/p.weft --run-dir /proc/weft/run", "/proc/weft/run could not be made");
    row("train DIR/p.weft --run-dir DIR/p.weft", "is a file. A run needs a folder");
    row("train DIR/p.weft --resume --run-dir DIR/none", "There is no run");
    row("train --resume --run-dir DIR/run", "has finished its 4 epochs");
    row("train DIR/p.weft --device cpu --precision fp16", "needs a CUDA card");
    row("train DIR/p.weft --device cpu --tf32 on", "processors multiply fp32 in full");
    row("train DIR/p.weft --device cpu --measure-kernels on", "processors choose their kernels without measuring");
    row("train DIR/p.weft --set training.epoch=3", "Did you mean training.epochs?");
    row("train DIR/p.weft --weights DIR/none.safetensors --run-dir DIR/w", "DIR/none.safetensors could not be opened");
    row("evaluate DIR/data", "is not the folder of a run");
    row("evaluate DIR/run --checkpoint 7", "has no checkpoint \"7\". There are: best, last, ");
    row("predict DIR/run DIR/none.png", "neither a file nor a sample");
    row("predict DIR/run DIR/gone.csv", "\"DIR/gone.csv\" is neither a file nor a sample");
    row("check DIR/shape.weft", R"(The column "image" has the shape 1 x 8 x 8, but this layer takes 1 x 9 x 9.)");
    row("predict DIR/run test:4000", "There is no sample test:4000");
    row("predict DIR/run DIR/p.weft", "DIR/p.weft cannot be read");
    row("export DIR/run --format tiff -o DIR/x", "Known formats: onnx");
    row("export DIR/run --format onnx -o DIR/no/x.onnx", "DIR/no/x.onnx could not be written");
    row("bench DIR/twice.weft", "Two wires end at input");
    row("runs show DIR/data", "is not the folder of a run");
    row("follow DIR/data", "is not the folder of a run");
    row("worker --socket DIR/no/where", "The socket DIR/no/where cannot be made. Give a path");
    row("control DIR/run stop", "No process works on the run");
}

void CommandLineTest::faultsAreExitCodeOneAndOneLine()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    const Outcome outcome = weftRun(at(line));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(says.replace(QStringLiteral("DIR"), m_folder.path())), qPrintable(outcome.errors));
    const auto hints = outcome.errors.count(QStringLiteral("hint: "));
    QVERIFY2(outcome.errors.count(QLatin1Char('\n')) - hints == 1, qPrintable(outcome.errors));
}

void CommandLineTest::openMpsVariablesBoundTheThreads()
{
    for (const char* variable : {"OMP_NUM_THREADS", "OMP_THREAD_LIMIT"}) {
        const QByteArray before = qgetenv(variable);
        qputenv(variable, "1");
        const QJsonDocument devices = QJsonDocument::fromJson(weftRun(at(QStringLiteral("devices --json"))).output.toUtf8());
        before.isNull() ? qunsetenv(variable) : qputenv(variable, before);
        QCOMPARE(devices.array()[0].toObject().value(QStringLiteral("threads")).toInt(), 1);
    }
}

void CommandLineTest::decodersDoNotMutter()
{
    QImage noise(64, 64, QImage::Format_RGB32);
    for (int i = 0; i < 64 * 64; ++i)
        noise.setPixel(i % 64, i / 64, static_cast<uint>(i) * 2654435761u);
    for (const char* format : {"jpg", "png"}) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        QVERIFY(buffer.open(QIODevice::WriteOnly) && noise.save(&buffer, format));
        writeFile(file("muttering/whole/a.") + QLatin1String(format), bytes);
        writeFile(file("muttering/torn/whole.") + QLatin1String(format), bytes);
        bytes.replace(bytes.size() / 2, 40, QByteArray(40, '\xff'));
        writeFile(file("muttering/torn/a.") + QLatin1String(format), bytes);
    }
    const Outcome outcome = weftRun(at(QStringLiteral("data info DIR/muttering")));
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.errors, QString());
    QVERIFY(outcome.output.contains(QStringLiteral("torn/a.png")));
}

void CommandLineTest::jsonKeysStay()
{
    const auto ask = [&](const char* line) { return json(weftRun(at(QString::fromLatin1(line)))); };
    QCOMPARE(keys(ask("summary DIR/p.weft --json").object()), sorted("parameters multiply_adds memory_bytes layers"));
    const QStringList evaluated = keys(ask("evaluate DIR/run --json").object());
    QVERIFY(evaluated.contains(QStringLiteral("accuracy")) && evaluated.contains(QStringLiteral("loss")));
    const QJsonArray predicted = ask("predict DIR/run test:0 test:1 --json").array();
    QCOMPARE(predicted.size(), 2);
    QCOMPARE(keys(predicted.at(1)), sorted("input label probabilities"));
    QCOMPARE(predicted.at(1).toObject().value(QStringLiteral("probabilities")).toArray().size(), pictureClasses);
    const QJsonObject bench = ask("bench DIR/p.weft --steps 3 --json").object();
    for (const QString& key : words("samples_per_second step_ms peak_memory_bytes planned_memory_bytes flops bytes_moved flops_share_of_peak"))
        QVERIFY2(bench.contains(key), qPrintable(key));
    QCOMPARE(keys(bench.value(QStringLiteral("step_ms"))), sorted("median p10 p90"));
    QVERIFY(bench.value(QStringLiteral("bytes_moved")).toDouble()
            > 4 * ask("summary DIR/p.weft --json").object().value(QStringLiteral("parameters")).toDouble());
    const QStringList layer = keys(ask("layers --json").array().at(0));
    for (const QString& key : words("type category summary parameters"))
        QVERIFY2(layer.contains(key), qPrintable(key));
    QVERIFY(!weftRun(words("devices")).output.contains(QStringLiteral("/../")));
    QVERIFY(keys(ask("devices --json").array().at(0)).contains(QStringLiteral("available")));
    QVERIFY(keys(ask("data info DIR/p.weft --json").object()).contains(QStringLiteral("class_counts")));
    QVERIFY(keys(ask("runs show DIR/run --json").object()).contains(QStringLiteral("epoch_metrics")));
    QVERIFY(keys(ask("check DIR/twice.weft --json").object()).contains(QStringLiteral("problems")));
}

void CommandLineTest::checkPromisesNoTrainingWithoutALoss()
{
    QVERIFY(weftRun(at(QStringLiteral("check DIR/p.weft"))).output.contains(QStringLiteral("can be trained")));
    writeVariant("aimless.weft", "\"type\": \"CrossEntropy\", \"params\": {\"target\": \"label\"}", "\"type\": \"Softmax\"");
    replaceIn("aimless.weft", "loss.prediction", "loss.x");
    const Outcome outcome = weftRun(at(QStringLiteral("check DIR/aimless.weft")));
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.errors.contains(QStringLiteral("no loss")));
    QVERIFY2(!outcome.output.contains(QStringLiteral("can be trained")), qPrintable(outcome.output));
    QCOMPARE(weftRun(at(QStringLiteral("train DIR/aimless.weft --run-dir DIR/aimless"))).code, 1);
}

void CommandLineTest::aNumberCanBeLearntFromATable()
{
    QByteArray table = "a,b,y\n";
    for (int i = 0; i < 200; ++i) {
        const double a = i % 10 / 10.0, b = i % 7 / 7.0;
        table += QByteArray::number(a) + ',' + QByteArray::number(b) + ',' + QByteArray::number(2 * a - b) + '\n';
    }
    writeFile(file("line.csv"), table);
    writeFile(file("line.weft"), R"({"weft": 1, "id": "line",
  "data": {"source": "csv", "path": "line.csv", "labelColumn": "y", "labelKind": "number"},
  "nodes": [
    {"id": "x", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [2]}},
    {"id": "dense", "type": "Dense", "params": {"units": 1}},
    {"id": "loss", "type": "MeanSquaredError", "params": {"target": "label"}}
  ],
  "wires": [["x.y", "dense.x"], ["dense.y", "loss.prediction"]],
  "training": {"optimizer": {"type": "sgd", "learningRate": 0.1}, "epochs": 60, "batchSize": 8}})");
    const Outcome outcome = weftRun(at(QStringLiteral("train DIR/line.weft --run-dir DIR/line")));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QJsonObject result = json(weftRun(at(QStringLiteral("evaluate DIR/line --json")))).object();
    QVERIFY2(result.value(QStringLiteral("loss")).toDouble(1) < 1e-4, qPrintable(outcome.output));
    QVERIFY(result.value(QStringLiteral("accuracy")).isNull());
    const QJsonObject answer = json(weftRun(at(QStringLiteral("predict DIR/line DIR/line.csv --json")))).array().at(11).toObject();
    const double wanted = 2 * 0.1 - 4 / 7.0;
    QVERIFY(std::abs(answer.value(QStringLiteral("values")).toArray().at(0).toDouble() - wanted) < 0.05);
}

void CommandLineTest::helpExplainsEveryCommand()
{
    const QString overview = weftRun(words("--help")).output;
    for (const char* command : {"new", "layers", "check", "summary", "devices", "data", "bench", "train", "evaluate", "predict", "export", "runs",
                                "follow", "control", "worker"}) {
        QVERIFY2(overview.contains(QStringLiteral("\n  %1 ").arg(QLatin1String(command))), command);
        const Outcome help = weftRun({QLatin1String(command), QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        QVERIFY(help.output.startsWith(QStringLiteral("Usage: weft %1").arg(QLatin1String(command))));
    }
    QCOMPARE(weftRun({}).code, 2);
}

void CommandLineTest::memoryIsASettingOfTheRun()
{
    QCOMPARE(weftRun(at(QStringLiteral("train DIR/p.weft --memory lean --epochs 1 --run-dir DIR/lean"))).code, 0);
    QFile record(file("lean/run.json"));
    QVERIFY(record.open(QIODevice::ReadOnly));
    QCOMPARE(
        QJsonDocument::fromJson(record.readAll()).object().value(QStringLiteral("settings")).toObject().value(QStringLiteral("memory")).toString(),
        QStringLiteral("lean"));
    const Outcome other = weftRun(at(QStringLiteral("train --resume --run-dir DIR/lean --epochs 2 --memory normal")));
    QCOMPARE(other.code, 1);
    QVERIFY2(other.errors.contains(QStringLiteral("differs from the one the run began with")), qPrintable(other.errors));
    QCOMPARE(weftRun(at(QStringLiteral("train --resume --run-dir DIR/lean --epochs 2"))).code, 0);
}

/// Pools of LeNet stand in several layouts on every processor, which kernels of convolutions do not.
void CommandLineTest::benchLeavesKernelsOut()
{
    QCOMPARE(weftRun(at(QStringLiteral("new lenet -o DIR/lenet.weft"))).code, 0);
    const auto kernels = [&](const char* line) {
        int count = 0;
        for (const QJsonValue& value : json(weftRun(at(QLatin1String(line)))).object().value(QStringLiteral("profile")).toArray()) {
            const QJsonObject step = value.toObject();
            count += step[QLatin1String("op")] != QLatin1String("Reorder")
                && step[QLatin1String("kernel")].toString().contains(QLatin1String("batch-lanes"));
        }
        return count;
    };
    QVERIFY(kernels("bench DIR/lenet.weft --steps 1 --profile --json") > 0);
    QCOMPARE(kernels("bench DIR/lenet.weft --steps 1 --profile --json --without batch-lanes"), 0);
}

/// By an emulator of such a processor, where there is one (Debian's qemu-user).
void CommandLineTest::anOlderProcessorIsRefusedInASentence()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("What a sanitizer maps is more than the emulator bears.");
#endif
    const QString emulator = QStandardPaths::findExecutable(QStringLiteral("qemu-x86_64"));
    if (emulator.isEmpty())
        QSKIP("There is no qemu-x86_64.");
    QProcess process;
    // The variable keeps the program from starting itself anew outside the emulator.
    process.start(emulator,
                  {QStringLiteral("-cpu"), QStringLiteral("Nehalem"), QStringLiteral("-E"), QStringLiteral("OMP_WAIT_POLICY=passive"),
                   qEnvironmentVariable("WEFT_PROGRAM"), QStringLiteral("bench"), file("p.weft")});
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    QVERIFY2(process.readAllStandardError().contains("This processor has no AVX2"), "no sentence");
}

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
