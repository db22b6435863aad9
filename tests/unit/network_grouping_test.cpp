#include <QtTest>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

void applyAll(Network& network, const Edits& edits)
{
    for (const Edit& edit : edits)
        apply(network, edit);
}

/// A residual block: the value runs through two layers and beside them, and both meet in a Concat whose order counts.
Network residual()
{
    Network network = Chain()
                          .add("image", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{6}}})
                          .add("first", "Dense", {{"units", 6}})
                          .add("relu", "ReLU")
                          .add("second", "Dense", {{"units", 3}})
                          .network;
    network.nodes.push_back({"join", "join", "Concat", Tree::Map{}, {}});
    network.nodes.push_back({"loss", "loss", "CrossEntropy", Tree::Map{}, {}});
    for (const auto& [from, to] : {std::pair("second.y", "join.x"), std::pair("image.y", "join.x"), std::pair("join.y", "loss.prediction")})
        network.wires.push_back({*parsePortRef(from), *parsePortRef(to)});
    return network;
}

QString errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return QString::fromStdString(english(error.message()));
    }
    return {};
}

} // namespace

class NetworkGroupingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCutWiresBecomePorts()
    {
        Network network = residual();
        const Analysis before = analyze(network);
        const Grouping grouping = groupNodes(network, {}, {"first", "relu", "second"});
        applyAll(network, grouping.edits);
        const Block* block = network.findBlock(grouping.block);
        QVERIFY(block);
        const LayerSpec* layer = findLayer(network, grouping.block);
        QCOMPARE(layer->inputs().size(), std::size_t(1));
        QCOMPARE(layer->outputs().size(), std::size_t(1));
        QCOMPARE(block->nodes.size(), std::size_t(5));
        // It stands where its first layer stood, and its wire is still the first of the Concat.
        QCOMPARE(network.nodes[1].id, grouping.instance);
        QCOMPARE(toString(network.wires[1]), grouping.instance + ".y->join.x");
        QCOMPARE(toString(network.wires[2]), std::string("image.y->join.x"));
        const Analysis after = analyze(network);
        QVERIFY(!hasErrors(after.diagnostics));
        QCOMPARE(after.parameters, before.parameters);
        QVERIFY(after.find("join")->outputTypes == before.find("join")->outputTypes);
        QCOMPARE(after.find(grouping.instance + "/first")->parameters, before.find("first")->parameters);
    }

    void undoingTheEditsGivesBackTheNetwork()
    {
        const Network before = residual();
        Network network = before;
        const Grouping grouping = groupNodes(network, {}, {"relu", "image"});
        applyAll(network, grouping.edits);
        QVERIFY(!(network == before));
        applyAll(network, reversed(grouping.edits));
        QVERIFY(network == before);
    }

    void ungroupingGivesBackTheLayersAndForgetsTheLastDefinition()
    {
        const Network before = residual();
        Network network = before;
        const Grouping grouping = groupNodes(network, {}, {"first", "relu", "second"});
        applyAll(network, grouping.edits);
        const Grouping back = ungroupNode(network, {}, grouping.instance);
        QVERIFY(back.isLast);
        applyAll(network, back.edits);
        QVERIFY(network.blocks.empty());
        QVERIFY(network.nodes == before.nodes);
        const std::vector<std::pair<std::string, std::string>> order{{"second", "join"}, {"image", "join"}};
        std::vector<std::pair<std::string, std::string>> found;
        for (const Wire& wire : network.wires) {
            if (wire.to.node == "join")
                found.emplace_back(wire.from.node, wire.to.node);
        }
        QVERIFY(found == order);
        QCOMPARE(network.wires.size(), before.wires.size());
        applyAll(network, reversed(back.edits));
        applyAll(network, reversed(grouping.edits));
        QVERIFY(network == before);
    }

    void anInstanceAmongOthersKeepsTheDefinitionAndFreshNames()
    {
        Network network = residual();
        const Grouping grouping = groupNodes(network, {}, {"first", "relu"});
        applyAll(network, grouping.edits);
        network.nodes.push_back({"again", "again", grouping.block, Tree::Map{}, {}});
        network.nodes.push_back({"first", "first", "Dense", Tree::Map{}, {}}); // takes the name that the layer inside has
        const Grouping back = ungroupNode(network, {}, "again");
        QVERIFY(!back.isLast);
        QVERIFY(back.ids.at("first") != "first");
        applyAll(network, back.edits);
        QVERIFY(network.findBlock(grouping.block));
        QVERIFY(network.findNode(back.ids.at("first")));
    }

    void insideABlockTheParametersGoAlong()
    {
        Network network;
        Block block;
        block.id = block.name = "wide";
        block.params = {{"width", 4, 1, 64, ""}, {"unused", 1, 1, 2, ""}};
        block.nodes = {{"x", "x", "BlockInput", Tree::Map{}, {}},
                       {"a", "a", "Dense", Tree::Map{{"units", "width * 2"}}, {}},
                       {"b", "b", "Dense", Tree::Map{{"units", "width"}}, {}},
                       {"y", "y", "BlockOutput", Tree::Map{}, {}}};
        for (const auto& [from, to] : {std::pair("x.y", "a.x"), std::pair("a.y", "b.x"), std::pair("b.y", "y.x")})
            block.wires.push_back({*parsePortRef(from), *parsePortRef(to)});
        network.blocks = {block};
        network.nodes = {{"in", "in", "Input", Tree::Map{{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{3}}}, {}},
                         {"w", "w", "wide", Tree::Map{{"width", 5}}, {}},
                         {"loss", "loss", "CrossEntropy", Tree::Map{}, {}}};
        network.wires = {{{"in", "y"}, {"w", "x"}}, {{"w", "y"}, {"loss", "prediction"}}};
        const std::int64_t parameters = analyze(network).parameters;
        const Grouping grouping = groupNodes(network, "wide", {"a", "b"}, "Inner");
        applyAll(network, grouping.edits);
        const Block* inner = network.findBlock(grouping.block);
        QCOMPARE(inner->name, std::string("Inner"));
        QCOMPARE(inner->params.size(), std::size_t(1));
        QCOMPARE(analyze(network).parameters, parameters);
        QVERIFY(!hasErrors(analyze(network).diagnostics));

        const Grouping outer = ungroupNode(network, {}, "w"); // numbers take the place of the expressions
        applyAll(network, outer.edits);
        QCOMPARE(network.findNode(outer.ids.at(grouping.instance))->params.find("width")->integer(), 5);
        const Grouping all = ungroupNode(network, {}, outer.ids.at(grouping.instance));
        applyAll(network, all.edits);
        QCOMPARE(network.findNode(all.ids.at("a"))->params.find("units")->integer(), 10);
        QCOMPARE(analyze(network).parameters, parameters);
        QVERIFY(network.blocks.empty());
    }

    void looseEndsBecomePortsWhereNothingIsCut()
    {
        Network network;
        network.nodes = {{"a", "a", "Dense", Tree::Map{}, {}}, {"b", "b", "ReLU", Tree::Map{}, {}}};
        network.wires = {{{"a", "y"}, {"b", "x"}}};
        const Grouping grouping = groupNodes(network, {}, {"a", "b"});
        applyAll(network, grouping.edits);
        const LayerSpec* layer = findLayer(network, grouping.block);
        QCOMPARE(layer->inputs().size(), std::size_t(1));
        QCOMPARE(layer->outputs().size(), std::size_t(1));
    }

    void whatCannotBeGroupedIsSaid()
    {
        Network network = residual();
        QVERIFY(!errorOf([&] { groupNodes(network, {}, {}); }).isEmpty());
        network.nodes[3].sharesWith = "first";
        QVERIFY(errorOf([&] { groupNodes(network, {}, {"first"}); }).contains("shares its weights"));
        QVERIFY(errorOf([&] { groupNodes(network, {}, {"first", "second"}); }).isEmpty());
        network.nodes[3].sharesWith.clear();
        const Grouping grouping = groupNodes(network, {}, {"first", "relu"});
        applyAll(network, grouping.edits);
        QVERIFY(errorOf([&] { groupNodes(network, grouping.block, {"x", "first"}); }).contains("port"));
        network.nodes.push_back({"again", "again", grouping.block, Tree::Map{}, grouping.instance});
        QVERIFY(errorOf([&] { ungroupNode(network, {}, grouping.instance); }).contains("shares its weights"));
    }

    void namesOfExpressions()
    {
        QCOMPARE(namesIn("max(1, width // 16) * f_2"), (std::vector<std::string>{"width", "f_2"}));
        QCOMPARE(substituted("width*2 + w", {{"width", "a + 1"}}), std::string("(a + 1)*2 + w"));
    }
};

QTEST_APPLESS_MAIN(NetworkGroupingTest)
#include "network_grouping_test.moc"
