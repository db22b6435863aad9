#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>

#include "core/launch/job_report.h"
#include "core/launch/target_job.h"
#include "core/training/safe_file.h"
#include "docks_fixtures.h"
#include "core/launch/mpi_job.h"
#include "widgets/cluster/cluster_panel.h"
#include "widgets/cluster/job_tree.h"
#include "widgets/cluster/line_plot.h"
#include "widgets/cluster/log_tail.h"
#include "widgets/cluster/worker_timeline.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/theme/theme.h"
#include "widgets/training/scaling_dialog.h"
#include "widgets/training/target_forecast.h"

using namespace weft;
using namespace weft::test;

namespace {

QJsonObject at(double seconds, const QString& kind, QJsonObject fields = {})
{
    fields.insert(QStringLiteral("event"), kind);
    fields.insert(QStringLiteral("time"),
                  QDateTime(QDate(2026, 1, 1), QTime(10, 0), Qt::UTC).addMSecs(qRound64(seconds * 1000)).toString(Qt::ISODateWithMs));
    return fields;
}

QJsonObject worker(int rank, double busy, double staleness, int dropped = 0)
{
    return {{QStringLiteral("rank"), rank},
            {QStringLiteral("gradients"), 4},
            {QStringLiteral("busy_seconds"), busy},
            {QStringLiteral("staleness"), staleness},
            {QStringLiteral("dropped"), dropped}};
}

QJsonObject twoRanks()
{
    return {{QStringLiteral("ranks"),
             QJsonArray{QJsonObject{{QStringLiteral("rank"), 0}, {QStringLiteral("host"), QStringLiteral("node1")}, {QStringLiteral("pid"), 11}},
                        QJsonObject{{QStringLiteral("rank"), 1},
                                    {QStringLiteral("host"), QStringLiteral("node2")},
                                    {QStringLiteral("pid"), 12},
                                    {QStringLiteral("shard"), QJsonArray{0, 32}}}}}};
}

QTreeWidgetItem* rowOf(QTreeWidget& tree, const QString& text)
{
    const QList<QTreeWidgetItem*> found = tree.findItems(text, Qt::MatchContains | Qt::MatchRecursive, 0);
    return found.isEmpty() ? nullptr : found.first();
}

} // namespace

/// The cluster panel and the forecast for several workers.
class TargetsPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void eventsTellWhatWorkersDo();
    void jobsAndPodsAreShownWithWhatTheyWaitFor();
    void podsWhoseNamesBeginAlikeAreToldApart();
    void theLogOfAPodGrowsAsItPrints();
    void workersAreListedWithWhatTheyDo();
    void ranksOfThisMachineAreListedWithTheirLogs();
    void aJobIsStoppedAndEndedFromHere();
    void whatWasSubmittedIsShownAndCopied();
    void whatNobodyFollowsSaysSo();
    void theForecastFollowsWhatIsTyped();
    void theForecastTimesAStepByItself();
    void theCardTellsOfATarget();

private:
    RunPaths run() const { return {m_run->dir().toStdString()}; }
    void report(JobPhase phase, const std::string& state, int restarts = 0) const
    {
        JobState job;
        job.phase = phase;
        if (phase == JobPhase::Queued)
            job.reasons.push_back(message(WEFT_TEXT("Slurm", "It waits until nodes are free.")));
        job.parts.push_back({"pod-0", state, "node7", restarts, restarts > 0 ? "OOMKilled (137)" : "", true, false});
        writeJobReport(run(), job);
    }
    void enter(JobStage stage)
    {
        m_job.stage = stage;
        writeTargetJob(run(), m_job);
    }

    std::unique_ptr<ProjectDocument> m_document;
    std::unique_ptr<RunController> m_runs;
    std::unique_ptr<LiveRun> m_run;
    TargetJob m_job;
};

void TargetsPanelTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("weft"));
    QCoreApplication::setApplicationName(QStringLiteral("targets-panel-test"));
    Theme::instance().install(Theme::Choice::Light);
}

