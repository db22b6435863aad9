#include <cmath>

#include <QComboBox>
#include <QDragEnterEvent>
#include <QJsonArray>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

#include "tests/unit/docks_fixtures.h"
#include "widgets/data/class_bars.h"
#include "widgets/data/data_panel.h"
#include "widgets/data/tile_view.h"
#include "widgets/predictions/confusion_matrix.h"
#include "widgets/predictions/drawing_pad.h"
#include "widgets/predictions/evaluation.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/predictions/sample_tile.h"
#include "widgets/predictions/try_pane.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Four samples of two classes; the third is a mistake made with 0.9, the fourth one made with 0.6.
QJsonObject answer()
{
    const std::vector<float> probabilities{0.8F, 0.2F, 0.3F, 0.7F, 0.1F, 0.9F, 0.6F, 0.4F};
    const QByteArray bytes(reinterpret_cast<const char*>(probabilities.data()), static_cast<qsizetype>(probabilities.size() * sizeof(float)));
    return {{QStringLiteral("class_names"), QJsonArray{QStringLiteral("cat"), QStringLiteral("dog")}},
            {QStringLiteral("labels"), QJsonArray{0, 1, 0, 1}},
            {QStringLiteral("predicted"), QJsonArray{0, 1, 1, 0}},
            {QStringLiteral("accuracy"), 0.5},
            {QStringLiteral("probabilities"), QString::fromLatin1(bytes.toBase64())}};
}

} // namespace

class DocksPredictionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheWorkersAnswer();
    void mistakesComeSurestFirst();
    void aClickInTheMatrixChoosesACell();
    void theTrainedRunIsShownAndFiltered();
    void aNetworkOfTextsTakesASentence();
    void thePadWaitsForTheEndOfAStroke();
    void aPictureDroppedOnThePadIsOpened();
    void withoutARunItSaysWhatToDo();
};

void DocksPredictionsTest::readsTheWorkersAnswer()
{
    const SplitEvaluation evaluation = SplitEvaluation::fromJson(answer());
    QCOMPARE(evaluation.size(), 4u);
    QCOMPARE(evaluation.probabilitiesOf(2)[1], 0.9F);
    QCOMPARE(evaluation.likeliest(1, 2), (std::vector<int>{1, 0}));
    QCOMPARE(evaluation.confusion(), (std::vector<int>{1, 1, 1, 1}));
    QVERIFY(evaluation.isMistake(2));
    QVERIFY(!evaluation.isMistake(0));
}

void DocksPredictionsTest::mistakesComeSurestFirst()
{
    const SplitEvaluation evaluation = SplitEvaluation::fromJson(answer());
    QCOMPARE((SampleFilter{true, {}, {}}.indices(evaluation)), (std::vector<qint64>{2, 3}));
    QCOMPARE((SampleFilter{false, 1, {}}.indices(evaluation)), (std::vector<qint64>{1, 3}));
    QCOMPARE((SampleFilter{false, 1, 0}.indices(evaluation)), (std::vector<qint64>{3}));
}

void DocksPredictionsTest::aClickInTheMatrixChoosesACell()
{
    ConfusionMatrix matrix;
    matrix.resize(300, 220);
    matrix.setCounts({QStringLiteral("cat"), QStringLiteral("dog")}, {1, 1, 1, 1});
    QSignalSpy chosen(&matrix, &ConfusionMatrix::chosen);
    const QPoint cell = matrix.cellRect(1, 0).center().toPoint();
    QTest::mouseClick(&matrix, Qt::LeftButton, {}, cell);
    QCOMPARE(matrix.choice(), (ConfusionMatrix::Choice{1, 0}));
    QTest::mouseClick(&matrix, Qt::LeftButton, {}, cell);
    QCOMPARE(matrix.choice(), ConfusionMatrix::Choice{});
    QCOMPARE(chosen.size(), 2);
}

void DocksPredictionsTest::theTrainedRunIsShownAndFiltered()
{
    QTemporaryDir dir;
    writeTable(dir.filePath(QStringLiteral("table.csv")));
    ProjectDocument document;
    document.setProject(tableProject(dir.filePath(QStringLiteral("table.csv"))), {});
    RunController runs(&document);
    WorkerClient worker;
    PredictionsPanel panel(&runs, &worker, &document);
    panel.resize(1200, 300);
    panel.show();
    runs.train();
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), RunController::State::Finished, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(panel.evaluation().size() > 0, 20000);
    const SplitEvaluation& evaluation = panel.evaluation();
    QCOMPARE(evaluation.classes(), 3);
    QCOMPARE(panel.shownSamples().size(), evaluation.size());

    // Everything has room, in a low panel side by side, in a tall one with the pad below the matrix.
    for (const QSize size : {QSize(760, 220), QSize(1200, 300), QSize(760, 640)}) {
        panel.resize(size);
        QCoreApplication::processEvents();
        const QRect matrix = panel.matrix()->geometry();
        const QRect pad = panel.tryPane()->geometry();
        QVERIFY(panel.tiles()->width() >= sampleTileSize().width());
        QVERIFY(panel.tiles()->geometry().right() < matrix.left());
        QVERIFY(size.height() > 600 ? pad.top() > matrix.bottom() : pad.left() > matrix.right());
        QVERIFY(panel.rect().contains(matrix) && panel.rect().contains(pad));
    }

    const std::vector<int> confusion = evaluation.confusion();
    QTest::mouseClick(panel.matrix(), Qt::LeftButton, {}, panel.matrix()->cellRect(1, 1).center().toPoint());
    QCOMPARE(static_cast<int>(panel.shownSamples().size()), confusion[4]);
    for (const qint64 sample : panel.shownSamples())
        QCOMPARE(evaluation.labels[static_cast<std::size_t>(sample)], 1);

    auto* which = panel.findChild<QComboBox*>(QStringLiteral("which"));
    which->setCurrentIndex(1);
    Q_EMIT which->activated(1);
    QCOMPARE(panel.shownSamples().size(), 0u); // the right answers of a class hold no mistake
}

