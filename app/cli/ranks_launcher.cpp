#include "app/cli/ranks_launcher.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <limits>
#include <set>
#include <thread>

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTime>

#include "app/cli/output.h"
#include "app/cli/rank.h"
#include "app/cli/ranks_report.h"
#include "core/base/error.h"
#include "core/device/cpu_info.h"
#include "core/launch/host_wait.h"
#include "core/launch/mpi_job.h"
#include "core/training/run_folder.h"

namespace weft::cli {

namespace {

constexpr int mostRetries = 3;

/// The ranks of one run, from their first start to their last end.
class RanksLauncher {
public:
    RanksLauncher(const Arguments& arguments, const std::string& runDir, const std::function<void(const QJsonObject&)>& onEvent,
                  const StopSignals& asked) :
        m_arguments(arguments),
        m_run{runDir}, m_onEvent(onEvent), m_asked(asked), m_report(m_run)
    {
        m_job.ranks = static_cast<int>(*arguments.integer("ranks", 1, mostRanks));
        m_job.threads = std::max(1, usableCores() / m_job.ranks);
        takeHosts();
        m_job.program = std::filesystem::read_symlink("/proc/self/exe").string();
    }

    int run()
    {
        for (int retry = 0;; ++retry) {
            m_job.arguments = rankArguments(retry > 0);
            m_hasStarted = m_hasEnded = false;
            waitForAll();
            const MpiEnd end = runMpiJob(
                m_job, [this](const QByteArray& line, bool isError) { take(line, isError); }, [this] { return signal(); });
            writeLogs();
            const bool isGood = end.exitCode == done || end.exitCode == savedCode;
            m_report.ended(end, isGood);
            if (isGood)
                return end.exitCode;
            noteLoss(end);
            if (!mayHelpToRetry(end) || retry == mostRetries || m_asked.stop || m_asked.save)
                return failed;
            m_report.startsAgain();
            std::this_thread::sleep_for(std::chrono::seconds(1 << retry));
            printError(Cli::tr("The ranks are started again (%1 of %2).").arg(retry + 1).arg(mostRetries));
        }
    }

private:
    /// Ranks on other hosts. How many threads each has then stands in the environment.
    void takeHosts()
    {
        const std::string hosts = m_arguments.value("hosts");
        if (hosts.empty())
            return;
        m_job.threads = std::max(1, qEnvironmentVariableIntValue("OMP_NUM_THREADS"));
        m_job.isSpread = true;
        if (hosts != "slurm")
            m_job.hostsFile = hosts;
    }

    /// Hosts come up one by one, and again after they were lost.
    void waitForAll() const
    {
        if (!m_job.hostsFile.empty())
            waitForHosts(m_job.hostsFile, std::chrono::seconds(300));
    }

    std::vector<std::string> rankArguments(bool isRetry) const
    {
        std::vector<std::string> words{"train"};
        words.insert(words.end(), m_arguments.positional().begin(), m_arguments.positional().end());
        for (const auto& [option, value] : m_arguments.options()) {
            static const std::set<std::string> ours{"ranks", "detach", "follow", "run-dir", "expect-world", "hosts", "linger"};
            const bool isOurs = ours.count(option) > 0;
            const bool isDone = isRetry && (option == "resume" || option == "weights" || option == "continue");
            if (!isOurs && !isDone)
                words.push_back("--" + option + (value.empty() ? "" : "=" + value));
        }
        if (isRetry)
            words.push_back(m_arguments.has("continue") ? "--continue" : "--resume");
        words.insert(words.end(), {"--run-dir=" + m_run.dir, "--follow=jsonl", "--tag-errors", "--expect-world=" + std::to_string(m_job.ranks)});
        return words;
    }

