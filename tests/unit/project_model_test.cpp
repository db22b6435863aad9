#include <QTemporaryDir>
#include <QTest>

#include "core/project/model.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

class ProjectModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { writePictures(m_folder.path()); }

    void layersFollowOneAnother()
    {
        Model model(m_folder.path().toStdString());
        model.add("Input", {{"shape", Tree::List{1, 8, 8}}}).add("Flatten").add("Dense", {{"units", 4}}).add("CrossEntropy");
        const Network& network = model.project().network;
        QCOMPARE(network.nodes.size(), std::size_t{4});
        QCOMPARE(toString(network.wires.back()), std::string("dense1.y->crossentropy1.prediction"));
    }

    void whatCannotBeAddedIsSaid()
    {
        Model model(m_folder.path().toStdString());
        QVERIFY(says(errorOf([&] { model.add("Denze"); }), "no layer \"Denze\""));
        model.add("Input").add("Flatten").add("CrossEntropy");
        QVERIFY(says(errorOf([&] { model.add("ReLU"); }), "CrossEntropy ends the network"));
        QCOMPARE(model.project().network.nodes.size(), std::size_t{3});
    }

    void weightsComeFromTraining()
    {
        Model model(m_folder.path().toStdString());
        QVERIFY(says(errorOf([&] { model.evaluate(); }), "Train it first"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ProjectModelTest)
#include "project_model_test.moc"