/// A run of the open project that a cluster trains; this process holds its lock as the one that follows it would.
void TargetsPanelTest::init()
{
    m_document = std::make_unique<ProjectDocument>();
    m_document->setProject(tableProject(QStringLiteral("/nowhere.csv")), {});
    m_runs = std::make_unique<RunController>(m_document.get());
    m_job = {};
    m_job.target = {"cluster", TargetKind::Kubernetes, {{"image", "weft:1"}}};
    m_job.request.id = "weft-00000001";
    m_job.request.projectName = "points";
    m_job.projectId = m_document->project().id;
    m_job.stage = JobStage::Submitted;
    const RunPaths fresh{newRunDir(m_job.projectId)};
    beginTargetRun(fresh, m_job, "{}");
    m_run = std::make_unique<LiveRun>(QString::fromStdString(fresh.dir));
}

void TargetsPanelTest::cleanup()
{
    m_runs.reset();
    const QString dir = m_run->dir();
    m_run.reset();
    QDir(dir).removeRecursively();
}

void TargetsPanelTest::eventsTellWhatWorkersDo()
{
    WorkerStats stats;
    stats.add(at(0, QStringLiteral("started"), twoRanks()));
    QVERIFY(!stats.hasWorkers());
    WorkerTimeline timeline;
    QVERIFY(timeline.whyEmpty().contains(QStringLiteral("parameter server")));
    timeline.show(stats);
    QVERIFY(timeline.whyEmpty().contains(QStringLiteral("all-reduce")));
    stats.add(at(2, QStringLiteral("batch"),
                 {{QStringLiteral("samples_per_second"), 640.0}, {QStringLiteral("workers"), QJsonArray{worker(1, 1.5, 0.5)}}}));
    stats.add(at(4, QStringLiteral("epoch")));
    stats.add(
        at(6, QStringLiteral("batch"), {{QStringLiteral("samples_per_second"), 320.0}, {QStringLiteral("workers"), QJsonArray{worker(1, 9, 2, 3)}}}));
    QCOMPARE(stats.throughput(), (std::vector<QPointF>{{2, 640}, {6, 320}}));
    // Of steps that come in pairs the time between the pairs counts, too.
    WorkerStats pairs;
    pairs.add(at(0, QStringLiteral("started"), twoRanks()));
    for (int pair = 1; pair <= 10; ++pair) {
        pairs.add(at(0.1 * pair - 0.001, QStringLiteral("batch"), {{QStringLiteral("samples_per_second"), 64 / 0.099}}));
        pairs.add(at(0.1 * pair, QStringLiteral("batch"), {{QStringLiteral("samples_per_second"), 64 / 0.001}}));
    }
    QCOMPARE(pairs.throughput().front(), QPointF(0.099, 64 / 0.099)); // the first one is shown at once
    QVERIFY(pairs.throughput().size() > 2);
    for (std::size_t i = 1; i < pairs.throughput().size(); ++i)
        QVERIFY2(std::abs(pairs.throughput()[i].y() - 1280) < 300, qPrintable(QString::number(pairs.throughput()[i].y())));
    const RankFacts& rank = stats.ranks().at(1);
    QCOMPARE(rank.host, QStringLiteral("node2"));
    QCOMPARE(rank.endSample, 32);
    QCOMPARE(rank.spans.size(), std::size_t{2});
    QCOMPARE(rank.spans[0].busyShare, 0.75);
    QCOMPARE(rank.spans[1].from, 4.0); // what lies between two events of batches is not the workers' time
    QCOMPARE(rank.spans[1].busyShare, 1.0);
    QCOMPARE(rank.spans[1].dropped, 3);
    QVERIFY(stats.ranks().at(0).spans.empty());

    timeline.resize(600, 120);
    timeline.show(stats);
    QVERIFY(timeline.whyEmpty().isEmpty());
    const QString said = timeline.textAt({200, 20});
    QVERIFY2(said.contains(QStringLiteral("Rank 1 on node2")) && said.contains(QStringLiteral("75 %")), qPrintable(said));
    QVERIFY(timeline.textAt({200, 100}).isEmpty());
}

