// Ranks that a test starts under mpirun, by `weft train --ranks N` or as a user does.
#pragma once

#include <algorithm>
#include <csignal>
#include <memory>

#include <unistd.h>

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/checkpoint.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

namespace weft::test {

inline pid_t parentOf(pid_t pid)
{
    QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    // The name in brackets may hold spaces.
    const QByteArray text = status.readAll();
    return static_cast<pid_t>(text.mid(text.lastIndexOf(')') + 2).split(' ').at(1).toInt());
}

/// Processes that have `text` in their command line: what a job has left.
inline QStringList processesWith(const QString& text)
{
    QStringList found;
    for (const QString& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile line(QStringLiteral("/proc/%1/cmdline").arg(pid));
        const QByteArray words = line.open(QIODevice::ReadOnly) ? line.readAll() : QByteArray();
        if (words.contains(text.toUtf8()))
            found << pid + QLatin1Char(' ') + QString::fromUtf8(words).replace(QChar(), QLatin1Char(' '));
    }
    return found;
}

class RanksFixture : public QObject {
protected:
    void prepare()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
            QSKIP("not run: Open MPI is not installed (Debian's openmpi-bin)");
        writePictures(dir("data"));
        m_project = dir("pictures.weft");
        QString project = QString::fromStdString(pictureProject(dir("data")));
        // The gradient of a bias before BatchNorm is rounding alone, which Adam would make steps of.
        project.replace(QStringLiteral("\"filters\": 6,"), QStringLiteral("\"filters\": 6, \"useBias\": false,"));
        project.replace(QStringLiteral("\"epochs\": 4"), QStringLiteral("\"distributed\": {\"synchronisedBatchNorm\": true}, \"epochs\": 4"));
        writeFile(m_project, QByteArray::fromStdString(project.toStdString()));
    }

    void endRanks()
    {
        if (m_process && m_process->state() != QProcess::NotRunning) {
            m_process->terminate();
            if (!m_process->waitForFinished(20000))
                m_process->kill();
        }
        m_process.reset();
        QVERIFY2(QTest::qWaitFor([&] { return processesWith(m_folder.path()).isEmpty(); }, 5000),
                 qPrintable(processesWith(m_folder.path()).join(QLatin1Char('\n'))));
    }

    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList trainArguments(const QString& run, int epochs, const char* more = "") const
    {
        return QStringList{QStringLiteral("train"), m_project, QStringLiteral("--run-dir"), run, QStringLiteral("--epochs"), QString::number(epochs)}
        + words(more);
    }
    void start(const QString& run, int epochs, const char* more)
    {
        m_process = std::make_unique<QProcess>();
        m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(run, epochs, more));
        QVERIFY(waitForEvents(run, "epoch", 1));
    }

    /// mpirun as a user types it.
    void startPlainMpirun(const QStringList& arguments)
    {
        QStringList line = words("-np 2 --oversubscribe --bind-to none");
        if (::geteuid() == 0)
            line << QStringLiteral("--allow-run-as-root");
        m_process = std::make_unique<QProcess>();
        m_process->start(QStringLiteral("mpirun"), line << qEnvironmentVariable("WEFT_PROGRAM") << arguments);
    }

    bool waitForEvents(const QString& run, const char* kind, std::size_t count) const
    {
        return QTest::qWaitFor([&] { return eventsOf(run.toStdString(), kind).size() >= count; }, 60000);
    }
    /// The pids that the newest `started` event lists, in the order of the ranks.
    std::vector<pid_t> pidsOf(const QString& run) const
    {
        std::vector<pid_t> pids;
        const QJsonArray ranks = eventsOf(run.toStdString(), "started").back().value(QStringLiteral("ranks")).toArray();
        for (const QJsonValue& rank : ranks)
            pids.push_back(static_cast<pid_t>(rank.toObject().value(QStringLiteral("pid")).toInt()));
        return pids;
    }
    bool areGone(const std::vector<pid_t>& pids) const
    {
        return QTest::qWaitFor([&] { return std::none_of(pids.begin(), pids.end(), [](pid_t pid) { return ::kill(pid, 0) == 0; }); }, 5000);
    }
    TensorFile lastOf(const QString& run) const { return readTensorFile(newestCheckpoint({run.toStdString()})); }

    QTemporaryDir m_folder;
    QString m_project;
    std::unique_ptr<QProcess> m_process;
};

} // namespace weft::test
