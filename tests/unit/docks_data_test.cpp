#include <QAbstractButton>
#include <QComboBox>
#include <QImage>
#include <QMimeData>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

#include "tests/unit/docks_fixtures.h"
#include "widgets/data/class_bars.h"
#include "widgets/data/data_panel.h"
#include "widgets/data/shape_offer.h"
#include "widgets/data/tile_view.h"
#include "widgets/project_document.h"
#include "widgets/worker_client.h"

using namespace weft;
using namespace weft::test;

namespace {

const std::vector<DataColumn> imageColumns{{QStringLiteral("image"), QStringLiteral("uint8"), {1, 28, 28}, false},
                                           {QStringLiteral("label"), QStringLiteral("int32"), {}, true}};

/// Input → Flatten → Dense → ReLU → Dense → loss, for 3×32×32 images of 5 classes.
Network imageNetwork()
{
    Network network;
    const Tree shape = Tree::List{Tree(3), Tree(32), Tree(32)};
    network.nodes = {{"input1", "images", "Input", Tree::Map{{"shape", shape}}, {}}, {"flatten1", "flatten", "Flatten", Tree::Map{}, {}},
                     {"dense1", "hidden", "Dense", Tree::Map{{"units", 64}}, {}},    {"relu1", "relu", "ReLU", Tree::Map{}, {}},
                     {"dense2", "out", "Dense", Tree::Map{{"units", 5}}, {}},        {"loss1", "loss", "CrossEntropy", Tree::Map{}, {}}};
    network.wires = {{{"input1", "y"}, {"flatten1", "x"}},
                     {{"flatten1", "y"}, {"dense1", "x"}},
                     {{"dense1", "y"}, {"relu1", "x"}},
                     {{"relu1", "y"}, {"dense2", "x"}},
                     {{"dense2", "y"}, {"loss1", "prediction"}}};
    return network;
}

/// Two classes of small pictures under Chinese names.
void writePictures(const QString& root)
{
    for (const QString& name : {QStringLiteral("猫"), QStringLiteral("狗")}) {
        QDir().mkpath(root + QLatin1Char('/') + name);
        for (int i = 0; i < 12; ++i) {
            QImage image(16, 16, QImage::Format_Grayscale8);
            image.fill(name == QStringLiteral("猫") ? 40 + i : 200 + i);
            image.save(QStringLiteral("%1/%2/%3.png").arg(root, name).arg(i));
        }
    }
}

} // namespace

class DocksDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void offersShapeAndUnitsWhereTheyDiffer();
    void offersNothingWhereAllAgrees();
    void looksThroughActivationsForTheOutput();
    void bindsATableToItsFeatures();
    void theOfferIsOneUndoStep();
    void aDroppedFolderOfPicturesIsShown();
    void choosingNewDataForgetsTheOldSettings();
    void missingDataAreExplained();
    void theOfferCanBeTakenAndTrainedAtOnce();
    void anEmptyProjectExplainsWhatToDo();
    void aGridFindsItsTiles();
};

void DocksDataTest::offersShapeAndUnitsWhereTheyDiffer()
{
    const std::optional<ShapeOffer> offer = shapeOffer(imageNetwork(), imageColumns, 10);
    QVERIFY(offer);
    QCOMPARE(offer->text, QStringLiteral("Set Input shape to 1×28×28 and output units to 10"));
    Network network = imageNetwork();
    for (const Edit& edit : offer->edits)
        apply(network, edit);
    QCOMPARE(network.findNode("dense2")->params.find("units")->integer(), 10);
    QCOMPARE(network.findNode("dense1")->params.find("units")->integer(), 64);
    QVERIFY(!shapeOffer(network, imageColumns, 10));
}

void DocksDataTest::offersNothingWhereAllAgrees()
{
    Network network = imageNetwork();
    network.findNode("input1")->params = Tree::Map{}; // the default is 1×28×28
    network.findNode("dense2")->params["units"] = 10;
    QVERIFY(!shapeOffer(network, imageColumns, 10));
}

void DocksDataTest::looksThroughActivationsForTheOutput()
{
    Network network = imageNetwork();
    network.nodes.push_back({"softmax1", "softmax", "Softmax", Tree::Map{}, {}});
    network.wires.back() = {{"dense2", "y"}, {"softmax1", "x"}};
    network.wires.push_back({{"softmax1", "y"}, {"loss1", "prediction"}});
    const std::optional<ShapeOffer> offer = shapeOffer(network, imageColumns, 10);
    QVERIFY(offer);
    QVERIFY(offer->text.contains(QStringLiteral("output units to 10")));
    network.nodes[4].type = "Conv2D"; // no units to set here
    network.nodes[4].params = Tree::Map{};
    QVERIFY(!shapeOffer(network, imageColumns, 10)->text.contains(QStringLiteral("units")));
}

void DocksDataTest::bindsATableToItsFeatures()
{
    const std::vector<DataColumn> columns{{QStringLiteral("features"), QStringLiteral("float32"), {4}, false},
                                          {QStringLiteral("label"), QStringLiteral("int32"), {}, true}};
    const std::optional<ShapeOffer> offer = shapeOffer(imageNetwork(), columns, 3);
    QVERIFY(offer);
    Network network = imageNetwork();
    for (const Edit& edit : offer->edits)
        apply(network, edit);
    const Tree& params = network.findNode("input1")->params;
    QCOMPARE(params.find("column")->text(), std::string("features"));
    QCOMPARE(params.find("kind")->text(), std::string("numbers"));
    QCOMPARE(params.find("shape")->list().size(), 1u);
}

