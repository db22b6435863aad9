#include "widgets/worker_client.h"

#include <map>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>
#include <QUuid>

#include "widgets/runs/program.h"

namespace weft {

namespace {

constexpr int connectIntervalMs = 20;
constexpr int connectLimitMs = 15000;

/// A socket path short enough for sockaddr_un, in a folder that only the user can enter.
QString newSocketPath()
{
    QString dir = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (dir.isEmpty() || dir.size() > 70) {
        dir = QDir::tempPath() + QStringLiteral("/weft-") + QString::number(qHash(QDir::homePath()), 16);
        QDir().mkpath(dir);
        QFile::setPermissions(dir, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    } else {
        QDir().mkpath(dir);
    }
    return dir + QStringLiteral("/weft-worker-") + QUuid::createUuid().toString(QUuid::Id128).left(12);
}

} // namespace

struct WorkerClient::Private {
    struct Pending {
        QPointer<QObject> context;
        Answer answer;
    };

    WorkerClient* self = nullptr;
    QString program;
    QString socketPath;
    std::unique_ptr<QProcess> process;
    QLocalSocket socket;
    QTimer connectTimer;
    QElapsedTimer sinceStart;
    QByteArray outgoing; ///< requests made before the connection stood
    QByteArray incoming;
    std::map<qint64, Pending> pending;
    qint64 nextId = 1;

