#include <QTest>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/random.h"
#include "core/base/shape.h"
#include "core/base/text.h"
#include "core/base/tree.h"

using namespace weft;

class BaseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shapesPrintTheirSymbols()
    {
        QCOMPARE(toString(Shape{Dim::batch(), 16, 10, 10}), std::string("[N, 16, 10, 10]"));
        QCOMPARE(toString(Shape{Dim::batch(2), Dim::time()}), std::string("[2N, T]"));
        QCOMPARE(toString(Shape{}), std::string("[]"));
    }

    void elementsMultiplySymbols()
    {
        const Shape shape{Dim::batch(), 3, Dim::time(4)};
        QCOMPARE(toString(shape.elements()), std::string("12NT"));
        QCOMPARE(elementCount(shape.at(5, 7)), std::int64_t{5 * 3 * 28});
    }

    void aSquaredBatchIsRefused() { QVERIFY_EXCEPTION_THROWN(Dim::batch() * Dim::batch(), Error); }

    void negativeAxesCountFromTheEnd()
    {
        const Shape shape{Dim::batch(), 3, 5};
        QVERIFY(shape[-1] == Dim(5));
        QVERIFY(shape[-3] == Dim::batch());
    }

    void messagesFillTheirArguments()
    {
        QCOMPARE(english(message(WEFT_TEXT("Test", "%2 before %1, and %3 stays"), "a", 7)), std::string("7 before a, and %3 stays"));
        QCOMPARE(english(message(WEFT_TEXT("Test", "%1"), 0.25)), std::string("0.25"));
    }

    void treesKeepTheirOrder()
    {
        Tree tree;
        tree["b"] = 1;
        tree["a"] = "x";
        QCOMPARE(tree.map().front().first, std::string("b"));
        QVERIFY(tree.erase("b"));
        QVERIFY(!tree.erase("b"));
        QCOMPARE(tree.find("a")->text(), std::string("x"));
        QVERIFY(tree.find("b") == nullptr);
    }

    void integersAreNumbers()
    {
        QVERIFY(Tree(3).isNumber());
        QCOMPARE(Tree(3).number(), 3.0);
        QVERIFY(!Tree(3.0).isInt());
    }

    void nearestFindsTypingErrors()
    {
        QCOMPARE(nearest("fitlers", {"units", "filters"}), std::string("filters"));
        // Two edits would make a word of four letters like anything.
        QCOMPARE(nearest("kind", {"id", "name"}), std::string());
        QCOMPARE(nearest("seec", {"seed"}), std::string("seed"));
        QCOMPARE(nearest("zzzzzz", {"units", "filters"}), std::string());
    }

    /// Known answers of Philox4x32-10 from the Random123 distribution's test vectors.
    void philoxGivesItsPublishedVectors()
    {
        const auto zeros = philox({0, 0, 0, 0}, {0, 0});
        QCOMPARE(zeros[0], 0x6627e8d5u);
        QCOMPARE(zeros[3], 0x9b00dbd8u);
        const auto ones = philox({0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}, {0xffffffffu, 0xffffffffu});
        QCOMPARE(ones[0], 0x408f276du);
        QCOMPARE(ones[3], 0x6d5451fdu);
    }

    void fnvGivesItsPublishedValues()
    {
        QCOMPARE(fnv1a64(""), 0xcbf29ce484222325ull);
        QCOMPARE(fnv1a64("a"), 0xaf63dc4c8601ec8cull);
    }
};

QTEST_GUILESS_MAIN(BaseTest)
#include "base_test.moc"
