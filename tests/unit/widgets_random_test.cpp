#include <random>

#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTimer>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/note_item.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Edits without sense or plan, but always the same ones.
class Monkey {
public:
    explicit Monkey(unsigned seed) : m_random(seed) {}

    std::size_t below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(m_random() % count); }

    /// One random edit of any sheet of the project.
    void edit(EditBatch& batch)
    {
        const std::vector<Node>& nodes = batch.sheet().nodes;
        if (nodes.empty() || (below(6) == 0 && nodes.size() < 60))
            return add(batch);
        const std::string id = nodes[below(nodes.size())].id;
        switch (below(9)) {
        case 0: batch.removeNode(id); break;
        case 1: batch.removeAndHeal(id); break;
        case 2: batch.setPosition(id, {double(below(500)), double(below(500))}); break;
        case 3: wire(batch, id); break;
        case 4: setParam(batch, id); break;
        case 5: batch.addInSheet(renameEdit(batch.sheet(), id, "name " + std::to_string(below(1000)))); break;
        case 6: group(batch, id); break;
        case 7: ungroup(batch, id); break;
        default: setNote(batch, {"note" + std::to_string(below(3)), below(3) ? QRectF(double(below(100)), 0, 80, 80) : QRectF(), "text"}); break;
        }
    }

private:
    void add(EditBatch& batch)
    {
        const std::vector<LayerSpec>& layers = layerCatalogue();
        batch.addNode(layers[below(layers.size())], {double(below(500)), double(below(500))});
    }

    void wire(EditBatch& batch, const std::string& from)
    {
        const LayerSpec* source = findLayer(batch.network(), batch.sheet().findNode(from)->type);
        if (!source || source->outputs().empty())
            return;
        const PortRef port{from, source->outputs().front().name};
        if (const auto input = bestInput(batch.view(), port, batch.sheet().nodes[below(batch.sheet().nodes.size())].id))
            batch.addWire(port, *input);
    }

    void setParam(EditBatch& batch, const std::string& id)
    {
        const LayerSpec* layer = findLayer(batch.network(), batch.sheet().findNode(id)->type);
        if (layer && !layer->params().empty())
            batch.addInSheet(
                setParamEdit(batch.sheet(), id, layer->params()[below(layer->params().size())].key, static_cast<std::int64_t>(below(9))));
    }

    void group(EditBatch& batch, const std::string& id)
    {
        if (batch.network().blocks.size() > 8)
            return;
        const std::string other = batch.sheet().nodes[below(batch.sheet().nodes.size())].id;
        try {
            batch.add(groupNodes(batch.network(), batch.block(), {id, other}).edits);
        } catch (const Error&) {
            // ports of a block, shared weights: said to the user
        }
    }

    void ungroup(EditBatch& batch, const std::string& id)
    {
        if (!batch.network().findBlock(batch.sheet().findNode(id)->type))
            return;
        try {
            batch.add(ungroupNode(batch.network(), batch.block(), id).edits);
        } catch (const Error&) {
            // an expression that gives no number
        }
    }

    std::mt19937 m_random;
};

} // namespace

class WidgetsRandomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    /// WEFT_EDITS sets how many: 100,000 before a release, some here.
    void randomEditsUndoneGiveBackTheProject()
    {
        bool isSet = false;
        const int wanted = qEnvironmentVariableIntValue("WEFT_EDITS", &isSet);
        const int count = isSet ? wanted : 1500;
        ProjectDocument document;
        document.setProject(smallProject(), {});
        const Project start = document.project();
        Monkey monkey(7);
        int performed = 0;
        for (int i = 0; i < count; ++i) {
            const std::vector<Block>& blocks = document.project().network.blocks;
            const std::size_t sheet = monkey.below(blocks.size() + 2);
            EditBatch batch(document.project(), sheet < blocks.size() ? blocks[sheet].id : std::string());
            monkey.edit(batch);
            const int before = document.undoStack()->index();
            document.perform("step", batch.edits());
            performed += document.undoStack()->index() - before;
            if (monkey.below(20) == 0) {
                const Project here = document.project();
                const int back = static_cast<int>(monkey.below(5));
                const int from = document.undoStack()->index();
                document.undoStack()->setIndex(std::max(0, from - back));
                document.undoStack()->setIndex(from);
                QVERIFY2(document.project() == here, qPrintable(QString("undo and redo at edit %1").arg(i)));
            }
        }
        const Project end = document.project();
        QVERIFY(performed > count / 3);
        document.undoStack()->setIndex(0);
        QVERIFY(document.project() == start);
        document.undoStack()->setIndex(document.undoStack()->count());
        QVERIFY(document.project() == end);
        QVERIFY(parseProject(formatProject(end), "copy") == end); // and a file holds it all
        document.discardChanges();
    }

    /// Whatever hands do, in whatever order, nothing crashes and undo leads back.
    void randomEventsDoNoHarm()
    {
        bool isSet = false;
        const int wanted = qEnvironmentVariableIntValue("WEFT_EVENTS", &isSet);
        const int count = isSet ? wanted : 1200;
        CanvasFixture f;
        const Project start = f.document.project();
        Monkey monkey(11);
        const Qt::Key keys[]
            = {Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_Escape, Qt::Key_Left, Qt::Key_Down, Qt::Key_Return, Qt::Key_Space, Qt::Key_Tab};
        void (CanvasView::*const commands[])() = {&CanvasView::group,
                                                  &CanvasView::ungroup,
                                                  &CanvasView::duplicate,
                                                  &CanvasView::copy,
                                                  &CanvasView::paste,
                                                  &CanvasView::pasteWithWires,
                                                  &CanvasView::cut,
                                                  &CanvasView::addNote,
                                                  &CanvasView::arrange,
                                                  &CanvasView::alignLefts,
                                                  &CanvasView::distributeDown,
                                                  &CanvasView::fitAll,
                                                  &CanvasView::selectAllNodes,
                                                  &CanvasView::leaveBlock,
                                                  &CanvasView::enterSelected,
                                                  &CanvasView::applyFirstFix,
                                                  &CanvasView::connectByKeys,
                                                  &CanvasView::find,
                                                  &CanvasView::deleteAndHeal,
                                                  &CanvasView::zoomOut};
        QPoint mouse(500, 300);
        QTimer closer; // Enter on a comment asks for its text
        connect(&closer, &QTimer::timeout, this, [] {
            if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget()))
                dialog->reject();
        });
        closer.start(1);
        for (int i = 0; i < count; ++i) {
            const std::vector<Node>& nodes = f.view.canvas().sheet().nodes;
            if (monkey.below(3) == 0 || nodes.empty())
                mouse = QPoint(static_cast<int>(monkey.below(1000)), static_cast<int>(monkey.below(600)));
            else
                mouse = f.nodeAt(nodes[monkey.below(nodes.size())].id) + QPoint(static_cast<int>(monkey.below(3)) * 90 - 90, 0);
            switch (monkey.below(12)) {
            case 0: f.press(mouse); break;
            case 1: f.release(mouse); break;
            case 2:
            case 3: f.moveTo(mouse); break;
            case 4: f.drag(mouse, QPoint(static_cast<int>(monkey.below(1000)), static_cast<int>(monkey.below(600)))); break;
            case 5: f.wheel(mouse, monkey.below(2) ? 120 : -120); break;
            case 6: QTest::keyClick(&f.view, keys[monkey.below(std::size(keys))]); break;
            case 7: f.document.undoStack()->undo(); break;
            case 8: f.document.undoStack()->redo(); break;
            case 9:
                if (nodes.size() < 60) {
                    const std::vector<LayerSpec>& layers = layerCatalogue();
                    f.view.dropLayer(QString::fromStdString(layers[monkey.below(layers.size())].type()), f.view.toScene(mouse));
                }
                break;
            default: {
                const std::size_t command = monkey.below(std::size(commands));
                const bool grows = command >= 2 && command <= 6;
                if (!grows || nodes.size() < 60)
                    (f.view.*commands[command])();
            }
            }
            if (QWidget* popup = QApplication::activePopupWidget())
                popup->hide();
            if (i % 20 == 0)
                QCoreApplication::processEvents();
        }
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QCoreApplication::processEvents();
        f.document.undoStack()->setIndex(0);
        QVERIFY(f.document.project() == start);
        QCOMPARE(f.view.canvas().nodes().size(), start.network.nodes.size());
        f.document.discardChanges();
    }

    void damagedClipboardsPasteNothing()
    {
        CanvasFixture source;
        source.view.canvas().select({"flatten", "dense"});
        source.view.group();
        source.view.copy();
        const QString good = QGuiApplication::clipboard()->text();
        const Project before = source.document.project();
        const int steps = source.document.undoStack()->count();
        Monkey monkey(3);
        for (int i = 0; i < 300; ++i) {
            QString text = good;
            for (std::size_t k = monkey.below(3) + 1; k > 0; --k) {
                const auto at = static_cast<int>(monkey.below(static_cast<std::size_t>(text.size())));
                switch (monkey.below(3)) {
                case 0: text.remove(at, static_cast<int>(monkey.below(40))); break;
                case 1: text[at] = QChar(static_cast<char16_t>(32 + monkey.below(90))); break;
                default: text.insert(at, text.mid(static_cast<int>(monkey.below(static_cast<std::size_t>(text.size()))), 20));
                }
            }
            QGuiApplication::clipboard()->setText(text);
            source.view.paste();
            while (source.document.undoStack()->count() > steps && source.document.undoStack()->canUndo()
                   && source.document.undoStack()->index() > steps)
                source.document.undoStack()->undo();
        }
        QVERIFY(source.document.project() == before);
        source.document.discardChanges();
    }
};

QTEST_MAIN(WidgetsRandomTest)
#include "widgets_random_test.moc"
