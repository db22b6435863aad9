#include "widgets/canvas/node_figures.h"

#include <algorithm>
#include <cmath>

#include <QJsonArray>

#include "widgets/canvas/network_edits.h"
#include "widgets/text.h"

namespace weft {
namespace {

/// Three digits, of small numbers those that count: "12.3", "0.00456", "1.2e-07".
QString threeDigits(double number)
{
    return QString::number(number, 'g', 3);
}

QString milliseconds(double number)
{
    return number >= 1000 ? QStringLiteral("%1 s").arg(threeDigits(number / 1000))
        : number >= 0.1   ? QStringLiteral("%1 ms").arg(threeDigits(number))
                          : QStringLiteral("%1 µs").arg(threeDigits(number * 1000));
}

/// What a sample is, without the batch: "6×28×28".
QString sampleShape(const TensorType& type)
{
    std::vector<Dim> dims = type.shape.dims();
    if (!dims.empty() && !dims.front().isFixed())
        dims.erase(dims.begin());
    return formatShape(Shape(dims));
}

double elementsOf(const TensorType& type)
{
    return static_cast<double>(elementCount(type.shape.at(1)));
}

} // namespace

QString titleOf(NodeFigure figure)
{
    switch (figure) {
    case NodeFigure::Output: return CanvasText::tr("Output");
    case NodeFigure::Parameters: return CanvasText::tr("Parameters");
    case NodeFigure::MultiplyAdds: return CanvasText::tr("Multiply-adds");
    case NodeFigure::Memory: return CanvasText::tr("Memory of activations");
    case NodeFigure::Time: return CanvasText::tr("Time");
    case NodeFigure::GradientNorm: return CanvasText::tr("Gradient norm");
    case NodeFigure::DeadUnits: return CanvasText::tr("Dead units");
    }
    return {};
}

QString explanationOf(NodeFigure figure)
{
    switch (figure) {
    case NodeFigure::Output: return CanvasText::tr("The shape of what comes out for one sample; the bar counts its numbers.");
    case NodeFigure::Parameters: return CanvasText::tr("How many numbers of the layer are learned.");
    case NodeFigure::MultiplyAdds: return CanvasText::tr("How many multiplications with an addition one sample takes.");
    case NodeFigure::Memory: return CanvasText::tr("What the outputs of the layer take for one sample.");
    case NodeFigure::Time: return CanvasText::tr("How long a training step takes for one sample, forward and back, measured on this machine. Layers that are "
                              "computed together with the one before them show none.");
    case NodeFigure::GradientNorm: return CanvasText::tr("How long the gradient of the layer's weights is for a batch of the training data.");
    case NodeFigure::DeadUnits: return CanvasText::tr("The share of channels or features that are 0 for every sample of a batch.");
    }
    return {};
}

QString keyOf(NodeFigure figure)
{
    switch (figure) {
    case NodeFigure::Output: return QStringLiteral("output");
    case NodeFigure::Parameters: return QStringLiteral("parameters");
    case NodeFigure::MultiplyAdds: return QStringLiteral("multiplyAdds");
    case NodeFigure::Memory: return QStringLiteral("memory");
    case NodeFigure::Time: return QStringLiteral("time");
    case NodeFigure::GradientNorm: return QStringLiteral("gradientNorm");
    case NodeFigure::DeadUnits: return QStringLiteral("deadUnits");
    }
    return {};
}

NodeFigure figureOfKey(const QString& key)
{
    for (const NodeFigure figure : nodeFigures) {
        if (keyOf(figure) == key)
            return figure;
    }
    return NodeFigure::MultiplyAdds;
}

bool isMeasured(NodeFigure figure)
{
    return figure == NodeFigure::Time || figure == NodeFigure::GradientNorm || figure == NodeFigure::DeadUnits;
}

const MeasuredNode* MeasuredNetwork::find(const std::string& node) const
{
    const auto found = nodes.find(node);
    return found == nodes.end() ? nullptr : &found->second;
}

MeasuredNetwork measuredNetwork(const QJsonObject& answer)
{
    MeasuredNetwork network;
    network.samples = answer.value(QStringLiteral("samples")).toInteger();
    network.step = answer.value(QStringLiteral("step")).toInteger(-1);
    network.note = answer.value(QStringLiteral("note")).toString();
    for (const QJsonValue& value : answer.value(QStringLiteral("nodes")).toArray()) {
        const QJsonObject node = value.toObject();
        network.nodes[node.value(QStringLiteral("node")).toString().toStdString()]
            = {node.value(QStringLiteral("milliseconds")).toDouble(-1), node.value(QStringLiteral("gradient_norm")).toDouble(-1),
               node.value(QStringLiteral("dead_share")).toDouble(-1)};
    }
    return network;
}

std::optional<double> figureOf(NodeFigure figure, const NodeInfo* info, const MeasuredNode* measured)
{
    const auto known = [](double number) { return number >= 0 ? std::optional(number) : std::nullopt; };
    const bool isKnown = isMeasured(figure) ? measured != nullptr : info && !info->outputTypes.empty();
    if (!isKnown) // not measured, or behind a fault
        return std::nullopt;
    switch (figure) {
    case NodeFigure::Output: return info->outputTypes.empty() ? std::nullopt : std::optional(elementsOf(info->outputTypes.front()));
    case NodeFigure::Parameters: return static_cast<double>(info->parameters);
    case NodeFigure::MultiplyAdds: return info->multiplyAdds;
    case NodeFigure::Memory: return info->activationBytes;
    case NodeFigure::Time: return measured->milliseconds > 0 ? std::optional(measured->milliseconds) : std::nullopt;
    case NodeFigure::GradientNorm: return known(measured->gradientNorm);
    case NodeFigure::DeadUnits: return known(measured->deadShare);
    }
    return std::nullopt;
}

QString figureText(NodeFigure figure, double number, const NodeInfo* info)
{
    switch (figure) {
    case NodeFigure::Output: return info && !info->outputTypes.empty() ? sampleShape(info->outputTypes.front()) : QString();
    case NodeFigure::Parameters: return formatCount(std::llround(number));
    case NodeFigure::MultiplyAdds: return formatLarge(number);
    case NodeFigure::Memory: return formatBytes(number);
    case NodeFigure::Time: return milliseconds(number);
    case NodeFigure::GradientNorm: return threeDigits(number);
    case NodeFigure::DeadUnits: return QStringLiteral("%1 %").arg(std::lround(number * 100));
    }
    return {};
}

std::optional<QString> figureOfAll(NodeFigure figure, const Analysis& analysis, const MeasuredNetwork& measured)
{
    if (figure == NodeFigure::Output || figure == NodeFigure::DeadUnits)
        return std::nullopt;
    double sum = 0;
    bool isKnown = false;
    for (const NodeInfo& info : analysis.nodes) {
        const std::optional<double> number = figureOf(figure, &info, measured.find(info.node));
        isKnown = isKnown || number;
        // The gradient of all weights is one long vector: its length is that of the parts.
        if (number)
            sum = figure == NodeFigure::GradientNorm ? std::hypot(sum, *number) : sum + *number;
    }
    return isKnown ? std::optional(figureText(figure, sum)) : std::nullopt;
}

double barShare(NodeFigure figure, double number, double largest)
{
    if (figure == NodeFigure::DeadUnits)
        return std::clamp(number, 0.0, 1.0); // a share by itself
    return largest > 0 ? std::clamp(number / largest, 0.0, 1.0) : 0;
}

} // namespace weft
