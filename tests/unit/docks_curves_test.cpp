#include <QElapsedTimer>
#include <QTest>

#include "tests/unit/docks_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/training/curve_plot.h"
#include "widgets/training/curves.h"
#include "widgets/training/training_panel.h"

using namespace weft;
using namespace weft::test;

class DocksCurvesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsBecomePointsInEpochs();
    void smoothingStartsAtTheFirstPoint();
    void resumedDropsPointsOfLaterSteps();
    void theBestEpochIsTheMostAccurate();
    void losslessGapsAreLeftOut();
    void aTornLineWaitsForItsRest();
    void thePanelDrawsAPointAsItsEventArrives();
    void aMillionPointsAreDrawn();
    void theCursorReadsValues();
    void laterEpochsGetTheRoomOfTheFirstSteps();
};

void DocksCurvesTest::eventsBecomePointsInEpochs()
{
    Curves curves;
    curves.setStepsPerEpoch(200);
    curves.add(batchEvent(50, 2.0, 0.3));
    curves.add(batchEvent(100, 1.0, 0.6));
    curves.add(epochEvent(1, 200, 0.8, 0.7));
    QCOMPARE(curves.loss().raw.points.size(), 2u);
    QCOMPARE(curves.loss().raw.points[0].x, 0.25);
    QCOMPARE(curves.metric().raw.points[1].y, 0.6);
    QCOMPARE(curves.loss().validation.points.at(0).x, 1.0);
    QCOMPARE(curves.metricName(), QStringLiteral("accuracy"));
}

void DocksCurvesTest::smoothingStartsAtTheFirstPoint()
{
    Curves curves;
    curves.add(batchEvent(1, 4.0, 0));
    curves.add(batchEvent(2, 2.0, 0));
    QCOMPARE(curves.loss().smooth.points[0].y, 4.0);
    QCOMPARE(curves.loss().smooth.points[1].y, 2.5);
    for (int step = 3; step <= 10; ++step)
        curves.add(batchEvent(step, 1.0, 0));
    QVERIFY(curves.loss().smooth.points[9].y < 1.2); // ten points are enough to arrive
}

void DocksCurvesTest::resumedDropsPointsOfLaterSteps()
{
    Curves curves;
    curves.setStepsPerEpoch(10);
    for (int step = 1; step <= 20; ++step)
        curves.add(batchEvent(step, 1.0 / step, 0.5));
    curves.add(epochEvent(2, 20, 0.1, 0.9));
    curves.add({{QStringLiteral("event"), QStringLiteral("resumed")}, {QStringLiteral("step"), 10}});
    QCOMPARE(curves.loss().raw.points.size(), 10u);
    QVERIFY(curves.loss().validation.isEmpty());
    curves.add(batchEvent(11, 0.7, 0.5));
    QCOMPARE(curves.loss().raw.points.back().y, 0.7);
}

void DocksCurvesTest::theBestEpochIsTheMostAccurate()
{
    Curves curves;
    curves.setStepsPerEpoch(10);
    curves.add(epochEvent(1, 10, 0.5, 0.80));
    curves.add(epochEvent(2, 20, 0.4, 0.90));
    curves.add(epochEvent(3, 30, 0.3, 0.85));
    QCOMPARE(curves.bestEpoch(), std::optional(2.0));
}

void DocksCurvesTest::losslessGapsAreLeftOut()
{
    Curves curves;
    curves.add({{QStringLiteral("event"), QStringLiteral("batch")}, {QStringLiteral("step"), 1}, {QStringLiteral("loss"), QJsonValue()}});
    QVERIFY(curves.loss().raw.isEmpty());
    curves.add(batchEvent(2, 1.5, 0.5));
    QCOMPARE(curves.loss().raw.points.size(), 1u);
}

void DocksCurvesTest::aTornLineWaitsForItsRest()
{
    ProjectDocument document;
    RunController runs(&document);
    TrainingPanel panel(&runs, &document);
    LiveRun run;
    run.start();
    run.batch(1, 2.3);
    runs.show(run.dir());
    QTRY_COMPARE(panel.curves().size(), 1u);
    QFile file(QString::fromStdString(run.paths().events()));
    QVERIFY(file.open(QFile::Append));
    file.write("{\"event\":\"batch\",\"step\":2,\"lo");
    file.flush();
    QTest::qWait(150); // two looks at the file
    QCOMPARE(panel.curves().size(), 1u);
    file.write("ss\":1.5}\n");
    file.close();
    QTRY_COMPARE(panel.curves().size(), 2u);
    QCOMPARE(panel.curves().loss().raw.points.back().y, 1.5);
}