void TargetsPanelTest::jobsAndPodsAreShownWithWhatTheyWaitFor()
{
    report(JobPhase::Queued, "Pending");
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    JobTree& tree = panel.tree();
    QTRY_VERIFY(rowOf(tree, QStringLiteral("pod-0")));
    QCOMPARE(tree.topLevelItem(0)->text(0), QStringLiteral("cluster"));
    QCOMPARE(tree.topLevelItem(0)->text(1), QStringLiteral("Kubernetes"));
    QTreeWidgetItem* job = rowOf(tree, QStringLiteral("points"));
    QCOMPARE(job->text(1), QStringLiteral("waits"));
    QCOMPARE(job->text(4), QStringLiteral("It waits until nodes are free."));
    QVERIFY(!job->icon(1).isNull());
    QVERIFY(job->isExpanded());
    QCOMPARE(rowOf(tree, QStringLiteral("pod-0"))->text(1), QStringLiteral("waits"));
    QCOMPARE(panel.chosenRun(), m_run->dir()); // the only one

    rowOf(tree, QStringLiteral("pod-0"))->setSelected(true);
    report(JobPhase::Running, "Running", 2);
    QTRY_COMPARE(rowOf(tree, QStringLiteral("pod-0"))->text(1), QStringLiteral("runs"));
    const QTreeWidgetItem* pod = rowOf(tree, QStringLiteral("pod-0"));
    QCOMPARE(pod->text(2), QStringLiteral("node7"));
    QCOMPARE(pod->text(3), QStringLiteral("2"));
    QCOMPARE(pod->text(4), QStringLiteral("OOMKilled (137)"));
    QVERIFY(pod->isSelected()); // rows stay what they were

    m_run->write(QStringLiteral("finished"));
    enter(JobStage::Cleaned);
    QTRY_VERIFY(rowOf(tree, QStringLiteral("points"))->text(1) == QStringLiteral("finished") && !rowOf(tree, QStringLiteral("pod-0")));
}

void TargetsPanelTest::podsWhoseNamesBeginAlikeAreToldApart()
{
    JobState state;
    state.phase = JobPhase::Running;
    for (const char* name : {"weft-0123abcd-0-6a955", "weft-0123abcd-1-9e5fe"})
        state.parts.push_back({name, "Running", "node7", 0, {}, true, false});
    writeJobReport(run(), state);
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.resize(700, 300);
    panel.show();
    JobTree& tree = panel.tree();
    QTRY_VERIFY(rowOf(tree, QStringLiteral("weft-0123abcd-1-9e5fe")));
    const auto picture = [&](const char* name) {
        QRect cell = tree.visualItemRect(rowOf(tree, QLatin1String(name)));
        cell.setRight(tree.header()->sectionSize(0) - 1);
        return tree.viewport()->grab(cell).toImage();
    };
    const QFontMetrics metrics(tree.font());
    QVERIFY(metrics.horizontalAdvance(QStringLiteral("weft-0123abcd-0-6a955")) > picture("weft-0123abcd-0-6a955").width());
    QVERIFY(picture("weft-0123abcd-0-6a955") != picture("weft-0123abcd-1-9e5fe"));
}

