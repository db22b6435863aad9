#include "widgets/runs/launch.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

#include "core/base/error.h"
#include "core/training/run_folder.h"
#include "core/training/safe_file.h"
#include "widgets/runs/program.h"

namespace weft {

namespace {

bool namesPath(const std::string& key)
{
    return key == "path" || key.ends_with("Path");
}

void makeAbsolute(Tree& tree, const QDir& base)
{
    if (tree.isList()) {
        for (Tree& item : tree.list())
            makeAbsolute(item, base);
    }
    if (!tree.isMap())
        return;
    for (auto& [key, value] : tree.map()) {
        if (value.isText() && namesPath(key) && !value.text().empty() && !value.text().starts_with('~'))
            value = Tree(QDir::cleanPath(base.absoluteFilePath(QString::fromStdString(value.text()))).toStdString());
        else
            makeAbsolute(value, base);
    }
}

/// The project's name as a file name: weft train shows it.
QString fileNameOf(const QString& name)
{
    QString clean = name;
    clean.replace(QLatin1Char('/'), QLatin1Char('-'));
    return (clean.isEmpty() ? QStringLiteral("project") : clean) + QStringLiteral(".weft");
}

/// Starts `weft` so that it outlives the Studio.
bool startAlone(QProcess& process, qint64& processId)
{
    process.setProgram(weftProgram());
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    return process.startDetached(&processId);
}

} // namespace

Project withAbsolutePaths(Project project, const QString& baseDir)
{
    makeAbsolute(project.data, QDir(baseDir));
    return project;
}

QString writeSnapshot(const Project& project, const QString& name, const QString& baseDir, const QString& folder)
{
    const QString snapshot = folder + QLatin1Char('/') + fileNameOf(name);
    writeProject(withAbsolutePaths(project, baseDir), snapshot.toStdString());
    return snapshot;
}

StartedRun startTraining(const Project& project, const QString& name, const QString& baseDir, const QStringList& arguments, const QString& script)
{
    StartedRun run;
    run.runDir = QString::fromStdString(newRunDir(project.id));
    const QFileInfo folder(run.runDir);
    run.stagingDir = folder.path() + QStringLiteral("/.start-") + folder.fileName();
    if (!QDir().mkpath(run.stagingDir))
        throw Error(WEFT_TEXT("RunController", "The folder %1 cannot be made. Check that you may write there and that the disk is not full."),
                    run.stagingDir.toStdString());
    const QString snapshot = writeSnapshot(project, name, baseDir, run.stagingDir);

    QStringList words{QStringLiteral("train"), snapshot, QStringLiteral("--run-dir"), run.runDir};
    if (!script.isEmpty()) {
        const QString file = run.stagingDir + QStringLiteral("/job.sh");
        writeTextSafely(file.toStdString(), script.toStdString());
        words << QStringLiteral("--script") << file;
    }

    QProcess process;
    process.setArguments(words + arguments);
    process.setWorkingDirectory(folder.path());
    process.setStandardErrorFile(run.stagingDir + QStringLiteral("/train.log"));
    if (!startAlone(process, run.processId))
        throw Error(WEFT_TEXT("RunController", "The program %1 could not be started: %2."), process.program().toStdString(),
                    process.errorString().toStdString());
    return run;
}

qint64 startFollowing(const QString& runDir)
{
    QProcess process;
    process.setArguments({QStringLiteral("follow"), runDir});
    process.setStandardErrorFile(runDir + QStringLiteral("/train.log"), QIODevice::Append);
    qint64 processId = 0;
    return startAlone(process, processId) ? processId : 0;
}

bool settleStaging(const StartedRun& run)
{
    if (!QDir(run.stagingDir).exists())
        return true;
    // The process has read the snapshot when it has written its own copy.
    if (!QFile::exists(QString::fromStdString(RunPaths{run.runDir.toStdString()}.events())))
        return false;
    QFile::rename(run.stagingDir + QStringLiteral("/train.log"), run.runDir + QStringLiteral("/train.log"));
    QDir(run.stagingDir).removeRecursively();
    return true;
}

/// One that has ended is still listed until its parent asks, which the first process of a container may never do.
bool isProcessAlive(qint64 processId)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(processId));
    if (processId <= 0 || !file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray facts = file.readAll();
    // The name before the state is in parentheses and may hold any.
    const QByteArray state = facts.mid(facts.lastIndexOf(')') + 2, 1);
    return !state.isEmpty() && state != "Z" && state != "X";
}

} // namespace weft
