#pragma once

#include <csignal>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "core/launch/target_store.h"
#include "core/training/run_folder.h"

namespace weft::test {

/// Stands in for what a target needs on this machine: an `ssh` that runs its words here, and a Slurm whose jobs wait until
/// someone takes them back. Their folders come first on PATH while this lives.
class StandIns {
public:
    StandIns()
    {
        m_path = qgetenv("PATH");
        QDir(m_dir.path()).mkdir(QStringLiteral("bin"));
        qputenv("PATH", (m_dir.filePath(QStringLiteral("bin")) + QLatin1Char(':')).toLocal8Bit() + m_path);
        // While the file `hold` is there, nothing is started: the link is slow.
        program("ssh",
                "[ ! -e '%1/gone' ] || { [ ! -e '%1/refusing' ] || . '%1/refusing'; echo 'ssh: connect to host localhost port 22: Connection refused' >&2; exit 255; }\n"
                "while [ \"$1\" != -- ]; do shift; done\n"
                "shift 2\n"
                "case \"$*\" in *started*) touch '%1/asked'; while [ -e '%1/hold' ]; do sleep 0.02; done;; esac\n"
                "exec sh -c \"$*\"\n");
        program("sbatch", "echo 17; touch '%1/queued'\n");
        program("squeue", "[ -e '%1/queued' ] && echo 'PENDING|Resources|N/A||17'\ntrue\n");
        program("scancel", "rm -f '%1/queued'\n");
    }
    ~StandIns() { qputenv("PATH", m_path); }

    QString dir(const char* name) const { return m_dir.filePath(QLatin1String(name)); }
    QString jobs() const { return dir("jobs"); }
    void touch(const char* name) const { QFile(dir(name)).open(QFile::WriteOnly); }
    /// What happens at the moment at which `ssh` finds nobody.
    void whileRefusing(const QString& script) const
    {
        QFile file(dir("refusing"));
        file.open(QFile::WriteOnly);
        file.write(script.toUtf8());
    }
    bool has(const char* name) const { return QFile::exists(dir(name)); }
    void remove(const char* name) const { QFile::remove(dir(name)); }
    /// Targets `hosts` and `slurm`.
    void addTargets() const
    {
        const std::string weft = qEnvironmentVariable("WEFT_PROGRAM").toStdString();
        TargetStore().put({"hosts", TargetKind::Mpi, {{"hosts", "localhost:1"}, {"directory", jobs().toStdString()}, {"weft", weft}}});
        TargetStore().put({"slurm", TargetKind::Slurm, {{"directory", jobs().toStdString()}, {"weft", weft}}});
    }

private:
    void program(const char* name, const char* script) const
    {
        QFile file(m_dir.filePath(QStringLiteral("bin/") + QLatin1String(name)));
        file.open(QFile::WriteOnly);
        file.write("#!/bin/sh\n" + QString::fromLatin1(script).arg(m_dir.path()).toUtf8());
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    QTemporaryDir m_dir;
    QByteArray m_path;
};

/// The process that follows a run; 0 where none does.
inline pid_t followerOf(const QString& runDir)
{
    const RunPaths run{runDir.toStdString()};
    QFile file(QString::fromStdString(run.lock()));
    if (!RunLock::isHeld(run.lock()) || !file.open(QFile::ReadOnly))
        return 0;
    return static_cast<pid_t>(QJsonDocument::fromJson(file.readAll()).object().value(QStringLiteral("pid")).toInteger());
}

inline int countOf(const QString& runDir, const char* event)
{
    int count = 0;
    for (const QJsonObject& line : EventReader(RunPaths{runDir.toStdString()}.events()).poll())
        count += line.value(QStringLiteral("event")) == QLatin1String(event) ? 1 : 0;
    return count;
}

} // namespace weft::test