void TargetsPanelTest::theLogOfAPodGrowsAsItPrints()
{
    report(JobPhase::Running, "Running");
    const QString path = QString::fromStdString(partLogPath(run(), "pod-0"));
    QDir().mkpath(QFileInfo(path).path());
    QFile log(path);
    QVERIFY(log.open(QFile::WriteOnly | QFile::Unbuffered));
    log.write("first\nsec");
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    QTRY_VERIFY(rowOf(panel.tree(), QStringLiteral("pod-0")));
    panel.tree().setCurrentItem(rowOf(panel.tree(), QStringLiteral("pod-0")));
    auto* shown = panel.findChild<LogTail*>();
    QTRY_COMPARE(shown->toPlainText(), QStringLiteral("first"));
    log.write("ond\nthird\n");
    QTRY_COMPARE(shown->toPlainText(), QStringLiteral("first\nsecond\nthird"));
    // Events among the lines are told as sentences, those of batches not at all.
    log.write("{\"event\":\"batch\",\"step\":1}\n{\"event\":\"paused\",\"step\":7}\n");
    QTRY_VERIFY(shown->toPlainText().endsWith(QStringLiteral("third\nPaused at step 7.")));
    log.resize(0);
    log.seek(0);
    log.write("anew\n");
    QTRY_COMPARE(shown->toPlainText(), QStringLiteral("anew"));
}

void TargetsPanelTest::workersAreListedWithWhatTheyDo()
{
    m_run->write(QStringLiteral("started"), twoRanks());
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    QTRY_VERIFY(rowOf(panel.tree(), QStringLiteral("Rank 1")));
    const QTreeWidgetItem* rank = rowOf(panel.tree(), QStringLiteral("Rank 1"));
    QCOMPARE(rank->text(2), QStringLiteral("node2"));
    QVERIFY2(rank->text(4).contains(QStringLiteral("process 12")) && rank->text(4).contains(QStringLiteral("samples 1 to 32")),
             qPrintable(rank->text(4)));
    m_run->write(
        QStringLiteral("batch"),
        {{QStringLiteral("step"), 1}, {QStringLiteral("samples_per_second"), 640.0}, {QStringLiteral("workers"), QJsonArray{worker(1, 1e-6, 1.5)}}});
    QTRY_VERIFY(panel.stats().hasWorkers());
    auto* plot = panel.findChildren<LinePlot*>().first();
    QTRY_VERIFY(plot->lines().size() == 1 && !plot->lines().front().points.empty());
    panel.findChild<QTabWidget*>()->setCurrentIndex(1);
    QTRY_COMPARE(plot->drawnLines(), 1);
}

void TargetsPanelTest::ranksOfThisMachineAreListedWithTheirLogs()
{
    LiveRun here(QString::fromStdString(newRunDir(m_job.projectId)));
    here.write(QStringLiteral("started"), twoRanks());
    JobState job;
    job.phase = JobPhase::Running;
    job.parts = {{"rank-0", "running", "node1", 1, {}, true, false}, {"rank-1", "lost", "node2", 1, "rank 1, node2, signal 9 (Killed)", true, true}};
    writeJobReport(here.paths(), job);
    const QString path = QString::fromStdString(partLogPath(here.paths(), "rank-1"));
    QDir().mkpath(QFileInfo(path).path());
    QFile log(path);
    QVERIFY(log.open(QFile::WriteOnly | QFile::Unbuffered));
    log.write("12:00:00.000 rank 1 of 2 on node2, process 12\n");

    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    QTRY_VERIFY(rowOf(panel.tree(), QStringLiteral("local")));
    QVERIFY(panel.tree().choose(here.dir()));
    QTRY_VERIFY(rowOf(panel.tree(), QStringLiteral("Rank 1")) && rowOf(panel.tree(), QStringLiteral("Rank 1"))->text(4).contains(QStringLiteral("process 12")));
    QTreeWidgetItem* rank = rowOf(panel.tree(), QStringLiteral("Rank 1"));
    QCOMPARE(rank->parent()->text(1), QStringLiteral("runs"));
    QCOMPARE(rank->parent()->childCount(), 2);
    QCOMPARE(rank->text(1), QStringLiteral("is gone"));
    QCOMPARE(rank->text(2), QStringLiteral("node2"));
    QVERIFY2(rank->text(4).startsWith(QStringLiteral("rank 1, node2, signal 9")), qPrintable(rank->text(4)));
    panel.tree().setCurrentItem(rank);
    QTRY_VERIFY(panel.findChild<LogTail*>()->toPlainText().contains(QStringLiteral("rank 1 of 2 on node2")));
    QVERIFY(panel.findChild<QPushButton*>(QStringLiteral("stopJob"))->isEnabled());
    QVERIFY(!panel.findChild<QPushButton*>(QStringLiteral("endJob"))->isEnabled()); // Stop is all there is

    // The process that started them has ended: this one may not stand for it any more.
    here.write(QStringLiteral("stopped"));
    here.die();
    QJsonObject report = readJsonObject(here.paths().jobState());
    report.remove(QStringLiteral("writer"));
    writeTextSafely(here.paths().jobState(), QJsonDocument(report).toJson().toStdString());
    QTRY_COMPARE(rank->parent()->text(1), QStringLiteral("stopped"));
    QTRY_VERIFY(!panel.findChild<QPushButton*>(QStringLiteral("stopJob"))->isEnabled());
    QDir(here.dir()).removeRecursively();
}

