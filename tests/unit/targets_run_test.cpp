#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>

#include "core/launch/target_job.h"
#include "docks_fixtures.h"
#include "targets_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/runs/launch.h"
#include "widgets/runs/run_list.h"
#include "widgets/runs/runs_panel.h"
#include "widgets/targets/job_keeper.h"
#include "widgets/targets/submission_dialog.h"

using namespace weft;
using namespace weft::test;
using State = RunController::State;

/// Runs that a target trains, in the Studio: followed like local ones, found again, ended and cleaned up.
class TargetsRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aRunOnATargetIsFollowedLikeALocalOne();
    void aScriptThatTheUserHasChangedIsTheJob();
    void aRunGoesOnWithoutTheStudioAndIsFoundAgain();
    void aStudioKilledDuringSubmissionLeavesOneJob();
    void aJobThatWaitsSaysWhyAndIsTakenBack();
    void aJobThatIsEndedAtOnceIsFetchedAndCleanedUp();
    void aRunOfATargetIsDeletedWithAllItHas();
    void aTargetThatCannotBeReachedIsTriedAgain();
    void aJobThatItsTargetNeverTookEndsAtOnce();
    void aJobThatIsStoppedWhileItIsRefusedIsStopped();
    void aCommandDoesNotWaitForTheNextTry();
    void aRunElsewhereIsNoReasonToWait();

private:
    std::unique_ptr<RunController> studio()
    {
        auto runs = std::make_unique<RunController>(m_document.get());
        connect(runs.get(), &RunController::failed, this, [this](const QString& text) { m_failures << text; });
        return runs;
    }
    QString train(RunController& runs, const char* target)
    {
        runs.setPlace({QStringLiteral("--target"), QLatin1String(target)});
        runs.train();
        return runs.runDir();
    }
    /// A run whose job waits to be submitted.
    RunPaths beginRun() const
    {
        const RunPaths run{newRunDir(m_document->project().id)};
        TargetJob job;
        job.target = TargetStore().find("hosts");
        job.request.id = newJobId();
        job.projectId = m_document->project().id;
        beginTargetRun(run, job, "{}");
        return run;
    }
    bool hasJobs() const { return QDir(m_stand->jobs()).exists(); }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<StandIns> m_stand;
    std::unique_ptr<ProjectDocument> m_document;
    QStringList m_failures;
};

void TargetsRunTest::init()
{
    if (QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QSKIP("not run: mpirun is not installed");
    m_failures.clear();
    m_dir = std::make_unique<QTemporaryDir>();
    m_stand.reset(); // it puts PATH back
    m_stand = std::make_unique<StandIns>();
    m_stand->addTargets();
    writeTable(m_dir->filePath(QStringLiteral("table.csv")));
    Project project = tableProject(m_dir->filePath(QStringLiteral("table.csv")));
    project.training = Tree::Map{{"epochs", 1000000}, {"batchSize", 32}};
    m_document = std::make_unique<ProjectDocument>();
    m_document->setProject(project, {});
}

/// Nothing of a test goes on after it, however it ended.
void TargetsRunTest::cleanup()
{
    if (!m_document)
        return;
    for (const QString& dir : runFolders(m_document->project().id)) {
        if (const pid_t follower = followerOf(dir)) {
            ::kill(follower, SIGKILL);
            QTRY_COMPARE(followerOf(dir), 0);
        }
        QProcess::execute(qEnvironmentVariable("WEFT_PROGRAM"), {QStringLiteral("runs"), QStringLiteral("delete"), dir});
    }
}

void TargetsRunTest::aRunOnATargetIsFollowedLikeALocalOne()
{
    const auto runs = studio();
    QSignalSpy events(runs.get(), &RunController::eventRead);
    const QString dir = train(*runs, "hosts");
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    QVERIFY(runs->isOnTarget());
    runs->pause();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Paused, 30000);
    runs->resume();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 30000);
    const qsizetype before = events.count();
    QTRY_VERIFY_WITH_TIMEOUT(events.count() > before, 30000);
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!runs->isOnTarget(), 30000);
    QVERIFY(QFile::exists(dir + QStringLiteral("/last")));
    QVERIFY(QFile::exists(QString::fromStdString(RunPaths{dir.toStdString()}.submission())));
    QVERIFY(!hasJobs());
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(QLatin1Char('\n'))));
}

