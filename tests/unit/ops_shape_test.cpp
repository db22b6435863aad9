#include <QtTest>

#include "core/ops/concat/concat.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/transpose/transpose.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {
const Dim N = Dim::batch();
}

class OpsShapeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void products()
    {
        OpBench bench;
        const Value a = bench.input({2, 3}, {1, 2, 3, 4, 5, 6});
        const Value b = bench.input({3, 2}, {1, 0, 0, 1, 1, 1});
        const Numbers product{4, 5, 10, 11};
        QVERIFY(agree(bench.values(matmul(a, b)), product));
        QVERIFY(agree(bench.values(matmul(transpose(a, {1, 0}), b, true, false)), product));
        QVERIFY(agree(bench.values(matmul(a, transpose(b, {1, 0}), false, true)), product));
        QVERIFY(agree(bench.values(matmul(transpose(a, {1, 0}), transpose(b, {1, 0}), true, true)), product));
    }

    void productsOfBatches()
    {
        OpBench bench;
        const Value a = bench.input({N, 1, 2}, {1, 2, 3, 4});
        QVERIFY(agree(bench.values(matmul(a, bench.input({2, 1}, {10, 1})), 2), {12, 34}));
        QVERIFY(agree(bench.values(matmul(a, bench.input({N, 2, 1}, {10, 1, 1, 10})), 2), {12, 43}));
    }

    void productsThatDoNotFit()
    {
        OpBench bench;
        const Value x = bench.input({N, 400}, {});
        QCOMPARE(errorOf([&] {
                     matmul(x, bench.input({256, 120}, {}));
                 }),
                 std::string("The matrices [N, 400] and [256, 120] cannot be multiplied: 400 columns meet 256 rows. Make the two equal."));
        QVERIFY(!errorOf([&] { matmul(x, bench.input({400}, {})); }).empty());
        QVERIFY(!errorOf([&] { matmul(bench.input({N, 2, 4}, {}), bench.input({3, 4, 2}, {})); }).empty());
        const Value y = matmul(x, bench.input({400, 120}, {}));
        QCOMPARE(y.producer()->spec().cost(*y.producer(), 1).multiplyAdds, 48000.0);
    }

    void reshapeKeepsOrderAndChecksSize()
    {
        OpBench bench;
        const Value x = bench.input({N, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
        QVERIFY(agree(bench.values(reshape(x, {N, 4}), 2), {1, 2, 3, 4, 5, 6, 7, 8}));
        QVERIFY(reshape(x, {Dim::batch(4)}).shape() == Shape({Dim::batch(4)}));
        QCOMPARE(errorOf([&] {
                     reshape(x, {N, 5});
                 }),
                 std::string("The shape [N, 2, 2] has 4N elements, but the new shape [N, 5] has 5N. Choose a shape of equal size."));
    }

    void shapesSurviveBeingAttributes()
    {
        const Shape shape{Dim::batch(2), 7, Dim::time(), Dim::batch() * Dim::time()};
        QVERIFY(decodeShape(encodeShape(shape)) == shape);
    }

    void transposes()
    {
        OpBench bench;
        const Value x = bench.input({1, 2, 3}, {1, 2, 3, 4, 5, 6}, DType::Int32);
        const Value y = transpose(x, {2, 0, 1});
        QVERIFY(y.shape() == Shape({3, 1, 2}));
        QVERIFY(agree(bench.values(y), {1, 4, 2, 5, 3, 6}));
        QVERIFY(!errorOf([&] { transpose(x, {0, 1}); }).empty());
        QVERIFY(!errorOf([&] { transpose(x, {0, 1, 1}); }).empty());
    }

    void joiningAndCutting()
    {
        OpBench bench;
        const Value a = bench.input({N, 1, 2}, {1, 2, 3, 4});
        const Value b = bench.input({N, 2, 2}, {5, 6, 7, 8, 9, 10, 11, 12});
        const Value joined = concat({a, b}, 1);
        QVERIFY(joined.shape() == Shape({N, 3, 2}));
        QVERIFY(agree(bench.values(joined, 2), {1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12}));
        QVERIFY(agree(bench.values(slice(joined, 1, 1, 2), 2), {5, 6, 9, 10}));
        QVERIFY(agree(bench.values(slice(joined, -1, 0, 1), 2), {1, 5, 7, 3, 9, 11}));
        QVERIFY(agree(bench.values(padZeros(a, 1, 1, 2), 2), {0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0}));
        QVERIFY(!errorOf([&] { concat({a, b}, 0); }).empty());
        QVERIFY(!errorOf([&] { concat({a, b}, 2); }).empty());
        QVERIFY(!errorOf([&] { slice(joined, 1, 2, 4); }).empty());
        QVERIFY(!errorOf([&] { slice(joined, 0, 0, 1); }).empty());
    }

    void onnxReshapeFindsTheBatch()
    {
        using Entries = std::vector<std::int64_t>;
        QCOMPARE(onnxReshape({N, 16, 5, 5}, {N, 400}), Entries({0, 400}));
        QCOMPARE(onnxReshape({N, 4, 3}, {Dim::batch(4), 3}), Entries({-1, 3}));
        QVERIFY(!errorOf([] { onnxReshape({Dim::batch() * Dim::time(), 3}, {Dim::batch(), Dim::time(), 3}); }).empty());
    }
};

QTEST_APPLESS_MAIN(OpsShapeTest)
#include "ops_shape_test.moc"
