#include "core/launch/part_logs.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <QFile>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::size_t mostLogs = 8;
constexpr std::chrono::milliseconds pauseAfterEnd(2000);
constexpr std::chrono::milliseconds quietAtEnd(500);
constexpr qint64 longestLine = 64 * 1024;

/// "2026-01-31T12:00:00.123456789Z" at the beginning of a line, and empty where none stands there.
std::string timeOf(const QByteArray& line)
{
    const qsizetype end = line.indexOf(' ');
    const QByteArray word = line.left(std::max<qsizetype>(0, end));
    return word.size() >= 20 && word[4] == '-' && word[10] == 'T' ? word.toStdString() : std::string();
}

/// How far a file that is there already goes; cuts a torn last line.
KnownLog knownIn(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - longestLine));
    const QByteArray tail = file.readAll();
    const qsizetype end = tail.lastIndexOf('\n') + 1;
    file.resize(file.size() - (tail.size() - end));
    const QByteArray whole = tail.left(std::max<qsizetype>(0, end - 1));
    return {file.size(), timeOf(whole.mid(whole.lastIndexOf('\n') + 1))};
}

} // namespace

void PartLogs::follow(const std::vector<JobPart>& parts)
{
    for (auto& [name, log] : m_logs)
        log.isGone = true;
    for (const JobPart& part : parts) {
        if (!part.hasBegun || part.name.empty())
            continue;
        auto found = m_logs.find(part.name);
        if (found == m_logs.end()) {
            if (m_logs.size() == mostLogs)
                continue;
            found = m_logs.emplace(part.name, Log{part, knownIn(partLogPath(m_run, part.name)), nullptr, {}}).first;
        }
        Log& log = found->second;
        // One that was started again has more to say.
        log.isWhole = log.isWhole && part.isOver && part.restarts == log.part.restarts;
        if (part.isOver && !log.part.isOver)
            log.nextTry = {};
        log.isGone = false;
        log.part = part;
    }
}

void PartLogs::start(Log& log)
{
    log.nextTry = Clock::now() + pauseAfterEnd;
    try {
        log.stream = std::make_unique<LineStream>(m_launcher.followPart(m_id, log.part.name, log.known));
        log.beganOver = log.part.isOver;
        m_lastCame = Clock::now();
    } catch (const Error&) {
        // It has no log, or none yet; the next try tells.
    }
}

void PartLogs::take(Log& log, const QByteArray& line, QByteArray& fresh) const
{
    const std::string time = timeOf(line);
    if (!time.empty() && time <= log.known.time)
        return;
    if (!time.empty())
        log.known.time = time;
    log.known.bytes += line.size() + 1;
    fresh += line + '\n';
}

void PartLogs::read(Log& log)
{
    QByteArray fresh;
    const bool goesOn = log.stream->poll(0, [&](const QByteArray& line) { take(log, line, fresh); });
    if (!fresh.isEmpty()) {
        m_lastCame = Clock::now();
        std::filesystem::create_directories(m_run.partLogs());
        const std::string path = partLogPath(m_run, log.part.name);
        QFile file(QString::fromStdString(path));
        if (!file.open(QIODevice::Append | QIODevice::Unbuffered) || file.write(fresh) != fresh.size())
            throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: %2."), path, file.errorString().toStdString());
    }
    if (!goesOn)
        end(log);
}

/// What ended while the part went on may have lost its link; what had no fault after the part was over has all.
void PartLogs::end(Log& log)
{
    const bool isFine = log.stream->reason().empty();
    log.isWhole = isFine && log.beganOver;
    log.stream.reset();
    log.nextTry = Clock::now() + (isFine && log.part.isOver ? std::chrono::milliseconds(0) : pauseAfterEnd);
}

void PartLogs::poll()
{
    for (auto& [name, log] : m_logs) {
        if (!log.stream && !log.isWhole && !log.isGone && Clock::now() >= log.nextTry)
            start(log);
        if (log.stream)
            read(log);
    }
}

void PartLogs::drain()
{
    const auto isWhole = [](const auto& entry) { return entry.second.isWhole || (entry.second.isGone && !entry.second.stream); };
    m_lastCame = Clock::now();
    while (!std::all_of(m_logs.begin(), m_logs.end(), isWhole) && Clock::now() - m_lastCame < quietAtEnd) {
        poll();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    m_logs.clear();
}

} // namespace weft
