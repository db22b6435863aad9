// A parameter server, or several, and their workers.
#include <QtTest>

#include <cmath>

#include "core/training/distributed/server_shard.h"
#include "core/training/distributed/worker_times.h"
#include "core/training/variables.h"
#include "tests/unit/ranks_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

class TrainingServersTest : public QObject, private PicturesForRanks {
    Q_OBJECT

private Q_SLOTS:
    void aServerOfWholeBatchesGivesTheSameLosses_data();
    void aServerOfWholeBatchesGivesTheSameLosses();
    void severalServersGiveTheBitsOfOne_data();
    void severalServersGiveTheBitsOfOne();
    void severalServersGoOnFromACheckpoint();
    void parametersAreDividedBySize();
    void staleGradientsAreCompensated();
    void moreServersThanParametersAreRefused();
    void aNormOverServersIsRefused();
    void aServerThatDoesNotWaitTrains_data();
    void aServerThatDoesNotWaitTrains();
    void timesOfWorkersAddUp();
    void tooFewRanksForAServerAreRefused();
};

/// Takes a node out of a chain.
void removeNode(Network& network, const std::string& id)
{
    std::string before;
    for (const Wire& wire : network.wires)
        before = wire.to.node == id ? wire.from.node : before;
    std::erase_if(network.wires, [&](const Wire& wire) { return wire.to.node == id; });
    for (Wire& wire : network.wires)
        wire.from.node = wire.from.node == id ? before : wire.from.node;
    std::erase_if(network.nodes, [&](const Node& node) { return node.id == id; });
}

void TrainingServersTest::aServerOfWholeBatchesGivesTheSameLosses_data()
{
    QTest::addColumn<int>("ranks");
    QTest::addColumn<int>("backups");
    QTest::addColumn<int>("servers");
    QTest::newRow("one worker") << 2 << 0 << 1;
    QTest::newRow("three workers") << 4 << 0 << 1;
    QTest::newRow("two workers and a backup") << 4 << 1 << 1;
    QTest::newRow("two servers, two workers and a backup") << 5 << 1 << 2;
}

void TrainingServersTest::aServerOfWholeBatchesGivesTheSameLosses()
{
    QFETCH(int, ranks);
    QFETCH(int, backups);
    QFETCH(int, servers);
    // BatchNorm sees only a worker's own part, so that only one worker can be compared with it.
    const Tree settings = Tree::Map{{"distributed", Tree::Map{{"update", "parameterServer"}, {"backupWorkers", backups}, {"servers", servers}}}};
    TrainingJob together = job(settings);
    if (ranks > 2)
        removeNode(together.network, "norm");
    const Losses alone = train(together, 1);
    const Losses served = train(together, ranks);
    QCOMPARE(served.samples, alone.samples);
    QCOMPARE(served.steps.size(), alone.steps.size());
    for (std::size_t i = 0; i < alone.steps.size(); ++i)
        QVERIFY(std::abs(served.steps[i] - alone.steps[i]) <= 1e-5 * alone.steps[i]);
    QCOMPARE(train(together, ranks).steps, served.steps);
}

void TrainingServersTest::severalServersGiveTheBitsOfOne_data()
{
    QTest::addColumn<int>("servers");
    QTest::addColumn<Tree>("distributed");
    QTest::addColumn<Tree>("settings");
    const Tree waits = Tree::Map{{"update", "parameterServer"}};
    QTest::newRow("two") << 2 << waits << Tree(Tree::Map{});
    QTest::newRow("three, averaged weights") << 3 << waits << Tree(Tree::Map{{"weightAveraging", Tree::Map{{"decay", 0.9}}}});
    QTest::newRow("two, clipped values") << 2 << waits << Tree(Tree::Map{{"gradientClipping", Tree::Map{{"value", 0.01}}}});
    QTest::newRow("two, in 16 bits") << 2 << Tree(Tree::Map{{"update", "parameterServer"}, {"compression", "bfloat16"}}) << Tree(Tree::Map{});
}

/// The same workers: one rank more for each further server.
void TrainingServersTest::severalServersGiveTheBitsOfOne()
{
    QFETCH(int, servers);
    QFETCH(Tree, distributed);
    QFETCH(Tree, settings);
    settings["distributed"] = distributed;
    const Losses one = train(job(settings), 3);
    settings["distributed"]["servers"] = servers;
    const Losses several = train(job(settings), 2 + servers);
    QCOMPARE(several.steps, one.steps);
    QCOMPARE(several.validation, one.validation);
    QCOMPARE(several.samples, one.samples);
}

