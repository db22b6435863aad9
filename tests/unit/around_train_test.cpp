// Train, where something is known that would make the run fail.
#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "docks_fixtures.h"
#include "widgets/actions.h"
#include "widgets/main_window.h"
#include "widgets/problems/train_question.h"
#include "widgets/run_controller.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr int patience = 60000;

/// A window on a table of three classes, with as many scores as `units`.
struct Studio {
    explicit Studio(int units)
    {
        writeTable(dir.filePath("points.csv"));
        Project project = tableProject(dir.filePath("points.csv"));
        project.network.findNode("dense1")->params["units"] = units;
        window.document().setProject(project, {});
        window.runs().disconnect(&window);
        QObject::connect(&window.runs(), &RunController::failed, &window, [this](const QString& text) { failure = text; });
        window.show();
    }

    bool isKnown(const char* code) const
    {
        const std::vector<Diagnostic> problems = window.document().problems();
        return std::ranges::any_of(problems, [&](const Diagnostic& problem) { return problem.code == code; });
    }
    /// Presses Train and has `answer` deal with the question; false when none was asked.
    bool train(const std::function<void(TrainQuestion&)>& answer)
    {
        bool isAsked = false;
        QTimer watch;
        QObject::connect(&watch, &QTimer::timeout, &window, [&] {
            auto* question = qobject_cast<TrainQuestion*>(QApplication::activeModalWidget());
            if (!question || isAsked)
                return;
            isAsked = true;
            answer(*question);
        });
        watch.start(10);
        window.actions()["run.train"]->trigger();
        return isAsked;
    }
    std::int64_t units() const { return window.document().project().network.findNode("dense1")->params.find("units")->integer(); }

    QTemporaryDir dir;
    MainWindow window;
    QString failure;
};

} // namespace

class AroundTrainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-train-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init() { QSettings().clear(); }

    void aKnownFaultIsShownWithItsRemedyInPlaceOfARun()
    {
        Studio studio(2);
        QTRY_VERIFY_WITH_TIMEOUT(studio.isKnown("data.classes"), patience);
        QVERIFY(studio.train([](TrainQuestion& question) { question.findChild<QPushButton*>("fixLink")->click(); }));
        QCOMPARE(studio.window.runs().state(), RunController::State::Idle);
        QCOMPARE(studio.units(), 3);
        QVERIFY(studio.window.document().undoStack()->canUndo());
        // Mended, it trains without a question.
        QTRY_VERIFY_WITH_TIMEOUT(!studio.isKnown("data.classes"), patience);
        QVERIFY(!studio.train([](TrainQuestion& question) { question.reject(); }));
        QTRY_COMPARE_WITH_TIMEOUT(studio.window.runs().state(), RunController::State::Finished, patience);
        QCOMPARE(studio.failure, QString());
    }

    void whoInsistsMayTrain()
    {
        Studio studio(2);
        QTRY_VERIFY_WITH_TIMEOUT(studio.isKnown("data.classes"), patience);
        QVERIFY(studio.train([](TrainQuestion& question) { question.reject(); }));
        QCOMPARE(studio.window.runs().state(), RunController::State::Idle);
        QVERIFY(studio.train([](TrainQuestion& question) { question.findChild<QPushButton*>("insist")->click(); }));
        QTRY_COMPARE_WITH_TIMEOUT(studio.window.runs().state(), RunController::State::Failed, patience);
        QTRY_VERIFY_WITH_TIMEOUT(studio.failure.contains("2 units"), patience);
    }

    void whatIsNotYetCheckedBlocksNothing()
    {
        Studio studio(2);
        QTRY_VERIFY_WITH_TIMEOUT(studio.isKnown("data.classes"), patience);
        const Network network = studio.window.document().project().network;
        studio.window.document().perform("mend", {setParamEdit(network, "dense1", "units", 3)});
        QVERIFY(studio.isKnown("data.classes")); // of the network as it was
        QVERIFY(!studio.train([](TrainQuestion& question) { question.reject(); }));
        QTRY_COMPARE_WITH_TIMEOUT(studio.window.runs().state(), RunController::State::Finished, patience);
    }

    void aNetworkWithAFaultCannotBeTrained()
    {
        Studio studio(3);
        const Network network = studio.window.document().project().network;
        studio.window.document().perform("cut", {removeWireEdit(network, network.wires.back())});
        QVERIFY(studio.train([](TrainQuestion& question) {
            QVERIFY(!question.findChild<QPushButton*>("insist"));
            question.reject();
        }));
        QCOMPARE(studio.window.runs().state(), RunController::State::Idle);
    }
};

QTEST_MAIN(AroundTrainTest)
#include "around_train_test.moc"
