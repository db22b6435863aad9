#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/project/check.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Parameters of an Input that reads the features: all columns of numbers but the label.
constexpr const char* five = R"("kind": "numbers", "column": "features", "shape": [5])";
constexpr const char* four = R"("kind": "numbers", "column": "features", "shape": [4])";

/// Three numbers, a column "kind" of three classes, "sign" of the classes −1 and 1, and "price".
QByteArray table()
{
    QByteArray text = "a,b,c,kind,sign,price\n";
    for (int i = 0; i < 60; ++i)
        text += QByteArray::number(i) + "," + QByteArray::number(i % 7) + ",0.5," + "xyz"[i % 3] + "," + (i % 2 ? "1" : "-1") + ","
            + QByteArray::number(0.25 * i) + "\n";
    return text;
}

/// A project over the table: `input` are the parameters of its Input, `output` those of the Dense before the loss.
QString project(const char* label, const char* input, const char* output, const char* loss, const char* target = "label")
{
    return QStringLiteral(R"({"weft": 1, "id": "fit",
  "data": {"source": "csv", "path": "table.csv", "labelColumn": "%1"},
  "nodes": [
    {"id": "numbers", "name": "numbers", "type": "Input", "params": {%2}},
    {"id": "out", "name": "out", "type": "Dense", "params": {%3}},
    {"id": "loss", "name": "loss", "type": "%4", "params": {"target": "%5"}}],
  "wires": [["numbers.y", "out.x"], ["out.y", "loss.prediction"]],
  "training": {"epochs": 1, "batchSize": 8, "seed": 1}})")
        .arg(QLatin1String(label), QLatin1String(input), QLatin1String(output), QLatin1String(loss), QLatin1String(target));
}

} // namespace

