#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

class WidgetsDocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEditIsOneNamedStepThatUndoTakesBack()
    {
        ProjectDocument document;
        document.setProject(smallProject(), {});
        const Project before = document.project();
        document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(20))});
        QVERIFY(document.isModified());
        QCOMPARE(document.undoStack()->undoText(), QString("Set units"));
        document.undoStack()->undo();
        QVERIFY(document.project() == before);
        QVERIFY(!document.isModified());
        document.undoStack()->redo();
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 20);
    }

    void stepsOfOneFieldMergeAndThoseThatChangeNothingVanish()
    {
        ProjectDocument document;
        document.setProject(smallProject(), {});
        for (const int units : {11, 12, 13})
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(units))}, "field");
        QCOMPARE(document.undoStack()->count(), 1);
        document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(10))}, "field");
        QCOMPARE(document.undoStack()->count(), 0);
        document.perform("Nothing", {setParamEdit(document.project().network, "dense", "units", Tree(10))});
        QCOMPARE(document.undoStack()->count(), 0);
    }

    void aStepThatDoesNotFitLeavesEverythingAsItWas()
    {
        ProjectDocument document;
        document.setProject(smallProject(), {});
        const Project before = document.project();
        Edits edits{setParamEdit(before.network, "dense", "units", Tree(20)), renameEdit(before.network, "loss", "cost")};
        edits.back().before = Tree("another name");
        QVERIFY_THROWS_EXCEPTION(Error, document.perform("Faulty", edits));
        QVERIFY(document.project() == before);
        QCOMPARE(document.undoStack()->count(), 0);
    }

    void analysisFollowsEditsOncePerTurn()
    {
        ProjectDocument document;
        document.setProject(smallProject(), {});
        QCoreApplication::processEvents();
        QSignalSpy changed(&document, &ProjectDocument::analysisChanged);
        document.perform("a", {setParamEdit(document.project().network, "dense", "units", Tree(20))});
        document.perform("b", {setParamEdit(document.project().network, "dense", "units", Tree(30))});
        QCOMPARE(document.analysis().find("dense")->parameters, 784 * 30 + 30);
        QTRY_COMPARE(changed.count(), 1);
    }

    void saveAndOpenGiveBackTheProjectAndItsUndoSteps()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("net.weft");
        Project project = smallProject();
        project.id = newProjectId();
        {
            ProjectDocument document;
            document.setProject(project, {});
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(20))});
            document.save(path);
            QVERIFY(!document.isModified());
            QCOMPARE(document.displayName(), QString("net"));
            project = document.project();
        }
        ProjectDocument document;
        document.open(path);
        QVERIFY(document.project() == project);
        QVERIFY(!document.isModified());
        QCOMPARE(document.undoStack()->undoText(), QString("Set units"));
        document.undoStack()->undo();
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 10);
        QVERIFY(document.isModified());
    }

    void editsThatWereLostWithACrashComeBack()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("net.weft");
        Project project = smallProject();
        project.id = newProjectId();
        {
            ProjectDocument document;
            document.setProject(project, {});
            document.save(path);
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(33))}, "field");
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(34))}, "field");
            // Nobody saves: the program is gone.
        }
        ProjectDocument document;
        document.open(path);
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 34);
        QVERIFY(document.isModified());
        document.undoStack()->undo();
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 10);
        QVERIFY(!document.isModified()); // it is what the file holds
    }

    void editsTakenBackBeforeACrashLeaveNothingUnsaved()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("net.weft");
        Project project = smallProject();
        project.id = newProjectId();
        {
            ProjectDocument document;
            document.setProject(project, {});
            document.save(path);
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(33))});
            document.undoStack()->undo();
        }
        ProjectDocument document;
        document.open(path);
        QVERIFY(!document.isModified());
        document.undoStack()->redo();
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 33);
        QVERIFY(document.isModified());
    }

    void discardedEditsDoNotComeBack()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("net.weft");
        Project project = smallProject();
        project.id = newProjectId();
        {
            ProjectDocument document;
            document.setProject(project, {});
            document.save(path);
            document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(33))});
            document.discardChanges();
        }
        ProjectDocument document;
        document.open(path);
        QCOMPARE(document.project().network.findNode("dense")->params.find("units")->integer(), 10);
        QVERIFY(!document.isModified());
    }

    void aDamagedFileLeavesTheOpenProject()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("damaged.weft"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"weft\": 1, \"nodes\": [");
        file.close();
        ProjectDocument document;
        document.setProject(smallProject(), {});
        QVERIFY_THROWS_EXCEPTION(Error, document.open(file.fileName()));
        QCOMPARE(document.project().id, std::string("small"));
    }
};

QTEST_MAIN(WidgetsDocumentTest)
#include "widgets_document_test.moc"