void TargetsRunTest::aScriptThatTheUserHasChangedIsTheJob()
{
    const auto runs = studio();
    SubmissionDialog dialog(*m_document, QStringLiteral("hosts"));
    connect(&dialog, &SubmissionDialog::trainRequested, runs.get(), &RunController::trainByScript);
    auto* button = dialog.findChild<QPushButton*>(QStringLiteral("trainByScript"));
    QTRY_VERIFY_WITH_TIMEOUT(!button->isHidden(), 30000);
    auto* text = dialog.findChild<QPlainTextEdit*>(QStringLiteral("submission"));
    text->setPlainText(text->toPlainText().replace(QStringLiteral("#!/bin/sh\n"), QStringLiteral("#!/bin/sh\ntouch '%1'\n").arg(m_stand->dir("mine"))));
    button->click();
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(QLatin1Char('\n'))));
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    QVERIFY(m_stand->has("mine"));
    QVERIFY(readTargetJob({runs->runDir().toStdString()})->request.script.find("mine") != std::string::npos);
    runs->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!runs->isOnTarget(), 60000);
    QVERIFY(!hasJobs());
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(QLatin1Char('\n'))));
}

void TargetsRunTest::aRunGoesOnWithoutTheStudioAndIsFoundAgain()
{
    auto runs = studio();
    const QString dir = train(*runs, "hosts");
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    runs.reset();
    // The machine is started anew, as it were: nobody follows the job any more.
    ::kill(followerOf(dir), SIGKILL);
    QTRY_COMPARE(followerOf(dir), 0);
    runs = studio();
    runs->showNewest();
    QCOMPARE(runs->runDir(), dir);
    QTRY_VERIFY_WITH_TIMEOUT(followerOf(dir) != 0, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 30000);
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    qint64 seq = 0;
    for (const QJsonObject& event : EventReader(RunPaths{dir.toStdString()}.events()).poll())
        QCOMPARE(event.value(QStringLiteral("seq")).toInteger(), ++seq);
    QTRY_VERIFY_WITH_TIMEOUT(!hasJobs(), 30000);
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(QLatin1Char('\n'))));
}

void TargetsRunTest::aStudioKilledDuringSubmissionLeavesOneJob()
{
    m_stand->touch("hold");
    auto runs = studio();
    const QString dir = train(*runs, "hosts");
    QTRY_VERIFY_WITH_TIMEOUT(m_stand->has("asked"), 60000);
    runs.reset();
    ::kill(followerOf(dir), SIGKILL);
    QTRY_COMPARE(followerOf(dir), 0);
    m_stand->remove("asked");
    runs = studio();
    runs->showNewest();
    QTRY_VERIFY_WITH_TIMEOUT(m_stand->has("asked"), 60000); // the submission goes on beside the one that still hangs
    m_stand->remove("hold");
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    QCOMPARE(QDir(m_stand->jobs()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    QCOMPARE(countOf(dir, "started"), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!hasJobs(), 30000);
}

void TargetsRunTest::aJobThatWaitsSaysWhyAndIsTakenBack()
{
    const auto runs = studio();
    train(*runs, "slurm");
    QTRY_VERIFY_WITH_TIMEOUT(runs->progressText().contains(QStringLiteral("It waits until nodes are free.")), 60000);
    QCOMPARE(runs->state(), State::Starting);
    QVERIFY(m_stand->has("queued"));
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    QVERIFY(!m_stand->has("queued"));
    QTRY_VERIFY_WITH_TIMEOUT(!hasJobs(), 30000);
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(QLatin1Char('\n'))));
}

void TargetsRunTest::aJobThatIsEndedAtOnceIsFetchedAndCleanedUp()
{
    const auto runs = studio();
    const QString dir = train(*runs, "hosts");
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    runs->end();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    const QJsonObject last = EventReader(RunPaths{dir.toStdString()}.events()).poll().back();
    QCOMPARE(last.value(QStringLiteral("event")).toString(), QStringLiteral("stopped"));
    QVERIFY(last.value(QStringLiteral("at_once")).toBool());
    QTRY_VERIFY_WITH_TIMEOUT(!hasJobs(), 30000);
}

void TargetsRunTest::aRunOfATargetIsDeletedWithAllItHas()
{
    const auto runs = studio();
    const QString dir = train(*runs, "slurm");
    QTRY_VERIFY_WITH_TIMEOUT(m_stand->has("queued"), 60000);
    runs->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!runs->isOnTarget() && followerOf(dir) == 0, 60000);
    RunsPanel panel(runs.get(), m_document.get());
    auto* table = panel.findChild<QTreeWidget*>(QStringLiteral("runs"));
    QTRY_VERIFY_WITH_TIMEOUT(table->topLevelItemCount() == 1 && table->topLevelItem(0)->text(1) == QStringLiteral("stopped"), 30000);
    table->topLevelItem(0)->setSelected(true);
    QTimer::singleShot(0, qApp, [] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        for (QAbstractButton* button : box->buttons()) {
            if (button->text() == RunsPanel::tr("Delete"))
                button->click();
        }
    });
    panel.deleteChosen();
    QTRY_VERIFY_WITH_TIMEOUT(!QDir(dir).exists(), 30000);
    QTRY_COMPARE_WITH_TIMEOUT(table->topLevelItemCount(), 0, 30000);
}

