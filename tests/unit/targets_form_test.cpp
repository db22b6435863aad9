#include <algorithm>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "core/launch/target_store.h"
#include "docks_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/target_button.h"
#include "widgets/targets/finding_list.h"
#include "widgets/targets/submission_dialog.h"
#include "widgets/targets/target_form.h"
#include "widgets/targets/targets_dialog.h"
#include "widgets/theme/theme.h"

using namespace weft;
using namespace weft::test;

namespace {

void type(QWidget* parent, const char* name, const QString& text)
{
    auto* line = parent->findChild<QLineEdit*>(QLatin1String(name));
    line->clear();
    QTest::keyClicks(line, text);
}

QPushButton* button(QWidget* parent, const char* name)
{
    return parent->findChild<QPushButton*>(QLatin1String(name));
}

QString textOf(QWidget* parent, const char* name)
{
    return parent->findChild<QLabel*>(QLatin1String(name))->text();
}

/// The same dialog, closed and opened again, or the command line: what counts is what is stored.
std::vector<std::string> storedNames()
{
    std::vector<std::string> names;
    for (const Target& target : TargetStore().all())
        names.push_back(target.name);
    return names;
}

/// Clicks a button of the question that comes up.
void answer(const QString& name)
{
    QTimer::singleShot(0, qApp, [name] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        for (QAbstractButton* candidate : box->buttons()) {
            if (candidate->objectName() == name || candidate->text() == name)
                candidate->click();
        }
    });
}

} // namespace

/// Targets in the Studio: the form, its test and its preview.
class TargetsFormTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void everyFieldOfTheCatalogueHasARow();
    void whatCannotBeIsMarkedAndSaid();
    void defaultsAreNotWrittenDown();
    void targetsAreAddedChangedAndRemoved();
    void editsAreNotLostByAccident();
    void aNameThatIsTakenIsRefused();
    void aTestSaysWhatIsMissingWhileTheWindowLives();
    void aTestIsGivenUpWhenItsTargetChanges();
    void thePreviewIsWhatTheCommandLinePrints();
    void aDamagedFileIsNamed();
    void theChooserBesideTrainHasThem();

private:
    QTemporaryDir m_dir;
    std::unique_ptr<ProjectDocument> m_document;
};

void TargetsFormTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("weft"));
    QCoreApplication::setApplicationName(QStringLiteral("targets-form-test"));
    Theme::instance().install(Theme::Choice::Light);
    writeTable(m_dir.filePath(QStringLiteral("table.csv")));
    m_document = std::make_unique<ProjectDocument>();
    m_document->setProject(tableProject(m_dir.filePath(QStringLiteral("table.csv"))), {});
}

void TargetsFormTest::init()
{
    QFile::remove(QString::fromStdString(TargetStore::defaultPath()));
}

void TargetsFormTest::everyFieldOfTheCatalogueHasARow()
{
    for (const TargetKind kind : {TargetKind::Local, TargetKind::Mpi, TargetKind::Slurm, TargetKind::Kubernetes}) {
        TargetForm form;
        form.setTarget({"x", kind, {}}, false);
        form.show();
        for (const TargetField& field : targetFields(kind)) {
            QVERIFY2(field.label.source[0], field.key);
            auto* editor = form.findChild<QWidget*>(QLatin1String(field.key));
            QVERIFY2(editor, field.key);
            QVERIFY2(!editor->accessibleName().isEmpty() && !editor->accessibleDescription().isEmpty(), field.key);
            QVERIFY2(editor->isVisible() == field.isEssential, field.key);
        }
        form.openFold(true);
        for (const TargetField& field : targetFields(kind))
            QVERIFY2(form.findChild<QWidget*>(QLatin1String(field.key))->isVisible(), field.key);
    }
}