/// Data that do not fit the network are refused before the first step, with layer, both sides and a remedy.
class TrainingDataFitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { writeFile(m_folder.filePath(QStringLiteral("table.csv")), table()); }

    void misfitsAreNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row
            = [](const char* name, const QString& text, const char* message) { QTest::newRow(name) << text << QString::fromLatin1(message); };
        row("shape", project("kind", four, "\"units\": 3", "CrossEntropy"),
            "numbers takes the column \"features\" in the shape [4], but the data have [5]. Set the shape of numbers to that of the data.");
        row("column", project("kind", R"("kind": "numbers", "column": "featurs", "shape": [5])", "\"units\": 3", "CrossEntropy"),
            "numbers reads the column \"featurs\", which the data do not have. Did you mean \"features\"?");
        row("target", project("kind", five, "\"units\": 3", "CrossEntropy", "zz9"),
            "loss reads the column \"zz9\", which the data do not have. Name one of theirs: features, label, a,");
        row("kind of input", project("kind", R"("kind": "numbers", "column": "label", "shape": [1])", "\"units\": 3", "MeanSquaredError", "a"),
            "numbers takes the column \"label\" as float32, but the data have int32 there. Set the \"kind\" of numbers to \"tokens\".");
        row("numbers for classes", project("price", four, "\"units\": 3", "CrossEntropy"),
            "The loss loss compares with classes, but the column \"label\" holds numbers. Take a loss for numbers");
        row("classes for numbers", project("kind", five, "\"units\": 1", "MeanSquaredError"),
            "The loss loss compares with numbers, but the column \"label\" holds classes. Take a loss for classes");
        row("too many outputs", project("price", four, "\"units\": 2", "MeanSquaredError"),
            "The loss loss compares a prediction of the shape [2] with the column \"label\", which has [1]. Give the layer before the loss");
        row("more classes than outputs", project("kind", five, "\"units\": 2", "CrossEntropy"),
            "The label of row 3 is 2, but the output before the loss loss has 2 units, for the labels 0 to 1. Give the last layer as many units as "
            "there are classes (3).");
        row("three classes for yes or no", project("kind", five, "\"units\": 1", "BinaryCrossEntropy"),
            "The label of row 3 is 2, but the loss loss tells two classes apart, 0 and 1. Take CrossEntropy");
    }

    void misfitsAreNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const Project project = parseProject(text.toStdString(), "fit.weft");
        const std::string wanted = message.toStdString();
        QVERIFY2(says(trainingError(project), wanted.c_str()), trainingError(project).c_str());
        // `weft check` says the same without training.
        const std::vector<Diagnostic> found = checkData(project, m_folder.path().toStdString());
        QVERIFY(found.size() == 1 && found.front().severity == Severity::Error);
        // What has a remedy is told with it, before any sample is read.
        const std::string told = english(found.front().message);
        const bool hasFix = says(told, "The data have 3 classes, but this loss gets scores for 2")
            || says(told, "The column \"features\" has the shape 5, but this layer takes 4.")
            || says(told, "This layer reads the column \"featurs\", which the data do not have. They have: features, label, a,")
            || says(told, "This layer reads the column \"zz9\", which the data do not have.");
        QVERIFY2(says(told, wanted.c_str()) || hasFix, told.c_str());
        QCOMPARE(!found.front().fixes.empty(), hasFix);
    }

    void aMissingColumnIsReplacedByTheClosest()
    {
        const auto fixes = [&](const char* column, const char* target) {
            const QString input = QStringLiteral(R"("kind": "numbers", "column": "%1", "shape": [5])").arg(QLatin1String(column));
            const Project project = parseProject(::project("kind", input.toUtf8(), "\"units\": 3", "CrossEntropy", target).toStdString(), "fit.weft");
            QStringList labels;
            for (const Diagnostic& diagnostic : checkData(project, m_folder.path().toStdString())) {
                for (const Fix& fix : diagnostic.fixes) {
                    labels << QString::fromStdString(english(fix.label));
                    Project mended = project;
                    applyAll(mended, fix.edits);
                    if (labels.size() == 1)
                        m_left = checkData(mended, m_folder.path().toStdString());
                }
            }
            return labels;
        };
        QCOMPARE(fixes("featurs", "label"), QStringList("Read the column \"features\"")); // one slip, one answer
        QVERIFY(m_left.empty());
        // A class is asked for: columns of numbers are none.
        QCOMPARE(fixes("features", "zz9"), QStringList({"Read the column \"label\"", "Read the column \"kind\""}));
        QVERIFY(m_left.empty());
        // Nothing is like it: what has the wanted shape comes first, and a few others with theirs.
        const QStringList many = fixes("everything", "label");
        QCOMPARE(many.size(), 3);
        QCOMPARE(many.front(), QString("Read the column \"features\""));
        QVERIFY(m_left.empty());
    }

    void aVocabularyThatIsTooSmallGetsTheNeededSize()
    {
        Project texts = projectFromTemplate("text-bow");
        const auto dataset = openDataset(texts.data, {});
        const Column* column = dataset->findColumn("text");
        QVERIFY(column && column->indexCount > 100);
        const auto table = std::ranges::find(texts.network.nodes, "Embedding", &Node::type);
        QVERIFY(table != texts.network.nodes.end());
        table->params["vocabulary"] = 100;
        const std::vector<Diagnostic> found = checkData(texts, *dataset);
        QVERIFY(found.size() == 1 && found.front().code == "data.vocabulary" && found.front().node == table->id);
        applyAll(texts, found.front().fixes.front().edits);
        QCOMPARE(texts.network.findNode(table->id)->params.find("vocabulary")->integer(), column->indexCount);
        QVERIFY(checkData(texts, *dataset).empty());
    }

    void outputsWithoutAClassAreAWarning()
    {
        const Project wide = parseProject(project("kind", five, "\"units\": 5", "CrossEntropy").toStdString(), "fit.weft");
        QCOMPARE(trainingError(wide), std::string());
        const std::vector<QJsonObject> warnings = eventsOf(m_folder.filePath(QStringLiteral("run")).toStdString(), "warning");
        QVERIFY(!warnings.empty());
        QVERIFY(warnings.back().value(QStringLiteral("message")).toString().contains(QStringLiteral("has 5 units, but the data have 3 classes")));
        const std::vector<Diagnostic> found = checkData(wide, m_folder.path().toStdString());
        QVERIFY(found.size() == 1 && found.front().severity == Severity::Warning);
    }

    void twoClassesOfAnyNamePass()
    {
        const Project yesOrNo = parseProject(project("sign", four, "\"units\": 1", "BinaryCrossEntropy").toStdString(), "fit.weft");
        QCOMPARE(trainingError(yesOrNo), std::string());
        QVERIFY(checkData(yesOrNo, m_folder.path().toStdString()).empty());
    }

    void numbersBeyondYesAndNoAreRefusedWithARemedy()
    {
        const auto loss = [](const char* column) {
            return project("price", four, "\"units\": 1", "BinaryCrossEntropy", column)
                .replace("\"target\":", "\"labels\": \"numbers\", \"target\":");
        };
        const Project shares = parseProject(loss("c").toStdString(), "fit.weft");
        QCOMPARE(trainingError(shares), std::string());
        QVERIFY(checkData(shares, m_folder.path().toStdString()).empty());

        Project prices = parseProject(loss("price").toStdString(), "fit.weft");
        const std::string refusal = trainingError(prices);
        QVERIFY2(says(refusal, "but the loss loss compares with numbers from 0 to 1."), refusal.c_str());
        const std::vector<Diagnostic> found = checkData(prices, m_folder.path().toStdString());
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found.front().code == "data.range" && found.front().severity == Severity::Error && found.front().node == "loss");
        applyAll(prices, found.front().fixes.front().edits);
        QVERIFY(checkData(prices, m_folder.path().toStdString()).empty());
        QVERIFY(!hasErrors(analyze(prices.network).diagnostics));
        QCOMPARE(trainingError(prices), std::string());
    }

    void absentDataAreAWarningAndDamagedDataAnError()
    {
        Project tested = parseProject(project("kind", five, "\"units\": 3", "CrossEntropy").toStdString(), "fit.weft");
        const std::string folder = m_folder.path().toStdString();
        QVERIFY(checkData(tested, folder).empty());
        tested.data["path"] = "nowhere.csv";
        QVERIFY(checkData(tested, folder).front().severity == Severity::Warning);
        writeFile(m_folder.filePath(QStringLiteral("torn.csv")), "a,kind\n1\n");
        tested.data["path"] = "torn.csv";
        const std::vector<Diagnostic> found = checkData(tested, folder);
        QVERIFY(found.front().severity == Severity::Error && says(english(found.front().message), "Line 2 of"));
    }

private:
    /// What training says; empty when it succeeds. The run is in the folder "run".
    std::string trainingError(const Project& project)
    {
        const QString run = m_folder.filePath(QStringLiteral("run"));
        QDir(run).removeRecursively();
        const auto dataset = openDataset(project.data, m_folder.path().toStdString());
        TrainingJob job;
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
        job.snapshot = formatProject(project);
        job.projectId = project.id;
        return errorOf([&] { train(job, in(run)); });
    }

    QTemporaryDir m_folder;
    std::vector<Diagnostic> m_left; ///< by the first remedy
};

QTEST_GUILESS_MAIN(TrainingDataFitTest)
#include "training_data_fit_test.moc"