    /// Rank 0 prints the events; what else a rank prints is handed on, and kept in its log.
    void take(QByteArray line, bool isError)
    {
        static const QRegularExpression tagged(QStringLiteral("^\\[(\\d+)\\] (.*)$"));
        if (const QRegularExpressionMatch match = tagged.match(QString::fromUtf8(line)); isError && match.hasMatch()) {
            log(match.captured(1).toInt(), match.captured(2));
            if (match.captured(2).startsWith(rankNote))
                return;
            line = match.captured(2).toUtf8();
        }
        const QJsonObject event = isError ? QJsonObject() : QJsonDocument::fromJson(line).object();
        const QString name = event.value(QStringLiteral("event")).toString();
        if (name.isEmpty()) {
            if (isError)
                m_lastError = QString::fromUtf8(line);
            isError ? printError(QString::fromUtf8(line)) : print(QString::fromUtf8(line));
            return;
        }
        if (!std::exchange(m_hasStarted, true))
            writeLogs();
        if (name == QStringLiteral("started"))
            m_report.started(event);
        m_hasEnded = name == QStringLiteral("failed") || name == QStringLiteral("finished") || name == QStringLiteral("stopped");
        m_onEvent(event);
        if (m_asked.stop && !std::exchange(m_isStopping, true))
            sendControl(m_run, QStringLiteral("stop"), {}, {});
    }

    void log(int rank, const QString& text)
    {
        m_logLines.emplace_back(rank, QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz ")) + text + QLatin1Char('\n'));
        if (m_hasStarted)
            writeLogs();
    }

    /// A folder that is no run's (yet) stays as it is.
    void writeLogs()
    {
        std::error_code fault;
        const std::string folder = m_run.partLogs();
        if (std::filesystem::exists(m_run.events()))
            std::filesystem::create_directory(folder, fault);
        for (const auto& [rank, line] : std::exchange(m_logLines, {})) {
            QFile file(QString::fromStdString(folder) + QLatin1Char('/') + QString::fromStdString(rankLogName(rank)) + QStringLiteral(".log"));
            if (file.open(QIODevice::Append | QIODevice::Unbuffered))
                file.write(line.toUtf8());
        }
    }

    /// SIGUSR1 goes on to the ranks, once they are there to take it.
    int signal() { return m_asked.save && m_hasStarted && !std::exchange(m_isSaving, true) ? SIGUSR1 : 0; }

    /// A rank 0 that was killed has left no last event: the run tells what became of it.
    void noteLoss(const MpiEnd& end)
    {
        if (m_hasEnded || !std::filesystem::exists(m_run.events()))
            return;
        const QString reason = !end.reason.empty() ? Cli::tr("The run lost one of its ranks: %1.").arg(QString::fromStdString(end.reason))
            : !end.lostHost.empty()
            ? Cli::tr("The run lost the host %1: it is down, or the network to it is gone.").arg(QString::fromStdString(end.lostHost))
            : !m_lastError.isEmpty() ? m_lastError
                                     : Cli::tr("The ranks ended with the exit code %1.").arg(end.exitCode);
        m_onEvent(EventWriter(m_run.events()).write(QStringLiteral("failed"), {{QStringLiteral("message"), reason}}));
    }

    /// A fault that rank 0 named, such as missing data, would come again.
    bool mayHelpToRetry(const MpiEnd& end) const { return end.exitCode != failed && end.exitCode != wrongUsage; }

    const Arguments& m_arguments;
    RunPaths m_run;
    const std::function<void(const QJsonObject&)>& m_onEvent;
    const StopSignals& m_asked;
    MpiJob m_job;
    RanksReport m_report;
    QString m_lastError;
    std::vector<std::pair<int, QString>> m_logLines; ///< rank and line, until the run has a folder
    bool m_hasStarted = false;
    bool m_hasEnded = false;
    bool m_isStopping = false;
    bool m_isSaving = false;
};

} // namespace

int launchRanks(const Arguments& arguments, const std::string& runDir, const std::function<void(const QJsonObject&)>& onEvent,
                const StopSignals& asked)
{
    return RanksLauncher(arguments, runDir, onEvent, asked).run();
}

} // namespace weft::cli