void TargetsFormTest::whatCannotBeIsMarkedAndSaid()
{
    TargetForm form;
    form.setTarget({"hosts", TargetKind::Mpi, {}}, false);
    QVERIFY(form.fault().contains(QStringLiteral("Hosts")));
    form.setTarget({"cluster", TargetKind::Kubernetes, {}}, false);
    QVERIFY2(form.target(), qPrintable(form.fault()));
    type(&form, "memory", QStringLiteral("much"));
    auto* memory = form.findChild<QLineEdit*>(QStringLiteral("memory"));
    QVERIFY(memory->property("invalid").toBool());
    QCOMPARE(form.fault(), QStringLiteral("Memory takes a quantity such as 4, 500m or 8Gi, not \"much\"."));
    QCOMPARE(memory->toolTip(), form.fault());
    QVERIFY(!form.target());
    type(&form, "memory", QStringLiteral("8Gi"));
    QVERIFY(!memory->property("invalid").toBool());
    QCOMPARE(form.target()->value("memory"), std::string("8Gi"));
    type(&form, "name", QStringLiteral("a b"));
    QVERIFY(form.fault().contains(QStringLiteral("no name for a target")));
    QVERIFY(form.findChild<QLineEdit*>(QStringLiteral("name"))->property("invalid").toBool());
}

void TargetsFormTest::defaultsAreNotWrittenDown()
{
    TargetForm form;
    form.setTarget({"q", TargetKind::Slurm, {{"nodes", "3"}}}, true);
    auto* nodes = form.findChild<QSpinBox*>(QStringLiteral("nodes"));
    QCOMPARE(nodes->value(), 3);
    nodes->setValue(1);
    QVERIFY(form.target()->fields.empty());
    auto* start = form.findChild<QComboBox*>(QStringLiteral("start"));
    start->setCurrentText(QStringLiteral("srun"));
    QCOMPARE(form.target()->fields, (std::map<std::string, std::string>{{"start", "srun"}}));
    start->setCurrentText(QStringLiteral("mpirun"));
    QVERIFY(form.target()->fields.empty());
}

void TargetsFormTest::targetsAreAddedChangedAndRemoved()
{
    TargetsDialog dialog(*m_document);
    QSignalSpy changed(&dialog, &TargetsDialog::targetsChanged);
    QVERIFY(!button(&dialog, "save")->isEnabled() && !button(&dialog, "test")->isEnabled() && !button(&dialog, "remove")->isEnabled());
    dialog.begin(TargetKind::Mpi);
    QVERIFY(!button(&dialog, "save")->isEnabled());
    QVERIFY(textOf(&dialog, "fault").contains(QStringLiteral("Hosts")));
    type(&dialog, "hosts", QStringLiteral("node1:4,node2:4"));
    QVERIFY(textOf(&dialog, "fault").isEmpty());
    button(&dialog, "save")->click();
    QCOMPARE(storedNames(), (std::vector<std::string>{"hosts", "local"}));
    QCOMPARE(changed.count(), 1);
    QVERIFY(!button(&dialog, "save")->isEnabled()); // nothing is left to save

    TargetsDialog again(*m_document);
    QCOMPARE(again.findChild<QListWidget*>(QStringLiteral("targets"))->count(), 1);
    QCOMPARE(again.findChild<QLineEdit*>(QStringLiteral("hosts"))->text(), QStringLiteral("node1:4,node2:4"));
    again.findChild<QSpinBox*>(QStringLiteral("threads"))->setValue(2);
    button(&again, "save")->click();
    QCOMPARE(TargetStore().find("hosts").integer("threads"), 2);
    answer(QStringLiteral("removeTarget"));
    button(&again, "remove")->click();
    QCOMPARE(storedNames(), (std::vector<std::string>{"local"}));
}

void TargetsFormTest::editsAreNotLostByAccident()
{
    TargetStore().put({"a", TargetKind::Slurm, {}});
    TargetStore().put({"b", TargetKind::Slurm, {}});
    TargetsDialog dialog(*m_document);
    dialog.open();
    auto* list = dialog.findChild<QListWidget*>(QStringLiteral("targets"));
    type(&dialog, "partition", QStringLiteral("gpu"));
    answer(TargetsDialog::tr("Cancel"));
    list->setCurrentRow(1);
    QCOMPARE(list->currentRow(), 0);
    answer(TargetsDialog::tr("Cancel"));
    dialog.reject();
    QVERIFY(dialog.isVisible());
    QCOMPARE(dialog.findChild<QLineEdit*>(QStringLiteral("partition"))->text(), QStringLiteral("gpu"));
    answer(TargetsDialog::tr("Save"));
    list->setCurrentRow(1);
    QCOMPARE(list->currentRow(), 1);
    QCOMPARE(TargetStore().find("a").value("partition"), std::string("gpu"));
    type(&dialog, "partition", QStringLiteral("other"));
    answer(QStringLiteral("discard"));
    dialog.reject();
    QVERIFY(!dialog.isVisible());
    QVERIFY(TargetStore().find("b").fields.empty());
}

