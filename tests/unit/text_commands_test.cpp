// Texts from the command line to the answer, with the real program.
#include <QDir>
#include <QTest>

#include "tests/unit/worker_fixtures.h"

using namespace weft::test;

class TextCommandsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString path(const char* name) const { return m_dir.filePath(QLatin1String(name)); }

private Q_SLOTS:
    void initTestCase();
    void aSentenceIsAnsweredWithoutTheData();
    void changedTextsAreRefused();
    void textsAreShown();
    void otherNetworksTakeNoSentence();
};

/// Two kinds of sentences that a few words tell apart, and a project that learns them.
void TextCommandsTest::initTestCase()
{
    QByteArray painters, players;
    for (int i = 0; i < 30; ++i) {
        painters += "the painter " + QByteArray::number(i % 7) + " finished a canvas\n%\n";
        players += "the player " + QByteArray::number(i % 5) + " scored a goal\n%\n";
    }
    writeText(path("texts/art"), painters);
    writeText(path("texts/sports"), players);
    writeText(path("texts.weft"), R"({"weft": 1, "id": "text-test",
  "data": {"source": "text", "path": "texts", "vocabularySize": 64, "maxLength": 16},
  "nodes": [
    {"id": "x", "name": "x", "type": "Input", "params": {"kind": "numbers", "column": "bagOfWords", "shape": [64]}},
    {"id": "out", "name": "out", "type": "Dense", "params": {"units": 2}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}],
  "wires": [["x.y", "out.x"], ["out.y", "loss.prediction"]],
  "training": {"optimizer": {"type": "adam", "learningRate": 0.1}, "epochs": 5, "batchSize": 8, "seed": 1}}
)");
    const Outcome trained = train(path("texts.weft"), path("run"));
    QVERIFY2(trained.exitCode == 0, trained.error.constData());
    const QJsonObject measured = runWeft({"evaluate", path("run"), "--json"}).json().object();
    QCOMPARE(measured.value("accuracy").toDouble(), 1.0);
    QCOMPARE(measured.value("auc").toDouble(), 1.0);
    QCOMPARE(measured.value("mean_iou").toDouble(), 1.0);
}

void TextCommandsTest::aSentenceIsAnsweredWithoutTheData()
{
    QVERIFY(QDir().rename(path("texts"), path("away")));
    writeText(path("more.txt"), "A goal!\nanother canvas\n");
    const Outcome outcome = runWeft({"predict", path("run"), "The painter finished his canvas", path("more.txt"), "--json"});
    QVERIFY(QDir().rename(path("away"), path("texts")));
    QVERIFY2(outcome.exitCode == 0, outcome.error.constData());
    const QJsonArray answers = outcome.json().array();
    QCOMPARE(answers.size(), 3);
    QCOMPARE(answers[0].toObject().value("label").toString(), QStringLiteral("art"));
    QCOMPARE(answers[0].toObject().value("input").toString(), QStringLiteral("The painter finished his canvas"));
    QVERIFY(answers[0].toObject().value("probabilities").toArray()[0].toDouble() > 0.6);
    QCOMPARE(answers[1].toObject().value("label").toString(), QStringLiteral("sports"));
    QCOMPARE(answers[2].toObject().value("label").toString(), QStringLiteral("art"));
    const Outcome plain = runWeft({"predict", path("run"), "a goal"});
    QVERIFY2(plain.out.contains("sports"), plain.out.constData());
    const Outcome empty = runWeft({"predict", path("run"), " "});
    QCOMPARE(empty.exitCode, 1);
    QVERIFY2(empty.error.contains("The text is empty"), empty.error.constData());
}

void TextCommandsTest::changedTextsAreRefused()
{
    const QString file = path("texts/art");
    QFile::copy(file, path("kept"));
    writeText(file, "other words\n%\nof another kind\n");
    const Outcome evaluated = runWeft({"evaluate", path("run")});
    QFile::remove(file);
    QFile::rename(path("kept"), file);
    QCOMPARE(evaluated.exitCode, 1);
    QVERIFY2(evaluated.error.contains("The texts have changed since the run"), evaluated.error.constData());
    QCOMPARE(runWeft({"predict", path("run"), "test:0"}).exitCode, 0);
}

void TextCommandsTest::textsAreShown()
{
    const Outcome shown = runWeft({"data", "preview", path("texts.weft"), "--split", "test", "--rows", "2", "--json"});
    QVERIFY2(shown.exitCode == 0, shown.error.constData());
    const QJsonArray rows = shown.json().object().value("rows").toArray();
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0].toObject().value("text").toString().startsWith("the p"));
    const Outcome facts = runWeft({"data", "info", path("texts"), "--json"});
    QCOMPARE(facts.json().object().value("source").toString(), QStringLiteral("text"));
    QVERIFY(runWeft({"data", "list"}).out.contains("fortunes-zh"));
}

/// A sentence for a network of numbers gets a message.
void TextCommandsTest::otherNetworksTakeNoSentence()
{
    const QString table = writeTableProject(path("table"));
    QCOMPARE(train(table, path("table-run")).exitCode, 0);
    const Outcome asked = runWeft({"predict", path("table-run"), "a sentence"});
    QCOMPARE(asked.exitCode, 1);
    QVERIFY2(asked.error.contains("is neither a file nor a sample"), asked.error.constData());
}

QTEST_GUILESS_MAIN(TextCommandsTest)
#include "text_commands_test.moc"
