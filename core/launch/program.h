#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QByteArray>

class QProcess;

namespace weft {

/// A program with its arguments as they are: no shell reads them.
struct CommandLine {
    std::string program;
    std::vector<std::string> arguments;
    friend bool operator==(const CommandLine&, const CommandLine&) = default;
};

/// Words as a POSIX shell takes them back unchanged: for what ssh hands to the shell of the other side, and to be read.
std::string shellQuoted(const std::vector<std::string>& words);
std::string shown(const CommandLine& command);

/// What a program left.
struct ProgramEnd {
    int code = -1; ///< −1 when it was ended by a signal or by the limit
    std::string output;
    std::string errors;
    bool isTimedOut = false;
    bool isGood() const { return code == 0; }
    /// The last line of `errors` (else of `output`) that says something.
    std::string reason() const;
};

/// Runs a program to its end with `input` on its standard input. Throws Error where it is not installed or does not
/// start. May be called from any thread.
ProgramEnd runProgram(const CommandLine& command, const std::string& input = {}, int limitMilliseconds = 60000);
/// The output of `from` flows into `to`. Throws Error when one of them fails.
void runPipe(const CommandLine& from, const CommandLine& to);
/// True where the program is found on PATH, or is there by its path.
bool isInstalled(const std::string& program);

/// A program whose lines are read as they come, of one thread. It ends with the object.
class LineStream {
public:
    explicit LineStream(const CommandLine& command);
    ~LineStream();
    LineStream(const LineStream&) = delete;
    LineStream& operator=(const LineStream&) = delete;

    /// Waits up to `milliseconds` for something to read and hands on whole lines. False when the program has ended and
    /// all was read.
    bool poll(int milliseconds, const std::function<void(const QByteArray& line)>& onLine);
    /// What it said on its standard error, the last line.
    std::string reason() const;

private:
    std::unique_ptr<QProcess> m_process;
    QByteArray m_errors;
};

} // namespace weft
