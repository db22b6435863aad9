#include "core/launch/mpi_job.h"

#include <csignal>

#include <sys/prctl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include "core/base/error.h"
#include "core/device/plugin.h"
#include "core/launch/listening.h"
#include "core/launch/place.h"

namespace weft {

namespace {

/// mpirun reaches other hosts by ssh: it too never asks, and gives up in time.
QString sshWords()
{
    QStringList words;
    for (const std::string& word : sshOptions({}))
        words << QString::fromStdString(word);
    return words.join(QLatin1Char(' '));
}

QString mpirunProgram()
{
    const QString found = QStandardPaths::findExecutable(QStringLiteral("mpirun"));
    if (found.isEmpty())
        return found;
    // Open MPI takes the folder above for its own, and refuses "/", which a PATH has that begins with /bin.
    const QFileInfo file(found);
    return file.dir().canonicalPath() + QLatin1Char('/') + file.fileName();
}

/// Where ranks and what starts them can be reached: of one machine from nowhere else; of several on the networks that Open MPI
/// is told to use, and everywhere where it is told of none.
std::vector<std::pair<std::string, std::string>> listening(const MpiJob& job)
{
    return listeningVariables(job.isSpread ? qEnvironmentVariable("OMPI_MCA_oob_tcp_if_include").toStdString() : "lo");
}

QStringList mpirunArguments(const MpiJob& job)
{
    QStringList words{QStringLiteral("-np"), QString::number(job.ranks), QStringLiteral("--bind-to"), QStringLiteral("none")};
    // A rank that waits leaves its core to one that computes; a cable that is cut is noticed; where one rank is lost the
    // others have nothing to save, and end at once.
    QStringList parameters{QStringLiteral("mpi_yield_when_idle=1"), QStringLiteral("oob_tcp_keepalive_time=5"),
                           QStringLiteral("oob_tcp_keepalive_intvl=2"), QStringLiteral("oob_tcp_keepalive_probes=3"),
                           QStringLiteral("odls_base_sigkill_timeout=0")};
    if (job.isSpread)
        words << QStringLiteral("-x") << QStringLiteral("OMP_NUM_THREADS") << QStringLiteral("--mca") << QStringLiteral("plm_rsh_args") << sshWords();
    else
        parameters << QStringLiteral("oob_tcp_if_include=lo") << QStringLiteral("btl=self,vader");
    // Its daemons on other hosts hand them on to the ranks there.
    if (job.isSpread) {
        QString agent = QStringLiteral("orte_launch_agent=env");
        for (const auto& [name, value] : listening(job))
            agent += QLatin1Char(' ') + QString::fromStdString(name + '=' + value);
        parameters << agent + QStringLiteral(" orted");
    }
    // Ranks follow each other host by host, which is what shards of the data are cut for.
    if (!job.hostsFile.empty())
        words << QStringLiteral("--hostfile") << QString::fromStdString(job.hostsFile) << QStringLiteral("--map-by") << QStringLiteral("slot");
    else if (!job.isSpread)
        words << QStringLiteral("--oversubscribe");
    for (const QString& parameter : parameters)
        words << QStringLiteral("--mca") << parameter.section(QLatin1Char('='), 0, 0) << parameter.section(QLatin1Char('='), 1);
    if (::geteuid() == 0)
        words << QStringLiteral("--allow-run-as-root");
    words << QString::fromStdString(job.program);
    for (const std::string& argument : job.arguments)
        words << QString::fromStdString(argument);
    return words;
}

/// mpirun frames what it says of itself in dashes; the sentence on a lost rank stands there.
class MpirunNotes {
public:
    /// True when the line is mpirun's, not a rank's.
    bool take(const QByteArray& line)
    {
        if (line.startsWith("------------------------------------")) {
            m_isInside = !m_isInside;
            return true;
        }
        // Beside the frames it speaks of its own troubles in the end of a job, and of frames that it has left out.
        if (line.contains("ORTE_ERROR_LOG") || line.contains("orte_base_help_aggregate") || line.contains("have sent help message"))
            return true;
        if (m_isInside)
            m_text += QString::fromUtf8(line) + QLatin1Char(' ');
        return m_isInside;
    }