void TargetsFormTest::aNameThatIsTakenIsRefused()
{
    TargetStore().put({"slurm", TargetKind::Slurm, {}});
    TargetsDialog dialog(*m_document);
    dialog.begin(TargetKind::Slurm);
    QCOMPARE(dialog.findChild<QLineEdit*>(QStringLiteral("name"))->text(), QStringLiteral("slurm-2"));
    type(&dialog, "name", QStringLiteral("slurm"));
    QVERIFY(textOf(&dialog, "fault").contains(QStringLiteral("already")));
    QVERIFY(!button(&dialog, "save")->isEnabled() && !button(&dialog, "test")->isEnabled());
}

void TargetsFormTest::aTestSaysWhatIsMissingWhileTheWindowLives()
{
    QFile kubectl(m_dir.filePath(QStringLiteral("kubectl")));
    QVERIFY(kubectl.open(QFile::WriteOnly));
    kubectl.write(
        "#!/bin/sh\nwhile [ ! -e \"$0.go\" ]; do sleep 0.02; done\necho 'error: You must be logged in to the server (Unauthorized)' >&2\nexit 1\n");
    kubectl.close();
    QVERIFY(kubectl.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    TargetsDialog dialog(*m_document);
    dialog.show();
    dialog.begin(TargetKind::Kubernetes);
    type(&dialog, "image", QStringLiteral("weft:1"));
    type(&dialog, "kubectl", kubectl.fileName());
    button(&dialog, "test")->click();
    // The cluster does not answer yet: the window does, and says so where it is seen.
    QVERIFY(dialog.isTesting());
    QTRY_VERIFY(!dialog.findChild<FindingList*>()->visibleRegion().isEmpty());
    QVERIFY(dialog.isTesting());
    QVERIFY(!button(&dialog, "test")->isEnabled());
    QCOMPARE(storedNames(), (std::vector<std::string>{"cluster", "local"}));
    QFile go(kubectl.fileName() + QStringLiteral(".go"));
    QVERIFY(go.open(QFile::WriteOnly));
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.isTesting(), 30000);
    auto* findings = dialog.findChild<FindingList*>();
    QVERIFY2(findings->summary().startsWith(QStringLiteral("Not ready")), qPrintable(findings->summary()));
    QVERIFY(!findings->findChildren<QWidget*>(QStringLiteral("finding.error")).isEmpty());
    QVERIFY(button(&dialog, "test")->isEnabled());

    findings->showReport(R"({"ready": true, "findings": [{"state": "ok", "message": "Everything is there."}]})", {});
    QVERIFY(findings->summary().startsWith(QStringLiteral("Ready")));
    QCOMPARE(findings->findChildren<QWidget*>(QStringLiteral("finding.ok")).size(), 1);
    findings->showReport({}, QStringLiteral("weft target: no such target"));
    QCOMPARE(findings->findChild<QWidget*>(QStringLiteral("finding.error"))->findChildren<QLabel*>().last()->text(),
             QStringLiteral("weft target: no such target"));
}

void TargetsFormTest::aTestIsGivenUpWhenItsTargetChanges()
{
    TargetStore().put({"away", TargetKind::Kubernetes, {{"image", "weft:1"}, {"kubectl", "/bin/cat"}}});
    TargetsDialog dialog(*m_document);
    dialog.test();
    QVERIFY(dialog.isTesting());
    type(&dialog, "image", QStringLiteral("weft:2"));
    QVERIFY(!dialog.isTesting());
    QVERIFY(dialog.findChild<FindingList*>()->summary().isEmpty());
}

