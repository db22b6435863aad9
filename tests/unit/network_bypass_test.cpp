#include <QtTest>

#include "core/base/error.h"
#include "core/network/bypass.h"
#include "core/network/grouping.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

/// All that a session would run: inputs, variables and ops in their order, with what each reads and gives.
std::string graphText(const Lowered& lowered)
{
    std::string text;
    const auto add = [&](const Value& value) { text += ' ' + std::to_string(value.id()) + toString(value.shape()); };
    for (const LoweredFeed& feed : lowered.feeds) {
        text += "\nfeed " + feed.column;
        add(feed.value);
    }
    for (const Value& variable : lowered.graph->variables()) {
        text += "\nvariable " + variable.variable()->name;
        add(variable);
    }
    for (const auto& op : lowered.graph->ops()) {
        text += "\n" + std::string(op->spec().name) + " of " + op->node();
        for (const Value& input : op->inputs())
            add(input);
        text += " ->";
        for (const Value& output : op->outputs())
            add(output);
    }
    for (const LoweredOutput& output : lowered.outputs) {
        text += "\noutput " + output.name;
        add(output.value);
    }
    return text;
}

Network bypassed(Network network, const std::vector<std::string>& ids)
{
    for (const std::string& id : ids)
        apply(network, setBypassedEdit(network, id, true));
    return network;
}

Network without(Network network, const std::string& id)
{
    for (const Edit& edit : bypassNodeEdits(network, id))
        apply(network, edit);
    return network;
}

/// Both as training and as inference see them.
void compareGraphs(const Network& one, const Network& other)
{
    for (const LowerOptions& options : {LowerOptions{Mode::Train, true}, LowerOptions{Mode::Infer, true}, LowerOptions{Mode::Infer, false}})
        QCOMPARE(graphText(lower(one, options)), graphText(lower(other, options)));
}

/// Two branches of which one is longer, joined by a Concat whose order counts.
Network branches(bool hasExtra)
{
    Chain chain;
    chain.add("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{6}}}).add("first", "Dense", {{"units", 4}});
    if (hasExtra)
        chain.add("extra", "Tanh");
    chain.add("second", "Dense", {{"units", 3}});
    chain.network.nodes.push_back({"side", "side", "Dense", Tree::Map{{"units", 5}}, {}});
    chain.network.nodes.push_back({"join", "join", "Concat", Tree::Map{}, {}});
    chain.network.nodes.push_back({"loss", "loss", "CrossEntropy", Tree::Map{}, {}});
    chain.wire("in.y", "side.x").wire("second.y", "join.x").wire("side.y", "join.x").wire("join.y", "loss.prediction");
    return chain.network;
}

std::vector<std::string> codesAt(const Network& network, const std::string& node)
{
    std::vector<std::string> codes;
    for (const Diagnostic& diagnostic : analyze(network).diagnostics) {
        if (diagnostic.node == node && diagnostic.severity == Severity::Error)
            codes.push_back(diagnostic.code);
    }
    return codes;
}

} // namespace

