#include <QComboBox>
#include <QFileInfo>
#include <QPushButton>
#include <QSettings>
#include <QSvgRenderer>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidgetItemIterator>

#include "core/base/error.h"
#include "core/training/run_folder.h"
#include "docks_fixtures.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_picture.h"
#include "widgets/data/data_panel.h"
#include "widgets/main_window.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/run_controller.h"
#include "widgets/start/network_picture.h"
#include "widgets/start/project_card.h"
#include "widgets/start/start_page.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

int differentPixels(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) != themeColors().canvas;
    }
    return count;
}

void stopRun(MainWindow& window)
{
    window.runs().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!window.runs().isGoing(), 60000);
}

} // namespace

/// The start page, pictures of networks, and how few actions lead to a training.
class AroundStartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-start-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init() { QSettings().clear(); }

    void aStartWithoutAFileShowsTemplatesWithPicturesAndResults()
    {
        MainWindow window;
        window.openAtStart();
        window.resize(1280, 800);
        window.show();
        QVERIFY(window.isStartPageShown());
        const QList<ProjectCard*> cards = window.startPage().templates().cards();
        const std::vector<TemplateInfo> templates = projectTemplates();
        QCOMPARE(cards.size(), static_cast<qsizetype>(templates.size()));
        QTRY_VERIFY(!cards.last()->figures().isEmpty()); // they come one by one
        for (int i = 0; i < cards.size(); ++i) {
            const TemplateInfo& info = templates[static_cast<std::size_t>(i)];
            QCOMPARE(cards[i]->objectName(), QString::fromStdString(info.name));
            QVERIFY2(cards[i]->details().size() > 20, info.name.c_str());
            const QPixmap picture = networkPicture(projectFromTemplate(info.name), {236, 118}, 1);
            QVERIFY2(differentPixels(picture.toImage()) > 300, info.name.c_str());
        }
        QVERIFY(cards[1]->figures().contains("0.66 M"));
        QVERIFY(differentPixels(networkPicture(Project(), {236, 118}, 1).toImage()) == 0);
    }

    void aClickOpensATemplateAndEscapeTheProjectThatWasOpen()
    {
        MainWindow window;
        window.openAtStart();
        window.show();
        QTest::keyClick(&window.startPage(), Qt::Key_Escape);
        QVERIFY(!window.isStartPageShown());
        QVERIFY(window.canvas().isEnabled());
        window.actions()["file.start"]->trigger();
        QVERIFY(window.isStartPageShown());
        QVERIFY(!window.canvas().isEnabled());
        QTest::mouseClick(window.startPage().templates().cards().first(), Qt::LeftButton);
        QVERIFY(!window.isStartPageShown());
        QCOMPARE(window.document().project().network.nodes.size(), projectFromTemplate("mlp").network.nodes.size());
    }

    void recentProjectsAreShownWithTheirNetworks()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("mine.weft"), broken = dir.filePath("broken.weft");
        writeProject(smallProject(), path.toStdString());
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        rememberProject(broken);
        rememberProject(dir.filePath("gone.weft"));
        rememberProject(path);
        MainWindow window;
        window.showStartPage();
        window.show();
        const QList<ProjectCard*> cards = window.startPage().recent().cards();
        QCOMPARE(cards.size(), 2); // what is gone is not offered
        QCOMPARE(cards[0]->text(), QString("mine"));
        QVERIFY(cards[0]->figures().contains('4'));
        QVERIFY(cards[0]->hasFocus() || !window.isActiveWindow());
        QVERIFY2(cards[1]->details().contains("broken.weft"), qPrintable(cards[1]->details()));
        QTest::mouseClick(cards[0], Qt::LeftButton);
        QCOMPARE(window.document().path(), path);
        QVERIFY(!window.isStartPageShown());
    }

    void thePageCanBeTurnedOff()
    {
        {
            MainWindow window;
            window.showStartPage();
            window.startPage().findChild<QAbstractButton*>("atStart")->click();
        }
        MainWindow window;
        window.openAtStart();
        QVERIFY(!window.isStartPageShown());
        QVERIFY(!window.document().project().network.nodes.empty());
    }

    void theFirstStartTrainsWithOneAction()
    {
        MainWindow window;
        window.openAtStart();
        window.show();
        QTest::mouseClick(window.startPage().findChild<QPushButton*>("trainFirst"), Qt::LeftButton);
        QVERIFY(!window.isStartPageShown());
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Running, 60000);
        stopRun(window);
    }

    /// Six layers and a table from an empty canvas: each call of `act` is one thing that a hand does.
    void sixLayersFromAnEmptyCanvasToATrainingInTwelveActions()
    {
        QTemporaryDir dir;
        writeTable(dir.filePath("points.csv"));
        MainWindow window;
        window.document().setProject(Project{}, {});
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        int actions = 0;
        const auto act = [&](auto&& what) {
            ++actions;
            what();
            QCoreApplication::processEvents();
        };
        const auto add = [&](const QString& type) {
            LayerTree* tree = window.palette().tree();
            for (QTreeWidgetItemIterator it(tree); *it; ++it) {
                if ((*it)->data(0, TypeRole).toString() != type)
                    continue;
                tree->scrollToItem(*it);
                const QPoint middle = tree->visualItemRect(*it).center();
                QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, middle); // a double click begins with one
                QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, middle);
                return;
            }
        };
        for (const char* type : {"Input", "Dense", "ReLU", "Dropout", "Dense", "CrossEntropy"})
            act([&] { add(type); });
        QCOMPARE(window.document().project().network.wires.size(), std::size_t(5));
        auto* data = window.findChild<DataPanel*>();
        act([&] { window.canvas().fileDropped(dir.filePath("points.csv")); }); // a file is dropped on the canvas
        QTRY_VERIFY(data->isShown());
        QTRY_VERIFY(data->offer());
        QPushButton* train = nullptr;
        for (QPushButton* button : data->findChildren<QPushButton*>()) {
            if (button->isVisible() && button->objectName() == "offerAndTrain")
                train = button;
        }
        QVERIFY(train);
        act([&] { QTest::mouseClick(train, Qt::LeftButton); });
        using State = RunController::State;
        QTRY_VERIFY_WITH_TIMEOUT(window.runs().state() == State::Running || window.runs().state() == State::Finished, 60000);
        QVERIFY2(actions <= 12, qPrintable(QString::number(actions)));
        qInfo("six layers to a training: %d actions", actions);
        if (window.runs().isGoing())
            stopRun(window);
    }

    void theCanvasIsExportedAsDrawingAndPicture()
    {
        QTemporaryDir dir;
        CanvasFixture fixture;
        fixture.view.canvas().select({"dense"});
        const QString svg = dir.filePath("network.svg"), png = dir.filePath("network.png");
        exportCanvas(fixture.view.canvas(), svg);
        exportCanvas(fixture.view.canvas(), png);
        QCOMPARE(fixture.view.canvas().selectedNodes(), std::vector<std::string>{"dense"}); // what was selected stays so
        const QImage image(png);
        QVERIFY(image.width() > image.height() && image.width() > 2000);
        QVERIFY(differentPixels(image) > 10000);
        for (int x = 0; x < image.width(); ++x) // no ring of the selection
            QVERIFY(image.pixelColor(x, image.height() / 2 - 64) != themeColors().accent);
        QSvgRenderer renderer(svg);
        QVERIFY(renderer.isValid());
        QFile text(svg);
        QVERIFY(text.open(QIODevice::ReadOnly));
        QVERIFY(text.readAll().contains("flatten"));
        QVERIFY_EXCEPTION_THROWN(exportCanvas(fixture.view.canvas(), "/nowhere/network.png"), Error);
        CanvasFixture empty{Project()};
        QVERIFY_EXCEPTION_THROWN(exportCanvas(empty.view.canvas(), png), Error);
    }
};

QTEST_MAIN(AroundStartTest)
#include "around_start_test.moc"