    void start();
    void tryConnect();
    void readLines();
    void handle(const QJsonObject& message);
    void fail(const QString& reason);
    std::unique_ptr<QProcess> letGo();
    void shutDown();
    void end(); ///< shuts down where no event loop will follow
    QString lastErrorLine();
};

WorkerClient::WorkerClient(QObject* parent) : WorkerClient(QString(), parent) {}

WorkerClient::WorkerClient(const QString& program, QObject* parent) : QObject(parent), m_private(std::make_unique<Private>())
{
    m_private->self = this;
    m_private->program = program;
    m_private->connectTimer.setInterval(connectIntervalMs);
    connect(&m_private->connectTimer, &QTimer::timeout, this, [this] { m_private->tryConnect(); });
    connect(&m_private->socket, &QLocalSocket::connected, this, [this] {
        m_private->connectTimer.stop();
        m_private->socket.write(m_private->outgoing);
        m_private->outgoing.clear();
    });
    connect(&m_private->socket, &QLocalSocket::readyRead, this, [this] { m_private->readLines(); });
    connect(&m_private->socket, &QLocalSocket::disconnected, this, [this] {
        // The process may end a moment later; requests then fail at once rather than wait for it.
        m_private->fail(WorkerClient::tr("The worker process ended unexpectedly. It starts again at the next request."));
    });
}

WorkerClient::~WorkerClient()
{
    m_private->pending.clear();
    m_private->end();
}

qint64 WorkerClient::request(const QString& method, const QJsonObject& params, QObject* context, Answer answer)
{
    const qint64 id = m_private->nextId++;
    m_private->pending[id] = {context, std::move(answer)};
    const QByteArray line
        = QJsonDocument(QJsonObject{{QStringLiteral("id"), id}, {QStringLiteral("method"), method}, {QStringLiteral("params"), params}})
              .toJson(QJsonDocument::Compact)
        + '\n';
    if (m_private->socket.state() == QLocalSocket::ConnectedState) {
        m_private->socket.write(line);
    } else {
        m_private->outgoing += line;
        if (!m_private->process)
            m_private->start();
    }
    return id;
}

void WorkerClient::cancel(qint64 id)
{
    if (m_private->pending.erase(id) == 0 || m_private->socket.state() != QLocalSocket::ConnectedState)
        return;
    const QJsonObject params{{QStringLiteral("id"), id}};
    m_private->socket.write(QJsonDocument(QJsonObject{{QStringLiteral("method"), QStringLiteral("cancel")}, {QStringLiteral("params"), params}})
                                .toJson(QJsonDocument::Compact)
                            + '\n');
}

bool WorkerClient::isRunning() const
{
    return m_private->socket.state() == QLocalSocket::ConnectedState;
}

qint64 WorkerClient::processId() const
{
    return m_private->process ? m_private->process->processId() : 0;
}

void WorkerClient::Private::start()
{
    socketPath = newSocketPath();
    process = std::make_unique<QProcess>();
    QObject::connect(process.get(), &QProcess::errorOccurred, self, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(WorkerClient::tr("The program %1 could not be started: %2.").arg(process->program(), process->errorString()));
    });
    QObject::connect(process.get(), &QProcess::finished, self, [this] {
        const QString line = lastErrorLine();
        fail(line.isEmpty() ? WorkerClient::tr("The worker process ended unexpectedly. It starts again at the next request.")
                            : WorkerClient::tr("The worker process ended: %1").arg(line));
    });
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setStandardInputFile(QProcess::nullDevice());
    sinceStart.start();
    connectTimer.start();
    process->start(program.isEmpty() ? weftProgram() : program, {QStringLiteral("worker"), QStringLiteral("--socket"), socketPath});
}

void WorkerClient::Private::tryConnect()
{
    if (socket.state() != QLocalSocket::UnconnectedState)
        return;
    if (sinceStart.elapsed() > connectLimitMs) {
        fail(WorkerClient::tr("The worker process does not answer."));
        return;
    }
    if (QFile::exists(socketPath))
        socket.connectToServer(socketPath);
}

void WorkerClient::Private::readLines()
{
    incoming += socket.readAll();
    qsizetype from = 0;
    for (qsizetype end = incoming.indexOf('\n'); end >= 0; end = incoming.indexOf('\n', from)) {
        const QJsonDocument document = QJsonDocument::fromJson(incoming.mid(from, end - from));
        from = end + 1;
        if (document.isObject())
            handle(document.object());
    }
    incoming.remove(0, from);
}

void WorkerClient::Private::handle(const QJsonObject& message)
{
    const qint64 id = message.value(QStringLiteral("id")).toInteger();
    if (message.contains(QStringLiteral("progress"))) {
        Q_EMIT self->progressed(id, message.value(QStringLiteral("progress")).toDouble());
        return;
    }
    const auto found = pending.find(id);
    if (found == pending.end())
        return;
    if (message.contains(QStringLiteral("known"))) {
        Q_EMIT self->known(id, message.value(QStringLiteral("known")).toObject());
        return;
    }
    const Pending request = std::move(found->second);
    pending.erase(found);
    if (request.context)
        request.answer(message.value(QStringLiteral("result")).toObject(), message.value(QStringLiteral("error")).toString());
}

/// Every waiting request gets `reason`; the next request starts a new child.
void WorkerClient::Private::fail(const QString& reason)
{
    const std::map<qint64, Pending> failed = std::exchange(pending, {});
    shutDown();
    for (const auto& [id, request] : failed) {
        if (request.context)
            request.answer({}, reason);
    }
}

/// Closes the connection and gives up the child, which is told to end: it holds nothing that could be lost.
std::unique_ptr<QProcess> WorkerClient::Private::letGo()
{
    connectTimer.stop();
    outgoing.clear();
    incoming.clear();
    const QSignalBlocker quiet(&socket);
    socket.abort();
    if (process) {
        process->disconnect();
        process->terminate();
    }
    return std::move(process);
}

void WorkerClient::Private::shutDown()
{
    // The child must not be waited for here, so it is left to the event loop.
    QProcess* old = letGo().release();
    if (!old)
        return;
    if (old->state() == QProcess::NotRunning)
        old->deleteLater();
    else
        QObject::connect(old, &QProcess::finished, old, &QObject::deleteLater);
}

void WorkerClient::Private::end()
{
    if (const std::unique_ptr<QProcess> old = letGo())
        old->waitForFinished(500);
}

QString WorkerClient::Private::lastErrorLine()
{
    const QStringList lines = QString::fromUtf8(process->readAllStandardError()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    return lines.isEmpty() ? QString() : lines.last();
}

} // namespace weft
