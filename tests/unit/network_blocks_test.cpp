#include <set>

#include <QtTest>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/expression.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

std::vector<Wire> wired(const std::vector<std::pair<std::string, std::string>>& pairs)
{
    std::vector<Wire> wires;
    for (const auto& [from, to] : pairs)
        wires.push_back({*parsePortRef(from), *parsePortRef(to)});
    return wires;
}

Node node(const std::string& id, const std::string& type, Tree::Map params = {})
{
    return {id, id, type, std::move(params), {}};
}

/// y = ReLU(x W₁) W₂ of `width` and 2·width units, with the value in the middle as a second output.
Block twoLayers()
{
    Block block;
    block.id = "pair";
    block.name = "Two layers";
    block.summary = "A wider layer behind a narrow one.";
    block.params = {{"width", 4, 1, 64, "Units of the first layer."}};
    block.nodes = {node("x", "BlockInput"),  node("first", "Dense", {{"units", "width"}}),
                   node("relu", "ReLU"),     node("second", "Dense", {{"units", "width * 2"}, {"useBias", false}}),
                   node("y", "BlockOutput"), node("middle", "BlockOutput")};
    block.wires = wired({{"x.y", "first.x"}, {"first.y", "relu.x"}, {"relu.y", "second.x"}, {"second.y", "y.x"}, {"relu.y", "middle.x"}});
    return block;
}

/// Two instances of `twoLayers` between an input of three numbers and a loss.
Network twoPairs()
{
    Network network;
    network.blocks = {twoLayers()};
    network.nodes = {node("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{3}}}), node("a", "pair", {{"width", 5}}),
                     node("b", "pair"), node("loss", "CrossEntropy")};
    network.wires = wired({{"in.y", "a.x"}, {"a.y", "b.x"}, {"b.y", "loss.prediction"}});
    return network;
}

std::string shapeOf(const Lowered& lowered, const std::string& variable)
{
    const Value value = lowered.graph->findVariable(variable);
    return value ? toString(value.shape()) : std::string("none");
}

std::string faultOf(const Network& network)
{
    const Analysis analysis = analyze(network);
    const auto it = std::find_if(analysis.diagnostics.begin(), analysis.diagnostics.end(),
                                 [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
    return it == analysis.diagnostics.end() ? std::string()
                                            : it->code + " " + it->node + " " + (it->inner.empty() ? "" : it->inner + ": ") + english(it->message);
}

} // namespace

class NetworkBlocksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void expressions_data();
    void expressions();
    void faultyExpressions_data();
    void faultyExpressions();
    void instancesHaveTheirOwnWeights();
    void anInstanceLooksLikeALayer();
    void instancesAreCounted();
    void blocksNest();
    void sharedInstancesShareAllWeights();
    void ratesMultiply();
    void randomStreamsDifferBetweenInstances();
    void faultsInsideNameTheWay();
    void faultsInsideComeOnceAndTheirFixesMend();
    void portsAreCheckedLikeThoseOfLayers();
    void parametersAreCheckedLikeThoseOfLayers();
    void circlesOfBlocksAreNamed();
    void hugeNestingIsRefused();
    void aBlockMayHoldTheInputAndTheLoss();
    void editsOfBlocksApplyAndUndo();
    void editsThatDoNotFitAreRefused();
};

void NetworkBlocksTest::expressions_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("value");
    const std::pair<const char*, qint64> cases[] = {
        {"7", 7},
        {" filters ", 64},
        {"filters*4", 256},
        {"2 + 3 * 4", 14},
        {"(2 + 3) * 4", 20},
        {"10 - 4 - 3", 3},
        {"64 / 4 / 2", 8},
        {"7 // 2", 3},
        {"-7 // 2", -4},
        {"7 % 3", 1},
        {"-7 % 3", 2},
        {"7 % -3", -2},
        {"-(1 + 2)", -3},
        {"2 - -3", 5},
        {"max(1, filters // 128, 0)", 1},
        {"min(filters, groups * 3)", 6},
        {"9223372036854775807", 9223372036854775807LL},
        {"-9223372036854775807 - 1", std::numeric_limits<qint64>::min()},
        {"(-9223372036854775807 - 1) % -1", 0},
    };
    for (const auto& [text, value] : cases)
        QTest::newRow(text) << QString(text) << value;
}

