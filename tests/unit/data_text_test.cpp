#include <set>

#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "core/data/text_encoder.h"
#include "core/data/text_encoding.h"
#include "core/data/text_files.h"
#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

using Tokens = std::vector<std::string>;

class DataTextTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString folder() const { return m_dir.filePath(QString::fromUtf8(QTest::currentTestFunction())); }
    void write(const QString& name, const QByteArray& text) const { writeFile(folder() + QLatin1Char('/') + name, text); }

    /// All of the texts train, so that samples are found by their number.
    Tree texts(const QString& path) const
    {
        return Tree::Map{{"source", "text"},
                         {"path", path.toStdString()},
                         {"validation", Tree::Map{{"last", 0}}},
                         {"test", Tree::Map{{"last", 0}}},
                         {"maxLength", 6}};
    }
    Tree texts() const { return texts(folder()); }

    static std::vector<std::int32_t> indices(const Dataset& set, std::int64_t sample, const char* column)
    {
        const int index = set.columnIndex(column);
        std::vector<std::int32_t> values(static_cast<std::size_t>(elementCount(set.columns()[static_cast<std::size_t>(index)].shape)));
        set.read(Split::Train, sample, index, values.data());
        return values;
    }

private slots:
    void cutsWordsWhereThereAreSpaces()
    {
        QCOMPARE(tokensOf("Don't panic, Arthur!  7:30", TokenKind::Words), (Tokens{"don't", "panic", ",", "arthur", "!", "7", ":", "30"}));
        QCOMPARE(tokensOf("don’t Ｐａｎｉｃ", TokenKind::Words), (Tokens{"don't", "panic"}));
        QCOMPARE(tokensOf("\x1b[32mgreen\x1b[m", TokenKind::Words), (Tokens{"green"}));
        QCOMPARE(tokensOf("ÉTÉ Straße", TokenKind::Words), (Tokens{"été", "straße"}));
        QVERIFY(tokensOf(" \t\n", TokenKind::Words).empty());
    }

    void takesSingleCharactersWhereThereAreNone()
    {
        QCOMPARE(tokensOf("春眠不觉晓，Tang", TokenKind::Words), (Tokens{"春", "眠", "不", "觉", "晓", ",", "tang"}));
        QCOMPARE(tokensOf("春眠。", TokenKind::Bigrams), (Tokens{"春", "春 眠", "眠", "眠 。", "。"}));
        QCOMPARE(tokensOf("春 眠\nab c", TokenKind::Characters), (Tokens{"春", "眠", "a", "b", " ", "c"}));
    }

    void cutsWordsIntoPieces()
    {
        QCOMPARE(tokensOf("art.", TokenKind::Subwords), (Tokens{"art", "<ar", "art", "rt>", "<art", "art>", "<art>", "."}));
    }

    void choosesTokensByTheScript()
    {
        const std::vector<std::string_view> chinese{"春眠不觉晓", "ok 处处闻啼鸟"};
        const std::vector<std::string_view> english{"to sleep in spring", "春"};
        QCOMPARE(fittingTokens(chinese), TokenKind::Bigrams);
        QCOMPARE(fittingTokens(english), TokenKind::Words);
    }

    void learnsTheVocabularyFromTheTrainingTextsAlone()
    {
        write(QStringLiteral("a.txt"), "red red blue\nred\n");
        write(QStringLiteral("b.txt"), "green blue\nlast words\n");
        Tree data = texts();
        data["test"] = Tree::Map{{"last", 1}};
        const auto set = openDataset(data, {});
        // Most frequent first, equal ones by their bytes: red 2, blue 3, green 4. Index 1 is unknown, 0 pads.
        QCOMPARE(set->columns()[0].indexCount, 5);
        QVERIFY(set->columns()[0].isSequence);
        QCOMPARE(indices(*set, 0, "text"), (std::vector<std::int32_t>{2, 2, 3, 0, 0, 0}));
        QCOMPARE(indices(*set, 0, "text.lengths"), (std::vector<std::int32_t>{3}));
        std::vector<std::int32_t> unknown(6);
        set->read(Split::Test, 0, set->columnIndex("text"), unknown.data());
        QCOMPARE(unknown, (std::vector<std::int32_t>{1, 1, 0, 0, 0, 0}));
        QCOMPARE(set->classNames(), (std::vector<std::string>{"a", "b"}));
        QCOMPARE(set->sampleName(Split::Test, 0), std::string("b 2"));
        QCOMPARE(set->sampleText(Split::Test, 0), std::string("last words"));
    }

    void keepsTheFrequentWordsOnly()
    {
        const std::vector<std::string_view> some{"a a a b b c", "b a"};
        TextSettings settings;
        settings.vocabularySize = 4;
        QCOMPARE(TextEncoder::learn(some, settings).indexCount(), 4);
        settings.vocabularySize = 100;
        settings.minCount = 2;
        QCOMPARE(TextEncoder::learn(some, settings).encode("c b a"), (std::vector<std::int32_t>{1, 3, 2}));
    }

    void weighsBagsOfWords()
    {
        const std::vector<std::string_view> some{"a b", "a c"};
        TextSettings settings;
        settings.vocabularySize = 6;
        const TextEncoder encoder = TextEncoder::learn(some, settings);
        std::vector<float> bag(6);
        encoder.fillBag(encoder.encode("a b b zebra"), bag.data());
        // a: 1 · (1 + ln(3/3)) = 1; b: (1 + ln 2) · (1 + ln(3/2)) = 2.3797; length 2.5813.
        QVERIFY(std::abs(bag[2] - 0.38740f) < 1e-4f);
        QVERIFY(std::abs(bag[3] - 0.92191f) < 1e-4f);
        QCOMPARE(bag[0] + bag[1] + bag[4] + bag[5], 0.0f);
        settings.countsOnly = true;
        const TextEncoder counting = TextEncoder::learn(some, settings);
        counting.fillBag(counting.encode("a b b zebra"), bag.data());
        QCOMPARE(bag, (std::vector<float>{0, 0, 1, 2, 0, 0}));
    }

    void travelsAsJson()
    {
        const std::vector<std::string_view> some{"春眠不觉晓", "处处闻啼鸟"};
        TextSettings settings;
        settings.tokens = TokenKind::Bigrams;
        settings.maxLength = 12;
        const TextEncoder encoder = TextEncoder::learn(some, settings);
        const TextEncoder back = TextEncoder::fromJson(encoder.toJson(), "vocabulary.json");
        QCOMPARE(back.encode("春眠处处"), encoder.encode("春眠处处"));
        QCOMPARE(back.settings().maxLength, 12);
        std::vector<float> one(20000), two(20000);
        encoder.fillBag(encoder.encode("春眠处处"), one.data());
        back.fillBag(back.encode("春眠处处"), two.data());
        QCOMPARE(one, two);
        QVERIFY_EXCEPTION_THROWN(TextEncoder::fromJson({}, "vocabulary.json"), Error);
    }

    void readsFortunes()
    {
        write(QStringLiteral("art"), "Two\n  lines\n\t\t-- Somebody\n%\n%\n\x1b[32mTitle\x1b[m\nOne\n");
        QCOMPARE(textsInFile((folder() + QStringLiteral("/art")).toStdString(), TextEncoding::Automatic, true),
                 (Tokens{"Two\n  lines\n\t\t-- Somebody", "Title\nOne"}));
        QCOMPARE(textsInFile((folder() + QStringLiteral("/art")).toStdString(), TextEncoding::Automatic, false), (Tokens{"Two\n  lines", "One"}));
    }

    void joinsFilesOfOneClass()
    {
        for (const char* name : {"a", "b", "c"})
            write(QString::fromLatin1(name), QByteArray("text of ") + name + "\n");
        write(QStringLiteral("a.dat"), "table of contents\n");
        Tree data = texts();
        QCOMPARE(openDataset(data, {})->classNames(), (Tokens{"a", "b", "c"}));
        data["files"] = Tree::List{"a", "c", "b"};
        data["classNames"] = Tree::List{"one", "two", "two"};
        const auto set = openDataset(data, {});
        QCOMPARE(set->classNames(), (Tokens{"one", "two"}));
        QCOMPARE(set->sampleName(Split::Train, 1), std::string("c 1"));
        QCOMPARE(set->labels(Split::Train)[2], 1);
        data["classNames"] = Tree::List{"one"};
        QVERIFY(says(openingError(data), "name the class of each of the 3 files"));
        data["files"] = Tree::List{"a", "bb"};
        QVERIFY(says(openingError(data), "has no file \"bb\""));
    }

    void readsTables()
    {
        write(QStringLiteral("t.csv"), "stars,review,kind\n5,\"Fine, really\",good\n1,Never again,bad\n");
        Tree data = texts(folder() + QStringLiteral("/t.csv"));
        const auto set = openDataset(data, {});
        QCOMPARE(set->classNames(), (Tokens{"bad", "good"}));
        QCOMPARE(set->sampleText(Split::Train, 0), std::string("Fine, really"));
        data["labelColumn"] = "stars";
        QCOMPARE(openDataset(data, {})->classNames(), (Tokens{"1", "5"}));
        data["textColumn"] = "stars";
        QVERIFY(says(openingError(data), "cannot be both the text and the label"));
    }

    void readsGb18030()
    {
        // 春眠 and 处处 in GB18030.
        const QByteArray bytes("text,label\n\xB4\xBA\xC3\xDF,tang\n\xB4\xA6\xB4\xA6,other\n");
        write(QStringLiteral("g.csv"), bytes);
        const auto set = openDataset(texts(folder() + QStringLiteral("/g.csv")), {});
        QCOMPARE(set->sampleText(Split::Train, 0), std::string("春眠"));
        QCOMPARE(decodeText("\xB4\xBA", TextEncoding::Gb18030, "g"), std::string("春"));
    }

    void saysWhichLineIsDamaged()
    {
        // Among lines of good UTF-8 a bad one is damage, though its bytes could be GB18030.
        const std::string chinese = "春眠不觉晓\n处处闻啼鸟\n夜来\xE9\xA3\n花落知多少\n";
        try {
            decodeText(chinese, TextEncoding::Automatic, "poem");
            QFAIL("nothing was said");
        } catch (const Error& error) {
            QVERIFY(says(error.what(), "Line 3 of poem is not UTF-8"));
        }
        // A Latin-1 accent before a letter could be a Chinese character; it is not taken for one.
        QVERIFY_EXCEPTION_THROWN(decodeText("un \xE9t\xE9\n", TextEncoding::Automatic, "french"), Error);
        QVERIFY_EXCEPTION_THROWN(decodeText("a\xFF\xFF\n", TextEncoding::Gb18030, "broken"), Error);
    }

    void warnsOfTextsThatAreTooLong()
    {
        write(QStringLiteral("a"), "one two three four five six seven\nshort\n");
        write(QStringLiteral("b"), "short as well\n");
        const auto set = openDataset(texts(), {});
        QCOMPARE(indices(*set, 0, "text.lengths"), (std::vector<std::int32_t>{6}));
        QCOMPARE(set->warnings().at(0).count, 1);
        QVERIFY(says(english(set->warnings()[0].message), "longer than 6 tokens"));
    }

    void loadsAsLongAsTheBatchNeeds()
    {
        QByteArray words;
        for (int i = 0; i < 40; ++i)
            words += "w" + QByteArray::number(i) + ' ';
        write(QStringLiteral("long"), words + "\n");
        write(QStringLiteral("short"), "one two\nthree\nfour\n");
        Tree data = texts();
        data["maxLength"] = 100;
        const auto set = openDataset(data, {});
        LoaderOptions options;
        options.columns = {set->columnIndex("text"), set->columnIndex("label")};
        options.cutColumns = {set->columnIndex("text")};
        options.batchSize = 2;
        options.shuffle = false;
        Loader loader(*set, options);
        loader.startEpoch(0);
        const Batch* batch = loader.next();
        QCOMPARE(batch->time, 64); // 40 tokens, rounded up to a multiple of 32
        QCOMPARE(batch->columns[0].size(), std::size_t(2 * 64 * 4));
        const auto* second = reinterpret_cast<const std::int32_t*>(batch->columns[0].data()) + 64;
        QVERIFY(second[1] > 1);
        QCOMPARE(second[2], 0);
        batch = loader.next();
        QCOMPARE(batch->time, 32);
        QCOMPARE(batch->columns[0].size(), std::size_t(2 * 32 * 4));
        QCOMPARE(bucketOf(90, 100), 96);
        QCOMPARE(bucketOf(97, 100), 100);
    }

    void sharesTheClassesOutToFolds()
    {
        QByteArray rare, frequent;
        for (int i = 0; i < 10; ++i)
            rare += "r" + QByteArray::number(i) + '\n';
        for (int i = 0; i < 43; ++i)
            frequent += "f" + QByteArray::number(i) + '\n';
        write(QStringLiteral("rare"), rare);
        write(QStringLiteral("frequent"), frequent);
        Tree data = texts();
        data.erase("test");
        data["folds"] = 5;
        std::set<std::string> tested;
        std::int64_t count = 0;
        for (int fold = 0; fold < 5; ++fold) {
            data["fold"] = fold;
            const auto set = openDataset(data, {});
            const auto labels = set->labels(Split::Test);
            QCOMPARE(std::count(labels.begin(), labels.end(), 1), 2);
            QVERIFY(set->size(Split::Test) >= 10 && set->size(Split::Test) <= 11);
            for (std::int64_t i = 0; i < set->size(Split::Test); ++i)
                tested.insert(set->sampleText(Split::Test, i));
            count += set->size(Split::Test);
        }
        QCOMPARE(count, 53);
        QCOMPARE(tested.size(), std::size_t(53));
        data["fold"] = 5;
        QVERIFY(says(openingError(data), "\"fold\" must be"));
        data["fold"] = 0;
        data["test"] = Tree::Map{{"fraction", 0.1}};
        QVERIFY(says(openingError(data), "both name the test samples"));
    }

    void recognisesTexts()
    {
        write(QStringLiteral("texts/a"), "some text\n");
        write(QStringLiteral("texts/b"), "other text\n");
        write(QStringLiteral("review.csv"), "review,kind\nThis is the best that I ever saw,good\nI would not see this again,bad\n");
        write(QStringLiteral("numbers.csv"), "a,b,kind\n1,2,x\n3,4,y\n");
        write(QStringLiteral("damaged.csv"), "a,b\n\"never closed");
        const auto source = [&](const char* name) {
            return describeData((folder() + QLatin1Char('/') + QLatin1String(name)).toStdString()).find("source")->text();
        };
        QCOMPARE(source("texts"), std::string("text"));
        QCOMPARE(source("review.csv"), std::string("text"));
        QCOMPARE(source("numbers.csv"), std::string("csv"));
        QCOMPARE(source("damaged.csv"), std::string("csv"));
    }

    void saysWhatIsWrong()
    {
        write(QStringLiteral("empty.csv"), "text,label\nhello,a\n ,b\n");
        QVERIFY(says(openingError(texts(folder() + QStringLiteral("/empty.csv"))), "has no value in the column \"text\""));
        write(QStringLiteral("one/a"), "alone\n");
        QVERIFY(says(openingError(texts(folder() + QStringLiteral("/one"))), "single class"));
        write(QStringLiteral("blank/a"), "\n\n");
        QVERIFY(says(openingError(texts(folder() + QStringLiteral("/blank"))), "holds no text"));
        QVERIFY(says(openingError(texts(folder() + QStringLiteral("/nowhere"))), "is not there"));
        write(QStringLiteral("b.txt"), "x\n");
        QVERIFY(says(openingError(texts(folder() + QStringLiteral("/b.txt"))), "single file of texts"));
        Tree data = texts();
        data["tokens"] = "word";
        QVERIFY(says(openingError(data), "It can be: words"));
    }
};

QTEST_GUILESS_MAIN(DataTextTest)
#include "data_text_test.moc"
