#include <QBuffer>
#include <QtEndian>

#include "tests/unit/worker_fixtures.h"

using namespace weft::test;

namespace {

QByteArray encodedPng(int grey, int side)
{
    QImage picture(side, side, QImage::Format_RGB32);
    picture.fill(qRgb(grey, grey, grey));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "png");
    return bytes.toBase64();
}

} // namespace

class WorkerTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_tableRun, m_pictureRun;

    QString socketPath() const { return m_dir.filePath(QStringLiteral("s")); }
    QJsonObject tableData() const
    {
        return {{QStringLiteral("data"),
                 QJsonObject{{QStringLiteral("source"), QStringLiteral("csv")}, {QStringLiteral("path"), QStringLiteral("table.csv")}}},
                {QStringLiteral("baseDir"), m_dir.path()}};
    }
    QJsonObject pictureData() const
    {
        return {{QStringLiteral("data"),
                 QJsonObject{{QStringLiteral("source"), QStringLiteral("images")}, {QStringLiteral("path"), QStringLiteral("pictures")}}},
                {QStringLiteral("baseDir"), m_dir.path()}};
    }
    static QJsonObject ofRun(const QString& run, QJsonObject more = {})
    {
        more.insert(QStringLiteral("run"), run);
        more.insert(QStringLiteral("checkpoint"), QStringLiteral("last"));
        return more;
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

    void opensData()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        QJsonObject params = tableData();
        params.insert(QStringLiteral("with_labels"), true);
        const QJsonObject facts = worker.result(QStringLiteral("dataset.open"), params);
        QCOMPARE(facts.value(QStringLiteral("class_names")).toArray(), (QJsonArray{QStringLiteral("left"), QStringLiteral("right")}));
        const QJsonObject sizes = facts.value(QStringLiteral("sizes")).toObject();
        QCOMPARE(sizes.value(QStringLiteral("train")).toInt(), 160);
        QCOMPARE(sizes.value(QStringLiteral("test")).toInt(), 20);
        const QJsonObject first = facts.value(QStringLiteral("columns")).toArray().at(0).toObject();
        QCOMPARE(first.value(QStringLiteral("name")).toString(), QStringLiteral("features"));
        QCOMPARE(first.value(QStringLiteral("dtype")).toString(), QStringLiteral("float32"));
        QCOMPARE(first.value(QStringLiteral("shape")).toArray(), QJsonArray{2});
        const QJsonArray counts = facts.value(QStringLiteral("class_counts")).toObject().value(QStringLiteral("train")).toArray();
        QCOMPARE(counts.at(0).toInt() + counts.at(1).toInt(), 160);
        QCOMPARE(facts.value(QStringLiteral("labels")).toObject().value(QStringLiteral("train")).toArray().size(), 160);
        QVERIFY(facts.value(QStringLiteral("fingerprint")).toString().startsWith(QStringLiteral("csv-")));
    }

    void seesThatAFileChanged()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        writeText(m_dir.filePath(QStringLiteral("changing.csv")), "a,y\n1,x\n2,z\n3,x\n4,z\n");
        QJsonObject params = tableData();
        params.insert(QStringLiteral("data"),
                      QJsonObject{{QStringLiteral("source"), QStringLiteral("csv")}, {QStringLiteral("path"), QStringLiteral("changing.csv")}});
        const QJsonValue before = worker.result(QStringLiteral("dataset.open"), params).value(QStringLiteral("fingerprint"));
        writeText(m_dir.filePath(QStringLiteral("changing.csv")), "a,y\n1,x\n2,z\n3,x\n4,z\n5,x\n");
        QVERIFY(worker.result(QStringLiteral("dataset.open"), params).value(QStringLiteral("fingerprint")) != before);
    }

    void sendsSamples()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        QJsonObject params = pictureData();
        params.insert(QStringLiteral("split"), QStringLiteral("test"));
        params.insert(QStringLiteral("indices"), QJsonArray{3, 0});
        params.insert(QStringLiteral("thumbnail"), 64);
        const QJsonArray samples = worker.result(QStringLiteral("dataset.samples"), params).value(QStringLiteral("samples")).toArray();
        QCOMPARE(samples.size(), 2);
        const QJsonObject sample = samples.at(0).toObject();
        QCOMPARE(sample.value(QStringLiteral("index")).toInt(), 3);
        const QImage picture = QImage::fromData(QByteArray::fromBase64(sample.value(QStringLiteral("png")).toString().toLatin1()));
        QCOMPARE(picture.size(), QSize(8, 8));
        const bool isLight = sample.value(QStringLiteral("name")).toString().startsWith(QStringLiteral("亮"));
        QCOMPARE(qGray(picture.pixel(0, 0)) > 128, isLight);

        params = tableData();
        params.insert(QStringLiteral("split"), QStringLiteral("train"));
        params.insert(QStringLiteral("indices"), QJsonArray{0});
        const QJsonObject row = worker.result(QStringLiteral("dataset.samples"), params).value(QStringLiteral("samples")).toArray().at(0).toObject();
        QCOMPARE(row.value(QStringLiteral("values")).toArray().size(), 2);
        params.insert(QStringLiteral("indices"), QJsonArray{100000});
        QVERIFY(worker.error(QStringLiteral("dataset.samples"), params).contains(QStringLiteral("no sample train:100000")));
    }

    void evaluatesARun()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        const QJsonObject result
            = worker.result(QStringLiteral("model.evaluate"), ofRun(m_tableRun, {{QStringLiteral("split"), QStringLiteral("test")}}));
        QCOMPARE(result.value(QStringLiteral("samples")).toInt(), 20);
        const QJsonArray labels = result.value(QStringLiteral("labels")).toArray(), predicted = result.value(QStringLiteral("predicted")).toArray();
        QCOMPARE(predicted.size(), 20);
        int right = 0;
        for (int i = 0; i < 20; ++i)
            right += labels[i] == predicted[i];
        QCOMPARE(result.value(QStringLiteral("accuracy")).toDouble(), right / 20.0);
        const QByteArray bytes = QByteArray::fromBase64(result.value(QStringLiteral("probabilities")).toString().toLatin1());
        QCOMPARE(bytes.size(), 20 * 2 * 4);
        for (int i = 0; i < 20; ++i) {
            const auto left = qFromLittleEndian<float>(bytes.constData() + 8 * i),
                       rightShare = qFromLittleEndian<float>(bytes.constData() + 8 * i + 4);
            QVERIFY(std::abs(left + rightShare - 1) < 1e-5f);
            QCOMPARE(predicted[i].toInt(), rightShare > left ? 1 : 0);
            QVERIFY(std::abs(result.value(QStringLiteral("confidence")).toArray()[i].toDouble() - static_cast<double>(std::max(left, rightShare)))
                    < 1e-6);
        }
    }

    void predictsPicturesAndNumbers()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        for (const bool isLight : {false, true}) {
            // Another size and in colour: it is fitted to the network's input.
            const QString image = QString::fromLatin1(encodedPng(isLight ? 230 : 20, 100));
            const QJsonObject result = worker.result(QStringLiteral("model.predict"), ofRun(m_pictureRun, {{QStringLiteral("image"), image}}));
            const QJsonArray names = result.value(QStringLiteral("class_names")).toArray();
            QCOMPARE(names[result.value(QStringLiteral("label")).toInt(-1)].toString(), isLight ? QStringLiteral("亮") : QStringLiteral("暗"));
            QCOMPARE(result.value(QStringLiteral("probabilities")).toArray().size(), 2);
        }
        const QJsonObject numbers
            = worker.result(QStringLiteral("model.predict"), ofRun(m_tableRun, {{QStringLiteral("values"), QJsonArray{1.2, 0.1}}}));
        QCOMPARE(numbers.value(QStringLiteral("label")).toInt(-1), 1);
        QVERIFY(worker.error(QStringLiteral("model.predict"), ofRun(m_tableRun, {{QStringLiteral("values"), QJsonArray{1.2}}}))
                    .contains(QStringLiteral("takes 2 numbers")));
        QVERIFY(worker.error(QStringLiteral("model.predict"), ofRun(m_pictureRun, {{QStringLiteral("image"), QStringLiteral("bm8=")}}))
                    .contains(QStringLiteral("cannot be read")));
    }

    void describesAModel()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        const QJsonObject info = worker.result(QStringLiteral("model.info"), ofRun(m_pictureRun));
        const QJsonObject input = info.value(QStringLiteral("inputs")).toArray().at(0).toObject();
        QCOMPARE(input.value(QStringLiteral("column")).toString(), QStringLiteral("image"));
        QCOMPARE(input.value(QStringLiteral("dtype")).toString(), QStringLiteral("uint8"));
        QCOMPARE(input.value(QStringLiteral("shape")).toArray(), (QJsonArray{1, 8, 8}));
        QCOMPARE(info.value(QStringLiteral("outputs")).toArray().at(0).toObject().value(QStringLiteral("shape")).toArray(), QJsonArray{2});
        QVERIFY(info.value(QStringLiteral("checkpoint_step")).toInt() > 0);
    }

    void answersFaultsWithErrorsAndGoesOn()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        for (const char* line : {"{", "[]", "7", "\xff\xfe", "{\"id\": 1"}) {
            worker.send(line);
            QVERIFY2(worker.answer().value(QStringLiteral("error")).toString().contains(QStringLiteral("not valid JSON")), line);
        }
        QVERIFY(worker.error(QStringLiteral("no.such"), {}).contains(QStringLiteral("no method \"no.such\"")));
        QVERIFY(worker.error(QStringLiteral("dataset.open"), {}).contains(QStringLiteral("\"data\"")));
        QVERIFY(
            worker
                .error(QStringLiteral("dataset.open"),
                       {{QStringLiteral("data"),
                         QJsonObject{{QStringLiteral("source"), QStringLiteral("csv")}, {QStringLiteral("path"), QStringLiteral("/no/where.csv")}}}})
                .contains(QStringLiteral("/no/where.csv")));
        QVERIFY(!worker.error(QStringLiteral("model.info"), ofRun(m_dir.filePath(QStringLiteral("no-run")))).isEmpty());
        QVERIFY(!worker.result(QStringLiteral("dataset.open"), tableData()).isEmpty());
    }

    void cancelsWhatWaits()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        // Both lines arrive together, and cancelling overtakes the queue.
        QByteArray lines;
        for (int id = 1; id <= 40; ++id)
            lines += "{\"id\": " + QByteArray::number(id) + ", \"method\": \"model.evaluate\", \"params\": {\"run\": \"" + m_tableRun.toUtf8()
                + "\", \"split\": \"train\"}}\n";
        worker.send(lines + "{\"method\": \"cancel\", \"params\": {\"id\": 40}}");
        QJsonObject last;
        for (int id = 1; id <= 40; ++id) {
            last = worker.answer();
            QCOMPARE(last.value(QStringLiteral("id")).toInt(), id);
            QCOMPARE(last.contains(QStringLiteral("result")), id < 40);
        }
        QVERIFY(last.value(QStringLiteral("error")).toString().contains(QStringLiteral("cancelled")));
    }

    void endsWithItsClient()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        worker.request(QStringLiteral("model.evaluate"), ofRun(m_tableRun, {{QStringLiteral("split"), QStringLiteral("train")}}));
        worker.socket.disconnectFromServer();
        QVERIFY(worker.hasEnded());
        QCOMPARE(worker.exitCode(), 0);
        QVERIFY(!QFile::exists(socketPath()));
    }

    void endsWhenNoClientComes()
    {
        Worker worker(socketPath(), {QStringLiteral("--idle-seconds"), QStringLiteral("1")});
        QVERIFY(worker.hasEnded());
        QCOMPARE(worker.exitCode(), 0);
    }

    void servesOneClientOnly()
    {
        Worker worker(socketPath());
        QVERIFY(worker.connectClient());
        QVERIFY(!worker.result(QStringLiteral("dataset.open"), tableData()).isEmpty());
        QLocalSocket second;
        second.connectToServer(socketPath());
        QTRY_COMPARE(second.state(), QLocalSocket::UnconnectedState);
        QVERIFY(!worker.result(QStringLiteral("dataset.open"), tableData()).isEmpty());
    }

    void refusesASocketInUseAndTakesOverADeadOne()
    {
        {
            Worker worker(socketPath());
            QVERIFY(worker.connectClient());
            const Outcome other = runWeft({QStringLiteral("worker"), QStringLiteral("--socket"), socketPath()});
            QCOMPARE(other.exitCode, 1);
            QVERIFY(other.error.contains("Another worker"));
        } // killed: its socket stays
        QVERIFY(QFile::exists(socketPath()));
        Worker next(socketPath());
        QVERIFY(next.connectClient());
    }

    void needsASocket() { QCOMPARE(runWeft({QStringLiteral("worker")}).exitCode, 2); }
};

QTEST_GUILESS_MAIN(WorkerTest)
#include "worker_test.moc"
