#include "app/cli/worker/worker_server.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include "app/cli/output.h"
#include "core/base/error.h"

namespace weft::cli {

namespace {

/// A picture of 64 MB in base64 fits; what is longer is no request.
constexpr qsizetype longestLine = 128 << 20;
constexpr int reportIntervalMs = 100;

QString cancelledText()
{
    return Cli::tr("The request was cancelled.");
}

QJsonObject errorAnswer(const QJsonValue& id, const QString& text)
{
    return {{QStringLiteral("id"), id}, {QStringLiteral("error"), text}};
}

} // namespace

WorkerServer::WorkerServer(const QString& device, int idleSeconds) : m_service(device.toStdString())
{
    m_idleTimer.setSingleShot(true);
    m_idleTimer.setInterval(idleSeconds * 1000);
    connect(&m_idleTimer, &QTimer::timeout, this, &WorkerServer::ended);
    connect(&m_server, &QLocalServer::newConnection, this, &WorkerServer::acceptClient);
    m_thread = std::thread([this] { work(); });
}

WorkerServer::~WorkerServer()
{
    if (m_client)
        m_client->disconnect(this);
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void WorkerServer::listen(const QString& name)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    // Listening would silently take the place of a worker that is there; what a killed one left may go.
    QLocalSocket probe;
    probe.connectToServer(name);
    if (probe.waitForConnected(500))
        throw Error(WEFT_TEXT("cli", "Another worker listens on %1."), name.toStdString());
    QLocalServer::removeServer(name);
    m_server.listen(name);
    if (!m_server.isListening())
        throw Error(WEFT_TEXT("cli", "The socket %1 cannot be made. Give a path of at most 100 characters in a folder that you may write to."),
                    name.toStdString());
    m_idleTimer.start();
}

void WorkerServer::acceptClient()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        if (m_client) {
            delete socket;
            continue;
        }
        m_client = socket;
        m_idleTimer.stop();
        connect(socket, &QLocalSocket::readyRead, this, &WorkerServer::readLines);
        connect(socket, &QLocalSocket::disconnected, this, [this] {
            m_isEnding = true;
            Q_EMIT ended();
        });
        readLines();
    }
}

void WorkerServer::readLines()
{
    m_incoming += m_client->readAll();
    qsizetype from = 0;
    for (qsizetype end = m_incoming.indexOf('\n'); end >= 0; end = m_incoming.indexOf('\n', from)) {
        takeLine(m_incoming.mid(from, end - from));
        from = end + 1;
    }
    m_incoming.remove(0, from);
    if (m_incoming.size() > longestLine) {
        m_incoming.clear();
        send(errorAnswer({}, Cli::tr("The request is longer than 128 MB.")));
        m_client->disconnectFromServer();
    }
}

void WorkerServer::takeLine(const QByteArray& line)
{
    if (line.trimmed().isEmpty())
        return;
    QJsonParseError fault{};
    const QJsonDocument document = QJsonDocument::fromJson(line, &fault);
    if (!document.isObject()) {
        const QString reason = fault.error == QJsonParseError::NoError ? QStringLiteral("no object") : fault.errorString();
        send(errorAnswer({}, Cli::tr("The request is not valid JSON: %1.").arg(reason)));
        return;
    }
    const QJsonObject object = document.object();
    const QString method = object.value(QStringLiteral("method")).toString();
    const QJsonObject params = object.value(QStringLiteral("params")).toObject();
    if (method == QLatin1String("cancel")) {
        cancel(params.value(QStringLiteral("id")));
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back({object.value(QStringLiteral("id")), method, params});
    }
    m_changed.notify_one();
}

void WorkerServer::cancel(const QJsonValue& id)
{
    const std::lock_guard lock(m_mutex);
    m_cancelled.insert(id.toInteger());
}

void WorkerServer::send(const QJsonObject& message)
{
    if (m_client && m_client->state() == QLocalSocket::ConnectedState)
        m_client->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
}

void WorkerServer::post(const QJsonObject& message)
{
    QMetaObject::invokeMethod(
        this, [this, message] { send(message); }, Qt::QueuedConnection);
}

void WorkerServer::work()
{
    for (;;) {
        Request request;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_isEnding || !m_queue.empty(); });
            if (m_isEnding)
                return;
            request = std::move(m_queue.front());
            m_queue.pop_front();
        }
        const QJsonObject answer = answerTo(request);
        {
            const std::lock_guard lock(m_mutex);
            if (answer.isEmpty()) {
                m_queue.push_back(std::move(request));
                continue;
            }
            m_cancelled.erase(request.id.toInteger());
        }
        post(answer);
    }
}

bool WorkerServer::othersWait(const Request& request) const
{
    return request.method == QLatin1String("training.forecast") && !m_queue.empty();
}

bool WorkerServer::makesRoom(const Request& request)
{
    const std::lock_guard lock(m_mutex);
    return !m_cancelled.count(request.id.toInteger()) && othersWait(request);
}

bool WorkerServer::mayGoOn(const Request& request, double fraction, QElapsedTimer& sinceReport)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isEnding || m_cancelled.count(request.id.toInteger()) || othersWait(request))
            return false;
    }
    if (sinceReport.elapsed() >= reportIntervalMs) {
        sinceReport.restart();
        post({{QStringLiteral("id"), request.id}, {QStringLiteral("progress"), fraction}});
    }
    return true;
}

QJsonObject WorkerServer::answerTo(const Request& request)
{
    QElapsedTimer sinceReport;
    sinceReport.start();
    if (!mayGoOn(request, 0, sinceReport))
        return makesRoom(request) ? QJsonObject() : errorAnswer(request.id, cancelledText());
    try {
        const QJsonObject result
            = m_service.answer(request.method, request.params, [&](double fraction) { return mayGoOn(request, fraction, sinceReport); },
                               [&](const QJsonObject& known) { post({{QStringLiteral("id"), request.id}, {QStringLiteral("known"), known}}); });
        return {{QStringLiteral("id"), request.id}, {QStringLiteral("result"), result}};
    } catch (const Error& error) {
        // Others may have come while it ended with a fault of its own: it will meet that again.
        return makesRoom(request) ? QJsonObject() : errorAnswer(request.id, translated(error.message()));
    } catch (const std::exception& error) {
        return errorAnswer(request.id, Cli::tr("The worker could not do this: %1.").arg(QString::fromUtf8(error.what())));
    }
}

} // namespace weft::cli
