#pragma once

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace weft::test {

struct Outcome {
    int exitCode = -1;
    QByteArray out;
    QByteArray error;
    QJsonDocument json() const { return QJsonDocument::fromJson(out); }
};

/// Runs the real program.
inline Outcome runWeft(const QStringList& arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    if (!process.waitForFinished(60000))
        return {-2, process.readAllStandardOutput(), "no end"};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3, process.readAllStandardOutput(), process.readAllStandardError()};
}

inline void writeText(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QFile::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// A table of two classes that a line between a and b tells apart, and a project that learns it.
inline QString writeTableProject(const QString& dir)
{
    QByteArray table = "a,b,kind\n";
    for (int i = 0; i < 200; ++i)
        table += QByteArray::number(i % 2 ? 1 + i % 7 / 10.0 : -1 - i % 5 / 10.0) + ',' + QByteArray::number(i % 3 / 10.0)
            + (i % 2 ? ",right\n" : ",left\n");
    writeText(dir + QStringLiteral("/table.csv"), table);
    writeText(dir + QStringLiteral("/table.weft"), R"({"weft": 1, "id": "table-test",
  "data": {"source": "csv", "path": "table.csv"},
  "nodes": [
    {"id": "x", "name": "x", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [2]}},
    {"id": "out", "name": "out", "type": "Dense", "params": {"units": 2}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}],
  "wires": [["x.y", "out.x"], ["out.y", "loss.prediction"]],
  "training": {"optimizer": {"type": "adam", "learningRate": 0.1}, "epochs": 3, "batchSize": 20, "seed": 1}}
)");
    return dir + QStringLiteral("/table.weft");
}

/// Dark and light pictures of 8 x 8 in folders with Chinese names, and a project that learns them.
inline QString writePictureProject(const QString& dir)
{
    for (int i = 0; i < 40; ++i) {
        QImage picture(8, 8, QImage::Format_Grayscale8);
        picture.fill(i % 2 ? 200 + i : 10 + i);
        const QString folder = dir + QStringLiteral("/pictures/") + (i % 2 ? QStringLiteral("亮") : QStringLiteral("暗"));
        QDir().mkpath(folder);
        if (!picture.save(folder + QStringLiteral("/%1.png").arg(i)))
            qFatal("cannot write a picture");
    }
    writeText(dir + QStringLiteral("/pictures.weft"), R"({"weft": 1, "id": "picture-test",
  "data": {"source": "images", "path": "pictures"},
  "nodes": [
    {"id": "x", "name": "x", "type": "Input", "params": {"kind": "image", "column": "image", "shape": [1, 8, 8]}},
    {"id": "flat", "name": "flat", "type": "Flatten", "params": {}},
    {"id": "out", "name": "out", "type": "Dense", "params": {"units": 2}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}],
  "wires": [["x.y", "flat.x"], ["flat.y", "out.x"], ["out.y", "loss.prediction"]],
  "training": {"optimizer": {"type": "adam", "learningRate": 0.05}, "epochs": 20, "batchSize": 8, "seed": 1}}
)");
    return dir + QStringLiteral("/pictures.weft");
}

inline Outcome train(const QString& project, const QString& runDir)
{
    return runWeft({QStringLiteral("train"), project, QStringLiteral("--run-dir"), runDir, QStringLiteral("--follow"), QStringLiteral("jsonl")});
}

/// The program as the Studio starts it, and its one client.
class Worker {
public:
    explicit Worker(const QString& socketPath, const QStringList& more = {}) : m_path(socketPath)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedChannels);
        m_process.start(qEnvironmentVariable("WEFT_PROGRAM"), QStringList{QStringLiteral("worker"), QStringLiteral("--socket"), socketPath} + more);
    }
    ~Worker()
    {
        if (!m_process.waitForFinished(0))
            m_process.kill();
        m_process.waitForFinished();
    }

    bool connectClient()
    {
        return QTest::qWaitFor(
            [this] {
                if (socket.state() == QLocalSocket::UnconnectedState && QFile::exists(m_path))
                    socket.connectToServer(m_path);
                return socket.state() == QLocalSocket::ConnectedState;
            },
            20000);
    }

    void send(const QByteArray& line)
    {
        socket.write(line + '\n');
        socket.flush();
    }

    int request(const QString& method, const QJsonObject& params)
    {
        const int id = ++m_lastId;
        send(QJsonDocument(QJsonObject{{QStringLiteral("id"), id}, {QStringLiteral("method"), method}, {QStringLiteral("params"), params}})
                 .toJson(QJsonDocument::Compact));
        return id;
    }

    /// The next answer, progress left out; what was known before it is in `known`.
    QJsonObject answer()
    {
        QJsonObject found;
        const bool isHere = QTest::qWaitFor(
            [&] {
                while (socket.canReadLine()) {
                    found = QJsonDocument::fromJson(socket.readLine()).object();
                    if (found.contains(QStringLiteral("known")))
                        known.append(found.value(QStringLiteral("known")));
                    else if (!found.contains(QStringLiteral("progress")))
                        return true;
                }
                return false;
            },
            30000);
        return isHere ? found : QJsonObject();
    }

    QJsonObject result(const QString& method, const QJsonObject& params)
    {
        request(method, params);
        const QJsonObject message = answer();
        if (message.contains(QStringLiteral("error")))
            qWarning("%s", qPrintable(message.value(QStringLiteral("error")).toString()));
        return message.value(QStringLiteral("result")).toObject();
    }

    QString error(const QString& method, const QJsonObject& params)
    {
        request(method, params);
        return answer().value(QStringLiteral("error")).toString();
    }

    bool hasEnded()
    {
        return QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 20000);
    }
    int exitCode() const { return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1; }

    QLocalSocket socket;
    QJsonArray known;

private:
    QString m_path;
    QProcess m_process;
    int m_lastId = 0;
};

} // namespace weft::test