void TargetsPanelTest::aJobIsStoppedAndEndedFromHere()
{
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    auto* stop = panel.findChild<QPushButton*>(QStringLiteral("stopJob"));
    auto* end = panel.findChild<QPushButton*>(QStringLiteral("endJob"));
    QTRY_VERIFY(stop->isEnabled());
    stop->click();
    QCOMPARE(m_run->commands(), QStringList{QStringLiteral("stop")});
    QTimer::singleShot(0, qApp, [] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        box->findChild<QAbstractButton*>(QStringLiteral("endNow"))->click();
    });
    end->click();
    QCOMPARE(m_run->commands(), (QStringList{QStringLiteral("stop"), QStringLiteral("kill")}));
    enter(JobStage::Cleaned);
    QTRY_VERIFY(!stop->isEnabled() && !end->isEnabled());
}

void TargetsPanelTest::whatWasSubmittedIsShownAndCopied()
{
    writeTextSafely(run().submission(), "kind: \"Job\"\n");
    ClusterPanel panel(m_runs.get(), m_document.get());
    panel.show();
    auto* copy = panel.findChild<QPushButton*>(QStringLiteral("copyScript"));
    QTRY_VERIFY(copy->isEnabled());
    copy->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("kind: \"Job\"\n"));
}

void TargetsPanelTest::whatNobodyFollowsSaysSo()
{
    JobEntry job;
    job.stage = JobStage::Submitting;
    QVERIFY(jobText(job).contains(QStringLiteral("interrupted")));
    job.stage = JobStage::Submitted;
    job.report = JobReport{{}, JobPhase::Running, {}, {}};
    QVERIFY(jobText(job).contains(QStringLiteral("nobody follows")));
    job.isFollowed = true;
    QCOMPARE(jobText(job), QStringLiteral("runs"));
    job.stage = JobStage::Ended;
    QVERIFY(jobText(job).contains(QStringLiteral("being fetched")));
}

