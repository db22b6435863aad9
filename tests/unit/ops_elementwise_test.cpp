#include <cmath>
#include <limits>

#include <QtTest>

#include "core/ops/activation/activation.h"
#include "core/ops/binary/binary.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/cast/cast.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {
const Dim N = Dim::batch();
const double notANumber = std::numeric_limits<double>::quiet_NaN();
} // namespace

class OpsElementwiseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void functionsOfOneNumber()
    {
        OpBench bench;
        const Value x = bench.input({4}, {-2, 0, 0.5, 3});
        QVERIFY(agree(bench.values(relu(x)), {0, 0, 0.5, 3}));
        QVERIFY(agree(bench.values(sigmoid(x)), {0.1192029, 0.5, 0.6224593, 0.9525741}));
        QVERIFY(agree(bench.values(tanh(x)), {-0.9640276, 0, 0.4621172, 0.9950548}));
        QVERIFY(agree(bench.values(exp(x)), {0.1353353, 1, 1.6487213, 20.0855369}));
        QVERIFY(agree(bench.values(square(x)), {4, 0, 0.25, 9}));
        QVERIFY(agree(bench.values(negate(x)), {2, 0, -0.5, -3}));
        QVERIFY(agree(bench.values(affine(x, 2, -1)), {-5, -1, 0, 5}));
        const Value positive = bench.input({2}, {1, 4});
        QVERIFY(agree(bench.values(log(positive)), {0, 1.3862944}));
        QVERIFY(agree(bench.values(sqrt(positive)), {1, 2}));
    }

    void activationsByTheirFormulas()
    {
        OpBench bench;
        const Value x = bench.input({4}, {-2, 0, 0.5, 3});
        QVERIFY(agree(bench.values(leakyRelu(x, 0.1)), {-0.2, 0, 0.5, 3}));
        QVERIFY(agree(bench.values(clippedRelu(x, 2)), {0, 0, 0.5, 2}));
        QVERIFY(agree(bench.values(hardSwish(x)), {-1.0 / 3, 0, 0.5 * 3.5 / 6, 3}));
        QVERIFY(agree(bench.values(elu(x, 1.5)), {1.5 * (0.1353353 - 1), 0, 0.5, 3}));
        QVERIFY(agree(bench.values(softplus(x)), {0.1269280, 0.6931472, 0.9740770, 3.0485874}));
        QVERIFY(agree(bench.values(silu(x)), {-2 * 0.1192029, 0, 0.5 * 0.6224593, 3 * 0.9525741}));
        // Of Φ(−2), Φ(0.5) and Φ(3) from a table of the normal distribution.
        QVERIFY(agree(bench.values(gelu(x)), {-2 * 0.0227501, 0, 0.5 * 0.6914625, 3 * 0.9986501}, 1e-5));
        QVERIFY(agree(bench.values(mish(x)), {-2 * std::tanh(0.1269280), 0, 0.5 * std::tanh(0.9740770), 3 * std::tanh(3.0485874)}));
        QVERIFY(agree(bench.values(weft::erf(x)), {-0.9953223, 0, 0.5204999, 0.9999779}));
    }

    void sigmoidOfLargeNumbersIsFinite()
    {
        OpBench bench;
        QVERIFY(agree(bench.values(sigmoid(bench.input({2}, {-1000, 1000}))), {0, 1}));
    }

    void reluKeepsNotANumber()
    {
        OpBench bench;
        QVERIFY(agree(bench.values(relu(bench.input({2}, {notANumber, -1}))), {notANumber, 0}));
    }

    void twoOperandsStretchAsInNumpy()
    {
        OpBench bench;
        const Value a = bench.input({2, 3}, {1, 2, 3, 4, 5, 6});
        const Value row = bench.input({3}, {10, 20, 30});
        const Value column = bench.input({2, 1}, {2, 4});
        QVERIFY(agree(bench.values(add(a, row)), {11, 22, 33, 14, 25, 36}));
        QVERIFY(agree(bench.values(subtract(row, a)), {9, 18, 27, 6, 15, 24}));
        QVERIFY(agree(bench.values(multiply(a, column)), {2, 4, 6, 16, 20, 24}));
        QVERIFY(agree(bench.values(divide(a, column)), {0.5, 1, 1.5, 1, 1.25, 1.5}));
        QVERIFY(agree(bench.values(maximum(column, row)), {10, 20, 30, 10, 20, 30}));
        QVERIFY(agree(bench.values(minimum(a, column)), {1, 2, 2, 4, 4, 4}));
        QVERIFY(multiply(row, column).shape() == Shape({2, 3}));
    }

    void batchMatchesOnlyBatch()
    {
        OpBench bench;
        const Value a = bench.input({N, 3}, {1, 2, 3, 4, 5, 6});
        const Value sum = add(a, bench.input({3}, {1, 1, 1}));
        QVERIFY(sum.shape() == Shape({N, 3}));
        QVERIFY(agree(bench.values(sum, 2), {2, 3, 4, 5, 6, 7}));
        const Value fixed = bench.input({2, 3}, {1, 1, 1, 1, 1, 1});
        const std::string message = errorOf([&] { add(a, fixed); });
        QVERIFY2(message.find("[N, 3]") != std::string::npos && message.find("[2, 3]") != std::string::npos, message.c_str());
    }

    void mismatchNamesBothShapes()
    {
        OpBench bench;
        const Value a = bench.input({N, 10}, {}), b = bench.input({N, 84}, {});
        QCOMPARE(errorOf([&] { add(a, b); }),
                 std::string("Add cannot combine the shapes [N, 10] and [N, 84]: 10 does not fit 84. Make these axes equal, or one of them 1."));
        const Value labels = bench.input({N}, {}, DType::Int32);
        QCOMPARE(errorOf([&] { relu(labels); }),
                 std::string("This function computes with floating-point numbers, but its input is int32 [N]. Cast it to float32 first."));
    }

    void stretchingAndItsUndoing()
    {
        OpBench bench;
        const Value x = bench.input({2, 1}, {1, 2});
        QVERIFY(agree(bench.values(broadcastTo(x, {2, 2, 3})), {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));
        const Value y = bench.input({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
        QVERIFY(agree(bench.values(sumTo(y, {2, 1})), {1 + 2 + 5 + 6, 3 + 4 + 7 + 8}));
        QVERIFY(agree(bench.values(sumTo(y, Shape())), {36}));
        QVERIFY(!errorOf([&] { broadcastTo(x, {3, 3}); }).empty());
        QVERIFY(!errorOf([&] { sumTo(y, {3}); }).empty());
    }

    void reductions()
    {
        OpBench bench;
        const Value x = bench.input({N, 2, 2}, {1, -2, 3, 4, 5, 6, 7, -8});
        QVERIFY(agree(bench.values(reduceSum(x, {}), 2), {16}));
        QVERIFY(agree(bench.values(reduceSum(x, {-1}), 2), {-1, 7, 11, -1}));
        QVERIFY(agree(bench.values(reduceMean(x, {0, 2}), 2), {2.5, 1.5}));
        QVERIFY(agree(bench.values(reduceMax(x, {1}), 2), {3, 4, 7, 6}));
        QVERIFY(reduceMax(x, {0, 2}, true).shape() == Shape({1, 2, 1}));
        QVERIFY(reduceMean(x, {}).shape().isScalar());
        QVERIFY(!errorOf([&] { reduceSum(x, {3}); }).empty());
    }

    void castsTruncateAndConstantsFill()
    {
        OpBench bench;
        const Value pixels = bench.input({3}, {0, 128, 255}, DType::UInt8);
        QVERIFY(agree(bench.values(affine(cast(pixels, DType::Float32), 1.0 / 255)), {0, 128.0 / 255, 1}));
        QVERIFY(agree(bench.values(cast(bench.input({3}, {-1.7, 1.2, 2.9}), DType::Int32)), {-1, 1, 2}));
        QVERIFY(agree(bench.values(constant(bench.graph, DType::Float32, {N, 2}, {1.5}), 2), {1.5, 1.5, 1.5, 1.5}));
        QVERIFY(agree(bench.values(constant(bench.graph, DType::Int32, {3}, {1, 2, 3})), {1, 2, 3}));
        QVERIFY(!errorOf([&] { constant(bench.graph, DType::Float32, {3}, {1, 2}); }).empty());
    }
};

QTEST_APPLESS_MAIN(OpsElementwiseTest)
#include "ops_elementwise_test.moc"