/// A bypassed node stays in the network and out of the graph.
class NetworkBypassTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theGraphIsThatWithoutTheNode_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"relu1", "pool1", "relu3", "dense1"})
            QTest::newRow(id) << id;
    }

    void theGraphIsThatWithoutTheNode()
    {
        QFETCH(QString, id);
        const Network whole = lenet().network;
        const Network less = without(whole, id.toStdString());
        compareGraphs(bypassed(whole, {id.toStdString()}), less);
        QVERIFY(graphText(lower(whole, {})) != graphText(lower(less, {})));
    }

    void severalInARowArePassed()
    {
        const Network whole = lenet().network;
        compareGraphs(bypassed(whole, {"dense1", "relu3"}), without(without(whole, "dense1"), "relu3"));
    }

    void branchesKeepTheirOrder() { compareGraphs(bypassed(branches(true), {"extra"}), branches(false)); }

    void ofSeveralInputsTheFirstGoesOn()
    {
        Network network = bypassed(branches(false), {"join"});
        const Lowered lowered = lower(network, {Mode::Train, true});
        QCOMPARE(toString(lowered.losses.front().prediction.shape()), std::string("[N, 3]"));
        const Analysis analysis = analyze(network);
        const Diagnostic* unused = find(analysis.diagnostics, "wire.unused"); // only the join used it
        QVERIFY(unused);
        QCOMPARE(unused->node, std::string("side"));
    }

    void theLastLayerOfANetworkWithoutALossIsPassedToo()
    {
        Network network = Chain().add("in", "Input").add("relu", "ReLU").add("tanh", "Tanh").network;
        network = bypassed(network, {"tanh"});
        const Lowered lowered = lower(network, {Mode::Infer, false});
        QCOMPARE(lowered.outputs.size(), std::size_t(1));
        QCOMPARE(lowered.outputs.front().name, std::string("relu"));
    }

    void whatALayerSaysOfTheOneBeforeItIsSaidOfTheRealOne()
    {
        Chain chain = lenet();
        Network network = chain.network;
        std::erase_if(network.wires, [](const Wire& wire) { return wire.to.node == "loss"; });
        network.nodes.push_back({"softmax", "softmax", "Softmax", Tree::Map{}, {}});
        network.nodes.push_back({"drop", "drop", "Dropout", Tree::Map{}, {}});
        for (const auto& [from, to] : {std::pair("dense2.y", "softmax.x"), std::pair("softmax.y", "drop.x"), std::pair("drop.y", "loss.prediction")})
            network.wires.push_back({*parsePortRef(from), *parsePortRef(to)});
        const auto advised = [](const Network& n) {
            const std::vector<Diagnostic> all = analyze(n).diagnostics;
            const auto found = std::find_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.node == "loss"; });
            return found == all.end() ? std::optional<Diagnostic>() : *found;
        };
        QVERIFY(!advised(bypassed(network, {"softmax", "drop"})));
        const std::optional<Diagnostic> said = advised(bypassed(network, {"drop"})); // a loss from logits behind a Softmax
        QVERIFY(said && !said->fixes.empty());
        Network mended = bypassed(network, {"drop"});
        for (const Edit& edit : said->fixes.front().edits)
            apply(mended, edit);
        QVERIFY(!mended.findNode("softmax")); // and not the bypassed layer that stands between
        QVERIFY(mended.findNode("drop"));
    }

    void whatCannotBePassedIsRefused_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no input") << "image" << "no input";
        QTest::newRow("a loss") << "loss" << "is a loss";
    }

    void whatCannotBePassedIsRefused()
    {
        QFETCH(QString, id);
        QFETCH(QString, reason);
        const Network network = bypassed(lenet().network, {id.toStdString()});
        const Analysis analysis = analyze(network);
        const Diagnostic* refused = find(analysis.diagnostics, "bypass.refused");
        QVERIFY(refused);
        QCOMPARE(refused->node, id.toStdString());
        QVERIFY2(english(refused->message).find(reason.toStdString()) != std::string::npos, english(refused->message).c_str());
        QVERIFY_EXCEPTION_THROWN(lower(network, {}), Error);
        Network mended = network;
        for (const Edit& edit : refused->fixes.front().edits)
            apply(mended, edit);
        QVERIFY(mended == lenet().network);
    }

    void blocksArePassedWhereTheyHaveOneOutput()
    {
        Network network = lenet().network;
        const Grouping grouping = groupNodes(network, {}, {"dense1", "relu3"});
        for (const Edit& edit : grouping.edits)
            apply(network, edit);
        const std::string& instance = grouping.instance;
        const std::string expected = graphText(lower(without(without(lenet().network, "dense1"), "relu3"), {}));
        QCOMPARE(graphText(lower(bypassed(network, {instance}), {})), expected);
        // A node inside is passed as well, in each instance.
        Network inner = network;
        for (const Edit& edit : insideBlock(network.blocks.front().id, {setBypassedEdit(network.blocks.front(), "relu3", true)}))
            apply(inner, edit);
        const Lowered lowered = lower(inner, {});
        const auto& ops = lowered.graph->ops();
        QVERIFY(std::none_of(ops.begin(), ops.end(), [&](const auto& op) { return op->node() == instance + "/relu3"; }));
        QVERIFY(std::any_of(ops.begin(), ops.end(), [&](const auto& op) { return op->node() == instance + "/dense1"; }));
        // Taken apart it would be in use again without a word.
        const Network off = bypassed(network, {instance});
        QVERIFY_EXCEPTION_THROWN(ungroupNode(off, {}, instance), Error);
        // With a second output nobody knows what to pass on.
        Network two = network;
        Block& block = two.blocks.front();
        block.nodes.push_back({"more", "more", "BlockOutput", Tree::Map{}, {}});
        block.wires.push_back({{"dense1", "y"}, {"more", "x"}});
        QCOMPARE(codesAt(bypassed(two, {instance}), instance), std::vector<std::string>{"bypass.refused"});
    }

    void shapesThatDoNotFitAreLaidAtItsDoor()
    {
        Network network = bypassed(lenet().network, {"flatten"});
        const Analysis analysis = analyze(network);
        const Diagnostic* fault = find(analysis.diagnostics, "bypass.shape");
        QVERIFY(fault);
        QCOMPARE(fault->node, std::string("flatten"));
        QVERIFY_EXCEPTION_THROWN(lower(network, {}), Error);
        for (const Edit& edit : fault->fixes.front().edits)
            apply(network, edit);
        QVERIFY(network == lenet().network);
    }

    void insideABlockTheyAreShownOnItsInstance()
    {
        Network network = lenet().network;
        const Grouping grouping = groupNodes(network, {}, {"flatten", "dense1"});
        for (const Edit& edit : grouping.edits)
            apply(network, edit);
        const Network whole = network;
        const Block& block = network.blocks.front();
        for (const Edit& edit : insideBlock(block.id, {setBypassedEdit(block, "flatten", true)}))
            apply(network, edit);
        const Analysis analysis = analyze(network);
        const Diagnostic* fault = find(analysis.diagnostics, "bypass.shape");
        QVERIFY(fault);
        QCOMPARE(fault->node, grouping.instance);
        QCOMPARE(fault->inner, std::string("flatten"));
        for (const Edit& edit : fault->fixes.front().edits)
            apply(network, edit);
        QVERIFY(network == whole);
    }

    void faultsThatAreThereAnywayAreNot()
    {
        Network network = without(lenet().network, "flatten"); // the loss gets pictures, whatever becomes of the pooling
        QVERIFY(!codesAt(network, "loss").empty());
        network = bypassed(network, {"pool2"});
        QVERIFY(!codesAt(network, "loss").empty());
        QVERIFY(codesAt(network, "pool2").empty());
    }

    void withoutAWireThereIsNothingToPassOn()
    {
        Network network = bypassed(lenet().network, {"relu1"});
        std::erase_if(network.wires, [](const Wire& wire) { return wire.to.node == "relu1"; });
        QCOMPARE(codesAt(network, "relu1"), std::vector<std::string>{"wire.missing"});
    }

    void aCircleIsStillACircle()
    {
        Network network = bypassed(lenet().network, {"relu1", "pool1"});
        std::erase_if(network.wires, [](const Wire& wire) { return wire.to.node == "relu1"; });
        network.wires.push_back({{"pool1", "y"}, {"relu1", "x"}});
        const Analysis analysis = analyze(network);
        QVERIFY(find(analysis.diagnostics, "network.circle"));
    }

    void settingsOfWhatIsOutOfUseDoNotCount()
    {
        Network network = lenet().network;
        network.findNode("dense1")->params = Tree::Map{{"units", -3}};
        QVERIFY(!codesAt(network, "dense1").empty());
        QVERIFY(codesAt(bypassed(network, {"dense1"}), "dense1").empty());
    }

    void othersMayGoOnUsingItsWeights()
    {
        Network network = branches(false);
        network.findNode("side")->params = network.findNode("first")->params;
        network.findNode("side")->sharesWith = "first";
        network = bypassed(network, {"first"});
        QVERIFY(lower(network, {}).graph->findVariable("first/kernel"));
    }

    void thePassedValueIsSeenOnItsWires()
    {
        const Network network = bypassed(lenet().network, {"pool1"});
        QCOMPARE(outputShape(network, "pool1"), outputShape(network, "relu1"));
        const Analysis analysis = analyze(network);
        QCOMPARE(analysis.find("pool1")->activationBytes, 0.0);
    }

    void theEditUndoesAndRefusesWhatDoesNotFit()
    {
        Network network = lenet().network;
        const Edit edit = setBypassedEdit(network, "relu1", true);
        apply(network, edit);
        QVERIFY(network.findNode("relu1")->isBypassed);
        QVERIFY_EXCEPTION_THROWN(apply(network, edit), Error); // it is bypassed already
        QVERIFY_EXCEPTION_THROWN(apply(network, Edit{"nodes/relu1/bypassed", true, 3}), Error);
        apply(network, edit.reversed());
        QVERIFY(network == lenet().network);
        // Removing and restoring the node keeps it.
        apply(network, edit);
        const Network before = network;
        const Edits removal = removeNodeEdits(network, "relu1");
        for (const Edit& step : removal)
            apply(network, step);
        for (const Edit& step : reversed(removal))
            apply(network, step);
        QVERIFY(network == before);
    }
};

QTEST_GUILESS_MAIN(NetworkBypassTest)
#include "network_bypass_test.moc"