void TargetsPanelTest::theForecastFollowsWhatIsTyped()
{
    ScalingDialog dialog(*m_document); // there are no data: nothing can be timed
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.isMeasuring(), 60000);
    auto* note = dialog.findChild<QLabel*>(QStringLiteral("note"));
    QVERIFY2(note->text().contains(QStringLiteral("Type in")), qPrintable(note->text()));
    QVERIFY(dialog.throughput().lines().empty());
    dialog.findChild<QLineEdit*>(QStringLiteral("step"))->setText(QStringLiteral("100"));
    dialog.findChild<QSpinBox*>(QStringLiteral("workers"))->setValue(8);
    auto* way = dialog.findChild<QLineEdit*>(QStringLiteral("link"));
    way->setText(QStringLiteral("1Gbit"));
    QCOMPARE(dialog.throughput().lines().size(), updateRules().size());
    dialog.show();
    QTRY_COMPARE(dialog.throughput().drawnLines(), static_cast<int>(updateRules().size()));
    ScalingSubject subject;
    subject.stepSeconds = 0.1;
    subject.samplesPerStep = 32;
    subject.parameterBytes = 4.0 * static_cast<double>(m_document->analysis().parameters);
    ScalingLink link;
    link.bytesPerSecond = linkRate("1Gbit");
    const auto& points = dialog.throughput().lines().front().points;
    QCOMPARE(points.size(), std::size_t{4}); // 1, 2, 4, 8
    QCOMPARE(points.back().y(), scalingPoint("allReduce", subject, link, 8).samplesPerSecond);
    QCOMPARE(dialog.efficiency().lines().front().points.back().y(), 100 * scalingPoint("allReduce", subject, link, 8).efficiency);
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("assumptions"))->text().contains(QStringLiteral("all-reduce")));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("checks"))->text().contains(QStringLiteral("93.8")));
    dialog.findChild<QPushButton*>(QStringLiteral("measureLink"))->click();
    auto* assumptions = dialog.findChild<QLabel*>(QStringLiteral("assumptions"));
    QTRY_VERIFY_WITH_TIMEOUT(assumptions->text().contains(QStringLiteral("between the 2 ranks")) || note->text().contains(QStringLiteral("not be measured")),
                             60000);
    if (!localRanksProblem()) {
        QVERIFY2(way->text().endsWith(QStringLiteral("GB")), qPrintable(way->text() + note->text()));
        way->setText(QStringLiteral("1Gbit")); // what is typed counts again
        QVERIFY(!assumptions->text().contains(QStringLiteral("between the 2 ranks")));
    }
    way->setText(QStringLiteral("fast"));
    QVERIFY(way->property("invalid").toBool());
    QVERIFY(note->text().contains(QStringLiteral("25Gbit")));
}

void TargetsPanelTest::theForecastTimesAStepByItself()
{
    QTemporaryDir dir;
    writeTable(dir.filePath(QStringLiteral("table.csv")));
    m_document->setProject(tableProject(dir.filePath(QStringLiteral("table.csv"))), {});
    ScalingDialog dialog(*m_document);
    QVERIFY(dialog.isMeasuring());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.throughput().lines().size() == updateRules().size(), 60000);
    QVERIFY(QLocale().toDouble(dialog.findChild<QLineEdit*>(QStringLiteral("step"))->text()) > 0);
}

void TargetsPanelTest::theCardTellsOfATarget()
{
    QCOMPARE(rankCount({"h", TargetKind::Mpi, {{"hosts", "a:4,b"}}}), 5);
    QCOMPARE(rankCount({"s", TargetKind::Slurm, {{"nodes", "3"}, {"ranksPerNode", "2"}}}), 6);
    QCOMPARE(rankCount({"k", TargetKind::Kubernetes, {{"workers", "4"}, {"ranksPerWorker", "2"}}}), 8);
    const QJsonObject here{{QStringLiteral("step_ms"), 1000.0}, {QStringLiteral("steps_per_epoch"), 100}, {QStringLiteral("batch_size"), 32}};
    // Four ranks that share each batch of a tiny network: about a quarter of the 100 seconds here.
    const ForecastText text = targetForecastText(here, *m_document, {QStringLiteral("lab"), 4});
    QVERIFY2(text.brief.contains(QStringLiteral("4 rank")) && text.brief.contains(QStringLiteral("25 s")), qPrintable(text.brief));
    QVERIFY(text.details.contains(QStringLiteral("lab")) && text.details.contains(QStringLiteral("25 Gbit/s")));
    QVERIFY(!targetForecastText({}, *m_document, {QStringLiteral("lab"), 4}).brief.contains(QStringLiteral("epoch")));
}

QTEST_MAIN(TargetsPanelTest)
#include "targets_panel_test.moc"