void TrainingServersTest::severalServersGoOnFromACheckpoint()
{
    const TrainingJob shared = job(Tree::Map{{"distributed", Tree::Map{{"update", "parameterServer"}, {"servers", 2}}}});
    SessionOptions session;
    session.threads = 1;
    /// Trains one epoch from `begin` where it has variables, and gives the losses and what a checkpoint would hold.
    const auto trainEpoch = [&](int epoch, TensorFile& variables) {
        std::vector<double> losses;
        ThreadRanks(4).run([&](Collectives& own) {
            SessionOptions options = session;
            options.collectives = &own;
            if (own.rank() != 0)
                return trainBesideLeader(shared, options, [] {});
            EpochRunner runner(shared, options);
            if (epoch > 1)
                runner.load(variables);
            runner.startEpoch(epoch, 0);
            for (std::int64_t batch = 1; batch <= runner.stepsPerEpoch(); ++batch)
                losses.push_back(runner.step((epoch - 1) * runner.stepsPerEpoch() + batch, shared.settings.learningRate).loss);
            runner.collectVariables();
            variables = {};
            saveVariables(runner.session(), variables);
            runner.dismissRanks();
        });
        return losses;
    };
    TensorFile variables;
    std::vector<double> losses = trainEpoch(1, variables);
    for (const double loss : trainEpoch(2, variables))
        losses.push_back(loss);
    QCOMPARE(losses, train(shared, 4).steps);
}