void NetworkBlocksTest::expressions()
{
    QFETCH(QString, text);
    QFETCH(qint64, value);
    QCOMPARE(static_cast<qint64>(evaluateExpression(text.toStdString(), {{"filters", 64}, {"groups", 2}})), value);
}

void NetworkBlocksTest::faultyExpressions_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    const std::pair<QString, QString> cases[] = {
        {"", "breaks off"},
        {"2 *", "breaks off"},
        {"(2", "breaks off"},
        {"2 3", "at \"3\", character 3"},
        {"filters $ 2", "at \"$\", character 9"},
        {"2.5", "at \".\", character 2"},
        {"width", "the block's parameters are: filters, groups"},
        {"filter * 2", "Did you mean \"filters\"?"},
        {"1 / 0", "divides by zero"},
        {"1 // 0", "divides by zero"},
        {"1 % 0", "divides by zero"},
        {"filters / 3", "64 / 3 leaves a remainder"},
        {"9223372036854775807 + 1", "too large"},
        {"-9223372036854775807 - 2", "too large"},
        {"9223372036854775807 * 2", "too large"},
        {"(-9223372036854775807 - 1) // -1", "too large"},
        {"99999999999999999999", "too large"},
        {QString("(").repeated(1000), "nested too deeply"},
        {QString("-").repeated(1000) + "1", "nested too deeply"},
        {"max(1, 2", "breaks off"},
    };
    for (const auto& [text, part] : cases)
        QTest::newRow(qPrintable(text.left(40))) << text << part;
}

void NetworkBlocksTest::faultyExpressions()
{
    QFETCH(QString, text);
    QFETCH(QString, part);
    try {
        evaluateExpression(text.toStdString(), {{"filters", 64}, {"groups", 2}});
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY2(QString(error.what()).contains(part), error.what());
    }
}

void NetworkBlocksTest::instancesHaveTheirOwnWeights()
{
    const Lowered lowered = lower(twoPairs(), {Mode::Train, true});
    QCOMPARE(shapeOf(lowered, "a/first/kernel"), std::string("[3, 5]"));
    QCOMPARE(shapeOf(lowered, "a/second/kernel"), std::string("[5, 10]"));
    QCOMPARE(shapeOf(lowered, "a/second/bias"), std::string("none"));
    QCOMPARE(shapeOf(lowered, "b/first/kernel"), std::string("[10, 4]"));
    QCOMPARE(shapeOf(lowered, "b/second/kernel"), std::string("[4, 8]"));
    QCOMPARE(lowered.graph->variables().size(), std::size_t{6});
    for (const auto& op : lowered.graph->ops()) {
        if (std::string(op->spec().name) == "MatMul")
            QVERIFY2(op->node() == "a/first" || op->node() == "a/second" || op->node() == "b/first" || op->node() == "b/second", op->node().c_str());
    }
}

void NetworkBlocksTest::anInstanceLooksLikeALayer()
{
    Network network = twoPairs();
    const LayerSpec* layer = findLayer(network, "pair");
    QVERIFY(layer);
    QCOMPARE(layer->title(), std::string("Two layers"));
    QCOMPARE(std::string(layer->summary().source), std::string("A wider layer behind a narrow one."));
    QCOMPARE(layer->inputs().size(), std::size_t{1});
    QCOMPARE(layer->outputs().size(), std::size_t{2});
    QCOMPARE(layer->outputs()[1].name, std::string("middle"));
    QCOMPARE(layer->params().size(), std::size_t{1});
    QCOMPARE(layer->params()[0].defaultValue, Tree(4));
    QCOMPARE(layer->params()[0].maximum, 64.0);
    QCOMPARE(findLayer(network, "pair"), layer);
    QCOMPARE(findLayer(network, "Dense"), findLayer("Dense"));
    QVERIFY(!findLayer(network, "pear"));
    network.blocks[0].nodes.push_back(node("extra", "BlockInput"));
    QCOMPARE(findLayer(network, "pair")->inputs().size(), std::size_t{2});
    QCOMPARE(layer->inputs().size(), std::size_t{1});
}

