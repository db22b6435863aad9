#include <set>

#include <QBuffer>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include "core/data/image_decoding.h"
#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

QImage plain(const QColor& colour, int width = 6, int height = 4)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(colour);
    return image;
}

void savePicture(const QString& path, const QImage& image)
{
    QDir().mkpath(QFileInfo(path).path());
    if (!image.save(path))
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray encoded(const QImage& image, const char* format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

Tree images(const QString& path)
{
    return Tree::Map{{"source", "images"}, {"path", path.toStdString()}};
}

std::int64_t total(const Dataset& set)
{
    return set.size(Split::Train) + set.size(Split::Validation) + set.size(Split::Test);
}

} // namespace

class DataImagesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString folder() const { return m_dir.filePath(QString::fromUtf8(QTest::currentTestFunction())); }

    /// Ten pictures in each of two classes, one dark and one light.
    void writeTwoClasses(const QString& dir, const QString& first, const QString& second, bool isGrey)
    {
        for (int i = 0; i < 10; ++i) {
            savePicture(QStringLiteral("%1/%2/%3.png").arg(dir, first).arg(i), plain(QColor(10 + i, 10 + i, isGrey ? 10 + i : 90)));
            savePicture(QStringLiteral("%1/%2/%3.bmp").arg(dir, second).arg(i), plain(QColor(200 + i, 200 + i, isGrey ? 200 + i : 90)));
        }
    }

private slots:
    void aPartOpensAsTheWholeDoes()
    {
        writeTwoClasses(folder(), QStringLiteral("dark"), QStringLiteral("light"), false);
        QFile broken(folder() + QStringLiteral("/dark/broken.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("no picture") > 0);
        broken.close();
        const auto whole = openDataset(images(folder()), {});
        // Here lies the first training sample, and what is set aside.
        const QString part = folder() + QStringLiteral("-part");
        std::vector<std::string> names{whole->sampleName(Split::Train, 0)};
        for (std::int64_t i = 0; i < whole->size(Split::Validation); ++i)
            names.push_back(whole->sampleName(Split::Validation, i));
        for (const std::string& name : names) {
            const QString place = part + QLatin1Char('/') + QString::fromStdString(name);
            QVERIFY(QDir().mkpath(QFileInfo(place).path()) && QFile::copy(folder() + QLatin1Char('/') + QString::fromStdString(name), place));
        }
        QFile index(part + QLatin1Char('/') + QLatin1String(partIndexName));
        QVERIFY(index.open(QIODevice::WriteOnly) && index.write(QByteArray::fromStdString(whole->partIndex())) > 0);
        index.close();
        const auto cut = openDataset(images(part), {});
        QCOMPARE(cut->fingerprint(), whole->fingerprint());
        QCOMPARE(cut->columns()[0].shape, whole->columns()[0].shape);
        QCOMPARE(cut->partIndex(), whole->partIndex());
        for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
            QCOMPARE(cut->size(split), whole->size(split));
            for (std::int64_t i = 0; i < cut->size(split); ++i) {
                QCOMPARE(cut->sampleName(split, i), whole->sampleName(split, i));
                QCOMPARE(cut->labels(split)[static_cast<std::size_t>(i)], whole->labels(split)[static_cast<std::size_t>(i)]);
            }
        }
        const auto bytes = static_cast<std::size_t>(elementCount(whole->columns()[0].shape));
        std::vector<unsigned char> pixels(bytes), others(bytes);
        whole->read(Split::Train, 0, 0, pixels.data());
        cut->read(Split::Train, 0, 0, others.data());
        QCOMPARE(others, pixels);
        try {
            cut->read(Split::Train, 1, 0, others.data());
            QFAIL("A picture that is not there was read.");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains("not in the part"), error.what());
        }
        // A picture that has changed since is none of the whole.
        savePicture(part + QLatin1Char('/') + QString::fromStdString(names.front()), plain(Qt::red, 60, 40));
        QVERIFY_EXCEPTION_THROWN(openDataset(images(part), {}), Error);
        for (const char* damaged : {"", "{}", "[1", "{\"size\":[3,4,6],\"classes\":[\"a\"],\"files\":[[\"x.png\",7,1,0]]}"}) {
            QVERIFY(index.open(QIODevice::WriteOnly | QIODevice::Truncate));
            index.write(damaged);
            index.close();
            QVERIFY_EXCEPTION_THROWN(openDataset(images(part), {}), Error);
        }
    }

    void readsAFolderForEachClass()
    {
        writeTwoClasses(folder(), QStringLiteral("dark"), QStringLiteral("light"), false);
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->classNames(), (std::vector<std::string>{"dark", "light"}));
        QCOMPARE(set->findColumn("image")->shape, (Extents{3, 4, 6}));
        QCOMPARE(set->size(Split::Validation), 2);
        QCOMPARE(set->size(Split::Test), 2);
        QCOMPARE(set->size(Split::Train), 16);
        QVERIFY(set->warnings().empty());
        for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
            for (std::int64_t i = 0; i < set->size(split); ++i) {
                std::vector<std::uint8_t> pixels(72);
                std::int32_t label = -1;
                set->read(split, i, 0, pixels.data());
                set->read(split, i, 1, &label);
                QCOMPARE(label, pixels[0] >= 200 ? 1 : 0);
                QCOMPARE(label, set->labels(split)[static_cast<std::size_t>(i)]);
                QCOMPARE(pixels[24], pixels[0]); // green plane
                QCOMPARE(int(pixels[48]), 90); // blue plane
                QVERIFY(set->sampleName(split, i).starts_with(label ? "light/" : "dark/"));
            }
        }
    }

    void isGreyWhenAllPicturesAre()
    {
        writeTwoClasses(folder(), QStringLiteral("dark"), QStringLiteral("light"), true);
        QCOMPARE(openDataset(images(folder()), {})->findColumn("image")->shape, (Extents{1, 4, 6}));
        savePicture(folder() + QStringLiteral("/dark/colour.png"), plain(Qt::red));
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->findColumn("image")->shape, (Extents{3, 4, 6}));
        std::vector<std::uint8_t> pixels(72);
        set->read(Split::Test, 0, 0, pixels.data());
        if (set->sampleName(Split::Test, 0) != "dark/colour.png")
            QVERIFY(pixels[0] == pixels[24] && pixels[24] == pixels[48]);
    }

    void takesChineseClassNames()
    {
        writeTwoClasses(folder(), QStringLiteral("猫"), QStringLiteral("狗"), false);
        const auto set = openDataset(images(folder()), {});
        const std::set<std::string> names(set->classNames().begin(), set->classNames().end());
        QCOMPARE(names, (std::set<std::string>{"猫", "狗"}));
    }

    void sortsNumberedClassesAsNumbers()
    {
        for (const char* name : {"10", "9", "2"})
            savePicture(folder() + QLatin1Char('/') + QLatin1String(name) + QStringLiteral("/a.png"), plain(Qt::red));
        QCOMPARE(openDataset(images(folder()), {})->classNames(), (std::vector<std::string>{"2", "9", "10"}));
    }

    void takesOwnFoldersForTheSplits()
    {
        writeTwoClasses(folder() + QStringLiteral("/train"), QStringLiteral("a"), QStringLiteral("b"), true);
        savePicture(folder() + QStringLiteral("/test/b/x.png"), plain(Qt::gray));
        savePicture(folder() + QStringLiteral("/validation/a/y.png"), plain(Qt::gray));
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->size(Split::Train), 20);
        QCOMPARE(set->size(Split::Test), 1);
        QCOMPARE(set->size(Split::Validation), 1);
        QCOMPARE(set->labels(Split::Test)[0], 1);
        QCOMPARE(set->sampleName(Split::Validation, 0), std::string("validation/a/y.png"));
        savePicture(folder() + QStringLiteral("/test/c/x.png"), plain(Qt::gray));
        QVERIFY(says(openingError(images(folder())), "the class \"c\", which the training folder lacks"));
    }

    void rescalesToTheFirstPictureOrTheSetting()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        savePicture(folder() + QStringLiteral("/b/zz.png"), plain(QColor(120, 0, 0), 30, 50));
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->findColumn("image")->shape, (Extents{3, 4, 6}));
        QCOMPARE(set->warnings().size(), std::size_t(1));
        QCOMPARE(set->warnings()[0].count, 1);
        QVERIFY(says(english(set->warnings()[0].message), "zz.png"));
        Tree data = images(folder());
        data["size"] = Tree::List{8, 12};
        data["channels"] = 1;
        QCOMPARE(openDataset(data, {})->findColumn("image")->shape, (Extents{1, 8, 12}));
    }

    void keepsLargePicturesWithin64PixelsByDefault()
    {
        savePicture(folder() + QStringLiteral("/a/1.png"), plain(Qt::red, 640, 320));
        savePicture(folder() + QStringLiteral("/b/1.png"), plain(Qt::blue, 640, 320));
        savePicture(folder() + QStringLiteral("/b/2.png"), plain(Qt::blue, 640, 320));
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->findColumn("image")->shape, (Extents{3, 32, 64}));
        QVERIFY(set->warnings().empty());
    }

    void leavesOutCountsAndNamesBrokenPictures()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        QImage noise(64, 64, QImage::Format_RGB32);
        for (int i = 0; i < 64 * 64; ++i)
            noise.setPixel(i % 64, i / 64, static_cast<uint>(i * 2654435761u));
        const QByteArray jpeg = encoded(noise, "jpg"), png = encoded(noise, "png");
        writeFile(folder() + QStringLiteral("/a/cut.jpg"), jpeg.first(jpeg.size() / 2));
        writeFile(folder() + QStringLiteral("/a/cut.png"), png.first(png.size() / 2));
        writeFile(folder() + QStringLiteral("/b/empty.png"), {});
        writeFile(folder() + QStringLiteral("/b/words.jpg"), "these are words");
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(total(*set), 20);
        QCOMPARE(set->warnings().size(), std::size_t(1));
        QCOMPARE(set->warnings()[0].count, 4);
        QVERIFY(says(english(set->warnings()[0].message), "a/cut.jpg, a/cut.png, b/empty.png, … (4)"));
    }

    void findsDamageInsideAPng_data()
    {
        QTest::addColumn<int>("at");
        QTest::newRow("size in the head") << 17;
        QTest::newRow("pixels") << -40;
        QTest::newRow("length of a chunk") << 8;
    }

    void findsDamageInsideAPng()
    {
        QFETCH(int, at);
        QImage noise(64, 64, QImage::Format_RGB32);
        for (int i = 0; i < 64 * 64; ++i)
            noise.setPixel(i % 64, i / 64, static_cast<uint>(i * 2654435761u));
        QByteArray png = encoded(noise, "png");
        QVERIFY(decodeImageBytes(png).problem.empty());
        const qsizetype place = at < 0 ? png.size() + at : at;
        png[place] = static_cast<char>(png[place] ^ 0x55);
        QVERIFY(!decodeImageBytes(png).problem.empty());
        const QString path = folder() + QLatin1String(QTest::currentDataTag()) + QStringLiteral(".png");
        writeFile(path, png);
        QVERIFY(!looksWhole(path.toStdString()));
    }

    void aClassOfBrokenPicturesIsNone()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        for (int i = 0; i < 10; ++i)
            writeFile(QStringLiteral("%1/a/%2.png").arg(folder()).arg(i), "broken");
        const std::string message = openingError(images(folder()));
        QVERIFY(says(message, "a single class, \"b\""));
        QVERIFY(says(message, "10 of the others are broken, such as a/0.png"));
    }

    void macFoldersAreNoClasses()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        savePicture(folder() + QStringLiteral("/__MACOSX/a/1.png"), plain(Qt::red));
        savePicture(folder() + QStringLiteral("/.thumbnails/1.png"), plain(Qt::red));
        QCOMPARE(openDataset(images(folder()), {})->classNames(), (std::vector<std::string>{"a", "b"}));
    }

    void saysWhatIsWrongWithAFolder()
    {
        QVERIFY(says(openingError(images(folder())), "is not there"));
        QDir().mkpath(folder());
        QVERIFY(says(openingError(images(folder())), "holds no pictures"));
        savePicture(folder() + QStringLiteral("/a/1.png"), plain(Qt::red));
        QVERIFY(says(openingError(images(folder())), "single class, \"a\""));
        QVERIFY(says(openingError(images(folder() + QStringLiteral("/a/1.png"))), "is a file"));
        writeFile(folder() + QStringLiteral("/a/1.png"), "broken");
        writeFile(folder() + QStringLiteral("/b/1.png"), "broken");
        QVERIFY(says(openingError(images(folder())), "None of the 2 pictures"));
    }

    void namesFoldersWithoutPictures()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        QDir().mkpath(folder() + QStringLiteral("/empty"));
        const auto set = openDataset(images(folder()), {});
        QCOMPARE(set->classNames().size(), std::size_t(2));
        QVERIFY(says(english(set->warnings().at(0).message), "empty"));
    }

    void newPicturesChangeTheFingerprint()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        const std::string before = openDataset(images(folder()), {})->fingerprint();
        QCOMPARE(openDataset(images(folder()), {})->fingerprint(), before);
        savePicture(folder() + QStringLiteral("/a/new.png"), plain(Qt::red));
        QVERIFY(openDataset(images(folder()), {})->fingerprint() != before);
    }

    void canBeCancelled()
    {
        writeTwoClasses(folder(), QStringLiteral("a"), QStringLiteral("b"), false);
        QVERIFY_EXCEPTION_THROWN(openDataset(images(folder()), {}, [](std::int64_t, std::int64_t) { return false; }), Error);
    }

    void turnsPixelsBackIntoAPicture()
    {
        QImage image(5, 3, QImage::Format_RGB32);
        for (int i = 0; i < 15; ++i)
            image.setPixelColor(i % 5, i / 5, QColor(i * 10, 255 - i, i));
        std::vector<std::uint8_t> pixels(45);
        writePixels(image, {3, 3, 5}, pixels.data());
        QCOMPARE(imageOfPixels(pixels.data(), {3, 3, 5}).convertToFormat(QImage::Format_RGB32), image);
    }
};

QTEST_GUILESS_MAIN(DataImagesTest)
#include "data_images_test.moc"
