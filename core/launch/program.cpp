#include "core/launch/program.h"

#include <algorithm>
#include <csignal>

#include <sys/prctl.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>

#include "core/base/error.h"

namespace weft {

namespace {

bool isPlain(const std::string& word)
{
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string("-_./=:,@%+").find(c) != std::string::npos;
    });
}

std::string lastLine(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

void prepare(QProcess& process, const CommandLine& command)
{
    if (!isInstalled(command.program))
        throw Error(WEFT_TEXT("Launch", "The program %1 is not installed, or not on PATH."), command.program);
    // No command outlives the one who asked for it.
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    process.setProgram(QString::fromStdString(command.program));
    QStringList words;
    for (const std::string& argument : command.arguments)
        words << QString::fromStdString(argument);
    process.setArguments(words);
}

[[noreturn]] void failToStart(const QProcess& process, const CommandLine& command)
{
    throw Error(WEFT_TEXT("Launch", "%1 could not be started: %2."), command.program, process.errorString().toStdString());
}

} // namespace

std::string shellQuoted(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) {
        if (!line.empty())
            line += ' ';
        if (isPlain(word)) {
            line += word;
            continue;
        }
        line += '\'';
        for (const char c : word)
            line += c == '\'' ? std::string("'\\''") : std::string(1, c);
        line += '\'';
    }
    return line;
}

std::string shown(const CommandLine& command)
{
    std::vector<std::string> words{command.program};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    return shellQuoted(words);
}

std::string ProgramEnd::reason() const
{
    const std::string line = lastLine(errors);
    return line.empty() ? lastLine(output) : line;
}

bool isInstalled(const std::string& program)
{
    return !QStandardPaths::findExecutable(QString::fromStdString(program)).isEmpty();
}

ProgramEnd runProgram(const CommandLine& command, const std::string& input, int limitMilliseconds)
{
    QProcess process;
    prepare(process, command);
    process.start();
    if (!process.waitForStarted(-1))
        failToStart(process, command);
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    ProgramEnd end;
    end.isTimedOut = !process.waitForFinished(limitMilliseconds);
    if (end.isTimedOut) {
        process.kill();
        process.waitForFinished(-1);
    }
    end.code = process.exitStatus() == QProcess::NormalExit && !end.isTimedOut ? process.exitCode() : -1;
    end.output = process.readAllStandardOutput().toStdString();
    end.errors = process.readAllStandardError().toStdString();
    return end;
}

void runPipe(const CommandLine& from, const CommandLine& to)
{
    QProcess source;
    QProcess sink;
    prepare(source, from);
    prepare(sink, to);
    source.setStandardOutputProcess(&sink);
    source.start();
    sink.start();
    if (!source.waitForStarted(-1))
        failToStart(source, from);
    if (!sink.waitForStarted(-1))
        failToStart(sink, to);
    source.waitForFinished(-1);
    sink.waitForFinished(-1);
    for (const auto& [process, command] : {std::pair(&source, &from), std::pair(&sink, &to)}) {
        if (process->exitStatus() != QProcess::NormalExit || process->exitCode() != 0)
            throw Error(WEFT_TEXT("Launch", "%1 failed: %2"), command->program, lastLine(process->readAllStandardError().toStdString()));
    }
}

LineStream::LineStream(const CommandLine& command) : m_process(std::make_unique<QProcess>())
{
    prepare(*m_process, command);
    m_process->start(QIODevice::ReadOnly);
    if (!m_process->waitForStarted(-1))
        failToStart(*m_process, command);
}

LineStream::~LineStream()
{
    m_process->kill();
    m_process->waitForFinished(-1);
}

bool LineStream::poll(int milliseconds, const std::function<void(const QByteArray& line)>& onLine)
{
    m_process->waitForReadyRead(milliseconds);
    m_errors = (m_errors + m_process->readAllStandardError()).right(4096);
    const bool hasEnded = m_process->state() == QProcess::NotRunning;
    while (m_process->canReadLine()) {
        QByteArray line = m_process->readLine();
        line.chop(1);
        onLine(line);
    }
    return !hasEnded;
}

std::string LineStream::reason() const
{
    return lastLine(m_errors.toStdString());
}

} // namespace weft