/// The data tab shows the texts, the Try pane takes a sentence in place of a drawing and answers it.
void DocksPredictionsTest::aNetworkOfTextsTakesASentence()
{
    QTemporaryDir dir;
    for (const char* kind : {"art", "sports"}) {
        QFile file(dir.filePath(QLatin1String(kind)));
        QVERIFY(file.open(QFile::WriteOnly));
        for (int i = 0; i < 40; ++i)
            file.write(QByteArray(*kind == 'a' ? "a canvas of " : "a goal of ") + QByteArray::number(i % 5) + '\n');
    }
    Project project = tableProject({});
    project.data = Tree::Map{{"source", "text"}, {"path", dir.path().toStdString()}, {"vocabularySize", 16}};
    project.network.nodes[0].params = Tree::Map{{"kind", "numbers"}, {"column", "bagOfWords"}, {"shape", Tree::List{16}}};
    project.network.nodes[1].params = Tree::Map{{"units", 2}};
    project.training = Tree::Map{{"optimizer", Tree::Map{{"type", "adam"}, {"learningRate", 0.1}}}, {"epochs", 5}, {"batchSize", 8}};
    ProjectDocument document;
    document.setProject(project, {});
    RunController runs(&document);
    WorkerClient worker;
    DataPanel data(&document, &worker);
    data.show();
    auto* table = data.findChild<QTableWidget*>();
    QTRY_VERIFY_WITH_TIMEOUT(table->item(0, 0), 20000);
    QVERIFY(table->item(0, 0)->text().startsWith(QStringLiteral("a ")));

    PredictionsPanel panel(&runs, &worker, &document);
    panel.resize(1200, 300);
    panel.show();
    runs.train();
    QTRY_COMPARE_WITH_TIMEOUT(runs.state(), RunController::State::Finished, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(panel.tryPane()->sentence()->isVisible(), 20000);
    QVERIFY(!panel.tryPane()->pad()->isVisible());
    panel.tryPane()->sentence()->setPlainText(QStringLiteral("What a goal!"));
    const auto* answer = panel.tryPane()->findChild<QLabel*>(QStringLiteral("answer"));
    QTRY_VERIFY_WITH_TIMEOUT(answer->text().contains(QStringLiteral("sports")), 20000);
}

void DocksPredictionsTest::thePadWaitsForTheEndOfAStroke()
{
    DrawingPad pad;
    pad.resize(280, 280);
    pad.show();
    QSignalSpy drawn(&pad, &DrawingPad::drawn);
    QTest::mousePress(&pad, Qt::LeftButton, {}, QPoint(60, 140));
    for (int x = 60; x <= 220; x += 20)
        QTest::mouseMove(&pad, QPoint(x, 140));
    QTest::mouseRelease(&pad, Qt::LeftButton, {}, QPoint(220, 140));
    QCOMPARE(drawn.size(), 0);
    QTRY_COMPARE(drawn.size(), 1);
    const QImage image = pad.image();
    QCOMPARE(image.size(), QSize(28, 28));
    QVERIFY(qGray(image.pixel(6, 14)) > 128);
    QCOMPARE(qGray(image.pixel(14, 2)), 0);
    pad.clear();
    QVERIFY(pad.isBlank());
}

void DocksPredictionsTest::aPictureDroppedOnThePadIsOpened()
{
    QTemporaryDir dir;
    QImage picture(28, 28, QImage::Format_Grayscale8);
    picture.fill(200);
    QVERIFY(picture.save(dir.filePath(QStringLiteral("mine.png"))));
    DrawingPad pad;
    pad.resize(280, 280);
    pad.show();
    QSignalSpy dropped(&pad, &DrawingPad::fileDropped);
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(dir.filePath(QStringLiteral("mine.png")))});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&pad, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&pad, &drop);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped.first().first().toString(), dir.filePath(QStringLiteral("mine.png")));
}

void DocksPredictionsTest::withoutARunItSaysWhatToDo()
{
    ProjectDocument document;
    RunController runs(&document);
    WorkerClient worker;
    PredictionsPanel panel(&runs, &worker, &document);
    panel.show();
    QVERIFY(panel.tiles()->emptyText().contains(QStringLiteral("Train the network")));
    QCOMPARE(worker.processId(), 0);
}

QTEST_MAIN(DocksPredictionsTest)
#include "docks_predictions_test.moc"