void TrainingServersTest::parametersAreDividedBySize()
{
    Graph graph;
    std::vector<Value> parameters;
    const auto add = [&](const char* name, std::int64_t count) {
        parameters.push_back(graph.variable(name, Role::Parameter, {DType::Float32, {count}}, {}));
    };
    add("a", 10);
    add("b", 400);
    add("c", 300);
    add("d", 120);
    TrainingSettings settings;
    settings.distributed.servers = 2;
    const std::vector<ServerShard> shards = serverShards(graph, parameters, settings);
    const auto names = [](const ServerShard& shard) {
        QStringList all;
        for (const Value& parameter : shard.parameters)
            all.append(QString::fromStdString(parameter.name()));
        return all;
    };
    QCOMPARE(names(shards.at(0)), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(names(shards.at(1)), QStringList({QStringLiteral("c"), QStringLiteral("d")}));
    QCOMPARE(shards.at(0).layout.floats(), std::int64_t{410});
    QCOMPARE(shards.at(1).layout.floats(), std::int64_t{420});
}

void TrainingServersTest::staleGradientsAreCompensated()
{
    Graph graph;
    const std::vector<Value> parameters{graph.variable("w", Role::Parameter, {DType::Float32, {2}}, {.a = 1.0})};
    TrainingSettings settings;
    settings.optimizer = "sgd";
    settings.learningRate = 0.5;
    settings.distributed.update = "asynchronous";
    settings.distributed.delayCompensation = 0.25;
    const std::vector<ServerShard> shards = serverShards(graph, parameters, settings);
    Session session(SessionOptions{});
    ShardWeights weights(shards.front(), session, settings);
    weights.given(1);
    weights.given(2);
    StepNumbers numbers;
    numbers.learningRate = 0.5;
    std::vector<GradientShare> shares{{{1, -2}, 1, 2}};
    weights.update(shares, numbers, 1);
    // The first one that comes is of the weights as they are.
    QCOMPARE(std::vector<float>(weights.given(2).begin(), weights.given(2).end()), std::vector<float>({0.5f, 2.0f}));
    // That of worker 1 is of weights which have changed by -0.5 and 1 since: 2 + 0.25 * 4 * -0.5 and 4 + 0.25 * 16 * 1.
    shares = {{{2, 4}, 1, 1}};
    weights.update(shares, numbers, 2);
    QCOMPARE(std::vector<float>(weights.given(1).begin(), weights.given(1).end()), std::vector<float>({0.5f - 0.75f, 2.0f - 4.0f}));
}

void TrainingServersTest::moreServersThanParametersAreRefused()
{
    const TrainingJob shared = job(Tree::Map{{"distributed", Tree::Map{{"update", "asynchronous"}, {"servers", 40}}}});
    const std::string fault = errorOf([&] { train(shared, 41); });
    QVERIFY2(fault.find("cannot be divided among 40 parameter servers") != std::string::npos, fault.c_str());
}

void TrainingServersTest::aNormOverServersIsRefused()
{
    const Tree settings = Tree::Map{{"gradientClipping", Tree::Map{{"norm", 1.0}}}, {"distributed", Tree::Map{{"update", "asynchronous"}, {"servers", 2}}}};
    const std::string fault = errorOf([&] { job(settings); });
    QVERIFY2(fault.find("training.distributed.servers to 1") != std::string::npos, fault.c_str());
}

void TrainingServersTest::aServerThatDoesNotWaitTrains_data()
{
    QTest::addColumn<QString>("update");
    QTest::addColumn<int>("servers");
    QTest::newRow("asynchronous") << QStringLiteral("asynchronous") << 1;
    QTest::newRow("stale synchronous") << QStringLiteral("staleSynchronous") << 1;
    QTest::newRow("asynchronous, two servers") << QStringLiteral("asynchronous") << 2;
    QTest::newRow("stale synchronous, two servers") << QStringLiteral("staleSynchronous") << 2;
    QTest::newRow("asynchronous, compensated") << QStringLiteral("asynchronous") << 2;
}

void TrainingServersTest::aServerThatDoesNotWaitTrains()
{
    QFETCH(QString, update);
    QFETCH(int, servers);
    const Tree distributed = Tree::Map{{"update", update.toStdString()}, {"stalenessBound", 1}, {"servers", servers},
                                        {"delayCompensation", QString::fromUtf8(QTest::currentDataTag()).contains(QStringLiteral("compensated")) ? 0.04 : 0.0}};
    const Losses losses = train(job(Tree::Map{{"distributed", distributed}}), 3 + servers);
    QCOMPARE(losses.samples, epochs * m_dataset->size(Split::Train));
    QVERIFY2(losses.validation.back() < 0.75 * losses.steps.front(), qPrintable(QString::number(losses.validation.back())));
    // Events tell of every gradient, of whom it is, and how stale it was.
    std::int64_t gradients = 0;
    for (const QJsonValue& value : losses.workers) {
        const QJsonObject worker = value.toObject();
        gradients += worker.value(QStringLiteral("gradients")).toInteger();
        const int rank = worker.value(QStringLiteral("rank")).toInt();
        QVERIFY(rank >= servers && rank < servers + 3);
        QVERIFY(worker.value(QStringLiteral("staleness")).toDouble() <= worker.value(QStringLiteral("staleness_max")).toDouble());
    }
    QCOMPARE(gradients, static_cast<std::int64_t>(losses.steps.size()));
}

void TrainingServersTest::timesOfWorkersAddUp()
{
    using Clock = WorkerTimes::Clock;
    const auto at = [](int ms) { return Clock::time_point(std::chrono::milliseconds(ms)); };
    WorkerTimes times;
    times.handed(1, at(0));
    times.handed(2, at(0));
    times.answered(1, 32, 0, at(400));
    times.handed(1, at(500));
    times.answered(1, 16, 3, at(700));
    const QJsonArray first = times.take(at(1000));
    QCOMPARE(first.size(), qsizetype{2});
    const QJsonObject fast = first[0].toObject(), slow = first[1].toObject();
    QCOMPARE(fast.value(QStringLiteral("busy_seconds")).toDouble(), 0.6);
    QCOMPARE(fast.value(QStringLiteral("samples")).toInt(), 48);
    QCOMPARE(fast.value(QStringLiteral("staleness")).toDouble(), 1.5);
    QCOMPARE(fast.value(QStringLiteral("staleness_max")).toInt(), 3);
    QCOMPARE(slow.value(QStringLiteral("busy_seconds")).toDouble(), 1.0); // what goes on counts as far as it has come
    QCOMPARE(slow.value(QStringLiteral("gradients")).toInt(), 0);
    QCOMPARE(times.lastSeconds(1), 0.2);
    QCOMPARE(times.lastSeconds(2), 0.0); // it has answered nothing yet
    QCOMPARE(times.remainingSeconds(1), 0.0);
    QCOMPARE(times.remainingSeconds(2, at(1100)), 1.1); // as long again
    times.answered(2, 32, -1, at(1250));
    QCOMPARE(times.lastSeconds(2), 1.25); // asking what it did in between changes nothing
    const QJsonArray second = times.take(at(2000));
    QCOMPARE(second.size(), qsizetype{1});
    QCOMPARE(second[0].toObject().value(QStringLiteral("busy_seconds")).toDouble(), 0.25);
    QCOMPARE(second[0].toObject().value(QStringLiteral("dropped")).toInt(), 1);
    QVERIFY(times.take(at(3000)).isEmpty());
    times.handed(2, at(3000));
    QCOMPARE(times.remainingSeconds(2, at(3250)), 1.0);
    QCOMPARE(times.remainingSeconds(2, at(5000)), 2.0);
}

void TrainingServersTest::tooFewRanksForAServerAreRefused()
{
    const TrainingJob alone = job(Tree::Map{{"distributed", Tree::Map{{"update", "parameterServer"}, {"backupWorkers", 2}}}});
    QVERIFY_THROWS_EXCEPTION(Error, train(alone, 3));
    const TrainingJob served = job(Tree::Map{{"distributed", Tree::Map{{"update", "asynchronous"}, {"servers", 2}}}});
    const std::string fault = errorOf([&] { train(served, 2); });
    QVERIFY2(fault.find("need at least 3 ranks") != std::string::npos, fault.c_str());
}

} // namespace

QTEST_GUILESS_MAIN(TrainingServersTest)
#include "training_servers_test.moc"
