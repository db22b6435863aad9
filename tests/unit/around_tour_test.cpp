#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeWidgetItemIterator>

#include "docks_fixtures.h"
#include "widgets/actions.h"
#include "widgets/main_window.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/run_controller.h"
#include "widgets/tour/tour.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

/// The tour, walked with the mouse and the keyboard: it watches what is really there.
class AroundTourTest : public QObject {
    Q_OBJECT

    static void add(MainWindow& window, const QString& type)
    {
        LayerTree* tree = window.palette().tree();
        for (QTreeWidgetItemIterator it(tree); *it; ++it) {
            if ((*it)->data(0, TypeRole).toString() != type)
                continue;
            tree->scrollToItem(*it);
            const QPoint middle = tree->visualItemRect(*it).center();
            QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, middle); // a double click begins with one
            QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, middle);
            QCoreApplication::processEvents();
            return;
        }
        QFAIL(qPrintable(type));
    }

    static void type(MainWindow& window, const QString& param, const QString& text)
    {
        QCoreApplication::processEvents();
        auto* editor = window.properties().findChild<QWidget*>("param." + param);
        QVERIFY2(editor, qPrintable(param));
        QWidget* field = editor->focusProxy();
        if (auto* box = qobject_cast<QSpinBox*>(field)) {
            box->selectAll();
            QTest::keyClicks(box, text);
        } else {
            auto* line = qobject_cast<QLineEdit*>(field);
            line->selectAll();
            QTest::keyClicks(line, text);
        }
        QCoreApplication::processEvents();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-tour-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init() { QSettings().clear(); }

    void itIsDoneByDoing()
    {
        MainWindow window;
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.startTour();
        Tour* tour = window.tour();
        QVERIFY(tour);
        QVERIFY(window.document().project().network.nodes.empty());
        const auto at = [&](std::size_t expected) {
            QCoreApplication::processEvents();
            return tour->step() == expected;
        };
        QVERIFY(at(0));
        add(window, "Input");
        QVERIFY(at(1));
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        auto* catalogue = window.findChild<QComboBox*>("catalogue");
        QVERIFY(catalogue->isVisible()); // the step has brought its tab to the front
        catalogue->setCurrentIndex(catalogue->findData("fashion-mnist"));
        Q_EMIT catalogue->activated(catalogue->currentIndex());
        QVERIFY(at(2));
        add(window, "Conv2D");
        QVERIFY(at(3));
        type(window, "filters", "20");
        QVERIFY(at(3)); // half of it is not enough
        type(window, "kernelSize", "5");
        QVERIFY(at(4));
        add(window, "ReLU");
        QVERIFY(at(5));
        window.document().undoStack()->undo(); // what is undone is asked for again
        QVERIFY(at(4));
        window.document().undoStack()->redo();
        QVERIFY(at(5));
        window.canvas().showNode(window.document().project().network.nodes.back().id);
        add(window, "MaxPool2D");
        add(window, "Conv2D");
        QVERIFY(at(7));
        type(window, "filters", "50");
        type(window, "kernelSize", "5");
        QVERIFY(at(8));
        for (const char* layer : {"ReLU", "MaxPool2D", "Flatten", "Dense"})
            add(window, layer);
        QVERIFY(at(12));
        type(window, "units", "500");
        for (const char* layer : {"ReLU", "Dense"})
            add(window, layer);
        type(window, "units", "10");
        add(window, "CrossEntropy");
        QVERIFY(at(17));
        QVERIFY(window.document().analysis().diagnostics.empty());
        // The template pads its convolutions; the tour leaves that out: 20 · 26 + 50 · 501 + 500 · 801 + 10 · 501.
        QCOMPARE(window.document().analysis().parameters, 431080);

        // A run that has got through its first epoch, as the training process would write it.
        LiveRun run;
        run.start(5, 100);
        run.batch(100, 0.5);
        window.runs().show(run.dir());
        QTRY_COMPARE(tour->step(), std::size_t(19));
        tabs->setCurrentIndex(1);
        QTRY_COMPARE(tour->step(), tour->stepCount() - 1);
        QTRY_VERIFY(tour->bubble()->isVisible());
        QTest::mouseClick(tour->bubble()->findChild<QPushButton*>("leaveTour"), Qt::LeftButton);
        QVERIFY(!tour->bubble()->isVisible());
        QTRY_VERIFY(!window.tour());
        run.die();
    }

    void itCanBeLeftAtAnyTimeAndKeepsTheWork()
    {
        MainWindow window;
        window.resize(1280, 800);
        window.show();
        window.startTour();
        add(window, "Input");
        auto* ring = window.findChild<QWidget*>("tourRing");
        QVERIFY(ring && ring->testAttribute(Qt::WA_TransparentForMouseEvents));
        QTest::mouseClick(window.tour()->bubble()->findChild<QPushButton*>("leaveTour"), Qt::LeftButton);
        QTRY_VERIFY(!window.tour());
        QCOMPARE(window.document().project().network.nodes.size(), std::size_t(1));
    }

    void theBubbleStaysInTheWindowBesideWhatItPointsAt()
    {
        MainWindow window;
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.startTour();
        QCoreApplication::processEvents();
        const auto check = [&] {
            const QRect bubble = window.tour()->bubble()->geometry();
            const QRect ring = window.findChild<QWidget*>("tourRing")->geometry();
            QVERIFY(window.rect().contains(bubble));
            QVERIFY(!bubble.intersects(ring));
        };
        check();
        window.resize(1000, 640);
        QCoreApplication::processEvents();
        check();
    }

    void chainsAreFoundWhereverTheyLie()
    {
        const Network network = projectFromTemplate("lenet").network;
        QCOMPARE(chainLength(network, {{"Input"}, {"Conv2D", 20}, {"ReLU"}}), std::size_t(3));
        QCOMPARE(chainLength(network, {{"Input"}, {"Conv2D", 21}}), std::size_t(1));
        QCOMPARE(chainLength(network, {{"Input"}, {"ReLU"}}), std::size_t(1));
        QCOMPARE(chainLength(Network(), {{"Input"}}), std::size_t(0));
    }

private:
};

QTEST_MAIN(AroundTourTest)
#include "around_tour_test.moc"
