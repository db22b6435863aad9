#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QUuid>

#include "core/base/error.h"
#include "core/training/run_folder.h"

namespace weft {

namespace {

[[noreturn]] void failWriting(const std::string& path, int code)
{
    if (code == ENOSPC || code == EDQUOT)
        throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: the disk is full. Make room, then go on with the run by --resume."), path);
    throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: %2."), path, std::string(std::strerror(code)));
}

/// Appends `line` by a single write. On failure nothing of it stays in the file.
void appendLine(int file, const QByteArray& line, const std::string& path)
{
    const off_t size = ::lseek(file, 0, SEEK_END);
    ssize_t count = -1;
    do
        count = ::write(file, line.constData(), static_cast<std::size_t>(line.size()));
    while (count < 0 && errno == EINTR);
    if (count == line.size())
        return;
    const int code = count < 0 ? errno : ENOSPC;
    if (count > 0 && ::ftruncate(file, size) != 0)
        failWriting(path, errno);
    failWriting(path, code);
}

} // namespace

EventWriter::EventWriter(const std::string& path) : m_path(path)
{
    m_file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (m_file < 0)
        failWriting(path, errno);
    cutTornLine();
    for (const QJsonObject& event : LineReader(path).poll())
        m_seq = std::max<std::int64_t>(m_seq, event.value(QStringLiteral("seq")).toInteger());
}

EventWriter::~EventWriter()
{
    ::close(m_file);
}

void EventWriter::cutTornLine()
{
    off_t end = ::lseek(m_file, 0, SEEK_END);
    const off_t size = end;
    char c = '\0';
    while (end > 0 && ::pread(m_file, &c, 1, end - 1) == 1 && c != '\n')
        --end;
    if (end != size && ::ftruncate(m_file, end) != 0)
        failWriting(m_path, errno);
}

QJsonObject EventWriter::write(const QString& event, QJsonObject fields)
{
    fields.insert(QStringLiteral("seq"), static_cast<qint64>(m_seq + 1));
    fields.insert(QStringLiteral("time"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs));
    fields.insert(QStringLiteral("event"), event);
    appendLine(m_file, QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n', m_path);
    ++m_seq;
    return fields;
}

std::vector<QJsonObject> LineReader::poll()
{
    struct stat facts {};
    if (::stat(m_path.c_str(), &facts) != 0)
        return {};
    if (facts.st_size < m_offset)
        m_offset = 0;
    const std::int64_t modified = facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec;
    if (facts.st_size == m_size && modified == m_modified)
        return {};
    m_size = facts.st_size;
    m_modified = modified;

    QFile file(QString::fromStdString(m_path));
    if (!file.open(QIODevice::ReadOnly) || !file.seek(m_offset))
        return {};
    std::vector<QJsonObject> objects;
    while (true) {
        const QByteArray line = file.readLine();
        if (!line.endsWith('\n'))
            break;
        m_offset += line.size();
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (document.isObject())
            objects.push_back(document.object());
        else
            ++m_damaged;
    }
    return objects;
}

std::vector<QJsonObject> EventReader::poll()
{
    std::vector<QJsonObject> events = m_lines.poll();
    std::erase_if(events, [&](const QJsonObject& event) { return event.value(QStringLiteral("seq")).toInteger() < m_from; });
    return events;
}

void dropUndoneEvents(std::vector<QJsonObject>& events)
{
    std::vector<QJsonObject> kept;
    for (QJsonObject& event : events) {
        if (event.value(QStringLiteral("event")) == QStringLiteral("resumed")) {
            const qint64 step = event.value(QStringLiteral("step")).toInteger();
            std::erase_if(kept, [&](const QJsonObject& earlier) { return earlier.value(QStringLiteral("step")).toInteger(-1) > step; });
        }
        kept.push_back(std::move(event));
    }
    events = std::move(kept);
}

std::set<std::string> answeredCommands(const RunPaths& run)
{
    std::set<std::string> answered;
    for (const QJsonObject& event : LineReader(run.events()).poll()) {
        if (event.value(QStringLiteral("event")) == QStringLiteral("control"))
            answered.insert(event.value(QStringLiteral("id")).toString().toStdString());
    }
    return answered;
}

std::vector<ControlCommand> ControlReader::poll()
{
    std::vector<ControlCommand> commands;
    for (const QJsonObject& line : m_lines.poll()) {
        const std::string id = line.value(QStringLiteral("id")).toString().toStdString();
        if (id.empty() || !m_answered.insert(id).second)
            continue;
        commands.push_back({id, line.value(QStringLiteral("command")).toString(), line.value(QStringLiteral("key")).toString(),
                            line.value(QStringLiteral("value")).toVariant().toString()});
    }
    return commands;
}

std::string sendControl(const RunPaths& run, const QString& command, const QString& key, const QString& value)
{
    const std::string path = run.control();
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0)
        throw Error(WEFT_TEXT("RunFolder", "%1 takes no commands: %2. Is it the folder of a run?"), run.dir, std::string(std::strerror(errno)));
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    QJsonObject line{{QStringLiteral("id"), id}, {QStringLiteral("command"), command}};
    if (!key.isEmpty()) {
        line.insert(QStringLiteral("key"), key);
        line.insert(QStringLiteral("value"), value);
    }
    try {
        appendLine(file, QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n', path);
    } catch (const Error&) {
        ::close(file);
        throw;
    }
    ::close(file);
    return id.toStdString();
}

} // namespace weft
