#include <random>

#include <QtTest>

#include "core/base/error.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Random edits of all kinds from a fixed seed, applied as they are made.
class Monkey {
public:
    explicit Monkey(unsigned seed) : m_random(seed) {}

    Edits step(Network& network)
    {
        Edits edits = make(network);
        for (const Edit& edit : edits)
            apply(network, edit);
        return edits;
    }

private:
    std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(m_random); }
    const Node& anyNode(const Network& network) { return network.nodes[below(network.nodes.size())]; }

    Edits make(const Network& network)
    {
        const auto& catalogue = layerCatalogue();
        if (network.nodes.size() < 3)
            return {addNodeEdit(network, newNode(network))};
        switch (below(9)) {
        case 0: return {addNodeEdit(network, newNode(network))};
        case 1: return removeNodeEdits(network, anyNode(network).id);
        case 2: return removeNodesEdits(network, {network.nodes[0].id, network.nodes[2].id});
        case 3: return {renameEdit(network, anyNode(network).id, "name " + std::to_string(below(100)))};
        case 4: return {retypeEdit(network, anyNode(network).id, catalogue[below(catalogue.size())].type())};
        case 5:
            return {setParamEdit(network, anyNode(network).id, below(2) ? "filters" : "units",
                                 below(3) ? Tree(static_cast<std::int64_t>(below(64))) : Tree())};
        case 6: return bypassNodeEdits(network, anyNode(network).id);
        case 7:
            if (!network.wires.empty())
                return {removeWireEdit(network, network.wires[below(network.wires.size())])};
            [[fallthrough]];
        default: {
            const Wire wire{{anyNode(network).id, "y"}, {anyNode(network).id, "x"}};
            return wireIndex(network, wire) < 0 ? Edits{addWireEdit(network, wire)} : Edits{};
        }
        }
    }

    Node newNode(const Network& network)
    {
        const std::string type = layerCatalogue()[below(layerCatalogue().size())].type();
        const std::string id = freshId(network, type);
        return {id, id, type, Tree::Map{}, {}};
    }

    std::mt19937 m_random;
};

} // namespace

class NetworkEditsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void undoingRandomEditsGivesBackEveryState();
    void aRemovedNodeComesBackAtItsPlaceWithItsWires();
    void anEditThatDoesNotFitIsRefusedAndChangesNothing_data();
    void anEditThatDoesNotFitIsRefusedAndChangesNothing();
    void parametersKeepTheOrderOfTheLayer();
    void freshIdsAreFree();
    void portReferencesHaveOneDot();
    void anInsertedNodeStandsInTheWire();
};

void NetworkEditsTest::undoingRandomEditsGivesBackEveryState()
{
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Monkey monkey(seed);
        Network network;
        std::vector<Network> states{network};
        std::vector<Edits> history;
        for (int i = 0; i < 150; ++i) {
            history.push_back(monkey.step(network));
            states.push_back(network);
        }
        for (std::size_t i = history.size(); i-- > 0;) {
            for (const Edit& edit : reversed(history[i]))
                apply(network, edit);
            QVERIFY2(network == states[i], qPrintable(QStringLiteral("seed %1, step %2").arg(seed).arg(i)));
        }
        for (std::size_t i = 0; i < history.size(); ++i) {
            for (const Edit& edit : history[i])
                apply(network, edit);
            QVERIFY(network == states[i + 1]);
        }
        analyze(network); // whatever the edits made of it, checking it does not throw
    }
}

void NetworkEditsTest::aRemovedNodeComesBackAtItsPlaceWithItsWires()
{
    const Network before = lenet().network;
    Network network = before;
    const Edits edits = removeNodeEdits(network, "conv2");
    for (const Edit& edit : edits)
        apply(network, edit);
    QCOMPARE(network.nodes.size(), before.nodes.size() - 1);
    QCOMPARE(network.wires.size(), before.wires.size() - 2);
    for (const Edit& edit : reversed(edits))
        apply(network, edit);
    QVERIFY(network == before);
}

void NetworkEditsTest::anEditThatDoesNotFitIsRefusedAndChangesNothing_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("hasBefore");
    QTest::addColumn<bool>("hasAfter");
    QTest::newRow("adds a node that is there") << "nodes/conv1" << false << true;
    QTest::newRow("removes a node that is not there") << "nodes/conv9" << true << false;
    QTest::newRow("changes a parameter of no node") << "nodes/conv9/params/filters" << false << true;
    QTest::newRow("expects another parameter") << "nodes/conv1/params/filters" << false << true;
    QTest::newRow("adds a wire that is there") << "wires/conv1.y->relu1.x" << false << true;
    QTest::newRow("removes a wire that is not there") << "wires/conv1.y->relu2.x" << true << false;
    QTest::newRow("damaged wire") << "wires/conv1-relu" << false << true;
    QTest::newRow("unknown field") << "nodes/conv1/colour" << false << true;
    QTest::newRow("unknown part") << "knots/conv1" << false << true;
    QTest::newRow("empty") << "" << false << true;
}

void NetworkEditsTest::anEditThatDoesNotFitIsRefusedAndChangesNothing()
{
    QFETCH(QString, path);
    QFETCH(bool, hasBefore);
    QFETCH(bool, hasAfter);
    Network network = lenet().network;
    const Network before = network;
    const Edit edit{path.toStdString(), hasBefore ? Tree(true) : Tree(), hasAfter ? Tree(true) : Tree()};
    QVERIFY_EXCEPTION_THROWN(apply(network, edit), Error);
    QVERIFY(network == before);
}

void NetworkEditsTest::parametersKeepTheOrderOfTheLayer()
{
    Network network = Chain().add("conv1", "Conv2D").network;
    for (const char* key : {"groups", "unknown", "filters", "kernelSize"})
        apply(network, setParamEdit(network, "conv1", key, 1));
    std::string order;
    for (const auto& [key, value] : network.nodes[0].params.map())
        order += key + " ";
    QCOMPARE(order, std::string("filters kernelSize groups unknown "));
}

void NetworkEditsTest::freshIdsAreFree()
{
    Network network = Chain().add("conv2d1", "Conv2D").network;
    QCOMPARE(freshId(network, "Conv2D"), std::string("conv2d2"));
    QCOMPARE(freshId(network, "Dense"), std::string("dense1"));
    QVERIFY(isValidId(freshId(network, "Ünknown / layer")));
}

void NetworkEditsTest::portReferencesHaveOneDot()
{
    QVERIFY(parsePortRef("conv1.y") == (PortRef{"conv1", "y"}));
    for (const char* text : {"", ".", "conv1", "conv1.", ".y", "a.b.c"})
        QVERIFY2(!parsePortRef(text), text);
}

void NetworkEditsTest::anInsertedNodeStandsInTheWire()
{
    Network network = Chain().add("image", "Input").add("dense1", "Dense").network;
    for (const Edit& edit : insertNodeEdits(network, network.wires[0], {"flatten", "flatten", "Flatten", Tree::Map{}, {}}, "x", "y"))
        apply(network, edit);
    QCOMPARE(outputShape(network, "dense1"), std::string("[N, 128]"));
    for (const Edit& edit : bypassNodeEdits(network, "flatten"))
        apply(network, edit);
    QVERIFY(network == (Chain().add("image", "Input").add("dense1", "Dense").network));
}

QTEST_GUILESS_MAIN(NetworkEditsTest)
#include "network_edits_test.moc"