void TargetsRunTest::aTargetThatCannotBeReachedIsTriedAgain()
{
    m_stand->touch("gone");
    const auto runs = studio();
    const QString dir = train(*runs, "hosts");
    QTRY_COMPARE_WITH_TIMEOUT(m_failures.size(), 1, 60000);
    QVERIFY2(m_failures.front().contains(QStringLiteral("tried again")), qPrintable(m_failures.front()));
    QVERIFY2(runs->progressText().contains(QStringLiteral("not submitted yet")), qPrintable(runs->progressText()));
    QVERIFY(runs->isGoing());
    runs->stop();
    m_stand->remove("gone");
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    QCOMPARE(countOf(dir, "started"), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!runs->isOnTarget() && !hasJobs(), 30000);
    QCOMPARE(m_failures.size(), 1);
}

void TargetsRunTest::aJobThatItsTargetNeverTookEndsAtOnce()
{
    m_stand->touch("gone");
    const auto runs = studio();
    const QString dir = train(*runs, "hosts");
    QTRY_COMPARE_WITH_TIMEOUT(m_failures.size(), 1, 60000);
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!runs->isOnTarget(), 30000);
    QCOMPARE(countOf(dir, "stopped"), 1);
    QCOMPARE(countOf(dir, "failed"), 0);
}

/// The link comes back, and the user stops the job, right between the refusal and the look at what it has left.
void TargetsRunTest::aJobThatIsStoppedWhileItIsRefusedIsStopped()
{
    const RunPaths run = beginRun();
    m_stand->touch("gone");
    m_stand->whileRefusing(QStringLiteral("rm '%1'; echo '{\"id\":\"1\",\"command\":\"stop\"}' >> '%2'\n")
                               .arg(m_stand->dir("gone"), QString::fromStdString(run.control())));
    QCOMPARE(QProcess::execute(qEnvironmentVariable("WEFT_PROGRAM"), {QStringLiteral("follow"), QString::fromStdString(run.dir)}), 0);
    const QString dir = QString::fromStdString(run.dir);
    QCOMPARE(countOf(dir, "stopped"), 1);
    QCOMPARE(countOf(dir, "failed"), 0);
    QVERIFY(!isUnfollowedJob(run) && !hasJobs());
}

/// The pauses between the tries grow; the user does not feel them.
void TargetsRunTest::aCommandDoesNotWaitForTheNextTry()
{
    m_stand->touch("gone");
    const RunPaths run = beginRun();
    const QString dir = QString::fromStdString(run.dir);
    JobKeeper keeper;
    QSignalSpy taken(&keeper, &JobKeeper::taken);
    // Of the second one the pause is four seconds.
    QTRY_COMPARE_WITH_TIMEOUT(taken.count(), 2, 60000);
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(lastLines(dir + QStringLiteral("/train.log"), 9).count(QStringLiteral("cannot be reached")) == 2, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(!RunLock::isHeld(run.lock()), 30000);
    if (since.elapsed() > 2000)
        QSKIP("not run: the machine is too busy to tell the pause from the time that a try takes");
    sendControl(run, QStringLiteral("stop"));
    QTRY_VERIFY_WITH_TIMEOUT((keeper.look(), taken.count() == 3), 30000);
    QVERIFY2(since.elapsed() < 4000, qPrintable(QString::number(since.elapsed())));
    QTRY_VERIFY_WITH_TIMEOUT(countOf(dir, "stopped") == 1, 30000);
}

void TargetsRunTest::aRunElsewhereIsNoReasonToWait()
{
    const auto runs = studio();
    train(*runs, "slurm");
    QTRY_VERIFY_WITH_TIMEOUT(m_stand->has("queued"), 60000);
    // Nobody is asked whether to queue: this machine is free.
    runs->setPlace({QStringLiteral("--device"), QStringLiteral("cpu")});
    runs->train();
    QCOMPARE(runs->queued(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Running, 60000);
    runs->stop();
    QTRY_COMPARE_WITH_TIMEOUT(runs->state(), State::Finished, 60000);
}

QTEST_MAIN(TargetsRunTest)
#include "targets_run_test.moc"
