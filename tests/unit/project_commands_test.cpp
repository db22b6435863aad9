#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/layers/layer_spec.h"

namespace {

struct Result {
    int code = -1;
    QByteArray output;
    QByteArray errors;
    QJsonDocument json() const { return QJsonDocument::fromJson(output); }
};

Result runWeft(const QStringList& arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    process.waitForFinished(30000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QString example()
{
    return qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/examples/lenet-fashion-mnist.weft");
}

} // namespace

class ProjectCommandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newWritesATemplateOnce();
    void layersListsEveryLayer();
    void checkAcceptsTheExample();
    void checkNamesProblemsAndTheirFixes();
    void checkCountsTheClassesOfTheData();
    void checkRefusesDamage();
    void strangersAreToldWhatTheyGave();
    void summaryAddsUp();
};

void ProjectCommandsTest::newWritesATemplateOnce()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("mine.weft"));
    QCOMPARE(runWeft({QStringLiteral("new"), QStringLiteral("lenet"), QStringLiteral("-o"), path}).code, 0);
    QCOMPARE(runWeft({QStringLiteral("check"), path}).code, 0);
    const Result again = runWeft({QStringLiteral("new"), QStringLiteral("mlp"), QStringLiteral("-o"), path});
    QCOMPARE(again.code, 1);
    QVERIFY(again.errors.contains("is not overwritten"));
    QCOMPARE(runWeft({QStringLiteral("new"), QStringLiteral("lenit"), QStringLiteral("-o"), path}).code, 1);
    QCOMPARE(runWeft({QStringLiteral("new")}).code, 2);
    QVERIFY(runWeft({QStringLiteral("new"), QStringLiteral("--list")}).output.contains("\nresnet18 "));
}

void ProjectCommandsTest::strangersAreToldWhatTheyGave()
{
    const QTemporaryDir folder;
    const auto said = [&](const QStringList& arguments, int code) {
        const Result result = runWeft(arguments);
        return result.code == code ? result.errors : "exit code " + QByteArray::number(result.code);
    };
    QVERIFY(said({QStringLiteral("check"), folder.path()}, 1).contains("is a folder, not a project. Name a file such as lenet.weft."));
    QVERIFY(QFile::copy(example(), folder.filePath(QStringLiteral("project.weft"))));
    QVERIFY(said({QStringLiteral("check"), folder.path()}, 1).contains("is the folder of a run"));
    QFile text(folder.filePath(QStringLiteral("text.weft")));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no project") > 0);
    text.close();
    QVERIFY(said({QStringLiteral("check"), text.fileName()}, 1).contains("is no Weft project"));
    // A project in the place of a run, a folder that is no run.
    QVERIFY(said({QStringLiteral("evaluate"), text.fileName()}, 1).contains("is a project, but a run is asked for"));
    QVERIFY(QFile::remove(folder.filePath(QStringLiteral("project.weft"))));
    QVERIFY(said({QStringLiteral("control"), folder.path(), QStringLiteral("pause")}, 1).contains("is not the folder of a run"));
    // Of what is missing only that is named.
    QVERIFY(said({QStringLiteral("predict"), folder.path()}, 2).contains("Missing: INPUT...\n"));
    // One layer is described as all are; a slip of the pen is answered.
    const Result one = runWeft({QStringLiteral("layers"), QStringLiteral("dense")});
    QVERIFY(one.code == 0 && one.output.contains("units") && !one.output.contains("Conv2D"));
    QCOMPARE(runWeft({QStringLiteral("layers"), QStringLiteral("Dense"), QStringLiteral("--json")}).json().array().size(), 1);
    QVERIFY(said({QStringLiteral("layers"), QStringLiteral("Conv2d2")}, 2).contains("Did you mean Conv2D?"));
}

void ProjectCommandsTest::layersListsEveryLayer()
{
    const QJsonArray layers = runWeft({QStringLiteral("layers"), QStringLiteral("--json")}).json().array();
    QCOMPARE(layers.size(), static_cast<qsizetype>(weft::layerCatalogue().size()));
    const QJsonObject conv = layers[2].toObject();
    QCOMPARE(conv.value(QStringLiteral("type")).toString(), QStringLiteral("Conv2D"));
    QCOMPARE(conv.value(QStringLiteral("category")).toString(), QStringLiteral("Convolution"));
    QVERIFY(!conv.value(QStringLiteral("summary")).toString().isEmpty());
    QCOMPARE(conv.value(QStringLiteral("parameters")).toArray()[0].toObject().value(QStringLiteral("default")).toInt(), 32);
    QVERIFY(runWeft({QStringLiteral("layers")}).output.contains("MeanSquaredError"));
}

