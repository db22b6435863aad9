#include "tests/unit/worker_fixtures.h"

using namespace weft::test;

class WorkerPredictTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_tableRun, m_pictureRun;

    QJsonArray predicted(const QString& run, const QStringList& inputs) const
    {
        const Outcome outcome = runWeft(QStringList{QStringLiteral("predict"), run} + inputs
                                        + QStringList{QStringLiteral("--checkpoint"), QStringLiteral("last"), QStringLiteral("--json")});
        if (outcome.exitCode != 0)
            qWarning("%s", outcome.error.constData());
        return outcome.json().array();
    }

    QByteArray failure(const QString& run, const QStringList& inputs) const
    {
        const Outcome outcome = runWeft(QStringList{QStringLiteral("predict"), run} + inputs);
        return outcome.exitCode == 1 ? outcome.error : QByteArray("exit code ") + QByteArray::number(outcome.exitCode);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_tableRun = m_dir.filePath(QStringLiteral("table-run"));
        m_pictureRun = m_dir.filePath(QStringLiteral("picture-run"));
        const Outcome table = train(writeTableProject(m_dir.path()), m_tableRun);
        QVERIFY2(table.exitCode == 0, table.error.constData());
        const Outcome pictures = train(writePictureProject(m_dir.path()), m_pictureRun);
        QVERIFY2(pictures.exitCode == 0, pictures.error.constData());
    }

    void predictsPictures()
    {
        QImage large(50, 30, QImage::Format_RGB32);
        large.fill(Qt::white);
        const QString path = m_dir.filePath(QStringLiteral("white.jpg"));
        QVERIFY(large.save(path));
        const QJsonArray answers = predicted(m_pictureRun, {path, m_dir.filePath(QStringLiteral("pictures/暗/0.png"))});
        QCOMPARE(answers.size(), 2);
        QCOMPARE(answers[0].toObject().value(QStringLiteral("input")).toString(), path);
        QCOMPARE(answers[0].toObject().value(QStringLiteral("label")).toString(), QStringLiteral("亮"));
        QCOMPARE(answers[1].toObject().value(QStringLiteral("label")).toString(), QStringLiteral("暗"));
        const QJsonArray shares = answers[0].toObject().value(QStringLiteral("probabilities")).toArray();
        QVERIFY(std::abs(shares[0].toDouble() + shares[1].toDouble() - 1) < 1e-5);
    }

    void predictsSamplesOfTheData()
    {
        const QJsonArray answers = predicted(m_tableRun, {QStringLiteral("test:0"), QStringLiteral("validation:3"), QStringLiteral("train:1")});
        QCOMPARE(answers.size(), 3);
        QCOMPARE(answers[1].toObject().value(QStringLiteral("input")).toString(), QStringLiteral("validation:3"));
        QVERIFY(failure(m_tableRun, {QStringLiteral("test:20")}).contains("no sample test:20"));
    }

    void predictsRowsOfATable()
    {
        // The columns are found by name, whatever their order; the label is not needed.
        writeText(m_dir.filePath(QStringLiteral("rows.csv")), "note,b,a\nx,0.1,1.3\ny,0.1,-1.3\n");
        const QJsonArray answers = predicted(m_tableRun, {m_dir.filePath(QStringLiteral("rows.csv"))});
        QCOMPARE(answers.size(), 2);
        QCOMPARE(answers[0].toObject().value(QStringLiteral("label")).toString(), QStringLiteral("right"));
        QCOMPARE(answers[1].toObject().value(QStringLiteral("label")).toString(), QStringLiteral("left"));
        QVERIFY(answers[1].toObject().value(QStringLiteral("input")).toString().endsWith(QStringLiteral("rows.csv:2")));
        writeText(m_dir.filePath(QStringLiteral("short.csv")), "a,c\n1,2\n");
        QVERIFY(failure(m_tableRun, {m_dir.filePath(QStringLiteral("short.csv"))}).contains("no column \"b\""));
        writeText(m_dir.filePath(QStringLiteral("words.csv")), "a,b\n1,2\none,2\n");
        QVERIFY(failure(m_tableRun, {m_dir.filePath(QStringLiteral("words.csv"))}).contains("Line 3 of"));
    }

    void takesACheckpointByStep()
    {
        QFile last(m_tableRun + QStringLiteral("/last"));
        QVERIFY(last.open(QFile::ReadOnly));
        const Outcome outcome = runWeft({QStringLiteral("predict"), m_tableRun, QStringLiteral("test:0"), QStringLiteral("--checkpoint"),
                                         QStringLiteral("24"), QStringLiteral("--json")});
        QVERIFY2(outcome.exitCode == 0, outcome.error.constData());
        QCOMPARE(runWeft({QStringLiteral("predict"), m_tableRun, QStringLiteral("test:0"), QStringLiteral("--checkpoint"), QStringLiteral("7777")})
                     .exitCode,
                 1);
    }

    void aDamagedCheckpointNamesTheNewestWholeOne()
    {
        const QDir checkpoints(m_tableRun + QStringLiteral("/checkpoints"));
        QList<qint64> steps;
        for (const QString& name : checkpoints.entryList(QDir::Files))
            steps << name.section(QLatin1Char('.'), 0, 0).toLongLong();
        std::sort(steps.begin(), steps.end());
        QVERIFY(steps.size() >= 3);
        const auto pathOf = [&](qint64 step) { return checkpoints.filePath(QStringLiteral("%1.safetensors").arg(step)); };
        // The two newest are torn: the one before them is named.
        QList<QByteArray> whole;
        for (const qint64 step : steps.last(2)) {
            QFile file(pathOf(step));
            QVERIFY(file.open(QFile::ReadWrite));
            whole << file.readAll();
            QVERIFY(file.resize(file.size() / 2));
        }
        const QByteArray step = QByteArray::number(steps[steps.size() - 3]);
        const QByteArray text = failure(m_tableRun, {QStringLiteral("test:0"), QStringLiteral("--checkpoint"), QStringLiteral("last")});
        QVERIFY2(text.contains("name it with --checkpoint " + step + "."), text.constData());
        for (qsizetype i = 0; i < 2; ++i)
            writeText(pathOf(steps[steps.size() - 2 + i]), whole[i]);
    }

    void printsATableForPeople()
    {
        const Outcome outcome = runWeft({QStringLiteral("predict"), m_tableRun, QStringLiteral("test:0")});
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY(outcome.out.startsWith("test:0"));
        QVERIFY(outcome.out.contains("left") && outcome.out.contains("%"));
    }

    void saysWhatIsWrong()
    {
        QVERIFY(failure(m_tableRun, {QStringLiteral("nothing.png")}).contains("neither a file nor a sample"));
        QVERIFY(failure(m_dir.filePath(QStringLiteral("no-run")), {QStringLiteral("test:0")}).contains("no run"));
        writeText(m_dir.filePath(QStringLiteral("broken.png")), "no picture");
        QVERIFY(failure(m_pictureRun, {m_dir.filePath(QStringLiteral("broken.png"))}).contains("cannot be read"));
        QVERIFY(failure(m_tableRun, {m_dir.filePath(QStringLiteral("pictures/暗/0.png"))}).contains("takes no picture"));
        QCOMPARE(runWeft({QStringLiteral("predict"), m_tableRun}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(WorkerPredictTest)
#include "worker_predict_test.moc"