void TargetsFormTest::thePreviewIsWhatTheCommandLinePrints()
{
    TargetStore().put({"queue", TargetKind::Slurm, {{"nodes", "2"}, {"partition", "gpu"}}});
    SubmissionDialog dialog(*m_document, QStringLiteral("queue"));
    QTRY_VERIFY_WITH_TIMEOUT(button(&dialog, "copy")->isEnabled(), 30000);
    QVERIFY2(dialog.text().contains(QStringLiteral("#SBATCH --partition=gpu")), qPrintable(dialog.text()));
    button(&dialog, "copy")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), dialog.text());

    // It is the user's to change.
    QSignalSpy trained(&dialog, &SubmissionDialog::trainRequested);
    dialog.findChild<QPlainTextEdit*>(QStringLiteral("submission"))->setPlainText(QStringLiteral("#!/bin/sh\necho mine\n"));
    button(&dialog, "trainByScript")->click();
    QCOMPARE(trained.size(), 1);
    QCOMPARE(trained.front().at(0).toString(), QStringLiteral("queue"));
    QCOMPARE(trained.front().at(1).toString(), QStringLiteral("#!/bin/sh\necho mine\n"));

    TargetStore().put({"pods", TargetKind::Kubernetes, {{"image", "weft:1"}, {"form", "job"}, {"kubectl", "/bin/false"}}});
    SubmissionDialog refused(*m_document, QStringLiteral("pods")); // the table is a file of this machine
    QTRY_VERIFY_WITH_TIMEOUT(textOf(&refused, "note").contains(QStringLiteral("dataClaim")), 30000);
    QVERIFY(!button(&refused, "copy")->isEnabled());
    QVERIFY(button(&refused, "trainByScript")->isHidden());
}

void TargetsFormTest::aDamagedFileIsNamed()
{
    TargetStore().put({"q", TargetKind::Slurm, {}});
    QFile file(QString::fromStdString(TargetStore::defaultPath()));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("{");
    file.close();
    TargetsDialog dialog(*m_document);
    QVERIFY2(textOf(&dialog, "fault").contains(file.fileName()), qPrintable(textOf(&dialog, "fault")));
}

void TargetsFormTest::theChooserBesideTrainHasThem()
{
    QVERIFY(replicaPlaces(1).empty());
    QCOMPARE(replicaPlaces(4).front().arguments.first(2), (QStringList{QStringLiteral("--replicas"), QStringLiteral("4")}));
    QSettings().clear();
    TargetStore().put({"lab", TargetKind::Mpi, {{"hosts", "node1:4"}}});
    QAction copy, name;
    TargetButton chooser(&copy, &name);
    const auto entry = [&](const char* id) {
        const QList<QAction*> all = chooser.menu()->actions();
        const auto found = std::find_if(all.begin(), all.end(), [&](const QAction* action) { return action->objectName() == QLatin1String(id); });
        return found == all.end() ? nullptr : *found;
    };
    QVERIFY(entry("target:lab") && entry("target:lab")->text().contains(QStringLiteral("Hosts over SSH")));
    QVERIFY(chooser.menu()->actions().contains(&name));
    QVERIFY(!entry("target:local")); // this machine stands above them
    QSignalSpy chosen(&chooser, &TargetButton::placeChosen);
    entry("target:lab")->trigger();
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chooser.chosen().arguments, (QStringList{QStringLiteral("--target"), QStringLiteral("lab")}));
    QVERIFY(chooser.text().contains(QStringLiteral("lab")));
    TargetStore().put({"queue", TargetKind::Slurm, {}}); // by the command line, meanwhile
    Q_EMIT chooser.menu()->aboutToShow();
    QVERIFY(entry("target:queue"));
    QCOMPARE(chosen.count(), 1);
    TargetStore().remove("lab");
    chooser.refresh();
    QCOMPARE(chosen.count(), 2);
    QVERIFY(!chooser.chosen().arguments.contains(QStringLiteral("--target")));
    QFile damaged(QString::fromStdString(TargetStore::defaultPath()));
    QVERIFY(damaged.open(QFile::WriteOnly));
    damaged.write("{");
    damaged.close();
    chooser.refresh();
    QVERIFY(entry("targets") && !entry("targets")->isEnabled());
}

QTEST_MAIN(TargetsFormTest)
#include "targets_form_test.moc"
