#include <random>

#include <QtTest>

#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/project/setting_keys.h"
#include "core/training/settings.h"

using namespace weft;

namespace {

std::string refusal(const Project& project, const std::string& key, const std::string& value)
{
    try {
        settingEdit(project, key, value);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

} // namespace

class ProjectEditsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingsAreSetByTheirPath_data();
    void settingsAreSetByTheirPath();
    void wrongSettingsSayWhatIsRight();
    void aSplitHasOneRule();
    void randomEditsUndoExactly();
    void missingMapsAreMadeAndDroppedAgain();
    void editsThatDoNotFitAreRefused();
    void severalEditsGoTogetherOrNotAtAll();
    void everyTrainingKeyIsKnown();
};

void ProjectEditsTest::settingsAreSetByTheirPath_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::newRow("integer") << "training.epochs"
                             << "7";
    QTest::newRow("real") << "training.optimizer.learningRate"
                          << "0.01";
    QTest::newRow("whole number for a real") << "training.optimizer.momentum"
                                             << "0";
    QTest::newRow("boolean") << "training.shuffle"
                             << "false";
    QTest::newRow("text that looks like a number") << "data.path"
                                                   << "2024";
    QTest::newRow("text") << "data.source"
                          << "images";
    QTest::newRow("list") << "data.size"
                          << "[32, 48]";
    QTest::newRow("parameter of a layer") << "nodes.conv1.params.filters"
                                          << "8";
    QTest::newRow("choice of a layer") << "nodes.conv1.params.padding"
                                       << "same";
    QTest::newRow("list of a layer") << "nodes.conv1.params.kernelSize"
                                     << "3";
}

void ProjectEditsTest::settingsAreSetByTheirPath()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    Project project = projectFromTemplate("lenet");
    const Project before = project;
    const Edit edit = settingEdit(project, key.toStdString(), value.toStdString());
    apply(project, edit);
    QVERIFY(project != before);
    QVERIFY(parseProject(formatProject(project), "p.weft") == project);
    apply(project, edit.reversed());
    QVERIFY(project == before);
}

void ProjectEditsTest::wrongSettingsSayWhatIsRight()
{
    const Project project = projectFromTemplate("lenet");
    QCOMPARE(refusal(project, "training.epoch", "3"), std::string("There is no setting training.epoch. Did you mean training.epochs?"));
    QCOMPARE(refusal(project, "batchSize", "3"), std::string("There is no setting batchSize. Did you mean training.batchSize?"));
    QCOMPARE(refusal(project, "training.epochs", "many"), std::string("The setting training.epochs must be a whole number, not \"many\"."));
    QVERIFY(!refusal(project, "training", "{}").empty());
    QVERIFY(!refusal(project, "", "").empty());
    QVERIFY(!refusal(project, "training..epochs", "1").empty());
    QVERIFY(refusal(project, "nodes.conv1.params.filters", "0").find("must lie between") != std::string::npos);
    QVERIFY(!refusal(project, "nodes.conv9.params.filters", "1").empty());
    QVERIFY(!refusal(project, "nodes.conv1.filters", "1").empty());
}

void ProjectEditsTest::aSplitHasOneRule()
{
    Project project = projectFromTemplate("lenet");
    apply(project, settingEdit(project, "data.validation.fraction", "0.1"));
    QVERIFY(*project.data.find("validation") == Tree(Tree::Map{{"fraction", 0.1}}));
}

void ProjectEditsTest::randomEditsUndoExactly()
{
    std::mt19937 random(7);
    const auto below = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
    const std::vector<std::pair<std::string, Tree>> values{{"training/optimizer/learningRate", 0.5},
                                                           {"training/optimizer/type", "sgd"},
                                                           {"training/epochs", 3},
                                                           {"data/validation/last", 10},
                                                           {"data/labelColumn", "species"},
                                                           {"data/seed", 4},
                                                           {"view/positions/a", Tree::List{1, 2}},
                                                           {"view/positions/b", Tree::List{3, 4}},
                                                           {"view/zoom", 2.0}};
    Project project;
    project.id = "p";
    std::vector<Project> states{project};
    Edits history;
    for (int i = 0; i < 300; ++i) {
        const auto& [path, value] = values[below(values.size())];
        const Tree* place = path[0] == 'd' ? &project.data : path[0] == 't' ? &project.training : &project.view;
        for (std::size_t at = path.find('/'); place && at != std::string::npos;) {
            const std::size_t next = path.find('/', at + 1);
            place = place->find(path.substr(at + 1, next == std::string::npos ? next : next - at - 1));
            at = next;
        }
        history.push_back({path, place ? *place : Tree(), place ? Tree() : value});
        apply(project, history.back());
        states.push_back(project);
        QVERIFY(parseProject(formatProject(project), "p") == project);
    }
    for (std::size_t i = history.size(); i-- > 0;) {
        apply(project, history[i].reversed());
        QVERIFY(project == states[i]);
    }
}

void ProjectEditsTest::missingMapsAreMadeAndDroppedAgain()
{
    Project project;
    const Edit edit{"training/optimizer/momentum", {}, 0.9};
    apply(project, edit);
    QCOMPARE(project.training.find("optimizer")->find("momentum")->number(), 0.9);
    apply(project, edit.reversed());
    QVERIFY(project == Project());
}

void ProjectEditsTest::editsThatDoNotFitAreRefused()
{
    Project project = projectFromTemplate("lenet");
    const Project before = project;
    for (const Edit& edit : {Edit{"training/epochs", 6, 7}, Edit{"training/epochs", {}, 7}, Edit{"training", {}, {}}, Edit{"colour", {}, 1},
                             Edit{"", {}, 1}, Edit{"data//source", {}, 1}, Edit{"training/epochs/inside", {}, 1}})
        QVERIFY_EXCEPTION_THROWN(apply(project, edit), Error);
    QVERIFY(project == before);
}

void ProjectEditsTest::severalEditsGoTogetherOrNotAtAll()
{
    Project project = projectFromTemplate("lenet");
    const Project before = project;
    QVERIFY_EXCEPTION_THROWN(applyAll(project, Edits{{"training/epochs", 5, 7}, {"training/epochs", 5, 8}}), Error);
    QVERIFY(project == before);
}

void ProjectEditsTest::everyTrainingKeyIsKnown()
{
    // What the trainer understands and what files may hold must not drift apart.
    const Tree all = trainingTree(TrainingSettings());
    for (const auto& [key, value] : all.map()) {
        const SettingKey* known = findSettingKey("training/" + key);
        QVERIFY2(known && hasKind(value, known->kind), key.c_str());
        if (!value.isMap())
            continue;
        for (const auto& [inner, innerValue] : value.map()) {
            const SettingKey* innerKnown = findSettingKey("training/" + key + "/" + inner);
            QVERIFY2(innerKnown && hasKind(innerValue, innerKnown->kind), inner.c_str());
        }
    }
}

QTEST_GUILESS_MAIN(ProjectEditsTest)
#include "project_edits_test.moc"
