#include "tests/unit/worker_fixtures.h"

using namespace weft::test;

class WorkerDataCommandTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

private Q_SLOTS:
    void initTestCase()
    {
        writeTableProject(m_dir.path());
        writePictureProject(m_dir.path());
    }

    void listsTheCatalogue()
    {
        const Outcome outcome = runWeft({QStringLiteral("data"), QStringLiteral("list"), QStringLiteral("--json")});
        QCOMPARE(outcome.exitCode, 0);
        const QJsonObject entry = outcome.json().array().at(0).toObject();
        QCOMPARE(entry.value(QStringLiteral("source")).toString(), QStringLiteral("fashion-mnist"));
        QVERIFY(entry.value(QStringLiteral("how_to_get")).toString().contains(QStringLiteral("dataset-fashion-mnist")));
    }

    void describesProjectsTablesAndFolders_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("source");
        QTest::addColumn<int>("train");
        QTest::newRow("project") << QStringLiteral("table.weft") << QStringLiteral("csv") << 160;
        QTest::newRow("table") << QStringLiteral("table.csv") << QStringLiteral("csv") << 160;
        QTest::newRow("folder") << QStringLiteral("pictures") << QStringLiteral("images") << 32;
    }

    void describesProjectsTablesAndFolders()
    {
        QFETCH(QString, name);
        QFETCH(QString, source);
        QFETCH(int, train);
        const Outcome outcome = runWeft({QStringLiteral("data"), QStringLiteral("info"), m_dir.filePath(name), QStringLiteral("--json")});
        QVERIFY2(outcome.exitCode == 0, outcome.error.constData());
        const QJsonObject facts = outcome.json().object();
        QCOMPARE(facts.value(QStringLiteral("source")).toString(), source);
        QCOMPARE(facts.value(QStringLiteral("sizes")).toObject().value(QStringLiteral("train")).toInt(), train);
        QCOMPARE(facts.value(QStringLiteral("class_names")).toArray().size(), 2);
        QVERIFY(!facts.value(QStringLiteral("fingerprint")).toString().isEmpty());
        const Outcome text = runWeft({QStringLiteral("data"), QStringLiteral("info"), m_dir.filePath(name)});
        QVERIFY(text.out.contains(QStringLiteral("train %1").arg(train).toUtf8()));
    }

    void paintsASheetOfSamples()
    {
        const QString file = m_dir.filePath(QStringLiteral("sheet.png"));
        const Outcome outcome
            = runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("pictures")), QStringLiteral("-o"), file});
        QVERIFY2(outcome.exitCode == 0, outcome.error.constData());
        const QImage sheet(file);
        QVERIFY(sheet.width() > 500 && sheet.height() > 150);
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("pictures"))}).exitCode, 2);
        // A PNG picture under another name would mislead.
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("pictures")), QStringLiteral("-o"),
                          m_dir.filePath(QStringLiteral("sheet.jpg"))})
                     .exitCode,
                 2);
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("pictures")), QStringLiteral("-o"),
                          QStringLiteral("/no/where.png")})
                     .exitCode,
                 1);
    }

    void printsTheFirstRowsOfATable()
    {
        const Outcome outcome = runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("table.csv"))});
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY(outcome.out.startsWith("a  b  kind\n"));
        QCOMPARE(outcome.out.count('\n'), 11);
        const QJsonObject table
            = runWeft({QStringLiteral("data"), QStringLiteral("preview"), m_dir.filePath(QStringLiteral("table.csv")), QStringLiteral("--json")})
                  .json()
                  .object();
        QCOMPARE(table.value(QStringLiteral("columns")).toArray(), (QJsonArray{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("kind")}));
        QCOMPARE(table.value(QStringLiteral("rows")).toArray().size(), 10);
    }

    void saysWhatIsWrong()
    {
        const Outcome missing = runWeft({QStringLiteral("data"), QStringLiteral("info"), QStringLiteral("/no/where")});
        QCOMPARE(missing.exitCode, 1);
        QVERIFY(missing.error.contains("/no/where is not there"));
        QVERIFY(runWeft({QStringLiteral("data"), QStringLiteral("info"), QStringLiteral("fashion-mnits")})
                    .error.contains("Did you mean the data set fashion-mnist"));
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("info")}).exitCode, 2);
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("nonsense")}).exitCode, 2);
        QCOMPARE(runWeft({QStringLiteral("data"), QStringLiteral("list"), QStringLiteral("table.csv")}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(WorkerDataCommandTest)
#include "worker_data_command_test.moc"
