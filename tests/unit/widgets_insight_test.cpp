// What the canvas tells of wires: the tensor that flows through them.
#include <QtTest>

#include "tests/unit/widgets_fixtures.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/canvas/wire_peek.h"
#include "widgets/data/data_panel.h"
#include "widgets/data/tile_view.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Pictures of 12x12 that are made up, two layers and a loss.
Project pictureProject()
{
    Project project = smallProject();
    const Tree shape = Tree::List{3, 12, 12};
    project.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 40}};
    project.network.findNode("image")->params["shape"] = shape;
    return project;
}

struct InsightFixture : CanvasFixture {
    RunController runs{&document};
    WorkerClient worker;
    NetworkInsight insight{&document, &runs, &worker};
    WirePeek peek{&view, &insight};

    explicit InsightFixture(const Project& project = pictureProject()) : CanvasFixture(project) {}

    QPoint onWire(const std::string& from) const
    {
        for (const WireItem* wire : view.canvas().wires()) {
            if (wire->wire().from.node == from)
                return at(wire->path().pointAtPercent(0.5));
        }
        return {};
    }
    void hover(const QPoint& point) { send(QEvent::MouseMove, point, Qt::NoButton, Qt::NoButton); }
};

constexpr int patience = 30000;

} // namespace

class WidgetsInsightTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void restingOnAWireShowsItsTensor();
    void theCardGoesWithTheMouse();
    void theKeyboardShowsTheSelectedWire();
    void anotherSampleCanBePinned();
    void clickingASampleAsksForIt();
    void withoutDataTheCardSaysSo();
    void editsShowNewValues();
};

void WidgetsInsightTest::restingOnAWireShowsItsTensor()
{
    InsightFixture f;
    f.hover(f.onWire("image"));
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture() || !f.peek.problem().isEmpty(), patience);
    QVERIFY2(f.peek.picture().has_value(), qPrintable(f.peek.problem()));
    QVERIFY(f.peek.isVisible());
    QCOMPARE(f.peek.port(), QStringLiteral("image.y"));
    QVERIFY(f.peek.picture()->kind() == TensorPicture::Kind::Picture);
    QCOMPARE(f.peek.picture()->images().front().size(), QSize(12, 12));
    QVERIFY2(f.peek.picture()->facts().startsWith(QStringLiteral("3×12×12 · float32 · 1.7 kB")), qPrintable(f.peek.picture()->facts()));
    QVERIFY(f.peek.picture()->source().contains(QStringLiteral("untrained")));
    QVERIFY(f.view.viewport()->rect().contains(f.peek.geometry()));
    QVERIFY(f.peek.grab().toImage().size().height() > 100);

    f.hover(f.onWire("dense"));
    QTRY_COMPARE_WITH_TIMEOUT(f.peek.port(), QStringLiteral("dense.y"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture().has_value(), patience);
    QVERIFY(f.peek.picture()->kind() == TensorPicture::Kind::Curve);
    QCOMPARE(f.peek.picture()->values().size(), 10);
}

void WidgetsInsightTest::theCardGoesWithTheMouse()
{
    InsightFixture f;
    f.hover(f.onWire("image"));
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture().has_value(), patience);
    f.hover(f.nodeAt("dense"));
    QVERIFY(!f.peek.isVisible());
    QVERIFY(f.peek.port().isEmpty());
    // Passing over a wire asks for nothing.
    f.hover(f.onWire("image"));
    f.hover(f.nodeAt("dense"));
    QVERIFY(f.peek.port().isEmpty());
}

void WidgetsInsightTest::theKeyboardShowsTheSelectedWire()
{
    InsightFixture f;
    QSignalSpy said(&f.view, &CanvasView::message);
    f.peek.toggleForSelection();
    QCOMPARE(said.count(), 1);
    f.view.canvas().select({"flatten"});
    f.peek.toggleForSelection();
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture().has_value(), patience);
    QCOMPARE(f.peek.port(), QStringLiteral("flatten.y"));
    QVERIFY(!f.peek.accessibleDescription().isEmpty());
    f.hover(f.nodeAt("dense"));
    QVERIFY(f.peek.isVisible());
    f.peek.toggleForSelection();
    QVERIFY(!f.peek.isVisible());
}

void WidgetsInsightTest::anotherSampleCanBePinned()
{
    InsightFixture f;
    f.hover(f.onWire("image"));
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture().has_value(), patience);
    const QString first = f.peek.picture()->source();
    f.insight.pin({QStringLiteral("train"), 3});
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture()->source() != first, patience);
    // Another project begins with its first test sample.
    f.document.setProject(pictureProject(), {});
    QVERIFY(f.insight.pinned() == PinnedSample{});
}

void WidgetsInsightTest::clickingASampleAsksForIt()
{
    InsightFixture f;
    DataPanel panel(&f.document, &f.worker);
    panel.resize(900, 400);
    panel.show();
    f.document.setProject(pictureProject(), {});
    QSignalSpy pinned(&panel, &DataPanel::pinRequested);
    auto* tiles = panel.findChild<TileView*>();
    QTRY_VERIFY_WITH_TIMEOUT(tiles->count() > 2, patience);
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, tiles->tileRect(2).center());
    QCOMPARE(pinned.count(), 1);
    QCOMPARE(pinned.front().front().value<PinnedSample>().index, 2);
}

void WidgetsInsightTest::withoutDataTheCardSaysSo()
{
    InsightFixture f(smallProject());
    f.hover(f.onWire("image"));
    QTRY_VERIFY_WITH_TIMEOUT(!f.peek.problem().isEmpty(), patience);
    QVERIFY(f.peek.isVisible() && !f.peek.picture());
}

void WidgetsInsightTest::editsShowNewValues()
{
    InsightFixture f;
    f.hover(f.onWire("dense"));
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture() && f.peek.picture()->values().size() == 10, patience);
    f.document.perform(QStringLiteral("units"), {setParamEdit(f.document.project().network, "dense", "units", 7)});
    QTRY_VERIFY_WITH_TIMEOUT(f.peek.picture() && f.peek.picture()->values().size() == 7, patience);
}

QTEST_MAIN(WidgetsInsightTest)
#include "widgets_insight_test.moc"
