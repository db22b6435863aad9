#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QTest>

#include "core/layers/layer_spec.h"
#include "core/translation.h"
#include "docks_fixtures.h"
#include "interface_walk.h"
#include "widgets/actions.h"
#include "widgets/help/layer_help.h"
#include "widgets/main_window.h"
#include "widgets/port_text.h"
#include "widgets/run_controller.h"
#include "widgets/shortcuts_dialog.h"
#include "widgets/start/start_page.h"
#include "widgets/text.h"
#include "widgets/tour/tour.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Names that are the same in Chinese: products, functions, units, keys, and ids of the open project.
bool isName(const QString& word)
{
    static const QSet<QString> names = {
        // products, data, formats, people
        "Weft",
        "LeNet",
        "AlexNet",
        "VGG",
        "ResNet",
        "Inception",
        "MobileNet",
        "DenseNet",
        "Net",
        "Fashion",
        "MNIST",
        "ONNX",
        "YAML",
        "Kubernetes",
        "Pod",
        "CSV",
        "TSV",
        "IDX",
        "PyTorch",
        "arXiv",
        "Keras",
        "BERT",
        "Xception",
        "Siamese",
        "Glorot",
        "He",
        "LeCun",
        "Huber",
        "Transformer",
        "Nesterov",
        "QCustomPlot",
        "GNU",
        "Apache",
        "License",
        "General",
        "Public",
        "Philox",
        "NVIDIA",
        "CUDA",
        "English",
        "ImageNet",
        "ViT",
        // functions and measures by their usual names
        "ReLU",
        "LeakyReLU",
        "PReLU",
        "ELU",
        "SELU",
        "GELU",
        "SiLU",
        "Swish",
        "Mish",
        "HardSwish",
        "Sigmoid",
        "Tanh",
        "Softplus",
        "Softmax",
        "LSTM",
        "GRU",
        "RNN",
        "KL",
        "AUC",
        "IoU",
        "F1",
        "R",
        "SGD",
        "Adam",
        "AdamW",
        "NAdam",
        "RMSprop",
        "Adagrad",
        "Adadelta",
        "Adamax",
        "AMSGrad",
        "RAdam",
        "Lion",
        "Lamb",
        "softmax",
        "sigmoid",
        "tanh",
        "max",
        "min",
        "exp",
        "ln",
        "log",
        "mean",
        "erf",
        "beta",
        "alpha",
        "gamma",
        "epsilon",
        "L1",
        "L2",
        "Leaky",
        "Alpha",
        "Rho",
        "Epsilon",
        "v2",
        "v3",
        "Fortunes",
        "features",
        "Beta",
        "bf16",
        "float16",
        "bfloat16",
        "float32",
        // keys, units, machines
        "Ctrl",
        "Shift",
        "Alt",
        "Esc",
        "Tab",
        "Del",
        "Return",
        "Enter",
        "Backspace",
        "Home",
        "End",
        "Space",
        "CPU",
        "GPU",
        "B",
        "kB",
        "MB",
        "GB",
        "k",
        "M",
        "G",
        "s",
        "ms",
        "GPL",
        "PNG",
        "SVG",
        "JSON",
    };
    static const QRegularExpression shape("^([A-Za-z]|F[0-9]+)$");
    return names.contains(word) || shape.match(word).hasMatch();
}

/// The words in Latin letters of a text, without what stands in code, file names and Alt keys.
QStringList latinWords(QString text)
{
    static const QRegularExpression markup(
        "<[^>]*>|data\\.[a-z]+|&[a-z]+;|\\*\\.[a-z]+|[A-Za-z0-9_/.~-]*\\.(weft|csv|png|svg|onnx)|/[^ ]*|\\([A-Z]\\)");
    static const QRegularExpression word("[A-Za-z][A-Za-z0-9]*");
    text.remove(markup);
    QStringList words;
    for (auto match = word.globalMatch(text); match.hasNext();)
        words << match.next().captured();
    return words;
}

/// What is left in English, with its place. `known` are words of the project: ids and columns.
QStringList englishTexts(QWidget* window, const QSet<QString>& known)
{
    QStringList left;
    eachText(window, [&](const QString& place, const QString& text) {
        for (const QString& word : latinWords(text)) {
            if (!isName(word) && !known.contains(word)) {
                left << word + " in \"" + text + "\" (" + place + ")";
                return;
            }
        }
    });
    left.removeDuplicates();
    for (const QString& line : left)
        qWarning("%s", qPrintable(line));
    return left;
}

} // namespace

/// Both languages in one running program: everything changes, and nothing is lost.
class AroundLanguageTest : public QObject {
    Q_OBJECT