void DocksDataTest::theOfferIsOneUndoStep()
{
    QTemporaryDir dir;
    writePictures(dir.path());
    ProjectDocument document;
    Project project;
    project.network = imageNetwork();
    document.setProject(project, {});
    WorkerClient worker;
    DataPanel panel(&document, &worker);
    panel.choosePath(dir.path());
    QTRY_VERIFY_WITH_TIMEOUT(panel.offer().has_value(), 20000);
    QCOMPARE(panel.offer()->text, QStringLiteral("Set Input shape to 1×16×16 and output units to 2"));
    const int before = document.undoStack()->count();
    QTest::mouseClick(panel.findChild<QAbstractButton*>(QStringLiteral("offer")), Qt::LeftButton);
    QCOMPARE(document.undoStack()->count(), before + 1);
    QCOMPARE(document.project().network.findNode("dense2")->params.find("units")->integer(), 2);
    QVERIFY(!panel.offer());
    document.undoStack()->undo();
    QCOMPARE(document.project().network.findNode("dense2")->params.find("units")->integer(), 5);
    QVERIFY(panel.offer());
}

void DocksDataTest::theOfferCanBeTakenAndTrainedAtOnce()
{
    QTemporaryDir dir;
    writePictures(dir.path());
    ProjectDocument document;
    Project project;
    project.network = imageNetwork();
    document.setProject(project, {});
    WorkerClient worker;
    DataPanel panel(&document, &worker);
    panel.choosePath(dir.path());
    QTRY_VERIFY_WITH_TIMEOUT(panel.offer().has_value(), 20000);
    QSignalSpy asked(&panel, &DataPanel::trainRequested);
    connect(&panel, &DataPanel::trainRequested, this,
            [&] { QCOMPARE(document.project().network.findNode("dense2")->params.find("units")->integer(), 2); });
    panel.findChild<QAbstractButton*>(QStringLiteral("offerAndTrain"))->click();
    QCOMPARE(asked.size(), 1);
    QVERIFY(!panel.offer());
}

void DocksDataTest::aDroppedFolderOfPicturesIsShown()
{
    QTemporaryDir dir;
    writePictures(dir.path());
    ProjectDocument document;
    document.setProject({}, {});
    WorkerClient worker;
    DataPanel panel(&document, &worker);
    panel.resize(1000, 300);
    panel.show();
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(dir.path())});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&panel, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&panel, &drop);
    QVERIFY(document.project().data.find("source"));
    QCOMPARE(document.project().data.find("source")->text(), std::string("images"));
    QTRY_VERIFY_WITH_TIMEOUT(panel.isShown(), 20000);
    const std::vector<ClassBars::Row>& rows = panel.findChild<ClassBars*>()->rows();
    QCOMPARE(rows.size(), 2u);
    QVERIFY(rows[0].name == QStringLiteral("猫") || rows[0].name == QStringLiteral("狗"));
    QVERIFY(panel.findChild<TileView*>()->count() > 0);
}

void DocksDataTest::choosingNewDataForgetsTheOldSettings()
{
    QTemporaryDir dir;
    writeTable(dir.filePath(QStringLiteral("table.csv")));
    ProjectDocument document;
    Project project;
    project.data = Tree::Map{{"source", "fashion-mnist"}, {"validation", Tree::Map{{"last", 5000}}}};
    document.setProject(project, {});
    WorkerClient worker;
    DataPanel panel(&document, &worker);
    panel.choosePath(dir.filePath(QStringLiteral("table.csv")));
    QCOMPARE(document.project().data.find("source")->text(), std::string("csv"));
    QVERIFY(!document.project().data.find("validation"));
    QTRY_VERIFY_WITH_TIMEOUT(panel.isShown(), 20000);
    auto* table = panel.findChild<QTableWidget*>();
    QTRY_VERIFY_WITH_TIMEOUT(table->item(0, table->columnCount() - 1), 20000);
    QCOMPARE(table->columnCount(), 4);
    document.undoStack()->undo();
    QCOMPARE(document.project().data, project.data);
}

void DocksDataTest::missingDataAreExplained()
{
    ProjectDocument document;
    document.setProject(tableProject(QStringLiteral("/nowhere/table.csv")), {});
    WorkerClient worker;
    DataPanel panel(&document, &worker);
    auto* tiles = panel.findChild<TileView*>();
    QTRY_VERIFY_WITH_TIMEOUT(tiles->emptyText().contains(QStringLiteral("/nowhere/table.csv")), 20000);
    QVERIFY(!panel.isShown());
}

void DocksDataTest::anEmptyProjectExplainsWhatToDo()
{
    ProjectDocument document;
    document.setProject({}, {});
    WorkerClient worker;
    const DataPanel panel(&document, &worker);
    QVERIFY(panel.findChild<TileView*>()->emptyText().contains(QStringLiteral("Choose a data set")));
    QVERIFY(!panel.hasSource());
    QCOMPARE(worker.processId(), 0);
}

void DocksDataTest::aGridFindsItsTiles()
{
    TileView view({50, 40}, [](QPainter&, const QRect&, qint64) {});
    view.resize(400, 200);
    view.setCount(1'000'000);
    view.show();
    QCOMPARE(view.indexAt(view.tileRect(3).center()), 3);
    QCOMPARE(view.indexAt(QPoint(-5, 5)), -1);
    view.setCount(2);
    QCOMPARE(view.indexAt(QPoint(view.tileRect(1).right() + 20, 5)), -1);
}

QTEST_MAIN(DocksDataTest)
#include "docks_data_test.moc"
