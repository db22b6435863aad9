#pragma once

#include <functional>

#include <QProcess>
#include <QStringList>

namespace weft::test {

/// What a run of the program left.
struct Outcome {
    int code = -1; ///< −1 when it was ended by a signal
    QString output;
    QString errors;
};

/// Runs `weft` to its end.
inline Outcome weftRun(const QStringList& arguments, const std::function<void()>& inChild = {})
{
    QProcess process;
    if (inChild)
        process.setChildProcessModifier(inChild);
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    if (!process.waitForFinished(60000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// "train x --epochs 3" as a list.
inline QStringList words(const char* line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace weft::test
