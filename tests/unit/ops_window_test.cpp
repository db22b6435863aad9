#include <QtTest>

#include "core/engine/differentiate.h"
#include "core/ops/conv/conv.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reduce/reduce.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {
const Dim N = Dim::batch();
const Numbers nine{1, 2, 3, 4, 5, 6, 7, 8, 9};
} // namespace

class OpsWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void convolutionIsCrossCorrelation()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 3, 3}, nine);
        const Value kernel = bench.input({1, 1, 2, 2}, {1, 0, 0, -1});
        const Value bias = bench.input({1}, {10});
        QVERIFY(agree(bench.values(conv(x, kernel, bias)), {6, 6, 6, 6}));
    }

    void convolutionWithPaddingAndStride()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 3, 3}, nine);
        const Value kernel = bench.input({1, 1, 2, 2}, {1, 2, 3, 4});
        const Value y = conv(x, kernel, Value(), {{2, 2}, {1, 1}, {0, 0}, {1, 1}, 1});
        // Windows at (−1, −1), (−1, 1), (1, −1), (1, 1).
        QVERIFY(agree(bench.values(y), {4, 3 * 2 + 4 * 3, 2 * 4 + 4 * 7, 5 + 2 * 6 + 3 * 8 + 4 * 9}));
    }

    void convolutionSumsChannelsAndKeepsGroupsApart()
    {
        OpBench bench;
        const Value x = bench.input({1, 2, 1, 2}, {1, 2, 3, 4});
        const Value kernel = bench.input({1, 2, 1, 1}, {10, 100});
        QVERIFY(agree(bench.values(conv(x, kernel, Value())), {310, 420}));
        const Value grouped = bench.input({2, 1, 1, 1}, {10, 100});
        QVERIFY(agree(bench.values(conv(x, grouped, Value(), {{1, 1}, {0, 0}, {0, 0}, {1, 1}, 2})), {10, 20, 300, 400}));
    }

    void convolutionDilated()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 5}, {1, 2, 3, 4, 5});
        const Value kernel = bench.input({1, 1, 2}, {1, 10});
        QVERIFY(agree(bench.values(conv(x, kernel, Value(), {{1}, {0}, {0}, {2}, 1})), {31, 42, 53}));
    }

    /// Each element of x stamps the kernel, two places from one stamp to the next; the border cuts a place off on the left.
    void transposedConvolutionStampsItsKernel()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 3}, {1, 2, 3});
        const Value kernel = bench.input({1, 1, 3}, {1, 10, 100});
        QVERIFY(agree(bench.values(convTranspose(x, kernel, {{2}, {0}, {0}, {1}, 1}, {0})), {1, 10, 102, 20, 203, 30, 300}));
        QVERIFY(agree(bench.values(convTranspose(x, kernel, {{2}, {1}, {0}, {1}, 1}, {1})), {10, 102, 20, 203, 30, 300, 0}));
    }

    void convolutionOverAVolume()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
        const Value kernel = bench.input({1, 1, 2, 1, 2}, {1, 10, 100, 1000});
        // Rows 1 2 | 3 4 of the first slice with 5 6 | 7 8 of the second.
        QVERIFY(agree(bench.values(conv(x, kernel, Value(), {{1, 1, 1}, {0, 0, 0}, {0, 0, 0}, {1, 1, 1}, 1})), {6521, 8743}));
        QVERIFY(agree(bench.values(maxPool(x, {{2, 1, 2}, {1, 1, 1}, {0, 0, 0}, {0, 0, 0}})), {6, 8}));
        QVERIFY(agree(bench.values(averagePool(x, {{2, 2, 1}, {1, 1, 1}, {0, 0, 0}, {0, 0, 0}}, true)), {4, 5}));
    }

    void shapesOfLeNet()
    {
        OpBench bench;
        const Value x = bench.input({N, 1, 28, 28}, {});
        const Value y = conv(x, bench.input({20, 1, 5, 5}, {}), Value(), {{1, 1}, {2, 2}, {2, 2}, {1, 1}, 1});
        QVERIFY(y.shape() == Shape({N, 20, 28, 28}));
        QVERIFY(maxPool(y, {}).shape() == Shape({N, 20, 14, 14}));
        QCOMPARE(y.producer()->spec().cost(*y.producer(), 1).multiplyAdds, 20.0 * 28 * 28 * 25);
    }

    void sequenceAxisKeepsItsLength()
    {
        OpBench bench;
        const Value x = bench.input({N, 4, Dim::time()}, {});
        const Value kernel = bench.input({8, 4, 3}, {});
        QVERIFY(conv(x, kernel, Value(), {{1}, {1}, {1}, {1}, 1}).shape() == Shape({N, 8, Dim::time()}));
        QVERIFY(!errorOf([&] { conv(x, kernel, Value(), {{1}, {0}, {0}, {1}, 1}); }).empty());
    }

    void maxPoolIgnoresPadding()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 3, 3}, {-1, -2, -3, -4, -5, -6, -7, -8, -9});
        QVERIFY(agree(bench.values(maxPool(x, {{2, 2}, {2, 2}, {1, 1}, {0, 0}})), {-1, -2, -4, -5}));
    }

    void maxPoolRoundsSizesDown()
    {
        OpBench bench;
        QVERIFY(agree(bench.values(maxPool(bench.input({1, 1, 3, 3}, nine), {})), {5}));
    }

    void firstOfEqualMaximaGetsTheGradient()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 2, 4}, {1, 7, 2, 2, 7, 7, 2, 2});
        const Value loss = reduceSum(maxPool(x, {}), {});
        QVERIFY(agree(bench.values(differentiate(loss, {x})[0]), {0, 1, 1, 0, 0, 0, 0, 0}));
    }

    void averagePoolCountsPaddingWhenAsked()
    {
        OpBench bench;
        const Value x = bench.input({1, 1, 3, 3}, nine);
        const PoolGeometry geometry{{2, 2}, {2, 2}, {1, 1}, {0, 0}};
        QVERIFY(agree(bench.values(averagePool(x, geometry, true)), {0.25, 1.25, 2.75, 7}));
        QVERIFY(agree(bench.values(averagePool(x, geometry, false)), {1, 2.5, 5.5, 7}));
    }

    void whatDoesNotFitIsExplained()
    {
        OpBench bench;
        const Value x = bench.input({N, 3, 8, 8}, {});
        QCOMPARE(errorOf([&] {
                     conv(x, bench.input({4, 2, 3, 3}, {}), Value());
                 }),
                 std::string("Conv: the kernel [4, 2, 3, 3] expects 2 channels in each of 1 groups, but the input [N, 3, 8, 8] has 3 channels."));
        QCOMPARE(
            errorOf([&] {
                conv(x, bench.input({4, 3, 9, 9}, {}), Value());
            }),
            std::string("Conv: a window that reaches over 9 elements does not fit into 8 (shape [N, 3, 8, 8], padding 0 and 0). Use a smaller window "
                        "or more padding."));
        QVERIFY(!errorOf([&] { maxPool(bench.input({N, 8}, {}), {}); }).empty());
        QVERIFY(!errorOf([&] { maxPool(x, {{2, 2}, {2, 2}, {2, 2}, {0, 0}}); }).empty());
        QVERIFY(!errorOf([&] { maxPool(x, {{2, 2}, {0, 2}, {0, 0}, {0, 0}}); }).empty());
        QVERIFY(!errorOf([&] { conv(x, bench.input({4, 3, 3, 3}, {}), Value(), {{1, 1}, {0, 0}, {0, 0}, {1, 1}, 2}); }).empty());
        QVERIFY(!errorOf([&] { conv(x, bench.input({4, 3, 3, 3}, {}), bench.input({3}, {})); }).empty());
    }
};

QTEST_APPLESS_MAIN(OpsWindowTest)
#include "ops_window_test.moc"
