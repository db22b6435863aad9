#include <QTemporaryDir>
#include <QTest>

#include "core/data/csv_file.h"
#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

class DataCsvTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString path() const { return m_dir.filePath(QString::fromUtf8(QTest::currentTestFunction()) + QStringLiteral(".csv")); }

    Tree csv(const QByteArray& text)
    {
        writeFile(path(), text);
        Tree data = Tree::Map{{"source", "csv"}, {"path", path().toStdString()}};
        // All rows train, so that rows are found by their number.
        data["validation"] = Tree::Map{{"last", 0}};
        data["test"] = Tree::Map{{"last", 0}};
        return data;
    }

    static std::vector<float> numbers(const Dataset& set, std::int64_t row, const char* column)
    {
        const int index = set.columnIndex(column);
        std::vector<float> values(static_cast<std::size_t>(elementCount(set.columns()[static_cast<std::size_t>(index)].shape)));
        set.read(Split::Train, row, index, values.data());
        return values;
    }

private slots:
    void readsNumbersAndTextLabels()
    {
        const auto set = openDataset(csv("height,width,kind\n1.5,2,tulip\n-3e1, 4 ,rose\n5,6,tulip\n"), {});
        QCOMPARE(set->classNames(), (std::vector<std::string>{"rose", "tulip"}));
        QCOMPARE(set->findColumn("features")->shape, (Extents{2}));
        QCOMPARE(set->findColumn("label")->dtype, DType::Int32);
        QVERIFY(set->findColumn("kind")->isLabel);
        QCOMPARE(numbers(*set, 1, "features"), (std::vector<float>{-30, 4}));
        QCOMPARE(numbers(*set, 2, "width"), (std::vector<float>{6}));
        QCOMPARE(set->labels(Split::Train)[0], 1);
        QCOMPARE(set->labels(Split::Train)[1], 0);
        QCOMPARE(set->sampleName(Split::Train, 1), std::string("row 2"));
    }

    void takesTheLabelColumnByName()
    {
        Tree data = csv("花,a,b\n红,1,2\n白,3,4\n");
        data["labelColumn"] = "花";
        const auto set = openDataset(data, {});
        QCOMPARE(set->classNames().size(), std::size_t(2));
        QCOMPARE(numbers(*set, 0, "features"), (std::vector<float>{1, 2}));
        data["labelColumn"] = "c";
        QVERIFY(says(openingError(data), "no column \"c\" for the labels"));
    }

    void detectsTheDelimiterAndDecimalCommas()
    {
        const auto semicolon = openDataset(csv("a;b;y\n1,5;2;x\n2,5;3;z\n"), {});
        QCOMPARE(numbers(*semicolon, 0, "features"), (std::vector<float>{1.5f, 2}));
        const auto tab = openDataset(csv("a\tb\ty\n1\t2\tx\n2\t3\tz\n"), {});
        QCOMPARE(numbers(*tab, 1, "features"), (std::vector<float>{2, 3}));
    }

    void readsQuotesMarksAndWindowsLines()
    {
        const auto set = openDataset(csv("\xEF\xBB\xBF\"a, or b\",y\r\n1,\"x \"\"1\"\"\"\r\n\r\n2,\"two\nlines\"\r\n"), {});
        QVERIFY(set->findColumn("a, or b"));
        QCOMPARE(set->size(Split::Train), 2);
        QCOMPARE(set->classNames(), (std::vector<std::string>{"two\nlines", "x \"1\""}));
    }

    void tellsClassesFromNumbersToPredict()
    {
        const auto classes = openDataset(csv("a,y\n1,10\n2,9\n3,10\n"), {});
        QCOMPARE(classes->classNames(), (std::vector<std::string>{"9", "10"}));
        const auto targets = openDataset(csv("a,y\n1,10.5\n2,9\n3,10\n"), {});
        QVERIFY(targets->classNames().empty());
        QCOMPARE(targets->findColumn("label")->dtype, DType::Float32);
        QCOMPARE(numbers(*targets, 0, "label"), (std::vector<float>{10.5f}));
        Tree data = csv("a,y\n1,10\n2,9\n3,10\n");
        data["labelKind"] = "number";
        QCOMPARE(numbers(*openDataset(data, {}), 1, "y"), (std::vector<float>{9}));
    }

    void leavesOutColumnsOfText()
    {
        const auto set = openDataset(csv(",name,a,y\n0,Ann,1,x\n1,Bob,2,z\n"), {});
        QCOMPARE(set->findColumn("features")->shape, (Extents{1}));
        QCOMPARE(set->warnings().at(0).count, 2);
        QVERIFY(says(english(set->warnings()[0].message), "column 1, name"));
    }

    void dividesTheRows()
    {
        QByteArray text = "a,y\n";
        for (int i = 0; i < 100; ++i)
            text += QByteArray::number(i) + (i % 2 ? ",odd\n" : ",even\n");
        writeFile(path(), text);
        const auto set = openDataset(Tree::Map{{"source", "csv"}, {"path", path().toStdString()}}, {});
        QCOMPARE(set->size(Split::Train), 80);
        QCOMPARE(set->size(Split::Validation), 10);
        QCOMPARE(set->size(Split::Test), 10);
        Tree other = Tree::Map{{"source", "csv"}, {"path", path().toStdString()}, {"seed", 2}};
        QVERIFY(openDataset(other, {})->sampleName(Split::Test, 0) != set->sampleName(Split::Test, 0)
                || openDataset(other, {})->sampleName(Split::Test, 1) != set->sampleName(Split::Test, 1));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& part) { QTest::newRow(name) << text << part; };
        row("empty", "", "is empty");
        row("no rows", "a,y\n", "has no rows");
        row("missing value", "a,b,y\n1,2,x\n3,,z\n", "Line 3 of");
        row("missing value, column", "a,b,y\n1,2,x\n3,NA,z\n", "no value in the column \"b\"");
        row("missing first value", "a,b,y\n1,,x\n3,4,z\n", "Line 2 of");
        row("missing label", "a,y\n1,x\n2,\n", "no value in the column \"y\"");
        row("text for a number", "a,y\n1,x\ntwo,z\n", "has \"two\" in the column \"a\"");
        row("infinite", "a,y\n1,x\ninf,z\n", "has \"inf\"");
        row("too few fields", "a,b,y\n1,2,x\n3,z\n", "Line 3 of");
        row("too many fields", "a,b,y\n1,2,x\n3,4,z,9\n", "has 4 fields, the first line names 3 columns");
        row("open quote", "a,y\n1,\"x\n2,z\n", "Line 2 of");
        row("two columns of a name", "a,a,y\n1,2,x\n", "two columns named \"a\"");
        row("no header", "1,2,3\n4,5,6\n", "must name the columns");
        row("one column", "a\n1\n2\n", "a single column");
        row("no numbers", "a,y\nu,x\nv,z\n", "no column of numbers");
        row("one class", "a,y\n1,x\n2,x\n", "single class");
        row("not UTF-8", "a,y\n1,x\n2,caf\xE9\n", "Line 3 of");
        row("UTF-16",
            QByteArray("\xFF\xFE"
                       "a\0,\0y\0\n\0",
                       10),
            "UTF-8");
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        const std::string error = openingError(csv(text));
        QVERIFY(says(error, part.constData()));
        QVERIFY(says(error, "saysWhatIsWrong.csv"));
    }

    void saysThatTheFileIsMissing()
    {
        const Tree data = Tree::Map{{"source", "csv"}, {"path", m_dir.filePath(QStringLiteral("nowhere.csv")).toStdString()}};
        QVERIFY(says(openingError(data), "nowhere.csv is not there"));
    }

    void parsesNumbers()
    {
        QCOMPARE(numberInField(" +1.5 ", ','), 1.5);
        QCOMPARE(numberInField("1,5", ';'), 1.5);
        QVERIFY(!numberInField("1,5", ','));
        QVERIFY(!numberInField("1.5x", ','));
        QVERIFY(!numberInField("", ','));
        QVERIFY(!numberInField("nan", ','));
    }
};

QTEST_GUILESS_MAIN(DataCsvTest)
#include "data_csv_test.moc"
