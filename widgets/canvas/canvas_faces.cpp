#include <algorithm>

#include "core/network/blocks.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

// What nodes and wires say: made from the project and its analysis.

namespace weft {
namespace {

const Tree& valueOf(const Node& node, const ParamSpec& param)
{
    const Tree* value = node.params.find(param.key);
    return value ? *value : param.defaultValue;
}

QString labelOf(const ParamSpec& param)
{
    return param.label.source[0] ? translated(param.label) : labelFromKey(param.key);
}

/// The layer's most telling setting: a column it binds, its shape, or its first parameter.
QString settingLine(const Node& node, const LayerSpec& layer)
{
    QString columns;
    QString shape;
    for (const ParamSpec& param : layer.params()) {
        const QString value = paramValueText(param, valueOf(node, param));
        if (param.kind == ParamKind::Column && columns.isEmpty())
            columns = layer.isLoss() ? QStringLiteral("%1: %2").arg(labelOf(param).toLower(), value) : value;
        if (param.kind == ParamKind::Shape && shape.isEmpty())
            shape = formatIntegers(valueOf(node, param), QStringLiteral("×"));
    }
    if (!columns.isEmpty() || !shape.isEmpty())
        return columns.isEmpty() || shape.isEmpty() ? columns + shape : columns + QStringLiteral(" · ") + shape;
    if (layer.params().empty())
        return {};
    const ParamSpec& first = layer.params().front();
    const Tree& value = valueOf(node, first);
    if (first.kind == ParamKind::Integers)
        return formatIntegers(value, QStringLiteral("×"));
    return QStringLiteral("%1 %2").arg(labelOf(first).toLower(), paramValueText(first, value));
}

} // namespace

QString nodeLine(const Node& node, const LayerSpec* layer, const NodeInfo* info, NodeFigure figure)
{
    if (!layer)
        return CanvasText::tr("unknown layer");
    if (info && info->parameters > 0 && figure != NodeFigure::Parameters)
        return CanvasText::tr("%1 parameters").arg(formatCount(info->parameters));
    const QString setting = settingLine(node, *layer);
    if (!setting.isEmpty())
        return setting;
    if (info && !info->outputTypes.empty() && figure != NodeFigure::Output)
        return formatShape(info->outputTypes.front().shape);
    return {};
}

void CanvasScene::showAnalysis()
{
    const Analysis& analysis = m_document->analysis();
    double highest = 0;
    std::unordered_map<std::string, const NodeInfo*> infos;
    const std::string way = pathOf({});
    for (const NodeInfo& info : m_place.empty() ? analysis.nodes : analysis.inner) {
        const std::string id = info.node.starts_with(way) ? info.node.substr(way.size()) : std::string();
        if (id.empty() || id.find('/') != std::string::npos)
            continue;
        infos[id] = &info;
        highest = std::max(highest, figureOf(m_figure, &info, m_measured.find(info.node)).value_or(0));
    }
    std::unordered_map<std::string, std::vector<const Diagnostic*>> faults;
    const std::vector<Diagnostic> problems = m_document->problems();
    for (const Diagnostic& diagnostic : problems)
        faults[nodeOf(diagnostic)].push_back(&diagnostic);

    for (const Node& entry : sheet().nodes) {
        NodeItem* item = node(entry.id);
        if (!item)
            continue;
        const LayerSpec* layer = findLayer(m_document->project().network, entry.type);
        const NodeInfo* info = infos.count(entry.id) ? infos.at(entry.id) : nullptr;
        NodeFace face;
        face.name = QString::fromStdString(entry.name);
        face.type = layer ? layerTitle(*layer) : QString::fromStdString(entry.type);
        face.line = nodeLine(entry, layer, info, m_figure);
        face.bar = layer ? Theme::instance().categoryColor(layer->category()) : themeColors().secondary;
        const auto number = entry.isBypassed ? std::nullopt : figureOf(m_figure, info, m_measured.find(way + entry.id));
        if (number) {
            face.figure = figureText(m_figure, *number, info);
            face.share = barShare(m_figure, *number, highest);
        }
        face.summary = layer ? translated(layer->summary()) : QString();
        if (entry.isBypassed) {
            face.isBypassed = true;
            face.line = CanvasText::tr("bypassed");
            face.summary.prepend(CanvasText::tr("Bypassed: what enters goes on as it is.") + QLatin1Char('\n'));
        }
        for (const Diagnostic* diagnostic : faults[entry.id]) {
            // The gravest fault says its reason in the node itself.
            if (diagnostic->severity == Severity::Error && (!face.hasFault || face.severity != Severity::Error))
                face.line = translated(*diagnostic);
            face.severity = face.hasFault ? std::max(face.severity, diagnostic->severity) : diagnostic->severity;
            face.hasFault = true;
            face.faultText += (face.faultText.isEmpty() ? QString() : QStringLiteral("\n")) + translated(*diagnostic);
        }
        item->setFace(face);
    }
    showWires(infos);
}

void CanvasScene::showWires(const std::unordered_map<std::string, const NodeInfo*>& infos)
{
    for (WireItem* item : m_wires) {
        const PortRef& from = item->wire().from;
        const auto found = infos.find(from.node);
        const int output = node(from.node)->portIndex(from.port, false);
        if (found == infos.end() || output < 0 || static_cast<std::size_t>(output) >= found->second->outputTypes.size()) {
            item->setShapeText({}, {}, CanvasText::tr("The shape is not known: a layer before this wire has a fault."));
            continue;
        }
        const TensorType& type = found->second->outputTypes[static_cast<std::size_t>(output)];
        const double bytes = static_cast<double>(elementCount(type.shape.at(1))) * static_cast<double>(sizeOf(type.dtype));
        const QString shape = formatShape(type.shape);
        item->setShapeText(shape, QStringLiteral("%1 · %2").arg(QLatin1String(nameOf(type.dtype)), formatBytes(bytes)),
                           CanvasText::tr("%1 → %2\n%3 · %4 · %5 a sample")
                               .arg(QString::fromStdString(from.node), QString::fromStdString(item->wire().to.node), shape,
                                    QLatin1String(nameOf(type.dtype)), formatBytes(bytes)));
    }
}

} // namespace weft