    static QSet<QString> wordsOf(const Project& project)
    {
        QSet<QString> words = {"image", "label", "untitled", "weft", "train", "device", "cpu", "auto", "cuda", "lenet", "run"};
        for (const Node& node : project.network.nodes)
            words.insert(QString::fromStdString(node.id));
        return words;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-language-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init()
    {
        QSettings().clear();
        loadTranslation(QStringLiteral("en"));
    }

    void cleanup() { loadTranslation(QStringLiteral("en")); }

    void theWindowChangesWhileItRunsAndKeepsItsWork()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        LiveRun run;
        run.start();
        run.batch(50, 1.5);
        window.runs().show(run.dir());
        QTRY_COMPARE(window.runs().state(), RunController::State::Running);
        window.canvas().canvas().select({"conv2"});
        window.document().perform("Rename", {renameEdit(window.document().project().network, "conv1", "first")});
        window.canvas().zoomAt({300, 200}, 1.3);
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        tabs->setCurrentIndex(2);
        const Project project = window.document().project();
        const QTransform view = window.canvas().transform();
        const QString english = window.menuBar()->actions().first()->text();
        const int height = window.canvas().height();

        window.findChild<QAction*>("language.zh_CN")->trigger();
        QTRY_VERIFY(window.menuBar()->actions().first()->text().contains("文件"));
        QCOMPARE(QSettings().value("language").toString(), QString("zh_CN"));
        QTRY_VERIFY(std::abs(window.canvas().height() - height) < 10); // docks keep their share
        QCOMPARE(qEnvironmentVariable("WEFT_LANGUAGE"), QString("zh_CN")); // programs that are started speak it too
        QVERIFY(window.document().project() == project);
        QVERIFY(window.document().undoStack()->canUndo());
        QCOMPARE(window.canvas().canvas().selectedNodes(), std::vector<std::string>{"conv2"});
        QCOMPARE(window.canvas().transform(), view);
        QCOMPARE(window.findChild<QTabWidget*>("resultTabs")->currentIndex(), 2);
        QCOMPARE(window.runs().runDir(), run.dir());
        QTRY_COMPARE(window.runs().state(), RunController::State::Running);
        QCOMPARE(window.canvas().canvas().node("conv2")->face().type, QString("二维卷积"));
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier); // the keys belong to the new window's actions
        QVERIFY(!(window.document().project() == project));

        MainWindow::chooseLanguage(QStringLiteral("en"));
        QTRY_COMPARE(window.menuBar()->actions().first()->text(), english);
        run.die();
    }

    void helpStartPageAndTourChangeToo()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        window.canvas().canvas().select({"conv2"});
        window.actions()["help.layer"]->trigger();
        QVERIFY(window.findChild<LayerHelp*>());
        window.startTour();
        MainWindow::chooseLanguage(QStringLiteral("zh_CN"));
        QTRY_VERIFY(window.findChild<LayerHelp*>() && window.findChild<LayerHelp*>()->windowTitle().contains("帮助"));
        QVERIFY(window.tour());
        QVERIFY(window.tour()->bubble()->accessibleName().contains("输入"));
        window.showStartPage();
        QVERIFY(window.isStartPageShown());
        MainWindow::chooseLanguage(QStringLiteral("en"));
        QTRY_COMPARE(window.startPage().accessibleName(), QString("Start page"));
        QVERIFY(window.isStartPageShown());
        QTRY_VERIFY(window.startPage().y() == window.menuBar()->height() && window.menuBar()->height() > 20); // the menus stay
    }

    void commandsAreFoundByTheirEnglishNamesToo()
    {
        loadTranslation(QStringLiteral("zh_CN"));
        MainWindow window;
        window.openLastOrExample();
        window.show();
        window.actions()["help.commands"]->trigger();
        auto* palette = window.findChild<QWidget*>("commandPalette");
        auto* list = palette->findChild<QListWidget*>();
        QTest::keyClicks(palette->findChild<QLineEdit*>(), "duplicate");
        QCOMPARE(list->item(0)->text(), window.actions()["edit.duplicate"]->text());
        QTest::keyClicks(palette->findChild<QLineEdit*>(), "xyz");
        QVERIFY(!list->isVisible());
        QVERIFY(palette->findChild<QWidget*>("nothing")->isVisible()); // what finds nothing says so
    }

    void noEnglishWordIsLeft()
    {
        loadTranslation(QStringLiteral("zh_CN"));
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        const QSet<QString> known = wordsOf(window.document().project());
        for (const char* node : {"image", "conv1", "pool1", "dense1", "loss"}) {
            window.canvas().canvas().select({node});
            QCoreApplication::processEvents();
            const QStringList left = englishTexts(&window, known);
            QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
        }
        Actions actions(&window);
        ShortcutsDialog shortcuts(actions, &window);
        const QStringList left = englishTexts(&shortcuts, {});
        QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
        window.startTour();
        for (const TourStep& step : lenetTour()) {
            for (const QString& word : latinWords(step.title + step.text))
                QVERIFY2(isName(word), qPrintable(step.text));
        }
    }

    void layersAndChoicesHaveChineseNames()
    {
        loadTranslation(QStringLiteral("zh_CN"));
        QSet<QString> titles;
        for (const LayerSpec& layer : layerCatalogue()) {
            const QString title = layerTitle(layer);
            QVERIFY2(!titles.contains(title), layer.type().c_str()); // names tell layers apart
            titles.insert(title);
            for (const QString& word : latinWords(title))
                QVERIFY2(isName(word), layer.type().c_str());
            for (const std::vector<PortSpec>* ports : {&layer.inputs(), &layer.outputs()}) {
                for (const PortSpec& port : *ports)
                    QVERIFY2(port.name.size() < 2 || latinWords(portTitle(port.name)).isEmpty(), port.name.c_str());
            }
            for (const ParamSpec& param : layer.params()) {
                for (const std::string& choice : param.choices) {
                    for (const QString& word : latinWords(choiceText(choice)))
                        QVERIFY2(isName(word), choice.c_str());
                }
            }
        }
    }

    void faultsNameLayersAsThePaletteDoes()
    {
        loadTranslation(QStringLiteral("zh_CN"));
        const QString text = translated(message(WEFT_TEXT("Layer",
                                                          "%1 needs images [N, channels, height, width], but gets %2. Put it before Flatten and "
                                                          "Dense, or give the Input a shape such as [1, 28, 28]."),
                                                "Conv2D", "[N, 10]"));
        QVERIFY2(text.startsWith("二维卷积"), qPrintable(text));
    }
};

QTEST_MAIN(AroundLanguageTest)
#include "around_language_test.moc"
