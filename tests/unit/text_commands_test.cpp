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
    void sequencesAreAsLongAsTheirBatchNeeds();
    void templatesLearn_data();
    void templatesLearn();
    void changedTextsAreRefused();
    void textsAreShown();
    void otherNetworksTakeNoSentence();
    void damagedVocabulariesAreRefused();
    void aLostVocabularyComesBackOnResume();
    void missingFilesAreNoSentences();
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

/// Sentences of 5 and of 40 words: batches of two lengths, the same answers one by one and together.
void TextCommandsTest::sequencesAreAsLongAsTheirBatchNeeds()
{
    QByteArray up, down;
    for (int i = 0; i < 24; ++i) {
        const QByteArray filler = QByteArray("and on ").repeated(i % 4 == 0 ? 18 : 1);
        up += filler + "up " + QByteArray::number(i % 3) + '\n';
        down += filler + "down " + QByteArray::number(i % 3) + '\n';
    }
    writeText(path("ways/up"), up);
    writeText(path("ways/down"), down);
    const QByteArray project = R"({"weft": 1, "id": "sequence-test",
  "data": {"source": "text", "path": "ways", "maxLength": 48},
  "nodes": [
    {"id": "x", "name": "x", "type": "Input", "params": {"kind": "tokens", "column": "text", "shape": [48], "variableLength": true}},
    {"id": "table", "name": "table", "type": "Embedding", "params": {"vocabulary": 100, "dimension": 4}},
    {"id": "mean", "name": "mean", "type": "MeanOverTime", "params": {}},
    {"id": "out", "name": "out", "type": "Dense", "params": {"units": 2}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}],
  "wires": [["x.y", "table.x"], ["table.y", "mean.x"], ["mean.y", "out.x"], ["out.y", "loss.prediction"]],
  "training": {"optimizer": {"type": "adam", "learningRate": 0.1}, "epochs": 30, "batchSize": 3, "seed": 1}}
)";
    writeText(path("ways.weft"), project);
    const Outcome trained = train(path("ways.weft"), path("ways-run"));
    QVERIFY2(trained.exitCode == 0, trained.error.constData());
    QCOMPARE(runWeft({"evaluate", path("ways-run"), "--checkpoint", "last", "--json"}).json().object().value("accuracy").toDouble(), 1.0);
    const QJsonArray answers = runWeft({"predict", path("ways-run"), "up", "and on and on down", "--checkpoint", "last", "--json"}).json().array();
    QCOMPARE(answers[0].toObject().value("label").toString(), QStringLiteral("up"));
    QCOMPARE(answers[1].toObject().value("label").toString(), QStringLiteral("down"));

    const auto failure = [&](const char* from, const char* to) {
        writeText(path("faulty.weft"), QByteArray(project).replace(from, to));
        return runWeft({"train", path("faulty.weft"), "--run-dir", path("faulty-run")}).error;
    };
    const QByteArray small = failure("\"vocabulary\": 100", "\"vocabulary\": 3");
    QVERIFY2(small.contains("table has a vocabulary of 3"), small.constData());
    const QByteArray longer = failure("\"maxLength\": 48", "\"maxLength\": 64");
    QVERIFY2(longer.contains("have up to 64 steps, but x takes 48 at most"), longer.constData());
}

void TextCommandsTest::templatesLearn_data()
{
    QTest::addColumn<qint64>("parameters");
    QTest::newRow("text-bow") << qint64{1280260};
    QTest::newRow("text-lstm") << qint64{2825220};
    QTest::newRow("text-transformer") << qint64{1355396};
}

