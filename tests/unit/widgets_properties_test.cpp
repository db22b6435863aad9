#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "widgets/problems/problem_card.h"
#include "widgets/problems/problems_panel.h"
#include "widgets/properties/param_editor.h"
#include "widgets/properties/properties_panel.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

class WidgetsPropertiesTest : public QObject {
    Q_OBJECT

    static QString shownText(const QWidget& panel)
    {
        QString text;
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (!label->isHidden())
                text += label->text() + QLatin1Char('\n');
        }
        return text;
    }

private Q_SLOTS:
    void everyLayerHasAFieldForEachParameter()
    {
        for (const LayerSpec& layer : layerCatalogue()) {
            Project project;
            project.network.nodes.push_back(node("a", layer.type()));
            ProjectDocument document;
            document.setProject(project, {});
            CanvasScene scene(&document);
            PropertiesPanel panel(&document, &scene);
            scene.select({"a"});
            const auto editors = panel.findChildren<ParamEditor*>();
            QCOMPARE(static_cast<std::size_t>(editors.size()), layer.params().size() + 1); // and the rate factor
            for (const ParamSpec& param : layer.params()) {
                auto* editor = panel.findChild<ParamEditor*>(QString::fromStdString("param." + param.key));
                QVERIFY2(editor && !editor->toolTip().isEmpty(), (layer.type() + "." + param.key).c_str());
                QVERIFY(!editor->focusProxy()->accessibleName().isEmpty());
            }
            QCOMPARE(document.undoStack()->count(), 0); // showing changes nothing
        }
    }

    void aSpinBoxSetsItsParameterAsOneStep()
    {
        CanvasFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        f.view.canvas().select({"dense"});
        auto* box = panel.findChild<QWidget*>("param.units")->findChild<QSpinBox*>();
        QCOMPARE(box->value(), 10);
        box->selectAll();
        QTest::keyClicks(box, "64");
        QCOMPARE(f.document.project().network.findNode("dense")->params.find("units")->integer(), 64);
        QCOMPARE(f.document.undoStack()->count(), 1);
        QTRY_VERIFY(shownText(panel).contains("[N, 64]"));
        f.document.undoStack()->undo();
        QCOMPARE(box->value(), 10);
    }

    void layersWithWeightsHaveARateFactor()
    {
        CanvasFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        // The form of the selection before goes with the event loop.
        const auto editor = [&] { return panel.findChildren<QWidget*>("param.learningRateFactor").last(); };
        f.view.canvas().select({"flatten"});
        QTRY_VERIFY(f.document.analysis().find("dense") && f.document.analysis().find("dense")->parameters > 0);
        QVERIFY(editor()->isHidden());
        f.view.canvas().select({"dense"});
        QVERIFY(!editor()->isHidden());
        auto* field = editor()->findChild<QLineEdit*>();
        field->selectAll();
        QTest::keyClicks(field, "0");
        QCOMPARE(f.document.project().network.findNode("dense")->learningRateFactor, 0.0);
        f.document.undoStack()->undo();
        QCOMPARE(f.document.project().network.findNode("dense")->learningRateFactor, 1.0);
        QCOMPARE(field->text(), QString("1"));
    }

    void listsAreReadAsPeopleWriteThem()
    {
        Project project = smallProject();
        project.network.nodes.push_back(node("conv", "Conv2D"));
        CanvasFixture f(project);
        PropertiesPanel panel(&f.document, &f.view.canvas());
        f.view.canvas().select({"conv"});
        auto* field = panel.findChild<QWidget*>("param.kernelSize")->findChild<QLineEdit*>();
        field->selectAll();
        QTest::keyClicks(field, "7");
        const auto kernel = [&] { return *f.document.project().network.findNode("conv")->params.find("kernelSize"); };
        QVERIFY(kernel() == Tree(Tree::List{Tree(7), Tree(7)}));
        QTest::keyClicks(field, " x 5");
        QVERIFY(kernel() == Tree(Tree::List{Tree(7), Tree(5)}));
        field->selectAll();
        QTest::keyClicks(field, "nine");
        QVERIFY(field->property("invalid").toBool());
        QVERIFY(kernel() == Tree(Tree::List{Tree(7), Tree(5)}));
    }

    void severalLayersOfOneTypeShareTheForm()
    {
        Project project = smallProject();
        project.network.nodes.push_back(node("dense2", "Dense"));
        CanvasFixture f(project);
        PropertiesPanel panel(&f.document, &f.view.canvas());
        f.view.canvas().select({"dense", "dense2"});
        panel.findChild<QWidget*>("param.units")->findChild<QSpinBox*>()->setValue(77);
        for (const char* id : {"dense", "dense2"})
            QCOMPARE(f.document.project().network.findNode(id)->params.find("units")->integer(), 77);
        QCOMPARE(f.document.undoStack()->count(), 1);
    }

    void theNameIsAField()
    {
        CanvasFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        f.view.canvas().select({"dense"});
        auto* field = panel.findChild<QLineEdit*>("nodeName");
        field->selectAll();
        QTest::keyClicks(field, "classes");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(f.document.project().network.findNode("dense")->name, std::string("classes"));
        QCOMPARE(f.view.canvas().node("dense")->face().name, QString("classes"));
    }

    void withoutASelectionTheProjectIsSummed()
    {
        CanvasFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        QVERIFY(shownText(panel).contains("7,850"));
    }

    void problemsListJumpsAndFixes()
    {
        EditBatch batch(smallProject());
        batch.removeAndHeal("flatten");
        CanvasFixture f(batch.project());
        ProblemsPanel panel(&f.document);
        QVERIFY(panel.count() > 0);
        QStringList jumped;
        connect(&panel, &ProblemsPanel::nodeActivated, this, [&](const std::string& id) { jumped << QString::fromStdString(id); });
        auto* card = panel.findChild<ProblemCard*>();
        QTest::mouseClick(card, Qt::LeftButton, {}, QPoint(6, 6));
        // Dense takes pictures as they are and warns, the loss refuses them: the cause stands before what it causes.
        QCOMPARE(jumped, QStringList{"dense"});
        QVERIFY(panel.hasErrors());
        auto* link = panel.findChild<QPushButton*>("fixLink");
        QVERIFY(link);
        link->click();
        QTRY_COMPARE(panel.count(), 0);
        QCOMPARE(f.document.undoStack()->count(), 1);
    }
};

QTEST_MAIN(WidgetsPropertiesTest)
#include "widgets_properties_test.moc"
