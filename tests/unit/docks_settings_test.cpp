#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "core/training/trainer.h"
#include "tests/unit/docks_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/training/training_settings_panel.h"
#include "widgets/wheel_scrolls.h"

using namespace weft;
using namespace weft::test;

class DocksSettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everyFieldIsAnUndoStep();
    void aRateIsReadInScientificForm();
    void whatIsNoNumberGoesBack();
    void optimizersShowTheirOwnFields();
    void theRestIsFoldedAway();
    void everySettingHasAField();
    void undoReachesTheForm();
    void aFaultIsToldInTheForm();
    void theWheelScrollsOverFields();
    void aNarrowFormShowsChoicesWhole();

private:
    TrainingSettings settings() const { return trainingSettings(m_document->project().training); }
    template <class Field> Field* field(const char* key) const { return m_panel->findChild<Field*>(QLatin1String(key)); }

    std::unique_ptr<ProjectDocument> m_document;
    std::unique_ptr<TrainingSettingsPanel> m_panel;
};

void DocksSettingsTest::init()
{
    m_panel.reset();
    m_document = std::make_unique<ProjectDocument>();
    m_document->setProject(tableProject(QStringLiteral("table.csv")), {});
    m_panel = std::make_unique<TrainingSettingsPanel>(m_document.get());
    m_panel->show();
}

void DocksSettingsTest::everyFieldIsAnUndoStep()
{
    field<QSpinBox>("epochs")->setValue(7);
    QCOMPARE(settings().epochs, 7);
    field<QSpinBox>("batchSize")->setValue(128);
    field<QSpinBox>("seed")->setValue(42);
    field<QCheckBox>("shuffle")->setChecked(false);
    QCOMPARE(settings().batchSize, 128);
    QCOMPARE(settings().seed, std::uint64_t(42));
    QCOMPARE(settings().shuffle, false);
    QCOMPARE(m_document->undoStack()->count(), 4);
    for (int i = 0; i < 4; ++i)
        m_document->undoStack()->undo();
    QCOMPARE(m_document->project().training, tableProject({}).training);
}

void DocksSettingsTest::aRateIsReadInScientificForm()
{
    auto* rate = field<QLineEdit>("optimizer/learningRate");
    rate->selectAll();
    QTest::keyClicks(rate, QStringLiteral("5e-4"));
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(settings().learningRate, 5e-4);
    QCOMPARE(m_document->undoStack()->count(), 1);
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(m_document->undoStack()->count(), 1);
}

void DocksSettingsTest::whatIsNoNumberGoesBack()
{
    auto* rate = field<QLineEdit>("optimizer/learningRate");
    const QString before = rate->text();
    rate->selectAll();
    QTest::keyClicks(rate, QStringLiteral("-3"));
    QVERIFY(rate->property("invalid").toBool());
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(rate->text(), before);
    QCOMPARE(m_document->undoStack()->count(), 0);
}

void DocksSettingsTest::optimizersShowTheirOwnFields()
{
    QVERIFY(!field<QLineEdit>("optimizer/momentum")->isVisible());
    auto* optimizer = field<QComboBox>("optimizer/type");
    optimizer->setCurrentIndex(optimizer->findData(QStringLiteral("sgd")));
    Q_EMIT optimizer->activated(optimizer->currentIndex());
    QCOMPARE(settings().optimizer, std::string("sgd"));
    QVERIFY(field<QLineEdit>("optimizer/momentum")->isVisible());
    QVERIFY(!field<QLineEdit>("optimizer/beta1")->isVisible());
}

