#include <QFile>
#include <QtTest>

#include "core/project/journal.h"
#include "core/project/project.h"

using namespace weft;

class ProjectJournalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void unsavedEditsAreRecovered();
    void undoneAndReplacedStepsAreRecoveredToo();
    void savingKeepsStepsForUndoUnderTheNewHash();
    void stepsMergeIntoTheLast();
    void aTornLastLineIsLeftOut();
    void aDamagedLineEndsTheReading();
    void anotherFileHasAnEmptyJournal();
    void discardingForgets();

private:
    /// Applies a step, notes it in the journal.
    void perform(Journal& journal, const Edits& edits, bool merges = false)
    {
        applyAll(m_project, edits);
        journal.append({"step", edits}, merges);
    }

    void setEpochs(Journal& journal, int epochs, bool merges = false)
    {
        perform(journal, {settingEdit(m_project, "training.epochs", std::to_string(epochs))}, merges);
    }

    static Project recovered(Project file, const JournalContents& contents)
    {
        for (const Edits& edits : contents.unsaved)
            applyAll(file, edits);
        return file;
    }

    Project m_project;
};

void ProjectJournalTest::init()
{
    m_project = projectFromTemplate("lenet");
}

void ProjectJournalTest::unsavedEditsAreRecovered()
{
    const Project file = m_project;
    Journal journal(file.id, contentHash(formatProject(file)));
    QVERIFY(journal.read().steps.empty());
    setEpochs(journal, 9);
    perform(journal, removeNodeEdits(m_project.network, "conv2"));
    perform(journal, {renameEdit(m_project.network, "conv1", "erste \"Schicht\"")});
    const JournalContents contents = Journal(file.id, contentHash(formatProject(file))).read();
    QCOMPARE(contents.steps.size(), std::size_t{3});
    QCOMPARE(contents.done, std::size_t{3});
    QVERIFY(recovered(file, contents) == m_project);
    journal.discard();
}

void ProjectJournalTest::undoneAndReplacedStepsAreRecoveredToo()
{
    const Project file = m_project;
    Journal journal(file.id, "h1");
    setEpochs(journal, 6);
    setEpochs(journal, 7);
    applyAll(m_project, reversed(journal.read().steps[1].edits));
    journal.undo();
    journal.undo();
    journal.redo();
    QCOMPARE(journal.read().done, std::size_t{1});
    QCOMPARE(journal.read().steps.size(), std::size_t{2});
    QVERIFY(recovered(file, journal.read()) == m_project);
    setEpochs(journal, 8); // takes the place of what could be redone
    QCOMPARE(journal.read().steps.size(), std::size_t{2});
    QVERIFY(recovered(file, journal.read()) == m_project);
    journal.discard();
}

void ProjectJournalTest::savingKeepsStepsForUndoUnderTheNewHash()
{
    const Project file = m_project;
    Journal journal(file.id, "before");
    setEpochs(journal, 6);
    setEpochs(journal, 7);
    setEpochs(journal, 8);
    applyAll(m_project, reversed(journal.read().steps[2].edits));
    journal.undo();
    const std::string old = journal.path();
    journal.saved("after");
    QVERIFY(!QFile::exists(QString::fromStdString(old)));

    const Journal again(file.id, "after");
    const JournalContents contents = again.read();
    QVERIFY(contents.unsaved.empty());
    QCOMPARE(contents.done, std::size_t{2});
    QCOMPARE(contents.steps.size(), std::size_t{3});
    for (std::size_t i = contents.done; i-- > 0;)
        applyAll(m_project, reversed(contents.steps[i].edits));
    QVERIFY(m_project == file);

    setEpochs(journal, 10);
    QCOMPARE(again.read().unsaved.size(), std::size_t{1});
    journal.discard();
}

void ProjectJournalTest::stepsMergeIntoTheLast()
{
    Journal journal(m_project.id, "merge");
    setEpochs(journal, 6);
    setEpochs(journal, 7, true);
    setEpochs(journal, 8, true);
    const JournalContents contents = journal.read();
    QCOMPARE(contents.steps.size(), std::size_t{1});
    QCOMPARE(contents.unsaved.size(), std::size_t{3});
    applyAll(m_project, reversed(contents.steps[0].edits));
    QCOMPARE(m_project.training.find("epochs")->integer(), std::int64_t{5});
    journal.discard();
}

void ProjectJournalTest::aTornLastLineIsLeftOut()
{
    Journal journal(m_project.id, "torn");
    setEpochs(journal, 6);
    setEpochs(journal, 7);
    QFile file(QString::fromStdString(journal.path()));
    QVERIFY(file.resize(file.size() - 5));
    const JournalContents contents = journal.read();
    QCOMPARE(contents.steps.size(), std::size_t{1});
    QCOMPARE(contents.damagedLines, std::int64_t{1});
    journal.discard();
}

void ProjectJournalTest::aDamagedLineEndsTheReading()
{
    Journal journal(m_project.id, "damaged");
    setEpochs(journal, 6);
    QFile file(QString::fromStdString(journal.path()));
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"step\": 3}\n");
    file.close();
    setEpochs(journal, 7);
    QCOMPARE(journal.read().steps.size(), std::size_t{1});
    QCOMPARE(journal.read().damagedLines, std::int64_t{2});
    journal.discard();
}

void ProjectJournalTest::anotherFileHasAnEmptyJournal()
{
    Journal journal(m_project.id, "one");
    setEpochs(journal, 6);
    QVERIFY(Journal(m_project.id, "two").read().steps.empty());
    QVERIFY(contentHash("a") != contentHash("b"));
    journal.discard();
}

void ProjectJournalTest::discardingForgets()
{
    Journal journal(m_project.id, "gone");
    setEpochs(journal, 6);
    journal.discard();
    QVERIFY(!QFile::exists(QString::fromStdString(journal.path())));
    QVERIFY(journal.read().steps.empty());
}

QTEST_GUILESS_MAIN(ProjectJournalTest)
#include "project_journal_test.moc"