void ProjectCommandsTest::checkAcceptsTheExample()
{
    const Result result = runWeft({QStringLiteral("check"), example(), QStringLiteral("--json")});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.json().object().value(QStringLiteral("errors")).toInt(-1), 0);
}

void ProjectCommandsTest::checkNamesProblemsAndTheirFixes()
{
    QFile file(example());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QTemporaryDir folder;
    QFile damaged(folder.filePath(QStringLiteral("p.weft")));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(file.readAll().replace("[\"relu1.y\", \"pool1.x\"]", "[\"relu1.y\", \"pool1.x\"], [\"conv1.y\", \"pool1.x\"]"));
    damaged.close();
    const Result result = runWeft({QStringLiteral("check"), damaged.fileName(), QStringLiteral("--json")});
    QCOMPARE(result.code, 1);
    const QJsonObject problem = result.json().object().value(QStringLiteral("problems")).toArray()[0].toObject();
    QCOMPARE(problem.value(QStringLiteral("code")).toString(), QStringLiteral("wire.doubled"));
    QCOMPARE(problem.value(QStringLiteral("node")).toString(), QStringLiteral("pool1"));
    QCOMPARE(problem.value(QStringLiteral("fixes")).toArray().size(), 2);
    QCOMPARE(runWeft({QStringLiteral("summary"), damaged.fileName()}).code, 1);
}

void ProjectCommandsTest::checkCountsTheClassesOfTheData()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("p.weft")));
    const auto write = [&](const QByteArray& data) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"weft\": 1, \"id\": \"check-data\", \"data\": " + data + R"(,
  "nodes": [
    {"id": "x", "name": "x", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [2]}},
    {"id": "out", "name": "out", "type": "Dense", "params": {"units": 3}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {}}],
  "wires": [["x.y", "out.x"], ["out.y", "loss.prediction"]]})");
        file.close();
    };
    const auto firstCode = [](const Result& result) {
        return result.json().object().value(QStringLiteral("problems")).toArray()[0].toObject().value(QStringLiteral("code")).toString();
    };
    const QStringList check{QStringLiteral("check"), file.fileName(), QStringLiteral("--json")};
    write(R"({"source": "generated", "shape": [2], "classes": 4, "samples": 100})");
    const Result fewClasses = runWeft(check);
    QCOMPARE(fewClasses.code, 1);
    QCOMPARE(firstCode(fewClasses), QStringLiteral("data.classes"));
    QVERIFY(fewClasses.output.contains("Give out 4 outputs"));
    write(R"({"source": "generated", "shape": [2], "classes": 3, "samples": 100})");
    QCOMPARE(runWeft(check).code, 0);
    write(R"({"source": "generated", "shape": [2], "classes": 2, "samples": 100})");
    const Result moreOutputs = runWeft(check);
    QCOMPARE(moreOutputs.code, 0);
    QCOMPARE(moreOutputs.json().object().value(QStringLiteral("problems")).toArray().size(), 1);
    QCOMPARE(firstCode(moreOutputs), QStringLiteral("data.classes"));
}

void ProjectCommandsTest::checkRefusesDamage()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("p.weft")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"weft\": 1,\n \"id\": ");
    file.close();
    const Result result = runWeft({QStringLiteral("check"), file.fileName()});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.errors.contains("ends in the middle, at line 2"), result.errors.constData());
    QCOMPARE(runWeft({QStringLiteral("check"), folder.filePath(QStringLiteral("none.weft"))}).code, 1);
}

void ProjectCommandsTest::summaryAddsUp()
{
    const QJsonObject summary = runWeft({QStringLiteral("summary"), example(), QStringLiteral("--json")}).json().object();
    QCOMPARE(summary.value(QStringLiteral("parameters")).toInt(), 656080);
    double parameters = 0;
    double multiplyAdds = 0;
    for (const QJsonValue& layer : summary.value(QStringLiteral("layers")).toArray()) {
        parameters += layer.toObject().value(QStringLiteral("parameters")).toDouble();
        multiplyAdds += layer.toObject().value(QStringLiteral("multiply_adds")).toDouble();
    }
    QCOMPARE(parameters, 656080.0);
    QCOMPARE(multiplyAdds, summary.value(QStringLiteral("multiply_adds")).toDouble());
    QVERIFY(summary.value(QStringLiteral("memory_bytes")).toDouble() > 4.0 * 656080 * 4);
    QVERIFY(runWeft({QStringLiteral("summary"), example()}).output.contains("656,080"));
}

QTEST_GUILESS_MAIN(ProjectCommandsTest)
#include "project_commands_test.moc"
