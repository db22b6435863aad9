#include <csignal>
#include <cstdio>

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QMessageBox>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "widgets/main_window.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

void setUnits(MainWindow& window, int units)
{
    ProjectDocument& document = window.document();
    document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(units))});
}

std::int64_t unitsOf(const MainWindow& window)
{
    return window.document().project().network.findNode("dense")->params.find("units")->integer();
}

/// The other Studio: opens `file` (or, with an empty name, a project that was never saved) and edits without end. Each edit is
/// told when it is made; nothing may be lost from then on.
int editForever(const QString& file)
{
    MainWindow window;
    if (file.isEmpty())
        window.document().setProject(smallProject(), {});
    else if (!window.openFile(file))
        return 1;
    window.show();
    int units = 100;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        setUnits(window, ++units);
        std::printf("%d\n", units);
        std::fflush(stdout);
    });
    timer.start(0);
    return QApplication::exec();
}

} // namespace

/// What happens to work when a Studio is killed, and to the second of two that have it: with processes of their own.
class StudioAccidentsTest : public QObject {
    Q_OBJECT

    QString m_text; ///< of the last message box

    void answerNext(QMessageBox::StandardButton button)
    {
        auto* timer = new QTimer(this);
        timer->setInterval(5);
        connect(timer, &QTimer::timeout, this, [this, timer, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (!box)
                return;
            timer->deleteLater();
            timer->stop();
            m_text = box->text();
            box->button(button)->click();
        });
        timer->start();
    }

    /// Starts the other Studio and waits until it has told of this many edits.
    static bool start(QProcess& other, const QString& file, int edits)
    {
        other.setProcessChannelMode(QProcess::SeparateChannels);
        other.start(QCoreApplication::applicationFilePath(), {"--edit", file});
        QByteArray told;
        while (told.count('\n') < edits) {
            if (!other.waitForReadyRead(30000))
                return false;
            told += other.readAllStandardOutput();
        }
        other.setProperty("told", told);
        return true;
    }

    /// Kills it in the middle of its work; the last edit that it told of.
    static int kill(QProcess& other)
    {
        ::kill(static_cast<pid_t>(other.processId()), SIGKILL);
        other.waitForFinished();
        const QByteArray told = other.property("told").toByteArray() + other.readAllStandardOutput();
        const QList<QByteArray> lines = told.left(told.lastIndexOf('\n')).split('\n');
        return lines.last().toInt();
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(Theme::Choice::Light); }

    void init()
    {
        QSettings().clear();
        QDir(qEnvironmentVariable("XDG_STATE_HOME") + "/weft").removeRecursively();
    }

    /// Sooner than in five seconds: with the edit itself.
    void aKilledStudioLosesNoEdit()
    {
        QTemporaryDir dir;
        for (const int edits : {1, 2, 40, 300}) {
            const QString file = dir.filePath(QString("project%1.weft").arg(edits));
            Project project = smallProject();
            project.id = newProjectId();
            writeProject(project, file.toStdString());
            QProcess other;
            QVERIFY(start(other, file, edits));
            const int last = kill(other);
            QVERIFY(last >= 100 + edits);
            MainWindow window;
            QVERIFY(window.openFile(file)); // says nothing of another window: that one is gone
            QVERIFY(window.document().isModified());
            QVERIFY2(unitsOf(window) == last || unitsOf(window) == last + 1, // it may have died between the edit and telling of it
                     qPrintable(QString("%1 instead of %2").arg(unitsOf(window)).arg(last)));
            const int steps = window.document().undoStack()->index();
            QVERIFY(steps == last - 100 || steps == last - 99);
            window.document().undoStack()->setIndex(0);
            QVERIFY(window.document().project() == project);
            QVERIFY(!window.document().isModified());
        }
    }

    void aKilledStudioLosesNoProjectThatWasNeverSaved()
    {
        QProcess other;
        QVERIFY(start(other, {}, 25));
        const int last = kill(other);
        MainWindow window;
        window.openLastOrExample();
        QVERIFY(window.document().isModified());
        QVERIFY(unitsOf(window) == last || unitsOf(window) == last + 1);
        window.document().discardChanges();
    }

    void twoStudiosOnOneProjectWarn()
    {
        QTemporaryDir dir;
        const QString file = dir.filePath("shared.weft");
        Project project = smallProject();
        project.id = newProjectId();
        writeProject(project, file.toStdString());
        QProcess other;
        QVERIFY(start(other, file, 1));
        MainWindow window;
        answerNext(QMessageBox::Ok); // only look
        QVERIFY(window.openFile(file));
        QVERIFY2(m_text.contains("another window"), qPrintable(m_text));
        QVERIFY(window.windowTitle().contains("read-only"));
        setUnits(window, 7);
        QVERIFY(window.document().project() == project); // nor did it take the other's edits for lost ones
        kill(other);
    }
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName("weft");
    QCoreApplication::setApplicationName("studio-accidents-test");
    if (argc == 3 && qstrcmp(argv[1], "--edit") == 0)
        return editForever(QString::fromLocal8Bit(argv[2]));
    StudioAccidentsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "studio_accidents_test.moc"
