#include <QAbstractButton>
#include <QApplication>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>

#include "core/project/run_index.h"
#include "tests/unit/docks_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/runs/launch.h"
#include "widgets/runs/log_panel.h"
#include "widgets/runs/runs_panel.h"

using namespace weft;
using namespace weft::test;
using State = RunController::State;

namespace {

/// Clicks the button of this name in the next modal dialog.
void clickInDialog(const QString& button)
{
    auto* timer = new QTimer(qApp);
    timer->setInterval(10);
    QObject::connect(timer, &QTimer::timeout, qApp, [timer, button] {
        QWidget* dialog = QApplication::activeModalWidget();
        if (!dialog)
            return;
        timer->deleteLater();
        for (auto* candidate : dialog->findChildren<QAbstractButton*>()) {
            if (candidate->objectName() == button || candidate->text() == button)
                candidate->click();
        }
    });
    timer->start();
}

} // namespace

class DocksRunsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void followsARunThroughItsStates();
    void buttonsSendCommands();
    void tellsTimeLeft();
    void aProcessThatDiedShowsItsLastLines();
    void reopeningFindsTheNewestRun();
    void asksWhenARunIsGoing();
    void aQueuedRunStartsWhenTheOtherEnds();
    void aQueuedRunIsSeenAndCanBeTakenBack();
    void theTimeLeftDoesNotJump();
    void trainsARealProjectAndReachesItsEnd();
    void aProjectThatCannotTrainSaysWhy();
    void relativePathsBecomeAbsoluteInTheSnapshot();
    void theTableListsRunsAndDeletesOne();
    void theLogReadsLikeSentences();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ProjectDocument> m_document;
};

void DocksRunsTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_document = std::make_unique<ProjectDocument>();
    writeTable(m_dir->filePath(QStringLiteral("table.csv")));
    m_document->setProject(tableProject(m_dir->filePath(QStringLiteral("table.csv"))), {});
}

void DocksRunsTest::followsARunThroughItsStates()
{
    RunController runs(m_document.get());
    LiveRun run;
    run.start();
    QSignalSpy events(&runs, &RunController::eventRead);
    runs.show(run.dir());
    QTRY_COMPARE(runs.state(), State::Running);
    run.batch(100, 1.0);
    QTRY_COMPARE(events.size(), 2);
    QCOMPARE(runs.progress(), 0.25);
    run.write(QStringLiteral("paused"), {{QStringLiteral("step"), 100}});
    QTRY_COMPARE(runs.state(), State::Paused);
    run.write(QStringLiteral("resumed"), {{QStringLiteral("step"), 100}});
    QTRY_COMPARE(runs.state(), State::Running);
    run.write(QStringLiteral("finished"), {{QStringLiteral("step"), 400}});
    QTRY_COMPARE(runs.state(), State::Finished);
    QCOMPARE(runs.progress(), 1.0);
}

void DocksRunsTest::buttonsSendCommands()
{
    RunController runs(m_document.get());
    LiveRun run;
    run.start();
    runs.show(run.dir());
    QTRY_COMPARE(runs.state(), State::Running);
    runs.pause();
    runs.resume();
    runs.stop();
    QCOMPARE(run.commands(), (QStringList{QStringLiteral("pause"), QStringLiteral("resume"), QStringLiteral("stop")}));
    QCOMPARE(runs.state(), State::Stopping);
    run.write(QStringLiteral("stopped"), {{QStringLiteral("step"), 7}});
    QTRY_COMPARE(runs.state(), State::Finished);
    QVERIFY(runs.progressText().contains(QStringLiteral("stopped")));
}

void DocksRunsTest::tellsTimeLeft()
{
    RunController runs(m_document.get());
    LiveRun run;
    run.start(4, 100, 64);
    run.batch(100, 1.0, 0.5, 640);
    runs.show(run.dir());
    QTRY_COMPARE(runs.state(), State::Running);
    // 300 steps of 64 samples at 640 a second.
    QCOMPARE(runs.progressText(), QStringLiteral("epoch 1 of 4 · 640 samples/s · 30 s left"));
}