void NetworkBlocksTest::instancesAreCounted()
{
    const Analysis analysis = analyze(twoPairs());
    QVERIFY2(!hasErrors(analysis.diagnostics), faultOf(twoPairs()).c_str());
    const NodeInfo* a = analysis.find("a");
    QCOMPARE(a->parameters, std::int64_t{3 * 5 + 5 + 5 * 10});
    QCOMPARE(a->multiplyAdds, 3.0 * 5 + 5 * 10);
    QCOMPARE(a->activationBytes, 4.0 * (5 + 5 + 10));
    QCOMPARE(a->outputTypes.size(), std::size_t{2});
    QCOMPARE(toString(a->outputTypes[0].shape), std::string("[N, 10]"));
    QCOMPARE(toString(a->outputTypes[1].shape), std::string("[N, 5]"));
    QCOMPARE(analysis.parameters, std::int64_t{70 + 10 * 4 + 4 + 4 * 8});
}

void NetworkBlocksTest::blocksNest()
{
    Network network = twoPairs();
    Block outer;
    outer.id = "outer";
    outer.params = {{"size", 3, 1, 16, {}}};
    outer.nodes
        = {node("x", "BlockInput"), node("one", "pair", {{"width", "size + 1"}}), node("two", "pair", {{"width", "size"}}), node("y", "BlockOutput")};
    outer.wires = wired({{"x.y", "one.x"}, {"one.y", "two.x"}, {"two.y", "y.x"}});
    network.blocks.insert(network.blocks.begin(), outer);
    network.findNode("b")->type = "outer";
    network.findNode("b")->params = Tree::Map{{"size", 6}};
    const Lowered lowered = lower(network, {Mode::Train, true});
    QCOMPARE(shapeOf(lowered, "b/one/first/kernel"), std::string("[10, 7]"));
    QCOMPARE(shapeOf(lowered, "b/two/second/kernel"), std::string("[6, 12]"));
    QCOMPARE(analyze(network).find("b")->parameters, std::int64_t{10 * 7 + 7 + 7 * 14 + 14 * 6 + 6 + 6 * 12});
}

void NetworkBlocksTest::sharedInstancesShareAllWeights()
{
    Network network = twoPairs();
    network.blocks[0].findNode("second")->params["units"] = 3;
    network.findNode("a")->params = Tree::Map{};
    network.findNode("b")->sharesWith = "a";
    const Lowered lowered = lower(network, {Mode::Train, true});
    QCOMPARE(lowered.graph->variables().size(), std::size_t{3});
    QCOMPARE(shapeOf(lowered, "a/second/kernel"), std::string("[4, 3]"));

    network.findNode("b")->params["width"] = 9;
    QVERIFY2(faultOf(network).starts_with("shape.mismatch b first: The variable a/first/kernel is shared"), faultOf(network).c_str());
    network.findNode("b")->sharesWith = "in";
    QVERIFY2(faultOf(network).starts_with("shares.type b"), faultOf(network).c_str());
}

void NetworkBlocksTest::ratesMultiply()
{
    Network network = twoPairs();
    network.findNode("a")->learningRateFactor = 0.5;
    network.blocks[0].findNode("second")->learningRateFactor = 0.1;
    const Lowered lowered = lower(network, {Mode::Train, true});
    const auto rate = [&](const char* name) { return lowered.graph->findVariable(name).variable()->rateFactor; };
    QCOMPARE(rate("a/first/kernel"), 0.5);
    QCOMPARE(rate("a/second/kernel"), 0.05);
    QCOMPARE(rate("b/second/kernel"), 0.1);
}

void NetworkBlocksTest::randomStreamsDifferBetweenInstances()
{
    Network network = twoPairs();
    network.blocks[0].findNode("relu")->type = "Dropout";
    const Lowered lowered = lower(network, {Mode::Train, true});
    std::set<std::int64_t> streams;
    for (const auto& op : lowered.graph->ops()) {
        if (std::string(op->spec().name) == "Dropout")
            streams.insert(op->attributes().get<std::int64_t>("stream"));
    }
    QCOMPARE(streams.size(), std::size_t{2});
}

