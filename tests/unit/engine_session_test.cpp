#include <array>
#include <cmath>
#include <numeric>

#include <QtTest>

#include "core/base/error.h"
#include "core/engine/session.h"
#include "core/ops/binary/binary.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

using namespace weft;

namespace {

SessionOptions onReference(std::uint64_t seed = 1)
{
    SessionOptions options;
    options.device = DeviceKind::Reference;
    options.threads = 1;
    options.seed = seed;
    return options;
}

TensorType float32(Shape shape)
{
    return {DType::Float32, std::move(shape)};
}

/// Runs a plan with one fetch of `count` numbers.
template <class T> std::vector<T> result(Session& session, Plan& plan, std::vector<const void*> feeds, std::size_t count)
{
    std::vector<T> out(count);
    void* const fetch = out.data();
    session.run(plan, feeds, {&fetch, 1});
    return out;
}

std::vector<float> variable(const Session& session, const std::string& name)
{
    std::vector<float> values(static_cast<std::size_t>(elementCount(session.variableType(name).shape.at(1))));
    session.readVariable(name, std::as_writable_bytes(std::span(values)));
    return values;
}

Initializer initializer(Initializer::Kind kind, double a = 0, double b = 0, std::int64_t fanIn = 0, std::int64_t fanOut = 0)
{
    return {kind, a, b, fanIn, fanOut};
}

std::vector<float> initialised(const Initializer& init, Shape shape, std::uint64_t seed = 1, const std::string& name = "v")
{
    Graph graph;
    graph.variable(name, Role::Parameter, float32(std::move(shape)), init);
    Session session(onReference(seed));
    session.addVariables(graph);
    return variable(session, name);
}

double meanOf(const std::vector<float>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOf(const std::vector<float>& values)
{
    const double mean = meanOf(values);
    double sum = 0;
    for (const float v : values)
        sum += (v - mean) * (v - mean);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addsTwoVectors_data()
    {
        QTest::addColumn<DeviceKind>("device");
        QTest::newRow("reference") << DeviceKind::Reference;
        QTest::newRow("cpu") << DeviceKind::Cpu;
    }
    void addsTwoVectors()
    {
        QFETCH(DeviceKind, device);
        Graph graph;
        const Value a = graph.input("a", float32({Dim::batch()}));
        const Value b = graph.input("b", float32({Dim::batch()}));
        const Value sum = add(a, b);
        SessionOptions options;
        options.device = device;
        Session session(options);
        const float x[3] = {1, 2, 3};
        const float y[3] = {10, 20, 30};
        QCOMPARE(result<float>(session, session.plan(graph, {3, 1, {sum}}), {x, y}, 3), (std::vector<float>{11, 22, 33}));
        // Another batch size is another plan, and the first one still works.
        QCOMPARE(result<float>(session, session.plan(graph, {1, 1, {sum}}), {x, y}, 1), (std::vector<float>{11}));
        QCOMPARE(result<float>(session, session.plan(graph, {3, 1, {sum}}), {y, y}, 3), (std::vector<float>{20, 40, 60}));
    }

    void plansOfSeveralLengthsShareVariablesAndArena_data() { addsTwoVectors_data(); }
    void plansOfSeveralLengthsShareVariablesAndArena()
    {
        QFETCH(DeviceKind, device);
        Graph graph;
        const Value x = graph.input("x", float32({Dim::batch(), Dim::time(), 2}));
        const Value w = graph.variable("w", Role::Parameter, float32({2, 1}), initializer(Initializer::Kind::Constant, 1.0));
        const Value y = reduceSum(relu(matmul(x, w)), {1, 2});
        SessionOptions options;
        options.device = device;
        Session session(options);
        const std::vector<float> steps(2 * 32 * 2, 1.0f);
        const auto sums = [&](std::int64_t t) { return result<float>(session, session.plan(graph, {2, t, {y}}), {steps.data()}, 2); };
        QCOMPARE(sums(3), (std::vector<float>{6, 6}));
        const std::size_t variables = session.variableBytes();
        QCOMPARE(sums(32), (std::vector<float>{64, 64}));
        const std::size_t arena = session.arenaBytes();
        QCOMPARE(session.variableBytes(), variables);
        const float two[2] = {2, 2};
        session.writeVariable("w", std::as_bytes(std::span(two)));
        QCOMPARE(sums(3), (std::vector<float>{12, 12}));
        QCOMPARE(sums(32), (std::vector<float>{128, 128}));
        QCOMPARE(session.arenaBytes(), arena);
    }

    void computesInDouble()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float64, {Dim::batch(), 2}});
        const Value w = graph.variable("w", Role::Parameter, {DType::Float64, {2, 1}}, initializer(Initializer::Kind::Constant, 1.0));
        const Value y = matmul(x, w);
        Session session(onReference());
        const double data[4] = {1e-12, 1, 2e-12, 1};
        const auto out = result<double>(session, session.plan(graph, {2, 1, {y}}), {data}, 2);
        QCOMPARE(out[1] - out[0], 2e-12 + 1.0 - (1e-12 + 1.0));
    }

    void fetchesComeInTheOrderAskedFor()
    {
        Graph graph;
        const Value x = graph.input("x", float32({2}));
        const Value twice = affine(x, 2.0);
        const Value negative = negate(twice);
        Session session(onReference());
        Plan& plan = session.plan(graph, {1, 1, {negative, x, twice}});
        const float data[2] = {1, 2};
        std::array<float, 2> first{}, second{}, third{};
        const void* const feed = data;
        void* const fetches[] = {first.data(), second.data(), third.data()};
        session.run(plan, {&feed, 1}, fetches);
        QCOMPARE(first[1], -4.0f);
        QCOMPARE(second[1], 2.0f);
        QCOMPARE(third[1], 4.0f);
        void* const onlyLast[] = {nullptr, nullptr, third.data()};
        third = {};
        session.run(plan, {&feed, 1}, onlyLast);
        QCOMPARE(third[0], 2.0f);
    }

    void opsThatNothingAsksForAreLeftOut()
    {
        Graph graph;
        const Value x = graph.input("x", float32({2}));
        const Value unused = graph.input("unused", float32({2}));
        negate(unused);
        const Value y = negate(x);
        Session session(onReference());
        Plan& plan = session.plan(graph, {1, 1, {y}});
        QCOMPARE(plan.steps().size(), std::size_t(1));
        const float data[2] = {1, 2};
        QCOMPARE(result<float>(session, plan, {data, nullptr}, 2)[1], -2.0f);
    }

    void aMissingFeedIsNamed()
    {
        Graph graph;
        const Value y = negate(graph.input("features", float32({2})));
        Session session(onReference());
        Plan& plan = session.plan(graph, {1, 1, {y}});
        try {
            result<float>(session, plan, {nullptr}, 2);
            QFAIL("An error was expected.");
        } catch (const Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("features")), error.what());
        }
    }

    void twoGraphsShareVariablesByName()
    {
        const auto make = [](Graph& graph) {
            const Value x = graph.input("x", float32({Dim::batch(), 1}));
            const Value w = graph.variable("w", Role::Parameter, float32({1, 1}), initializer(Initializer::Kind::Constant, 2.0));
            return matmul(x, w);
        };
        Graph training;
        Graph inference;
        const Value trained = make(training);
        const Value inferred = make(inference);
        const Value rate = training.input("rate", float32({}));
        const Value gradient = training.input("gradient", float32({1, 1}));
        sgdUpdate(rate, {{training.findVariable("w"), gradient, {}}}, 0, false, 0);

        Session session(onReference());
        Plan& forward = session.plan(inference, {1, 1, {inferred}});
        const float x[1] = {3};
        QCOMPARE(result<float>(session, forward, {x}, 1)[0], 6.0f);
        const float r[1] = {0.5f};
        const float g[1] = {1};
        Plan& step = session.plan(training, {1, 1, {trained}, true});
        QCOMPARE(result<float>(session, step, {x, r, g}, 1)[0], 6.0f);
        QCOMPARE(variable(session, "w")[0], 1.5f);
        QCOMPARE(result<float>(session, forward, {x}, 1)[0], 4.5f);
        // Without effects the same graph leaves variables alone.
        QCOMPARE(result<float>(session, session.plan(training, {1, 1, {trained}}), {x, nullptr, nullptr}, 1)[0], 4.5f);
        QCOMPARE(variable(session, "w")[0], 1.5f);
    }

    void packedResultsFollowAVariable()
    {
        Graph graph;
        const Value w = graph.variable("w", Role::Parameter, float32({2}), initializer(Initializer::Kind::Constant, 1.0));
        const Value y = add(graph.input("x", float32({2})), affine(w, 10.0));
        Session session(onReference());
        Plan& plan = session.plan(graph, {1, 1, {y}});
        const float x[2] = {1, 2};
        QCOMPARE(result<float>(session, plan, {x}, 2), (std::vector<float>{11, 12}));
        const float changed[2] = {2, 3};
        session.writeVariable("w", std::as_bytes(std::span(changed)));
        QCOMPARE(result<float>(session, plan, {x}, 2), (std::vector<float>{21, 32}));
    }

    void aVariableOfAnotherShapeIsRefused()
    {
        Graph first;
        Graph second;
        first.variable("w", Role::Parameter, float32({2}), {});
        second.variable("w", Role::Parameter, float32({3}), {});
        Session session(onReference());
        session.addVariables(first);
        QVERIFY_THROWS_EXCEPTION(Error, session.addVariables(second));
        QVERIFY_THROWS_EXCEPTION(Error, session.variableType("other"));
        std::array<std::byte, 3> tooSmall{};
        QVERIFY_THROWS_EXCEPTION(Error, session.readVariable("w", tooSmall));
        QVERIFY_THROWS_EXCEPTION(Error, session.writeVariable("w", tooSmall));
    }

    void aMissingKernelIsNamedWithItsLayer()
    {
        static const OpSpec odd{.name = "Odd",
                                .infer = [](std::span<const TensorType> in, const Attributes&) { return std::vector<TensorType>{in[0]}; }};
        Graph graph;
        const Value x = graph.input("x", float32({Dim::batch(), 2}));
        const Graph::NodeScope scope(graph, "strange1");
        const Value y = graph.add(odd, {x})[0];
        Session session(onReference());
        try {
            session.plan(graph, {4, 1, {y}});
            QFAIL("An error was expected.");
        } catch (const Error& error) {
            const QString text = QString::fromUtf8(error.what());
            QVERIFY2(text.contains(QStringLiteral("Odd")) && text.contains(QStringLiteral("strange1")) && text.contains(QStringLiteral("[4, 2]")),
                     error.what());
        }
    }

    void initialValuesDependOnSeedAndNameOnly()
    {
        const Initializer uniform = initializer(Initializer::Kind::Uniform, -1, 1);
        QCOMPARE(initialised(uniform, {100}), initialised(uniform, {100}));
        QVERIFY(initialised(uniform, {100}, 1) != initialised(uniform, {100}, 2));
        QVERIFY(initialised(uniform, {100}, 1, "a") != initialised(uniform, {100}, 1, "b"));
    }

    void initialValuesHaveTheirDistribution()
    {
        using Kind = Initializer::Kind;
        const auto uniform = initialised(initializer(Kind::Uniform, 2, 4), {20000});
        QVERIFY(std::abs(meanOf(uniform) - 3) < 0.02);
        QVERIFY(*std::min_element(uniform.begin(), uniform.end()) >= 2 && *std::max_element(uniform.begin(), uniform.end()) < 4);
        const auto normal = initialised(initializer(Kind::Normal, 1, 0.5), {20000});
        QVERIFY(std::abs(meanOf(normal) - 1) < 0.02);
        QVERIFY(std::abs(deviationOf(normal) - 0.5) < 0.01);
        const auto truncated = initialised(initializer(Kind::TruncatedNormal, 0, 1), {20000});
        QVERIFY(*std::max_element(truncated.begin(), truncated.end()) <= 2);
        QVERIFY(std::abs(deviationOf(truncated) - 0.8796) < 0.02);
        QVERIFY(std::abs(deviationOf(initialised(initializer(Kind::GlorotUniform, 0, 0, 30, 70), {20000})) - std::sqrt(2.0 / 100)) < 0.003);
        QVERIFY(std::abs(deviationOf(initialised(initializer(Kind::GlorotNormal, 0, 0, 30, 70), {20000})) - std::sqrt(2.0 / 100)) < 0.003);
        QVERIFY(std::abs(deviationOf(initialised(initializer(Kind::HeUniform, 0, 0, 50), {20000})) - 0.2) < 0.004);
        QVERIFY(std::abs(deviationOf(initialised(initializer(Kind::HeNormal, 0, 0, 50), {20000})) - 0.2) < 0.004);
        QVERIFY(std::abs(deviationOf(initialised(initializer(Kind::LecunNormal, 0, 0, 25), {20000})) - 0.2) < 0.004);
    }

    void aRowCanStartAsZeros()
    {
        Initializer init = initializer(Initializer::Kind::Uniform, 1, 2);
        const auto full = initialised(init, {3, 2});
        init.zeroRow = 1;
        QCOMPARE(initialised(init, {3, 2}), (std::vector<float>{full[0], full[1], 0, 0, full[4], full[5]}));
    }

    void orthogonalRowsAreOrthonormal()
    {
        const auto q = initialised(initializer(Initializer::Kind::Orthogonal), {8, 20});
        for (std::size_t a = 0; a < 8; ++a) {
            for (std::size_t b = 0; b <= a; ++b) {
                double dot = 0;
                for (std::size_t i = 0; i < 20; ++i)
                    dot += q[a * 20 + i] * q[b * 20 + i];
                QVERIFY(std::abs(dot - (a == b ? 1.0 : 0.0)) < 1e-6);
            }
        }
    }
};

QTEST_APPLESS_MAIN(SessionTest)
#include "engine_session_test.moc"
