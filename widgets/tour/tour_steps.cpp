#include "widgets/tour/tour_steps.h"

#include <algorithm>

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidgetItemIterator>

#include "core/project/project.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/data/data_panel.h"
#include "widgets/main_window.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/project_document.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/run_controller.h"
#include "widgets/training/training_panel.h"

namespace weft {
namespace {

class TourText {
    Q_DECLARE_TR_FUNCTIONS(weft::TourText)
};

const std::vector<TourLayer>& lenet()
{
    static const std::vector<TourLayer> layers = {{"Input"},     {"Conv2D", 20}, {"ReLU"},       {"MaxPool2D"}, {"Conv2D", 50}, {"ReLU"},
                                                  {"MaxPool2D"}, {"Flatten"},    {"Dense", 500}, {"ReLU"},      {"Dense", 10},  {"CrossEntropy"}};
    return layers;
}

bool fits(const Node& node, const TourLayer& layer)
{
    if (node.type != layer.type)
        return false;
    const auto number = [&](const char* key) {
        const Tree* value = node.params.find(key);
        return value && value->isInt() ? value->integer() : 0;
    };
    if (layer.type == "Dense" && layer.number > 0)
        return number("units") == layer.number;
    if (layer.type == "Conv2D" && layer.number > 0) {
        const Tree* kernel = node.params.find("kernelSize");
        return number("filters") == layer.number && kernel && *kernel == Tree(Tree::List{Tree(5), Tree(5)});
    }
    return true;
}

std::size_t lengthFrom(const Network& network, const Node& node, const std::vector<TourLayer>& layers, std::size_t at)
{
    if (!fits(node, layers[at]))
        return 0;
    std::size_t longest = 0;
    for (const Wire& wire : network.wires) {
        const Node* next = wire.from.node == node.id ? network.findNode(wire.to.node) : nullptr;
        if (next && at + 1 < layers.size())
            longest = std::max(longest, lengthFrom(network, *next, layers, at + 1));
    }
    return longest + 1;
}

QRect rectOf(MainWindow& window, const QWidget* widget, const QRect& part)
{
    if (!widget || !widget->isVisible())
        return {};
    return QRect(widget->mapTo(&window, part.topLeft()), part.size());
}

QRect rectOf(MainWindow& window, const QWidget* widget)
{
    return widget ? rectOf(window, widget, widget->rect()) : QRect();
}

QTreeWidgetItem* paletteItem(MainWindow& window, const QString& type)
{
    for (QTreeWidgetItemIterator it(window.palette().tree()); *it; ++it) {
        if ((*it)->data(0, TypeRole).toString() == type)
            return *it;
    }
    return nullptr;
}

/// Double-clicking a layer of the palette, as a step. `count` is how many of LeNet's layers stand then.
TourStep layerStep(std::size_t count, const QString& title, const QString& text)
{
    std::vector<TourLayer> layers(lenet().begin(), lenet().begin() + static_cast<std::ptrdiff_t>(count));
    layers.back().number = 0;
    const QString type = QString::fromStdString(layers.back().type);
    return {title, text,
            [type](MainWindow& window) {
                const QTreeWidgetItem* item = paletteItem(window, type);
                const LayerTree* tree = window.palette().tree();
                return item ? rectOf(window, tree->viewport(), tree->visualItemRect(item).intersected(tree->viewport()->rect())) : QRect();
            },
            [layers](MainWindow& window) { return chainLength(window.document().project().network, layers) == layers.size(); },
            [type](MainWindow& window) {
                window.palette().filter()->clear();
                if (QTreeWidgetItem* item = paletteItem(window, type))
                    window.palette().tree()->scrollToItem(item, QAbstractItemView::PositionAtCenter);
            }};
}

/// Setting the parameters of the layer that stands at `count`, as a step.
TourStep settingStep(std::size_t count, const QString& title, const QString& text)
{
    const std::vector<TourLayer> layers(lenet().begin(), lenet().begin() + static_cast<std::ptrdiff_t>(count));
    return {title,
            text,
            [](MainWindow& window) { return rectOf(window, &window.properties()); },
            [layers](MainWindow& window) { return chainLength(window.document().project().network, layers) == layers.size(); },
            {}};
}

QTabWidget* resultTabs(MainWindow& window)
{
    return window.findChild<QTabWidget*>(QStringLiteral("resultTabs"));
}

template <class Panel> int tabOf(MainWindow& window)
{
    return resultTabs(window)->indexOf(window.findChild<Panel*>());
}

TourStep dataStep()
{
    return {TourText::tr("Data"),
            TourText::tr("Choose what it learns from: in the tab Data, take Fashion-MNIST, 70,000 pictures of ten kinds of clothing."),
            [](MainWindow& window) { return rectOf(window, window.findChild<QComboBox*>(QStringLiteral("catalogue"))); },
            [](MainWindow& window) {
                const Tree* source = window.document().project().data.find("source");
                return source && *source == Tree("fashion-mnist");
            },
            [](MainWindow& window) { resultTabs(window)->setCurrentIndex(tabOf<DataPanel>(window)); }};
}

TourStep trainStep()
{
    return {TourText::tr("Train"),
            TourText::tr("No problems are left. Press Train: it learns in a process of its own, and you could go on working."),
            [](MainWindow& window) { return rectOf(window, window.findChild<QToolButton*>(QStringLiteral("trainButton"))); },
            [](MainWindow& window) { return !window.runs().runDir().isEmpty(); },
            {}};
}

TourStep watchStep()
{
    return {TourText::tr("Watch it learn"),
            TourText::tr("The loss falls and the accuracy grows. Blue is what it trains on, amber what it has never seen. Wait for the first epoch."),
            [](MainWindow& window) { return rectOf(window, window.findChild<TrainingPanel*>()); },
            [](MainWindow& window) { return window.runs().epochsDone() > 0; },
            [](MainWindow& window) { resultTabs(window)->setCurrentIndex(tabOf<TrainingPanel>(window)); }};
}

TourStep predictionsStep()
{
    return {TourText::tr("Look at its mistakes"),
            TourText::tr("Open the tab Predictions. It shows pictures it has not seen, and what it takes them for."),
            [](MainWindow& window) {
                const QTabBar* bar = resultTabs(window)->tabBar();
                return rectOf(window, bar, bar->tabRect(tabOf<PredictionsPanel>(window)));
            },
            [](MainWindow& window) { return resultTabs(window)->currentIndex() == tabOf<PredictionsPanel>(window); },
            {}};
}

TourStep lastStep()
{
    return {TourText::tr("This is LeNet"),
            TourText::tr("Five epochs bring it to about 91 % right. L arranges the canvas, Ctrl+S saves, F1 explains a layer, Ctrl+Shift+P finds "
                         "everything else."),
            {},
            [](MainWindow&) { return false; },
            {}};
}

} // namespace

std::size_t chainLength(const Network& network, const std::vector<TourLayer>& layers)
{
    std::size_t longest = 0;
    for (const Node& node : network.nodes)
        longest = std::max(longest, lengthFrom(network, node, layers, 0));
    return longest;
}

std::vector<TourStep> lenetTour()
{
    std::vector<TourStep> steps;
    steps.push_back(
        layerStep(1, TourText::tr("Input"),
                  TourText::tr("Every network begins where data come in. Double-click Input in the list of layers, or drag it to the canvas.")));
    steps.push_back(dataStep());
    steps.push_back(
        layerStep(2, TourText::tr("Convolution"),
                  TourText::tr("Double-click Conv2D. A layer is put behind the selected one and wired; it slides filters over the picture.")));
    steps.push_back(
        settingStep(2, TourText::tr("Its parameters"),
                    TourText::tr("In the properties set Filters to 20 and Kernel size to 5: it shall look for 20 patterns of 5 × 5 pixels.")));
    steps.push_back(layerStep(3, TourText::tr("Activation"), TourText::tr("Double-click ReLU. It keeps what matched and drops what did not.")));
    steps.push_back(layerStep(4, TourText::tr("Pooling"),
                              TourText::tr("Double-click MaxPool2D: it halves the picture. Every wire shows the shape that flows through it.")));
    steps.push_back(layerStep(5, TourText::tr("Once more"), TourText::tr("Add a second Conv2D: it combines the patterns of the first.")));
    steps.push_back(settingStep(5, TourText::tr("Its parameters"), TourText::tr("Set Filters to 50 and Kernel size to 5.")));
    steps.push_back(layerStep(6, TourText::tr("Activation"), TourText::tr("Add a ReLU behind it.")));
    steps.push_back(layerStep(7, TourText::tr("Pooling"), TourText::tr("Add a MaxPool2D behind it.")));
    steps.push_back(layerStep(8, TourText::tr("From picture to numbers"), TourText::tr("Add Flatten: each picture becomes one row of numbers.")));
    steps.push_back(layerStep(9, TourText::tr("Decide"), TourText::tr("Add Dense: every output sees every input.")));
    steps.push_back(settingStep(9, TourText::tr("Its parameters"), TourText::tr("Set Units to 500.")));
    steps.push_back(layerStep(10, TourText::tr("Activation"), TourText::tr("Add a ReLU: without it two Dense layers would act as one.")));
    steps.push_back(layerStep(11, TourText::tr("Ten answers"), TourText::tr("Add another Dense.")));
    steps.push_back(settingStep(11, TourText::tr("Its parameters"), TourText::tr("Set Units to 10: one number for each kind of clothing.")));
    steps.push_back(
        layerStep(12, TourText::tr("Loss"), TourText::tr("Add CrossEntropy: it says how wrong the answers are, and training makes that small.")));
    steps.push_back(trainStep());
    steps.push_back(watchStep());
    steps.push_back(predictionsStep());
    steps.push_back(lastStep());
    return steps;
}

} // namespace weft