void DocksRunsTest::aProcessThatDiedShowsItsLastLines()
{
    RunController runs(m_document.get());
    QSignalSpy failures(&runs, &RunController::failed);
    LiveRun run;
    run.start();
    QFile log(run.dir() + QStringLiteral("/train.log"));
    QVERIFY(log.open(QFile::WriteOnly));
    log.write("first\nout of memory\n");
    log.close();
    runs.show(run.dir());
    QTRY_COMPARE(runs.state(), State::Running);
    run.die();
    QTRY_COMPARE(runs.state(), State::Failed);
    QCOMPARE(failures.size(), 1);
    QVERIFY(failures.first().first().toString().contains(QStringLiteral("out of memory")));
}

void DocksRunsTest::reopeningFindsTheNewestRun()
{
    const QString root = QString::fromStdString(defaultRunsRoot() + "/" + m_document->project().id);
    LiveRun older(root + QStringLiteral("/20260101T000000Z-0001"));
    LiveRun newer(root + QStringLiteral("/20260102T000000Z-0001"));
    older.start();
    newer.start();
    newer.batch(5, 1.0);
    newer.write(QStringLiteral("finished"), {{QStringLiteral("step"), 5}});
    newer.die();
    RunController runs(m_document.get());
    QSignalSpy events(&runs, &RunController::eventRead);
    runs.showNewest();
    QCOMPARE(runs.runDir(), newer.dir());
    QTRY_COMPARE(runs.state(), State::Finished);
    QCOMPARE(events.size(), 3);
}

void DocksRunsTest::asksWhenARunIsGoing()
{
    LiveRun going(QString::fromStdString(defaultRunsRoot() + "/" + m_document->project().id) + QStringLiteral("/20260101T000000Z-0001"));
    RunController runs(m_document.get());
    clickInDialog(QStringLiteral("cancel"));
    runs.train();
    QCOMPARE(runs.state(), State::Idle);
    QCOMPARE(runs.queued(), 0);
    clickInDialog(QStringLiteral("queue"));
    runs.train();
    QCOMPARE(runs.queued(), 1);
}

void DocksRunsTest::aQueuedRunStartsWhenTheOtherEnds()
{
    LiveRun going(QString::fromStdString(defaultRunsRoot() + "/" + m_document->project().id) + QStringLiteral("/20260101T000000Z-0001"));
    RunController runs(m_document.get());
    clickInDialog(QStringLiteral("queue"));
    runs.train();
    QCOMPARE(runs.queued(), 1);
    going.die();
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), State::Finished, 20000);
    QCOMPARE(runs.queued(), 0);
}

void DocksRunsTest::aQueuedRunIsSeenAndCanBeTakenBack()
{
    LiveRun going(QString::fromStdString(defaultRunsRoot() + "/" + m_document->project().id) + QStringLiteral("/20260101T000000Z-0001"));
    going.start();
    RunController runs(m_document.get());
    RunsPanel panel(&runs, m_document.get());
    runs.showNewest();
    QTRY_COMPARE(runs.state(), State::Running);
    clickInDialog(QStringLiteral("queue"));
    runs.train();
    QVERIFY2(runs.progressText().contains(QStringLiteral("queued")), qPrintable(runs.progressText()));
    auto* table = panel.findChild<QTreeWidget*>(QStringLiteral("runs"));
    QTRY_VERIFY(table->topLevelItemCount() > 0 && table->topLevelItem(0)->text(1) == QStringLiteral("queued"));
    const int rows = table->topLevelItemCount();
    table->topLevelItem(0)->setSelected(true);
    QVERIFY(!panel.findChild<QAbstractButton*>(QStringLiteral("openRun"))->isEnabled());
    panel.findChild<QAbstractButton*>(QStringLiteral("deleteRun"))->click();
    QCOMPARE(runs.queued(), 0);
    QTRY_COMPARE(table->topLevelItemCount(), rows - 1);
}

