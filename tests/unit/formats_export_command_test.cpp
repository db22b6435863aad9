#include <filesystem>
#include <fstream>

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <onnx/onnx_pb.h>

#include "core/engine/session.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/training/checkpoint.h"
#include "core/training/run_folder.h"
#include "core/training/safe_file.h"
#include "core/training/variables.h"

using namespace weft;

namespace {

struct Result {
    int code = -1;
    QByteArray output;
    QByteArray errors;
};

Result runWeft(const QStringList& arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    process.waitForFinished(30000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

void saveCheckpoint(const Network& network, std::uint64_t seed, const std::string& path)
{
    const Lowered lowered = lower(network, {Mode::Infer, false});
    SessionOptions options;
    options.device = DeviceKind::Reference;
    options.seed = seed;
    Session session(options);
    session.addVariables(*lowered.graph);
    TensorFile file;
    saveVariables(session, file);
    writeTensorFile(file, path);
}

} // namespace

/// `weft export` on a run folder with two checkpoints, as training leaves it.
class FormatsExportCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        const RunPaths run{m_dir->path().toStdString()};
        const Project project = projectFromTemplate("mlp");
        writeProject(project, run.project());
        std::filesystem::create_directory(run.checkpoints());
        saveCheckpoint(project.network, 1, run.checkpoint(10));
        saveCheckpoint(project.network, 2, run.checkpoint(20));
        const auto nameOf = [&](std::int64_t step) { return std::filesystem::path(run.checkpoint(step)).filename().string(); };
        writeTextSafely(run.best(), nameOf(10));
        writeTextSafely(run.last(), nameOf(20));
        writeTextSafely(run.runJson(), R"({"data": {"base_dir": "/", "classes": ["boot", "鞋"]}})");
        m_file = m_dir->filePath(QStringLiteral("out.onnx"));
    }

    void exportWritesAndVerifies()
    {
        const Result result = exportRun({QStringLiteral("--verify"), QStringLiteral("--json")});
        QVERIFY2(result.code == 0, result.errors.constData());
        const QJsonObject document = QJsonDocument::fromJson(result.output).object();
        QCOMPARE(document.value(QStringLiteral("file")).toString(), m_file);
        QCOMPARE(document.value(QStringLiteral("bytes")).toInteger(), QFileInfo(m_file).size());
        const QJsonObject verified = document.value(QStringLiteral("verified")).toObject();
        QCOMPARE(verified.value(QStringLiteral("samples")).toInt(), 16);
        QVERIFY(verified.value(QStringLiteral("largest_difference")).toDouble(1) <= 1e-5);
    }

    void exportCarriesTheClassNames()
    {
        QCOMPARE(exportRun({}).code, 0);
        onnx::ModelProto model;
        std::ifstream file(m_file.toStdString(), std::ios::binary);
        QVERIFY(model.ParseFromIstream(&file));
        QCOMPARE(model.metadata_props_size(), 1);
        QCOMPARE(model.metadata_props(0).value(), std::string("[\"boot\",\"鞋\"]"));
    }

    void exportTakesTheCheckpointThatIsNamed()
    {
        const auto bytesOf = [&](const char* checkpoint) {
            const Result result = exportRun({QStringLiteral("--checkpoint"), QString::fromLatin1(checkpoint)});
            QFile file(m_file);
            return result.code == 0 && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const QByteArray best = bytesOf("best");
        QVERIFY(!best.isEmpty());
        QCOMPARE(bytesOf("10"), best);
        QVERIFY(bytesOf("last") != best);
        QCOMPARE(bytesOf("20"), bytesOf("last"));
        QCOMPARE(exportRun({QStringLiteral("--checkpoint"), QStringLiteral("15")}).code, 1);
    }

    void exportExplainsWhatIsWrong()
    {
        const Result format
            = runWeft({QStringLiteral("export"), m_dir->path(), QStringLiteral("--format"), QStringLiteral("coreml"), QStringLiteral("-o"), m_file});
        QCOMPARE(format.code, 1);
        QVERIFY2(format.errors.contains("Known formats: onnx"), format.errors.constData());
        QCOMPARE(runWeft({QStringLiteral("export"), m_dir->path(), QStringLiteral("-o"), m_file}).code, 2);
        QCOMPARE(runWeft({QStringLiteral("export"), m_dir->path(), QStringLiteral("--format"), QStringLiteral("onnx")}).code, 2);
        m_file = m_dir->filePath(QStringLiteral("no/such/folder.onnx"));
        QCOMPARE(exportRun({}).code, 1);
        QVERIFY(!QFileInfo::exists(m_file));
    }

    void exportRefusesADamagedCheckpoint()
    {
        const RunPaths run{m_dir->path().toStdString()};
        std::filesystem::resize_file(run.checkpoint(10), 1000);
        QCOMPARE(exportRun({}).code, 1);
        QVERIFY(!QFileInfo::exists(m_file));
    }

private:
    Result exportRun(const QStringList& more) const
    {
        return runWeft(
            QStringList{QStringLiteral("export"), m_dir->path(), QStringLiteral("--format"), QStringLiteral("onnx"), QStringLiteral("-o"), m_file}
            + more);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_file;
};

QTEST_GUILESS_MAIN(FormatsExportCommandTest)
#include "formats_export_command_test.moc"
