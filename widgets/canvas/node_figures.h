#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include <QJsonObject>
#include <QString>

#include "core/network/lowering.h"

namespace weft {

/// What every node of the canvas shows as a number and a bar: one of these at a time, for all of them.
enum class NodeFigure { Output, Parameters, MultiplyAdds, Memory, Time, GradientNorm, DeadUnits };
inline constexpr NodeFigure nodeFigures[] = {NodeFigure::Output, NodeFigure::Parameters,   NodeFigure::MultiplyAdds, NodeFigure::Memory,
                                             NodeFigure::Time,   NodeFigure::GradientNorm, NodeFigure::DeadUnits};

/// In the user's language: "Multiply-adds", and a sentence that says what is counted.
QString titleOf(NodeFigure figure);
QString explanationOf(NodeFigure figure);
/// As settings keep it: "multiplyAdds".
QString keyOf(NodeFigure figure);
NodeFigure figureOfKey(const QString& key);
/// Whether the worker measures it on a batch of the data; the others follow from the network alone.
bool isMeasured(NodeFigure figure);

/// What was measured of one node; a negative number: it has none.
struct MeasuredNode {
    double milliseconds = -1;
    double gradientNorm = -1;
    double deadShare = -1;
    friend bool operator==(const MeasuredNode&, const MeasuredNode&) = default;
};

/// What the worker measured of a network.
struct MeasuredNetwork {
    std::unordered_map<std::string, MeasuredNode> nodes; ///< those inside blocks by the way to them: "stage1/conv1"
    qint64 samples = 0; ///< of the batch
    qint64 step = -1; ///< of the weights; −1: those that training would start from
    QString note; ///< why not the weights of the run
    const MeasuredNode* find(const std::string& node) const;
};
/// Reads the answer to "network.measure".
MeasuredNetwork measuredNetwork(const QJsonObject& answer);

/// A figure of a node as a number; nothing while it is not known, or where the node has none.
std::optional<double> figureOf(NodeFigure figure, const NodeInfo* info, const MeasuredNode* measured);
/// The same as the node shows it: "416 k", "6.3 kB", "0.31 ms", "12 %"; for the output its shape, which `info` knows.
QString figureText(NodeFigure figure, double number, const NodeInfo* info = nullptr);
/// The figure of all these nodes together; nothing for shapes and shares, which do not add up.
std::optional<QString> figureOfAll(NodeFigure figure, const Analysis& analysis, const MeasuredNetwork& measured);
/// How long the bar of `number` is, from 0 to 1, where `largest` is the largest of the network.
double barShare(NodeFigure figure, double number, double largest);

} // namespace weft