void DocksSettingsTest::theRestIsFoldedAway()
{
    auto* schedule = field<QComboBox>("schedule/type");
    QVERIFY(!schedule->isVisible());
    field<QToolButton>("fold")->setChecked(true);
    QVERIFY(schedule->isVisible());
    QVERIFY(!field<QLineEdit>("schedule/gamma")->isVisible());
    schedule->setCurrentIndex(schedule->findData(QStringLiteral("plateau")));
    Q_EMIT schedule->activated(schedule->currentIndex());
    QVERIFY(field<QLineEdit>("schedule/gamma")->isVisible());
    schedule->setCurrentIndex(schedule->findData(QStringLiteral("multistep")));
    Q_EMIT schedule->activated(schedule->currentIndex());
    auto* milestones = field<QLineEdit>("schedule/milestones");
    QVERIFY(milestones->isVisible()); // although the settings have a fault until they are given
    QTest::keyClicks(milestones, QStringLiteral("4, 8"));
    QTest::keyClick(milestones, Qt::Key_Return);
    QCOMPARE(settings().schedule.milestones, (std::vector<std::int64_t>{4, 8}));
    schedule->setCurrentIndex(schedule->findData(QStringLiteral("plateau")));
    Q_EMIT schedule->activated(schedule->currentIndex());
    field<QSpinBox>("earlyStopping/patience")->setValue(3);
    field<QSpinBox>("gradientAccumulation")->setValue(4);
    QCOMPARE(settings().schedule.type, std::string("plateau"));
    QCOMPARE(settings().patience, 3);
    QCOMPARE(settings().gradientAccumulation, 4);
    while (m_document->undoStack()->canUndo())
        m_document->undoStack()->undo();
    QCOMPARE(m_document->project().training, tableProject({}).training);
}

void DocksSettingsTest::everySettingHasAField()
{
    const Tree all = trainingTree({});
    for (const auto& [key, value] : all.map()) {
        if (!value.isMap()) {
            QVERIFY2(field<QWidget>(key.c_str()), key.c_str());
            continue;
        }
        for (const auto& inner : value.map()) {
            const std::string path = key + "/" + inner.first;
            QVERIFY2(field<QWidget>(path.c_str()), path.c_str());
        }
    }
}

void DocksSettingsTest::undoReachesTheForm()
{
    field<QSpinBox>("epochs")->setValue(9);
    m_document->undoStack()->undo();
    QCOMPARE(field<QSpinBox>("epochs")->value(), 2);
    m_document->undoStack()->redo();
    QCOMPARE(field<QSpinBox>("epochs")->value(), 9);
}

void DocksSettingsTest::aFaultIsToldInTheForm()
{
    const Tree training = Tree::Map{{"optimizer", Tree::Map{{"type", "sgd"}, {"nesterov", true}}}};
    Project project = tableProject({});
    project.training = training;
    m_document->setProject(project, {});
    const QList<QLabel*> labels = m_panel->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](QLabel* label) { return label->isVisible() && label->text().contains(QStringLiteral("momentum greater than 0")); }));
    QVERIFY(field<QLineEdit>("optimizer/momentum")->isVisible());
}

void DocksSettingsTest::theWheelScrollsOverFields()
{
    QObject owner;
    letWheelScroll(&owner);
    TrainingSettingsPanel panel(m_document.get());
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    /// Whether the field leaves the wheel to what lies around it.
    const auto leaves = [](QWidget* field) {
        const QPointF middle = field->rect().center();
        QWheelEvent event(middle, field->mapToGlobal(middle), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(field, &event);
        return !event.isAccepted();
    };
    auto* epochs = panel.findChild<QSpinBox*>(QStringLiteral("epochs"));
    auto* optimizer = panel.findChild<QComboBox*>(QStringLiteral("optimizer/type"));
    const int before = epochs->value();
    const QString chosen = optimizer->currentText();
    for (QWidget* field : {static_cast<QWidget*>(epochs), static_cast<QWidget*>(optimizer)}) {
        QVERIFY(leaves(field));
        QCOMPARE(field->focusPolicy(), Qt::StrongFocus); // else the wheel would give it the focus
    }
    QCOMPARE(epochs->value(), before);
    QCOMPARE(optimizer->currentText(), chosen);
    epochs->setFocus();
    QVERIFY(!leaves(epochs));
    QCOMPARE(epochs->value(), before - 1);
}

void DocksSettingsTest::aNarrowFormShowsChoicesWhole()
{
    m_document->setProject(tableProject(QStringLiteral("table.csv")), {});
    m_panel->resize(260, 900);
    for (QToolButton* fold : m_panel->findChildren<QToolButton*>(QStringLiteral("fold")))
        fold->setChecked(true);
    auto* update = field<QComboBox>("distributed/update");
    QTRY_VERIFY(update->isVisible());
    for (int i = 0; i < update->count(); ++i)
        QVERIFY2(update->fontMetrics().horizontalAdvance(update->itemText(i)) < update->width() - 30, qPrintable(update->itemText(i)));
    QVERIFY(update->mapTo(m_panel.get(), update->rect().topRight()).x() < m_panel->width());
}

QTEST_MAIN(DocksSettingsTest)
#include "docks_settings_test.moc"