void NetworkBlocksTest::faultsInsideNameTheWay()
{
    Network network = twoPairs();
    network.blocks[0].findNode("second")->params["units"] = "widht * 2";
    const Diagnostic fault = analyze(network).diagnostics.at(0);
    QCOMPARE(fault.code, std::string("param.expression"));
    QCOMPARE(fault.node, std::string("a"));
    QCOMPARE(fault.inner, std::string("second"));
    QCOMPARE(english(fault.message),
             std::string("The expression \"widht * 2\" names \"widht\", which is no parameter of the block. Did you mean \"width\"?"));
    try {
        lower(network, {Mode::Train, true});
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY2(QString(error.what()).startsWith("a/second: The expression"), error.what());
    }
}

void NetworkBlocksTest::faultsInsideComeOnceAndTheirFixesMend()
{
    Network network = twoPairs();
    network.blocks[0].wires.erase(network.blocks[0].wires.begin() + 3); // second.y → y.x
    const Analysis analysis = analyze(network);
    const auto errors = std::count_if(analysis.diagnostics.begin(), analysis.diagnostics.end(),
                                      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
    QCOMPARE(errors, std::ptrdiff_t{1});
    const Diagnostic* fault = find(analysis.diagnostics, "wire.missing");
    QVERIFY(fault);
    QCOMPARE(fault->inner, std::string("y"));
    QCOMPARE(english(fault->message), std::string("Nothing is wired to input \"x\" of BlockOutput."));
    QVERIFY(!fault->fixes.empty());
    for (const Edit& edit : fault->fixes[0].edits)
        apply(network, edit);
    QCOMPARE(faultOf(network), std::string());
}

void NetworkBlocksTest::portsAreCheckedLikeThoseOfLayers()
{
    Network network = twoPairs();
    network.wires[1].from.port = "end";
    QCOMPARE(faultOf(network),
             std::string("wire.unknownPort a The wire to b.x starts at a.end, but pair has no output \"end\". Its outputs: y, middle."));
    network = twoPairs();
    network.wires.erase(network.wires.begin());
    QCOMPARE(faultOf(network), std::string("wire.missing a Nothing is wired to input \"x\" of pair."));
    network = twoPairs();
    network.nodes.push_back(node("port", "BlockInput"));
    QCOMPARE(faultOf(network), std::string("block.portOutside port BlockInput is a port of a block and belongs inside one."));
    network = twoPairs();
    network.findNode("b")->type = "pairs";
    QCOMPARE(faultOf(network), std::string("layer.unknown b There is no layer \"pairs\". Did you mean \"pair\"?"));
}

void NetworkBlocksTest::parametersAreCheckedLikeThoseOfLayers()
{
    Network network = twoPairs();
    network.findNode("a")->params["width"] = 65;
    QCOMPARE(faultOf(network), std::string("param.range a \"width\" of pair is 65, but must lie between 1 and 64."));
    network.findNode("a")->params["width"] = "4";
    QCOMPARE(faultOf(network), std::string("param.kind a \"width\" of pair must be a whole number."));
    network.findNode("a")->params = Tree::Map{{"with", 3}};
    QCOMPARE(faultOf(network), std::string("param.unknown a pair has no parameter \"with\". Did you mean \"width\"?"));
}

void NetworkBlocksTest::circlesOfBlocksAreNamed()
{
    Network network = twoPairs();
    Block other = twoLayers();
    other.id = "other";
    other.findNode("relu")->type = "pair";
    network.blocks[0].findNode("relu")->type = "other";
    network.blocks.push_back(other);
    QCOMPARE(circleOf(network, "pair"), (std::vector<std::string>{"pair", "other", "pair"}));
    QCOMPARE(faultOf(network), std::string("block.circle a A block cannot contain itself: pair → other → pair. Take one of these out of the other."));
    network.blocks[0].findNode("relu")->type = "ReLU";
    QVERIFY(circleOf(network, "other").empty());
}

void NetworkBlocksTest::hugeNestingIsRefused()
{
    Network network = twoPairs();
    std::string inner = "pair";
    for (int level = 0; level < 40; ++level) {
        Block block;
        block.id = "level" + std::to_string(level);
        block.nodes = {node("x", "BlockInput"), node("a", inner), node("b", inner), node("y", "BlockOutput")};
        block.wires = wired({{"x.y", "a.x"}, {"a.y", "b.x"}, {"b.y", "y.x"}});
        inner = block.id;
        network.blocks.push_back(block);
    }
    network.findNode("b")->type = inner;
    QVERIFY(circleOf(network, inner).empty());
    QVERIFY2(faultOf(network).starts_with("block.tooMany b"), faultOf(network).c_str());
}

void NetworkBlocksTest::aBlockMayHoldTheInputAndTheLoss()
{
    Network network = twoPairs();
    Block all;
    all.id = "all";
    all.nodes = network.nodes;
    all.wires = network.wires;
    network.blocks.push_back(all);
    network.nodes = {node("whole", "all")};
    network.wires.clear();
    QCOMPARE(faultOf(network), std::string());
    const Lowered lowered = lower(network, {Mode::Train, true});
    QCOMPARE(lowered.feeds.at(0).column, std::string("features"));
    QCOMPARE(lowered.losses.at(0).node, std::string("whole/loss"));
    QCOMPARE(shapeOf(lowered, "whole/a/first/kernel"), std::string("[3, 5]"));
}

void NetworkBlocksTest::editsOfBlocksApplyAndUndo()
{
    Network network = twoPairs();
    const Network before = network;
    const Block block = network.blocks[0];
    Block copy = block;
    copy.id = "copy";
    Edits edits = insideBlock("pair", {setParamEdit(block, "first", "units", 7)});
    for (const Edit& edit : insideBlock("pair", removeNodeEdits(block, "relu")))
        edits.push_back(edit);
    edits.push_back({"blocks/pair/name", "Two layers", "Twins"});
    edits.push_back({"blocks/pair/summary", block.summary, {}});
    edits.push_back({"blocks/pair/params", toTree(block.params), toTree(std::vector<BlockParam>{{"depth", 2, 1, 3, {}}})});
    edits.push_back(addBlockEdit(copy));
    for (const Edit& edit : edits)
        apply(network, edit);
    const Block& edited = *network.findBlock("pair");
    QCOMPARE(edited.name, std::string("Twins"));
    QVERIFY(edited.findNode("first")->params == Tree(Tree::Map{{"units", 7}}));
    QVERIFY(!edited.findNode("relu"));
    QCOMPARE(edited.wires.size(), std::size_t{2});
    QVERIFY(edited.params == (std::vector<BlockParam>{{"depth", 2, 1, 3, {}}}));
    QCOMPARE(network.blocks.size(), std::size_t{2});
    const Edit removal = removeBlockEdit(network, "pair");
    apply(network, removal);
    QCOMPARE(network.blocks[0].id, std::string("copy"));
    apply(network, removal.reversed());
    QCOMPARE(network.blocks[0].id, std::string("pair"));
    for (const Edit& edit : reversed(edits))
        apply(network, edit);
    QVERIFY(network == before);
}

void NetworkBlocksTest::editsThatDoNotFitAreRefused()
{
    const Network before = twoPairs();
    const Edit edits[] = {
        {"blocks/none/name", "a", "b"},
        {"blocks/pair/name", "something else", "b"},
        {"blocks/pair/colour", {}, "red"},
        {"blocks/pair/params", Tree::Map{}, Tree::Map{}},
        {"blocks/pair/params", toTree(twoLayers().params), Tree::Map{{"2x", Tree::Map{{"default", 1}, {"minimum", 1}, {"maximum", 1}}}}},
        {"blocks/pair/nodes/first/params/units", "height", 3},
        {"blocks/pair", {}, toTree(twoLayers())},
        {"blocks/new", {}, toTree(twoLayers())},
        {"blocks/new", {}, Tree::Map{{"id", "new"}}},
    };
    for (const Edit& edit : edits) {
        Network network = before;
        try {
            apply(network, edit);
            QFAIL(edit.path.c_str());
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(edit.path.c_str()), error.what());
        }
        QVERIFY(network == before);
    }
}

QTEST_GUILESS_MAIN(NetworkBlocksTest)
#include "network_blocks_test.moc"
