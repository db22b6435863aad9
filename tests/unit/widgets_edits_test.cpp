#include <random>

#include <QTest>

#include "widgets/text.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

class WidgetsEditsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSecondWireIntoASingleInputReplacesTheFirst()
    {
        EditBatch batch(smallProject());
        const std::string relu = batch.addNode(*findLayer("ReLU"), {0, 200});
        batch.addWire({relu, "y"}, {"dense", "x"});
        QCOMPARE(wireIndex(batch.network(), Wire{{"flatten", "y"}, {"dense", "x"}}), -1);
        QVERIFY(wireIndex(batch.network(), Wire{{relu, "y"}, {"dense", "x"}}) >= 0);
    }

    void aVariadicInputTakesSeveralWires()
    {
        EditBatch batch(smallProject());
        const std::string sum = batch.addNode(*findLayer("Add"), {0, 200});
        const std::string input = findLayer("Add")->inputs().front().name;
        batch.addWire({"flatten", "y"}, {sum, input});
        batch.addWire({"image", "y"}, {sum, input});
        QCOMPARE(batch.network().wires.size(), std::size_t(5));
    }

    void cyclesAndLoopsAreRefusedWithAReason()
    {
        const Project project = smallProject();
        QVERIFY(!portFit(project.network, {"dense", "y"}, {"flatten", "x"}).fits);
        QVERIFY(!portFit(project.network, {"dense", "y"}, {"flatten", "x"}).reason.isEmpty());
        QVERIFY(!portFit(project.network, {"dense", "y"}, {"dense", "x"}).fits);
        QVERIFY(portFit(project.network, {"image", "y"}, {"dense", "x"}).fits);
    }

    void deletingWithHealingJoinsTheChain()
    {
        EditBatch batch(smallProject());
        batch.removeAndHeal("flatten");
        QVERIFY(wireIndex(batch.network(), Wire{{"image", "y"}, {"dense", "x"}}) >= 0);
        QVERIFY(!savedPosition(batch.project(), "flatten"));
    }

    void copiedLayersKeepTheirWiresAmongThemselves()
    {
        const Project project = smallProject();
        EditBatch batch(project);
        const std::vector<std::string> added = paste(batch, copiedText(project, {"flatten", "dense"}), {100, 400}, false).nodes;
        QCOMPARE(added.size(), std::size_t(2));
        QVERIFY(wireIndex(batch.network(), Wire{{added[0], "y"}, {added[1], "x"}}) >= 0);
        QCOMPARE(batch.network().wires.size(), std::size_t(4));
        QCOMPARE(batch.network().findNode(added[1])->params.find("units")->integer(), 10);
        QCOMPARE(*savedPosition(batch.project(), added[0]), QPointF(100, 400));
        EditBatch wired(project);
        paste(wired, copiedText(project, {"flatten", "dense"}), {100, 400}, true);
        QCOMPARE(wired.network().wires.size(), std::size_t(5));
    }

    void nonsenseInTheClipboardPastesNothing()
    {
        for (const char* text : {"", "hello", "{", "{\"weftNodes\": 3}", "{\"weftNodes\": [{\"id\": 7}]}",
                                 "{\"weftNodes\": [{\"id\": \"a\", \"type\": \"None\"}], \"wires\": [[1]]}",
                                 "{\"weftNodes\": [], \"notes\": 7}", "{\"weftNodes\": [], \"notes\": [{\"rect\": [1, 2], \"text\": 3}]}"}) {
            EditBatch batch(smallProject());
            QVERIFY(paste(batch, text, {}, true).isEmpty());
            QVERIFY(batch.edits().empty());
        }
    }

    void arrangingKeepsTheFlowAndOverlapsNothing()
    {
        const Project project = projectFromTemplate("lenet");
        const auto positions = arranged(project.network, 1.8);
        QCOMPARE(positions.size(), project.network.nodes.size());
        for (const auto& [a, pa] : positions) {
            for (const auto& [b, pb] : positions) {
                const QSizeF size(nodeWidth, nodeHeight);
                QVERIFY2(a == b || !QRectF(pa, size).intersects(QRectF(pb, size)), (a + " over " + b).c_str());
            }
        }
        for (const Wire& wire : project.network.wires) {
            const QPointF from = positions.at(wire.from.node);
            const QPointF to = positions.at(wire.to.node);
            QVERIFY(to.x() > from.x() || to.y() > from.y());
        }
    }

    void arrangingAThousandLayersTakesUnderHalfASecond()
    {
        Network network;
        for (int i = 0; i < 1000; ++i) {
            const std::string id = "n" + std::to_string(i);
            network.nodes.push_back(node(id, "ReLU"));
            if (i > 0)
                network.wires.push_back({{"n" + std::to_string(i % 7 == 0 ? i / 2 : i - 1), "y"}, {id, "x"}});
        }
        QElapsedTimer timer;
        timer.start();
        arranged(network, 1.8);
        QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    }

    void numbersReadAsPeopleWriteThem()
    {
        QCOMPARE(formatCount(61706), QString("61,706"));
        QCOMPARE(formatLarge(416000), QString("0.42 M"));
        QCOMPARE(formatLarge(416), QString("416"));
        QCOMPARE(formatBytes(6300), QString("6.3 kB"));
        QCOMPARE(formatShape(Shape{Dim::batch(), 6, 28, 28}), QString("N×6×28×28"));
        QCOMPARE(*parseIntegers("5 × 7"), (std::vector<std::int64_t>{5, 7}));
        QCOMPARE(*parseIntegers("3x3"), (std::vector<std::int64_t>{3, 3}));
        QVERIFY(!parseIntegers("three"));
        QVERIFY(!parseIntegers(" "));
    }

    void randomEditsUndoneGiveBackTheProject()
    {
        ProjectDocument document;
        document.setProject(smallProject(), {});
        const Project start = document.project();
        std::mt19937 random(7);
        const std::vector<LayerSpec>& layers = layerCatalogue();
        for (int i = 0; i < 400; ++i) {
            EditBatch batch(document.project());
            const std::vector<Node>& nodes = batch.network().nodes;
            const auto any = [&](std::size_t size) { return static_cast<std::size_t>(random() % size); };
            switch (nodes.empty() ? 0 : random() % 5) {
            case 0: batch.addNode(layers[any(layers.size())], {double(random() % 500), double(random() % 500)}); break;
            case 1: batch.removeNode(nodes[any(nodes.size())].id); break;
            case 2: batch.removeAndHeal(nodes[any(nodes.size())].id); break;
            case 3: batch.setPosition(nodes[any(nodes.size())].id, {double(random() % 500), 0}); break;
            default: {
                const std::string from = nodes[any(nodes.size())].id;
                const std::string to = nodes[any(nodes.size())].id;
                const LayerSpec* source = findLayer(batch.network().findNode(from)->type);
                if (source->outputs().empty())
                    break;
                const PortRef port{from, source->outputs().front().name};
                if (const auto input = bestInput(batch.network(), port, to))
                    batch.addWire(port, *input);
            }
            }
            document.perform("step", batch.edits());
        }
        const Project end = document.project();
        while (document.undoStack()->canUndo())
            document.undoStack()->undo();
        QVERIFY(document.project().network == start.network);
        while (document.undoStack()->canRedo())
            document.undoStack()->redo();
        QVERIFY(document.project().network == end.network);
    }
};

QTEST_MAIN(WidgetsEditsTest)
#include "widgets_edits_test.moc"
