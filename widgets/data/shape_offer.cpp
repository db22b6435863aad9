#include "widgets/data/shape_offer.h"

#include <algorithm>

#include <QCoreApplication>
#include <QJsonObject>
#include <QStringList>

#include "core/layers/layer_spec.h"
#include "core/network/blocks.h"
#include "widgets/text.h"

namespace weft {

namespace {

struct OfferText {
    Q_DECLARE_TR_FUNCTIONS(ShapeOffer)
};

const ParamSpec* paramOfKind(const LayerSpec& layer, ParamKind kind)
{
    const auto found = std::find_if(layer.params().begin(), layer.params().end(), [kind](const ParamSpec& param) { return param.kind == kind; });
    return found == layer.params().end() ? nullptr : &*found;
}

/// The value of a parameter as the layer sees it: the default where the project has none.
Tree valueOf(const Node& node, const ParamSpec& param)
{
    const Tree* value = node.params.find(param.key);
    return value ? *value : param.defaultValue;
}

const DataColumn* find(const std::vector<DataColumn>& columns, const Tree& name)
{
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const DataColumn& column) { return name.isText() && column.name.toStdString() == name.text(); });
    return found == columns.end() ? nullptr : &*found;
}

const DataColumn* firstColumn(const std::vector<DataColumn>& columns, bool isLabel)
{
    const auto found = std::find_if(columns.begin(), columns.end(), [isLabel](const DataColumn& column) { return column.isLabel == isLabel; });
    return found == columns.end() ? nullptr : &*found;
}

Tree shapeTree(const Extents& shape)
{
    Tree::List list;
    for (const std::int64_t extent : shape)
        list.emplace_back(extent);
    return list;
}

QString shapeText(const Extents& shape)
{
    QStringList parts;
    for (const std::int64_t extent : shape)
        parts << QString::number(extent);
    return parts.join(QStringLiteral("×"));
}

/// Collects edits and what they say.
struct Draft {
    const Network& network;
    QStringList parts;
    Edits edits;

    void set(const Node& node, const ParamSpec& param, const Tree& value, const QString& part)
    {
        if (valueOf(node, param) == value)
            return;
        edits.push_back(setParamEdit(network, node.id, param.key, value));
        if (!part.isEmpty())
            parts << part;
    }
};

void fitInput(Draft& draft, const Node& node, const LayerSpec& layer, const std::vector<DataColumn>& columns)
{
    const ParamSpec* columnParam = paramOfKind(layer, ParamKind::Column);
    const ParamSpec* shapeParam = paramOfKind(layer, ParamKind::Shape);
    if (!columnParam || !shapeParam)
        return;
    const DataColumn* column = find(columns, valueOf(node, *columnParam));
    if (!column || column->isLabel) {
        column = firstColumn(columns, false);
        if (!column)
            return;
        draft.set(node, *columnParam, column->name.toStdString(), OfferText::tr("Input to the column \"%1\"").arg(column->name));
    }
    if (const ParamSpec* kindParam = layer.findParam("kind"); kindParam && kindParam->kind == ParamKind::Choice) {
        const char* kind = column->dtype == QLatin1String("uint8") ? "image" : column->dtype == QLatin1String("int32") ? "tokens" : "numbers";
        draft.set(node, *kindParam, kind, OfferText::tr("Input kind to %1").arg(choiceText(kind)));
    }
    const Extents shape = column->shape.empty() ? Extents{1} : column->shape;
    draft.set(node, *shapeParam, shapeTree(shape), OfferText::tr("Input shape to %1").arg(shapeText(shape)));
}

/// The node whose parameter `units` decides how many numbers reach the loss, through layers that keep
/// the number.
const Node* outputLayer(const Network& network, const std::string& loss)
{
    std::string at = loss;
    for (std::size_t hops = 0; hops <= network.nodes.size(); ++hops) {
        const Wire* incoming = nullptr;
        for (const Wire& wire : network.wires) {
            const bool counts = wire.to.node == at && (at != loss || wire.to.port == "prediction");
            if (counts && incoming)
                return nullptr;
            if (counts)
                incoming = &wire;
        }
        const Node* node = incoming ? network.findNode(incoming->from.node) : nullptr;
        const LayerSpec* layer = node ? findLayer(network, node->type) : nullptr;
        if (!layer)
            return nullptr;
        if (!node->isBypassed && layer->findParam("units"))
            return node;
        // Only layers that leave the number of features alone may stand between.
        if (!node->isBypassed && layer->category() != Category::Activation && layer->category() != Category::Normalization)
            return nullptr;
        at = node->id;
    }
    return nullptr;
}

void fitLoss(Draft& draft, const Node& node, const LayerSpec& layer, const std::vector<DataColumn>& columns, int classCount)
{
    const ParamSpec* targetParam = paramOfKind(layer, ParamKind::Column);
    const bool isWired = std::any_of(draft.network.wires.begin(), draft.network.wires.end(),
                                     [&](const Wire& wire) { return wire.to.node == node.id && wire.to.port == "target"; });
    if (!targetParam || isWired)
        return;
    const DataColumn* target = find(columns, valueOf(node, *targetParam));
    if (!target) {
        target = firstColumn(columns, true);
        if (!target)
            return;
        draft.set(node, *targetParam, target->name.toStdString(), OfferText::tr("the target to the column \"%1\"").arg(target->name));
    }
    const Node* output = outputLayer(draft.network, node.id);
    std::int64_t units = target->shape.empty() ? 1 : elementCount(target->shape);
    if (layer.task() == Task::Classification)
        units = classCount;
    if (!output || units < 1)
        return;
    draft.set(*output, *findLayer(draft.network, output->type)->findParam("units"), units, OfferText::tr("output units to %1").arg(units));
}

} // namespace

std::vector<DataColumn> dataColumns(const QJsonArray& columns)
{
    std::vector<DataColumn> all;
    for (const QJsonValue& value : columns) {
        const QJsonObject object = value.toObject();
        DataColumn column{object.value(QStringLiteral("name")).toString(),
                          object.value(QStringLiteral("dtype")).toString(),
                          {},
                          object.value(QStringLiteral("is_label")).toBool()};
        for (const QJsonValue& extent : object.value(QStringLiteral("shape")).toArray())
            column.shape.push_back(extent.toInteger());
        all.push_back(std::move(column));
    }
    return all;
}

std::optional<ShapeOffer> shapeOffer(const Network& network, const std::vector<DataColumn>& columns, int classCount)
{
    Draft draft{network, {}, {}};
    for (const Node& node : network.nodes) {
        const LayerSpec* layer = findLayer(network, node.type);
        if (!layer)
            continue;
        if (layer->isLoss())
            fitLoss(draft, node, *layer, columns, classCount);
        else if (layer->inputs().empty())
            fitInput(draft, node, *layer, columns);
    }
    if (draft.edits.empty())
        return std::nullopt;
    QString sentence = draft.parts.first();
    for (qsizetype i = 1; i < draft.parts.size(); ++i)
        sentence = (i + 1 < draft.parts.size() ? OfferText::tr("%1, %2") : OfferText::tr("%1 and %2")).arg(sentence, draft.parts[i]);
    return ShapeOffer{OfferText::tr("Set %1").arg(sentence), std::move(draft.edits)};
}

} // namespace weft
