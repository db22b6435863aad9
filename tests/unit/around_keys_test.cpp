#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTreeWidget>

#include "widgets/actions.h"
#include "widgets/main_window.h"
#include "widgets/shortcuts_dialog.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

/// Keys that the user chooses.
class AroundKeysTest : public QObject {
    Q_OBJECT

    static QTreeWidgetItem* row(ShortcutsDialog& dialog, const QString& id)
    {
        auto* list = dialog.findChild<QTreeWidget*>("actions");
        for (int i = 0; i < list->topLevelItemCount(); ++i) {
            if (list->topLevelItem(i)->data(0, Qt::UserRole).toString() == id)
                return list->topLevelItem(i);
        }
        return nullptr;
    }

    static void choose(ShortcutsDialog& dialog, const QString& id, const QString& keys)
    {
        dialog.findChild<QTreeWidget*>("actions")->setCurrentItem(row(dialog, id));
        dialog.findChild<QKeySequenceEdit*>("keys")->setKeySequence(QKeySequence(keys));
    }

    static void click(ShortcutsDialog& dialog, const char* button) { QTest::mouseClick(dialog.findChild<QPushButton*>(button), Qt::LeftButton); }

    static Actions& actionsOf(MainWindow& window) { return const_cast<Actions&>(window.actions()); }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-keys-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init() { QSettings().clear(); }

    void newKeysWorkAndAreRemembered()
    {
        {
            MainWindow window;
            window.openLastOrExample();
            window.show();
            QVERIFY(QTest::qWaitForWindowActive(&window));
            ShortcutsDialog dialog(actionsOf(window), &window);
            dialog.show();
            choose(dialog, "edit.duplicate", "Ctrl+Shift+D");
            QVERIFY(dialog.findChild<QLabel*>("conflict")->text().isEmpty());
            click(dialog, "assign");
            QCOMPARE(row(dialog, "edit.duplicate")->text(1), QString("Ctrl+Shift+D"));
            dialog.close();
            window.canvas().setFocus();
            window.canvas().canvas().select({"relu1"});
            const std::size_t count = window.document().project().network.nodes.size();
            QTest::keyClick(&window.canvas(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
            QCOMPARE(window.document().project().network.nodes.size(), count + 1);
            QTest::keyClick(&window.canvas(), Qt::Key_D, Qt::ControlModifier); // the old key is free
            QCOMPARE(window.document().project().network.nodes.size(), count + 1);
        }
        MainWindow next;
        QCOMPARE(next.actions()["edit.duplicate"]->shortcut(), QKeySequence("Ctrl+Shift+D"));
        QVERIFY(next.actions()["edit.duplicate"]->toolTip().contains("Ctrl+Shift+D"));
    }

    void conflictsAreSaidAndKeysBelongToOneAction()
    {
        MainWindow window;
        ShortcutsDialog dialog(actionsOf(window), &window);
        dialog.show();
        choose(dialog, "edit.duplicate", "Ctrl+T");
        QVERIFY2(dialog.findChild<QLabel*>("conflict")->text().contains("Training settings"),
                 qPrintable(dialog.findChild<QLabel*>("conflict")->text()));
        QCOMPARE(window.actions()["run.settings"]->shortcut(), QKeySequence("Ctrl+T")); // nothing is taken yet
        click(dialog, "assign");
        QVERIFY(window.actions()["run.settings"]->shortcuts().isEmpty());
        QCOMPARE(window.actions()["edit.duplicate"]->shortcut(), QKeySequence("Ctrl+T"));
        click(dialog, "remove");
        QVERIFY(window.actions()["edit.duplicate"]->shortcuts().isEmpty());
        click(dialog, "reset");
        QCOMPARE(window.actions()["edit.duplicate"]->shortcut(), QKeySequence("Ctrl+D"));
        click(dialog, "resetAll");
        QCOMPARE(window.actions()["run.settings"]->shortcut(), QKeySequence("Ctrl+T"));
        QVERIFY(QSettings().childGroups().contains("keys") == false);
    }

    void theSearchFindsActionsAndKeys()
    {
        MainWindow window;
        ShortcutsDialog dialog(actionsOf(window), &window);
        dialog.show();
        QTest::keyClicks(dialog.findChild<QLineEdit*>("search"), "dupl");
        QVERIFY(!row(dialog, "edit.duplicate")->isHidden());
        QVERIFY(row(dialog, "file.save")->isHidden());
        dialog.findChild<QLineEdit*>("search")->setText("Ctrl+S");
        QVERIFY(!row(dialog, "file.save")->isHidden());
        QVERIFY(row(dialog, "edit.duplicate")->isHidden());
    }

    void everyActionCanBeFoundByTheCommandPalette()
    {
        MainWindow window;
        // Not what an earlier case has left unsaved, which the window would ask about.
        window.document().setProject(projectFromTemplate("lenet"), {});
        window.show();
        window.actions()["help.commands"]->trigger();
        auto* palette = window.findChild<QWidget*>("commandPalette");
        QVERIFY(palette->isVisible());
        QTest::keyClicks(palette->findChild<QLineEdit*>(), "five-minute");
        QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
        QVERIFY(window.tour());
    }
};

QTEST_MAIN(AroundKeysTest)
#include "around_keys_test.moc"
