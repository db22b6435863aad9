#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include <link.h>

#include <QtTest>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/binary/binary.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace {

std::atomic<long> allocations = 0;

/// Where oneDNN's code lies. It keeps the arguments of each call in a small map of its own, which its
/// interface does not let us avoid; everything else counts.
struct CodeRange {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    bool contains(const void* address) const
    {
        const auto place = reinterpret_cast<std::uintptr_t>(address);
        return begin <= place && place < end;
    }
};
CodeRange oneDnn;

int findOneDnn(dl_phdr_info* info, std::size_t, void*)
{
    if (!std::strstr(info->dlpi_name, "libdnnl"))
        return 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& segment = info->dlpi_phdr[i];
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0)
            oneDnn = {info->dlpi_addr + segment.p_vaddr, info->dlpi_addr + segment.p_vaddr + segment.p_memsz};
    }
    return 1;
}

} // namespace

// Every allocation of the process through new is counted, those of libweft included.
void* operator new(std::size_t bytes)
{
    if (!oneDnn.contains(__builtin_return_address(0)))
        ++allocations;
    if (void* memory = std::malloc(bytes > 0 ? bytes : 1))
        return memory;
    throw std::bad_alloc();
}

void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept
{
    ++allocations;
    return std::malloc(bytes > 0 ? bytes : 1);
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace weft;

namespace {

/// A perceptron with one hidden layer that learns y = |x0 − x1| by Adam.
struct Perceptron {
    Graph graph;
    Value x = graph.input("x", {DType::Float32, {Dim::batch(), 2}});
    Value target = graph.input("target", {DType::Float32, {Dim::batch(), 1}});
    Value rate = graph.input("rate", {DType::Float32, {}});
    Value prediction;
    Value loss;

    explicit Perceptron(int units = 32)
    {
        const Value w1 = parameter("hidden/kernel", {2, units});
        const Value b1 = parameter("hidden/bias", {units});
        const Value w2 = parameter("out/kernel", {units, 1});
        const Value b2 = parameter("out/bias", {1});
        const Value hidden = relu(add(matmul(x, w1), b1));
        prediction = add(matmul(hidden, w2), b2);
        loss = reduceMean(square(subtract(prediction, target)), {});
        const std::vector<Value> parameters{w1, b1, w2, b2};
        const std::vector<Value> gradients = differentiate(loss, parameters);
        std::vector<UpdateTarget> targets;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            targets.push_back({parameters[i], gradients[i], {slot(parameters[i], "m"), slot(parameters[i], "v")}});
        adamUpdate(rate, targets, 0.9, 0.999, 1e-8, 0);
    }

private:
    Value parameter(const std::string& name, const Shape& shape)
    {
        Initializer init;
        init.kind = Initializer::Kind::GlorotUniform;
        init.fanIn = shape[0].factor;
        init.fanOut = shape.back().factor;
        return graph.variable(name, Role::Parameter, {DType::Float32, shape}, init);
    }
    Value slot(const Value& parameter, const std::string& name)
    {
        return graph.variable(parameter.name() + "/" + name, Role::Slot, parameter.type(), {});
    }
};

/// Trains for some steps; returns the losses.
std::vector<float> train(DeviceKind device, int threads, int steps, std::int64_t n = 32)
{
    const Perceptron net;
    SessionOptions options;
    options.device = device;
    options.threads = threads;
    options.seed = 3;
    Session session(options);
    Plan& plan = session.plan(net.graph, {n, 1, {net.loss}, true});
    std::vector<float> x(static_cast<std::size_t>(2 * n));
    std::vector<float> y(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < y.size(); ++i) {
        x[2 * i] = static_cast<float>(i % 7) / 7.0f;
        x[2 * i + 1] = static_cast<float>(i % 5) / 5.0f;
        y[i] = std::abs(x[2 * i] - x[2 * i + 1]);
    }
    const float rate = 0.01f;
    const void* const feeds[] = {x.data(), y.data(), &rate};
    std::vector<float> losses;
    for (int step = 1; step <= steps; ++step) {
        float loss = 0;
        void* const fetch = &loss;
        session.run(plan, feeds, {&fetch, 1}, {3, step, nullptr});
        losses.push_back(loss);
    }
    return losses;
}

} // namespace

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPerceptronLearns_data()
    {
        QTest::addColumn<DeviceKind>("device");
        QTest::newRow("reference") << DeviceKind::Reference;
        QTest::newRow("cpu") << DeviceKind::Cpu;
    }
    void aPerceptronLearns()
    {
        QFETCH(DeviceKind, device);
        const std::vector<float> losses = train(device, 2, 300);
        QVERIFY2(losses.back() < 0.01f * losses.front(), qPrintable(QStringLiteral("%1 → %2").arg(losses.front()).arg(losses.back())));
    }

    void theSameSeedGivesTheSameBits()
    {
        QCOMPARE(train(DeviceKind::Cpu, 2, 50), train(DeviceKind::Cpu, 2, 50));
        QCOMPARE(train(DeviceKind::Reference, 1, 50), train(DeviceKind::Reference, 1, 50));
    }

    void theProcessorAgreesWithTheReference()
    {
        const std::vector<float> cpu = train(DeviceKind::Cpu, 2, 30);
        const std::vector<float> reference = train(DeviceKind::Reference, 1, 30);
        for (std::size_t i = 0; i < cpu.size(); ++i)
            QVERIFY(std::abs(cpu[i] - reference[i]) < 1e-4f * reference[0]);
    }

    void aRunAllocatesNothing()
    {
        dl_iterate_phdr(findOneDnn, nullptr);
        const Perceptron net;
        Session session({});
        Plan& plan = session.plan(net.graph, {16, 1, {net.loss, net.prediction}, true});
        const std::vector<float> x(34, 0.5f);
        const std::vector<float> y(17, 0.25f);
        const float rate = 0.01f;
        float loss = 0;
        std::vector<float> prediction(16);
        // One run reads feeds in place, the other from memory that is not aligned.
        const void* const feeds[] = {x.data(), y.data(), &rate};
        const void* const shifted[] = {x.data() + 1, y.data() + 1, &rate};
        void* const fetches[] = {&loss, prediction.data()};
        session.run(plan, feeds, fetches, {1, 1, nullptr});
        session.run(plan, shifted, fetches, {1, 2, nullptr});
        const long before = allocations;
        for (int step = 3; step < 20; ++step)
            session.run(plan, step % 2 == 0 ? feeds : shifted, fetches, {1, step, nullptr});
        QCOMPARE(allocations.load(), before);
    }

    void activationsShareTheArena()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 256}});
        Value y = x;
        for (int i = 0; i < 10; ++i) {
            const Value w = graph.variable("w" + std::to_string(i), Role::Parameter, {DType::Float32, {256, 256}}, {});
            y = relu(matmul(y, w));
        }
        Session session({});
        const Plan& plan = session.plan(graph, {64, 1, {y}});
        constexpr std::size_t activation = 64 * 256 * 4;
        QVERIFY2(plan.arenaBytes() <= 3 * activation, qPrintable(QString::number(plan.arenaBytes())));
        // A smaller batch lives in the same arena.
        session.plan(graph, {7, 1, {y}});
        QCOMPARE(session.arenaBytes(), plan.arenaBytes());
    }

    void aLargerPlanMovesTheArenaOfAnEarlierOne()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 3}});
        const Value y = matmul(negate(x), graph.variable("w", Role::Parameter, {DType::Float32, {3, 1}}, {Initializer::Kind::Constant, 1.0}));
        Session session({});
        Plan& small = session.plan(graph, {1, 1, {y}});
        Plan& large = session.plan(graph, {100000, 1, {y}});
        QVERIFY(large.arenaBytes() > small.arenaBytes());
        const float data[3] = {1, 2, 3};
        const void* const feed = data;
        float out = 0;
        void* const fetch = &out;
        session.run(small, {&feed, 1}, {&fetch, 1});
        QCOMPARE(out, -6.0f);
    }

    void resultsThatAreStillNeededAreNotOverwritten()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 4}});
        const Value a = affine(x, 2.0);
        const Value view = reshape(a, {Dim::batch(2), 2});
        const Value b = negate(a); // a lives on in its view
        const Value c = add(view, reshape(b, {Dim::batch(2), 2}));
        const Value d = square(b);
        Session session({});
        const float data[4] = {1, 2, 3, 4};
        const void* const feed = data;
        std::vector<float> outC(4), outD(4), outA(4);
        void* const fetches[] = {outC.data(), outD.data(), outA.data()};
        session.run(session.plan(graph, {1, 1, {c, d, a}}), {&feed, 1}, fetches);
        QCOMPARE(outC, (std::vector<float>{0, 0, 0, 0}));
        QCOMPARE(outD, (std::vector<float>{4, 16, 36, 64}));
        QCOMPARE(outA, (std::vector<float>{2, 4, 6, 8}));
        QCOMPARE(data[3], 4.0f);
    }

    void aViewOfAVariableKeepsWhatItSawBeforeAnUpdate()
    {
        Graph graph;
        const Value rate = graph.input("rate", {DType::Float32, {}});
        const Value w = graph.variable("w", Role::Parameter, {DType::Float32, {4}}, {Initializer::Kind::Constant, 3.0});
        const Value view = reshape(w, {2, 2});
        sgdUpdate(rate, {{w, graph.input("g", {DType::Float32, {4}}), {}}}, 0, false, 0);
        Session session({});
        Plan& plan = session.plan(graph, {1, 1, {view}, true});
        const float r = 1;
        const float g[4] = {1, 1, 1, 1};
        const void* const feeds[] = {&r, g};
        std::vector<float> out(4);
        void* const fetch = out.data();
        session.run(plan, feeds, {&fetch, 1});
        QCOMPARE(out[0], 3.0f);
        session.run(plan, feeds, {&fetch, 1});
        QCOMPARE(out[0], 2.0f);
    }

    void numbersTooSmallForTheirExponentCountAsZero()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch()}});
        const Value y = affine(affine(x, 1e-20), 1e20);
        Session session({});
        constexpr std::int64_t n = 1 << 18; // Enough for every thread to take a part.
        const std::vector<float> small(n, 1e-25f);
        std::vector<float> out(n, 1.0f);
        const void* const feed = small.data();
        void* const fetch = out.data();
        session.run(session.plan(graph, {n, 1, {y}}), {&feed, 1}, {&fetch, 1});
        QCOMPARE(*std::max_element(out.begin(), out.end()), 0.0f);
        // The caller's own arithmetic is left alone.
        volatile float tiny = 1e-38f;
        QVERIFY(tiny * 1e-2f > 0.0f);
    }

    void stepsAreReportedAndMeasured()
    {
        const Perceptron net;
        Session session({});
        Plan& plan = session.plan(net.graph, {8, 1, {net.loss}});
        session.setProfiling(true);
        const std::vector<float> x(16), y(8);
        const float rate = 0;
        const void* const feeds[] = {x.data(), y.data(), &rate};
        session.run(plan, feeds, {});
        double multiplyAdds = 0;
        double microseconds = 0;
        for (const PlanStep& step : plan.steps()) {
            multiplyAdds += step.multiplyAdds;
            microseconds += step.microseconds;
            QVERIFY(!step.op.empty() && !step.kernel.empty());
        }
        QCOMPARE(multiplyAdds, 8.0 * (2 * 32 + 32));
        QVERIFY(microseconds > 0);
    }
};

QTEST_APPLESS_MAIN(PlanTest)
#include "engine_plan_test.moc"