    std::string reason() const
    {
        if (const QRegularExpressionMatch match = lost(); match.hasMatch())
            return QStringLiteral("rank %1, %2, %3").arg(match.captured(1), match.captured(3), match.captured(4)).toStdString();
        if (const QRegularExpressionMatch match = left(); match.hasMatch())
            return QStringLiteral("rank %1, exit code %2").arg(match.captured(1), match.captured(2)).toStdString();
        return {};
    }

    int lostRank() const
    {
        for (const QRegularExpressionMatch& match : {lost(), left()}) {
            if (match.hasMatch())
                return match.captured(1).toInt();
        }
        return -1;
    }

    std::string lostHost() const
    {
        static const QRegularExpression lost(QStringLiteral("Remote daemon: \\S+ on node (\\S+)"));
        return lost.match(m_text).captured(1).toStdString();
    }

private:
    QRegularExpressionMatch lost() const
    {
        static const QRegularExpression pattern(
            QStringLiteral("process rank (\\d+) with PID (\\d+) on node (\\S+)\\s+exited on\\s+(signal \\d+ \\([^)]*\\))"));
        return pattern.match(m_text);
    }
    QRegularExpressionMatch left() const
    {
        static const QRegularExpression pattern(QStringLiteral("Process name: \\[\\[\\d+,\\d+\\],(\\d+)\\]\\s+Exit code:\\s+(\\d+)"));
        return pattern.match(m_text);
    }

    bool m_isInside = false;
    QString m_text;
};

} // namespace

std::optional<Message> localRanksProblem()
{
    if (mpirunProgram().isEmpty())
        return message(WEFT_TEXT("Launch", "Open MPI is not installed, which starts the ranks. Install Debian's package openmpi-bin."));
    const std::string plugin = pluginPath("mpi");
    if (!QFile::exists(QString::fromStdString(plugin)))
        return message(WEFT_TEXT("Launch", "The plugin %1, which joins the ranks, is not installed. Build Weft where Open MPI's headers are."), plugin);
    return std::nullopt;
}

MpiEnd runMpiJob(const MpiJob& job, const std::function<void(const QByteArray& line, bool isError)>& onLine, const std::function<int()>& nextSignal)
{
    // Each rank would say what is missing by itself.
    if (const std::optional<Message> problem = localRanksProblem())
        throw Error(*problem);
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("OMP_NUM_THREADS"), QString::number(job.threads));
    for (const auto& [name, value] : besideOwn(listening(job)))
        environment.insert(QString::fromStdString(name), QString::fromStdString(value));
    process.setProcessEnvironment(environment);
    process.setInputChannelMode(QProcess::ManagedInputChannel);
    process.setChildProcessModifier([] {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    });
    process.start(mpirunProgram(), mpirunArguments(job));
    process.closeWriteChannel();
    if (!process.waitForStarted(-1))
        throw Error(WEFT_TEXT("Launch", "mpirun could not be started: %1."), process.errorString().toStdString());

    MpirunNotes notes;
    const auto drain = [&](QProcess::ProcessChannel channel) {
        process.setReadChannel(channel);
        while (process.canReadLine() || (process.state() == QProcess::NotRunning && process.bytesAvailable() > 0)) {
            QByteArray line = process.readLine();
            while (line.endsWith('\n') || line.endsWith('\r'))
                line.chop(1);
            if (channel == QProcess::StandardOutput || !notes.take(line))
                onLine(line, channel == QProcess::StandardError);
        }
    };
    while (process.state() != QProcess::NotRunning) {
        process.waitForFinished(50);
        // mpirun hands SIGUSR1 and SIGUSR2 on to its ranks.
        if (const int signal = nextSignal(); signal != 0 && process.state() == QProcess::Running)
            ::kill(static_cast<pid_t>(process.processId()), signal);
        drain(QProcess::StandardOutput);
        drain(QProcess::StandardError);
    }
    drain(QProcess::StandardOutput);
    drain(QProcess::StandardError);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 128 + process.exitCode(), notes.reason(), notes.lostRank(), notes.lostHost()};
}

} // namespace weft
