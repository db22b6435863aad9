#include <QtTest>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

using namespace weft;

namespace {

TensorType float64(Shape shape)
{
    return {DType::Float64, std::move(shape)};
}

std::vector<double> evaluate(const Graph& graph, const Value& value, std::vector<double> x, std::size_t count)
{
    SessionOptions options;
    options.device = DeviceKind::Reference;
    Session session(options);
    std::vector<double> out(count);
    const void* const feed = x.data();
    void* const fetch = out.data();
    session.run(session.plan(graph, {1, 1, {value}}), {&feed, 1}, {&fetch, 1});
    return out;
}

} // namespace

class DifferentiateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contributionsOfSeveralUsesAreAdded()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        const Value loss = reduceSum(add(square(x), multiply(x, affine(x, 3.0))), {});
        const std::vector<Value> gradients = differentiate(loss, {x});
        QCOMPARE(evaluate(graph, gradients[0], {1, -2}, 2), (std::vector<double>{8, -16}));
    }

    void valuesOnTheWayMayBeTargets()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        const Value y = square(x);
        const Value loss = reduceSum(square(y), {});
        const std::vector<Value> gradients = differentiate(loss, {y, x});
        QCOMPARE(evaluate(graph, gradients[0], {1, 2}, 2), (std::vector<double>{2, 8}));
        QCOMPARE(evaluate(graph, gradients[1], {1, 2}, 2), (std::vector<double>{4, 32}));
    }

    void whatTheLossDoesNotDependOnHasNoGradient()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        const Value other = graph.input("other", float64({2}));
        const Value loss = reduceSum(x, {});
        QVERIFY(!differentiate(loss, {other})[0]);
        QVERIFY(differentiate(loss, {x})[0]);
    }

    void onlyOpsBetweenTargetAndLossGetGradients()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        const Value other = graph.input("other", float64({2}));
        const Value aside = exp(exp(exp(other)));
        const Value loss = reduceSum(add(x, aside), {});
        const std::size_t before = graph.ops().size();
        differentiate(loss, {x});
        for (std::size_t i = before; i < graph.ops().size(); ++i) {
            for (const Value& input : graph.ops()[i]->inputs())
                QVERIFY(input != aside);
        }
    }

    void backwardOpsBelongToTheirLayer()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        Value y;
        {
            const Graph::NodeScope scope(graph, "act1");
            y = tanh(x);
        }
        const Value gradient = differentiate(reduceSum(y, {}), {x})[0];
        QCOMPARE(QString::fromStdString(gradient.producer()->node()), QStringLiteral("act1"));
    }

    void anOpWithoutGradientIsNamedWithItsLayer()
    {
        static const OpSpec hard{.name = "Hard",
                                 .infer = [](std::span<const TensorType> in, const Attributes&) { return std::vector<TensorType>{in[0]}; }};
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        Value y;
        {
            const Graph::NodeScope scope(graph, "round1");
            y = graph.add(hard, {x})[0];
        }
        const Value loss = reduceSum(y, {});
        try {
            differentiate(loss, {x});
            QFAIL("An error was expected.");
        } catch (const Error& error) {
            const QString text = QString::fromUtf8(error.what());
            QVERIFY2(text.contains(QStringLiteral("Hard")) && text.contains(QStringLiteral("round1")), error.what());
        }
    }

    void aLossMustBeOneNumber()
    {
        Graph graph;
        const Value x = graph.input("x", float64({2}));
        QVERIFY_THROWS_EXCEPTION(Error, differentiate(x, {x}));
    }
};

QTEST_APPLESS_MAIN(DifferentiateTest)
#include "engine_differentiate_test.moc"