void DocksCurvesTest::thePanelDrawsAPointAsItsEventArrives()
{
    ProjectDocument document;
    RunController runs(&document);
    TrainingPanel panel(&runs, &document);
    panel.resize(900, 260);
    LiveRun run;
    run.start();
    run.batch(1, 2.3);
    runs.show(run.dir());
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QTRY_COMPARE(panel.lossPlot()->drawnPoints(), 1);
    QElapsedTimer sinceEvent;
    sinceEvent.start();
    run.batch(2, 2.1);
    QTRY_COMPARE_WITH_TIMEOUT(panel.lossPlot()->drawnPoints(), 2, 2000);
    qInfo("drawn %lld ms after the event; the goal is 250", sinceEvent.elapsed());
}

void DocksCurvesTest::aMillionPointsAreDrawn()
{
    Curves curves;
    curves.setStepsPerEpoch(1000);
    constexpr int count = 1'000'000;
    const QJsonObject metrics{{QStringLiteral("accuracy"), 0.5}};
    QJsonObject event{{QStringLiteral("event"), QStringLiteral("batch")}, {QStringLiteral("metrics"), metrics}};
    for (int step = 1; step <= count; ++step) {
        event.insert(QStringLiteral("step"), step);
        event.insert(QStringLiteral("loss"), 1.0 + 100.0 / (step % 1000 + 100));
        curves.add(event);
    }
    CurvePlot plot(QStringLiteral("Loss"));
    plot.resize(600, 300);
    plot.take(curves.loss(), curves.bestEpoch());
    plot.drawNow();
    plot.grab(); // lays out
    QElapsedTimer timer;
    timer.start();
    plot.drawNow();

    const QPixmap picture = plot.grab();
    qInfo("one drawing of a million points: %lld ms; more than 500 would hold up the window", timer.elapsed());
    QVERIFY(!picture.isNull());
    QCOMPARE(plot.drawnPoints(), count);
}

void DocksCurvesTest::theCursorReadsValues()
{
    Curves curves;
    curves.setStepsPerEpoch(10);
    curves.add(batchEvent(10, 2.0, 0.5));
    curves.add(batchEvent(20, 2.0, 0.5));
    curves.add(epochEvent(1, 10, 1.0, 0.6));
    curves.add(epochEvent(2, 20, 3.0, 0.7));
    CurvePlot plot(QStringLiteral("Loss"));
    plot.take(curves.loss(), curves.bestEpoch());
    plot.setCursorAt(1.5);
    QVERIFY2(plot.cursorText().contains(QStringLiteral("1.50")), qPrintable(plot.cursorText()));
    QVERIFY(plot.cursorText().contains(QStringLiteral("train 2.0000")));
    QVERIFY(plot.cursorText().contains(QStringLiteral("validation 2.0000")));
    plot.setCursorAt(std::nullopt);
    QVERIFY(plot.cursorText().isEmpty());
}

void DocksCurvesTest::laterEpochsGetTheRoomOfTheFirstSteps()
{
    CurvePlot plot(QStringLiteral("Loss"));
    plot.resize(600, 200);
    plot.show();
    Curves curves;
    curves.setStepsPerEpoch(100);
    for (int step = 1; step <= 90; ++step)
        curves.add(batchEvent(step, step < 5 ? 2.3 : 0.4, 0.9));
    plot.take(curves.loss(), {});
    plot.drawNow();
    QVERIFY(plot.upperValue() > 2.3); // in the first epoch the fall itself is the news
    for (int step = 91; step <= 500; ++step)
        curves.add(batchEvent(step, 0.4 - step / 5000.0, 0.9));
    plot.take(curves.loss(), {});
    plot.drawNow();
    QVERIFY2(plot.upperValue() < 0.6, qPrintable(QString::number(plot.upperValue())));
}

QTEST_MAIN(DocksCurvesTest)
#include "docks_curves_test.moc"
