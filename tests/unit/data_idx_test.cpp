#include <set>

#include <QTemporaryDir>
#include <QTest>
#include <zlib.h>

#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

void writeGz(const QString& path, const QByteArray& bytes)
{
    gzFile file = gzopen(QFile::encodeName(path).constData(), "wb");
    QVERIFY(file);
    gzwrite(file, bytes.constData(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
}

QByteArray ramp(int count, int modulus = 256)
{
    QByteArray bytes(count, '\0');
    for (int i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(i % modulus);
    return bytes;
}

Tree idx(const QString& path)
{
    return Tree::Map{{"source", "idx"}, {"path", path.toStdString()}};
}

} // namespace

class DataIdxTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString folder() const { return m_dir.filePath(QString::fromUtf8(QTest::currentTestFunction())); }

    /// 20 training and 5 test images of 2 x 3 pixels, labels 0 to 3.
    void writeSet(const QString& dir, bool isGz = true)
    {
        QDir().mkpath(dir);
        const auto write = [&](const QString& name, const QByteArray& bytes) {
            isGz ? writeGz(dir + name + QStringLiteral(".gz"), bytes) : writeFile(dir + name, bytes);
        };
        write(QStringLiteral("/train-images-idx3-ubyte"), idxBytes({20, 2, 3}, ramp(120)));
        write(QStringLiteral("/train-labels-idx1-ubyte"), idxBytes({20}, ramp(20, 4)));
        write(QStringLiteral("/t10k-images-idx3-ubyte"), idxBytes({5, 2, 3}, ramp(30)));
        write(QStringLiteral("/t10k-labels-idx1-ubyte"), idxBytes({5}, ramp(5, 4)));
    }

private slots:
    void readsPlainAndGzippedFilesAlike()
    {
        writeSet(folder() + QStringLiteral("/gz"), true);
        writeSet(folder() + QStringLiteral("/plain"), false);
        const auto gz = openDataset(idx(folder() + QStringLiteral("/gz")), {});
        const auto plain = openDataset(idx(folder() + QStringLiteral("/plain")), {});
        QCOMPARE(gz->fingerprint(), plain->fingerprint());
        QCOMPARE(gz->size(Split::Train) + gz->size(Split::Validation), 20);
        QCOMPARE(gz->size(Split::Validation), 2);
        QCOMPARE(gz->size(Split::Test), 5);
        QCOMPARE(gz->findColumn("image")->shape, (Extents{1, 2, 3}));
        QVERIFY(gz->findColumn("label")->isLabel);
        QCOMPARE(gz->classNames(), (std::vector<std::string>{"0", "1", "2", "3"}));
        unsigned char a[6], b[6];
        gz->read(Split::Test, 4, 0, a);
        plain->read(Split::Test, 4, 0, b);
        QCOMPARE(a[0], 24);
        QVERIFY(std::equal(a, a + 6, b));
        std::int32_t label = -1;
        gz->read(Split::Test, 3, 1, &label);
        QCOMPARE(label, 3);
        QCOMPARE(gz->labels(Split::Test)[4], 0);
        QCOMPARE(gz->sampleName(Split::Test, 3), std::string("test 3"));
    }

    void changedPixelsChangeTheFingerprint()
    {
        writeSet(folder());
        const std::string before = openDataset(idx(folder()), {})->fingerprint();
        QByteArray pixels = ramp(120);
        pixels[50] = 1;
        writeGz(folder() + QStringLiteral("/train-images-idx3-ubyte.gz"), idxBytes({20, 2, 3}, pixels));
        QVERIFY(openDataset(idx(folder()), {})->fingerprint() != before);
    }

    void setsAsideTheLastSamplesForValidation()
    {
        writeSet(folder());
        Tree data = idx(folder());
        data["validation"] = Tree::Map{{"last", 6}};
        const auto set = openDataset(data, {});
        QCOMPARE(set->size(Split::Train), 14);
        unsigned char pixels[6];
        set->read(Split::Validation, 0, 0, pixels);
        QCOMPARE(pixels[0], 14 * 6);
    }

    void drawsTheTestSplitWithoutOwnFiles()
    {
        writeSet(folder());
        Tree data = idx(folder() + QStringLiteral("/train-images-idx3-ubyte.gz"));
        data["test"] = Tree::Map{{"fraction", 0.25}};
        const auto set = openDataset(data, {});
        QCOMPARE(set->size(Split::Test), 5);
        std::set<int> seen;
        for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
            for (std::int64_t i = 0; i < set->size(split); ++i) {
                unsigned char pixels[6];
                set->read(split, i, 0, pixels);
                QVERIFY2(seen.insert(pixels[0]).second, "a sample is in two splits");
            }
        }
        QCOMPARE(seen.size(), std::size_t(20));
    }

    void findsTheFilesBesideTheProject()
    {
        writeSet(folder() + QStringLiteral("/pictures"));
        QCOMPARE(openDataset(idx(QStringLiteral("pictures")), folder().toStdString())->size(Split::Test), 5);
    }

    void saysWhatIsWrongWithAFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("part");
        const QString images = QStringLiteral("train-images-idx3-ubyte"), labels = QStringLiteral("train-labels-idx1-ubyte");
        QTest::newRow("no IDX") << images << QByteArray("hello, this is no IDX file") << QByteArray("not an IDX file");
        QTest::newRow("cut head") << images << idxBytes({20, 2, 3}, {}).first(9) << QByteArray("ends early");
        QTest::newRow("cut elements") << images << idxBytes({20, 2, 3}, ramp(100)) << QByteArray("holds 116 of 136 bytes");
        QTest::newRow("too long") << images << idxBytes({20, 2, 3}, ramp(130)) << QByteArray("longer than its head says");
        QTest::newRow("empty file") << images << QByteArray() << QByteArray("ends early");
        QTest::newRow("no samples") << images << idxBytes({0, 2, 3}, {}) << QByteArray("is empty");
        QTest::newRow("absurd size") << images << idxBytes({0x7fffffff, 0x7fffffff, 0x7fffffff}, {}) << QByteArray("not an IDX file");
        QTest::newRow("labels in place of images") << images << idxBytes({20}, ramp(20)) << QByteArray("does not hold images");
        QTest::newRow("images in place of labels") << labels << idxBytes({20, 1}, ramp(20)) << QByteArray("does not hold labels");
        QTest::newRow("other count") << labels << idxBytes({19}, ramp(19, 4)) << QByteArray("do not belong together");
        QTest::newRow("one class") << labels << idxBytes({20}, QByteArray(20, '\0')) << QByteArray("single class");
        QTest::newRow("test label out of range") << QStringLiteral("t10k-labels-idx1-ubyte") << idxBytes({5}, QByteArray("\0\1\x09\0\0", 5))
                                                 << QByteArray("has label 9 at sample 2");
        QTest::newRow("test images of another size")
            << QStringLiteral("t10k-images-idx3-ubyte") << idxBytes({5, 3, 3}, ramp(45)) << QByteArray("shape [1, 3, 3]");
    }

    void saysWhatIsWrongWithAFile()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, part);
        const QString dir = folder() + QString::fromUtf8(QTest::currentDataTag());
        writeSet(dir, false);
        writeFile(dir + QStringLiteral("/") + name, bytes);
        const std::string error = openingError(idx(dir));
        QVERIFY(says(error, part.constData()));
        QVERIFY(says(error, name.toUtf8().constData()));
    }

    void saysThatAGzipFileIsCutOff()
    {
        writeSet(folder());
        const QString path = folder() + QStringLiteral("/train-images-idx3-ubyte.gz");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        file.close();
        writeFile(path, whole.first(whole.size() / 2));
        QVERIFY(says(openingError(idx(folder())), "ends early"));
    }

    void saysThatAGzipFileIsDamagedWhenItIsRead()
    {
        writeSet(folder());
        const QString path = folder() + QStringLiteral("/train-images-idx3-ubyte.gz");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray bytes = file.readAll();
        file.close();
        bytes[bytes.size() - 8] = static_cast<char>(bytes[bytes.size() - 8] ^ 1); // the checksum
        writeFile(path, bytes);
        std::string error;
        try {
            const auto set = openDataset(idx(folder()), {});
            unsigned char pixels[6];
            set->read(Split::Train, 0, 0, pixels);
        } catch (const Error& e) {
            error = e.what();
        }
        QVERIFY(says(error, "is damaged"));
        // The path stands once, though zlib begins its reason with it as well.
        QCOMPARE(QString::fromStdString(error).count(QStringLiteral(".gz")), 1);
    }

    void saysWhatIsMissing()
    {
        QVERIFY(says(openingError(idx(folder())), "is not there"));
        QDir().mkpath(folder());
        QVERIFY(says(openingError(idx(folder())), "holds no IDX images"));
        writeFile(folder() + QStringLiteral("/train-images-idx3-ubyte"), idxBytes({20, 2, 3}, ramp(120)));
        QVERIFY(says(openingError(idx(folder())), "has no labels beside it"));
    }

    void refusesSettingsThatLeaveNothingToTrainOn()
    {
        writeSet(folder());
        Tree data = idx(folder());
        data["validation"] = Tree::Map{{"last", 20}};
        QVERIFY(says(openingError(data), "none is left to train on"));
    }

    void refusesUnknownAndWrongSettings_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("key") << QStringLiteral("validaton") << 0 << QByteArray("Known here: validation");
        QTest::newRow("kind") << QStringLiteral("validation") << 0 << QByteArray("\"validation\" must be");
        QTest::newRow("source") << QStringLiteral("source") << 1 << QByteArray("Unknown data source \"idxx\"");
        QTest::newRow("no source") << QStringLiteral("source") << 2 << QByteArray("names no data");
    }

    void refusesUnknownAndWrongSettings()
    {
        QFETCH(QString, key);
        QFETCH(int, kind);
        QFETCH(QByteArray, part);
        Tree data = idx(folder());
        data[key.toStdString()] = kind == 0 ? Tree(7) : kind == 1 ? Tree("idxx") : Tree();
        QVERIFY(says(openingError(data), part.constData()));
    }

    void saysHowToGetFashionMnist()
    {
        qputenv("WEFT_DATA_DIR", folder().toUtf8());
        const std::string error = openingError(Tree::Map{{"source", "fashion-mnist"}});
        QVERIFY(!dataCatalogue().front().isAvailable);
        qunsetenv("WEFT_DATA_DIR");
        QVERIFY(says(error, "apt install dataset-fashion-mnist"));
    }

    void opensFashionMnistFromItsPackage()
    {
        if (!dataCatalogue().front().isAvailable)
            QSKIP("the package dataset-fashion-mnist is not installed");
        const auto set = openDataset(Tree::Map{{"source", "fashion-mnist"}}, {});
        QCOMPARE(set->size(Split::Train), 55000);
        QCOMPARE(set->size(Split::Validation), 5000);
        QCOMPARE(set->size(Split::Test), 10000);
        QCOMPARE(set->classNames().at(9), std::string("Ankle boot"));
        QCOMPARE(set->findColumn("image")->shape, (Extents{1, 28, 28}));
        // The first test image is an ankle boot, the second a pullover.
        QCOMPARE(set->labels(Split::Test)[0], 9);
        QCOMPARE(set->labels(Split::Test)[1], 2);
        unsigned char pixels[784];
        set->read(Split::Test, 0, 0, pixels);
        QVERIFY(std::any_of(pixels, pixels + 784, [](unsigned char p) { return p > 200; }));
    }
};

QTEST_GUILESS_MAIN(DataIdxTest)
#include "data_idx_test.moc"