/// The templates train on fortunes, which need not be installed here: other texts take their place.
void TextCommandsTest::templatesLearn()
{
    QFETCH(qint64, parameters);
    const QString name = QString::fromUtf8(QTest::currentDataTag());
    const QString project = path("template.weft");
    const QString run = m_dir.filePath(name);
    QFile::remove(project);
    QCOMPARE(runWeft({"new", name, "-o", project}).exitCode, 0);
    QCOMPARE(runWeft({"summary", project, "--json"}).json().object().value("parameters").toInteger(), parameters);
    const Outcome trained
        = runWeft({"train", project, "--set", "data.source=text", "--set", "data.path=" + path("texts"), "--set", "data.files=[\"art\",\"sports\"]",
                   "--set", "nodes.dense.params.units=2", "--epochs", "3", "--batch-size", "8", "--run-dir", run, "--follow", "jsonl"});
    QVERIFY2(trained.exitCode == 0, trained.error.constData());
    QList<double> losses;
    for (const QByteArray& line : trained.out.split('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        if (event.value("event") == QLatin1String("epoch"))
            losses << event.value("train").toObject().value("loss").toDouble();
    }
    QCOMPARE(losses.size(), 3);
    QVERIFY2(losses.last() < losses.first(), qPrintable(QStringLiteral("%1 %2").arg(losses.first()).arg(losses.last())));
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

/// A vocabulary whose numbers the network has no place for would be read beyond the end of the weights.
void TextCommandsTest::damagedVocabulariesAreRefused()
{
    for (const QString& run : {path("run"), path("ways-run")}) {
        const QString file = run + QStringLiteral("/vocabulary.json");
        const QString kept = run + QStringLiteral("/vocabulary.kept");
        QVERIFY(QFile::rename(file, kept));
        QFile original(kept);
        QVERIFY(original.open(QFile::ReadOnly));
        const QByteArray whole = original.readAll();
        const QJsonObject vocabulary = QJsonDocument::fromJson(whole).object();
        const auto failure = [&](const char* key, const QJsonValue& value) {
            QJsonObject changed = vocabulary;
            changed.insert(QLatin1String(key), value);
            if (value.isArray())
                changed.insert(QStringLiteral("vocabulary_size"), 200000);
            writeText(file, QJsonDocument(changed).toJson());
            const Outcome asked = runWeft({"predict", run, "the painter w1999"});
            return asked.exitCode == 1 ? asked.error : QByteArray();
        };
        QJsonArray words, weights;
        for (int i = 0; i < 2000; ++i) {
            words.append(QStringLiteral("w%1").arg(i));
            weights.append(1.0);
        }
        QVERIFY(failure("words", words).contains("no usable \"weights\""));
        writeText(file, "[]");
        QVERIFY(runWeft({"predict", run, "x"}).error.contains("holds no JSON object"));
        const bool isBag = run == path("run");
        QVERIFY(failure(isBag ? "vocabulary_size" : "max_length", isBag ? 32 : 4096).contains("does not fit what x reads"));
        if (!isBag) {
            QJsonObject grown = vocabulary;
            grown.insert(QStringLiteral("words"), words);
            grown.insert(QStringLiteral("weights"), weights);
            grown.insert(QStringLiteral("vocabulary_size"), 200000);
            writeText(file, QJsonDocument(grown).toJson());
            QVERIFY(runWeft({"predict", run, "w1999"}).error.contains("does not fit what x reads"));
        }
        QFile::remove(file);
        const QByteArray lost = runWeft({"predict", run, "the painter"}).error;
        QVERIFY2(lost.contains("has lost its vocabulary"), lost.constData());
        QVERIFY(QFile::rename(kept, file));
        QCOMPARE(runWeft({"predict", run, "the painter"}).exitCode, 0);
    }
}

void TextCommandsTest::aLostVocabularyComesBackOnResume()
{
    const QString file = path("run/vocabulary.json");
    QVERIFY(QFile::remove(file));
    const Outcome resumed = runWeft({"train", "--resume", "--run-dir", path("run"), "--epochs", "6"});
    QVERIFY2(resumed.exitCode == 0, resumed.error.constData());
    QVERIFY(QFile::exists(file));
    QCOMPARE(runWeft({"predict", path("run"), "the painter"}).exitCode, 0);
}

void TextCommandsTest::missingFilesAreNoSentences()
{
    for (const char* name : {"none.csv", "none.txt"})
        QVERIFY(runWeft({"predict", path("run"), name}).error.contains("There is no file none"));
    QCOMPARE(runWeft({"predict", path("run"), "see none.txt"}).exitCode, 0);
    writeText(path("gap.csv"), "text,label\nthe painter,art\n,sports\n");
    const QByteArray gap = runWeft({"predict", path("run"), path("gap.csv")}).error;
    QVERIFY2(gap.contains("Line 3 of") && gap.contains("has no value in the column \"text\""), gap.constData());
}

QTEST_GUILESS_MAIN(TextCommandsTest)
#include "text_commands_test.moc"
