#include "core/launch/event_mirror.h"

#include <algorithm>
#include <thread>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include "core/base/error.h"

namespace weft {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds firstPause(500);
constexpr milliseconds longestPause(15000);
constexpr int slice = 50;

} // namespace

EventMirror::EventMirror(const RunPaths& run, Launcher& launcher, std::string id, std::function<void(const QJsonObject& event)> onEvent) :
    m_run(run), m_launcher(launcher), m_id(std::move(id)), m_onEvent(std::move(onEvent)), m_lastLineAt(Clock::now()), m_pause(firstPause)
{
    m_lastSeq = EventWriter(run.events()).lastSeq();
    for (const QJsonObject& event : EventReader(run.events()).poll())
        note(event);
}

void EventMirror::poll()
{
    if (!m_stream && Clock::now() >= m_nextTry) {
        try {
            m_stream = std::make_unique<LineStream>(m_launcher.follow(m_id, m_lastSeq + 1));
        } catch (const Error&) {
            // Nothing to read yet; how the job stands tells why.
            pause();
        }
    }
    if (!m_stream) {
        std::this_thread::sleep_for(milliseconds(slice));
        return;
    }
    if (!m_stream->poll(slice, [this](const QByteArray& line) { takeLine(line); })) {
        m_stream.reset();
        pause();
    }
}

void EventMirror::pause()
{
    m_nextTry = Clock::now() + m_pause;
    m_pause = std::min(2 * m_pause, longestPause);
}

void EventMirror::takeLine(const QByteArray& line)
{
    m_lastLineAt = Clock::now();
    m_pause = firstPause;
    const QJsonObject event = QJsonDocument::fromJson(line).object();
    const qint64 seq = event.value(QStringLiteral("seq")).toInteger();
    if (seq <= m_lastSeq || event.value(QStringLiteral("event")).toString().isEmpty())
        return;
    m_lastSeq = seq;
    append(event);
    note(event);
    m_onEvent(event);
}

void EventMirror::append(const QJsonObject& event)
{
    QFile file(QString::fromStdString(m_run.events()));
    const QByteArray line = QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n';
    if (!file.open(QIODevice::Append | QIODevice::Unbuffered) || file.write(line) != line.size())
        throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: %2."), m_run.events(), file.errorString().toStdString());
}

void EventMirror::note(const QJsonObject& event)
{
    m_last = event.value(QStringLiteral("event")).toString();
    m_lastEventAt = Clock::now();
    if (m_last == QStringLiteral("control"))
        m_answered.insert(event.value(QStringLiteral("id")).toString().toStdString());
    if (m_last == QStringLiteral("started")) {
        ++m_starts;
        m_ranks = static_cast<int>(event.value(QStringLiteral("ranks")).toArray().size());
    }
}

void EventMirror::takeFetched()
{
    for (const QJsonObject& event : EventReader(m_run.events(), m_lastSeq + 1).poll()) {
        m_lastSeq = event.value(QStringLiteral("seq")).toInteger();
        note(event);
        m_onEvent(event);
    }
}

void EventMirror::write(const QString& name, const QJsonObject& fields)
{
    const QJsonObject event = EventWriter(m_run.events()).write(name, fields);
    note(event);
    m_onEvent(event);
}

} // namespace weft