void DocksRunsTest::theTimeLeftDoesNotJump()
{
    RunController runs(m_document.get());
    LiveRun run;
    run.start(4, 100, 64);
    run.batch(1, 1.0, 0.5, 10); // warming up
    for (int step = 2; step <= 99; ++step)
        run.batch(step, 1.0, 0.5, 640);
    run.batch(100, 1.0, 0.5, 64); // one slow stretch
    runs.show(run.dir());
    QTRY_COMPARE(runs.state(), State::Running);
    // A single event says 300 s; the mean of the last ones moves from 30 s to 57 s.
    QVERIFY2(runs.progressText().endsWith(QStringLiteral("57 s left")), qPrintable(runs.progressText()));
}

void DocksRunsTest::trainsARealProjectAndReachesItsEnd()
{
    RunController runs(m_document.get());
    QSignalSpy failures(&runs, &RunController::failed);
    QSignalSpy events(&runs, &RunController::eventRead);
    runs.train();
    QCOMPARE(runs.state(), State::Starting);
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), State::Finished, 20000);
    QVERIFY2(failures.isEmpty(), failures.isEmpty() ? "" : qPrintable(failures.first().first().toString()));
    QVERIFY(events.size() > 4);
    QTRY_VERIFY(QFile::exists(runs.runDir() + QStringLiteral("/train.log")));
}

void DocksRunsTest::aProjectThatCannotTrainSaysWhy()
{
    Project project = tableProject(QStringLiteral("/nowhere/table.csv"));
    m_document->setProject(project, {});
    RunController runs(m_document.get());
    QSignalSpy failures(&runs, &RunController::failed);
    runs.train();
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), State::Failed, 20000);
    QVERIFY2(failures.first().first().toString().contains(QStringLiteral("/nowhere/table.csv")), qPrintable(failures.first().first().toString()));

    project.network.wires.clear();
    m_document->setProject(project, {});
    runs.train();
    QCOMPARE(failures.size(), 2);
}

void DocksRunsTest::relativePathsBecomeAbsoluteInTheSnapshot()
{
    const Project project = withAbsolutePaths(tableProject(QStringLiteral("sub/table.csv")), QStringLiteral("/projects/one"));
    QCOMPARE(project.data.find("path")->text(), std::string("/projects/one/sub/table.csv"));
}

void DocksRunsTest::theTableListsRunsAndDeletesOne()
{
    RunController runs(m_document.get());
    runs.train();
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), State::Finished, 20000);
    RunsPanel panel(&runs, m_document.get());
    auto* table = panel.findChild<QTreeWidget*>(QStringLiteral("runs"));
    QTRY_COMPARE(table->topLevelItemCount(), 1);
    QCOMPARE(table->topLevelItem(0)->text(1), QStringLiteral("finished"));
    QCOMPARE(table->topLevelItem(0)->text(2), QStringLiteral("2 of 2"));
    table->topLevelItem(0)->setSelected(true);
    QSignalSpy exports(&panel, &RunsPanel::exportRequested);
    QTest::mouseClick(panel.findChild<QAbstractButton*>(QStringLiteral("exportRun")), Qt::LeftButton);
    QCOMPARE(exports.first().first().toString(), runs.runDir());
    const QString dir = runs.runDir();
    clickInDialog(QStringLiteral("Delete"));
    panel.deleteChosen();
    QVERIFY(!QDir(dir).exists());
    QTRY_COMPARE(table->topLevelItemCount(), 0);
}

void DocksRunsTest::theLogReadsLikeSentences()
{
    QCOMPARE(logLine(batchEvent(1, 2.0, 0.5)), QString());
    QVERIFY(logLine(epochEvent(2, 20, 0.5, 0.75)).contains(QStringLiteral("Epoch 2: train loss 0.5000, accuracy 0.7500")));
    RunController runs(m_document.get());
    LogPanel panel(&runs);
    LiveRun run;
    run.start();
    runs.show(run.dir());
    QTRY_VERIFY(panel.text().contains(QStringLiteral("4 epochs of 100 steps")));
}

QTEST_MAIN(DocksRunsTest)
#include "docks_runs_test.moc"
