#include "core/project/input_check.h"

#include <algorithm>
#include <tuple>

#include "core/base/nearest.h"
#include "core/network/blocks.h"
#include "core/training/data_fit.h"

namespace weft {

namespace {

/// More columns than this are not offered in place of a missing one.
constexpr std::size_t mostOffered = 3;

const Column* findColumn(const DataFacts& facts, const Tree& name)
{
    const auto column = std::ranges::find_if(facts.columns, [&](const Column& c) { return Tree(c.name) == name; });
    return column == facts.columns.end() ? nullptr : &*column;
}

/// What a layer that reads a column takes, and what the column holds.
struct Taken {
    std::string kind;
    Tree shape;
    friend bool operator==(const Taken&, const Taken&) = default;
};

Taken takenFrom(const Column& column)
{
    Taken taken{inputKindOf(column.dtype), Tree::List{}};
    for (const std::int64_t extent : column.shape)
        taken.shape.list().emplace_back(extent);
    if (column.shape.empty())
        taken.shape.list().emplace_back(1);
    return taken;
}

std::string shapeText(const Tree& shape)
{
    std::string text;
    for (const Tree& extent : shape.list())
        text += (text.empty() ? "" : " x ") + std::to_string(extent.integer());
    return text;
}

Text takingText(const std::string& kind)
{
    return kind == "image" ? WEFT_TEXT("Network", "Take pictures of %1")
        : kind == "tokens" ? WEFT_TEXT("Network", "Take %1 tokens")
                           : WEFT_TEXT("Network", "Take %1 numbers");
}

/// An Input that takes sequences of any length up to its own holds shorter ones as well.
bool holdsSequences(const Node& node, const LayerSpec& layer, const Column& column, const Tree& shape)
{
    const ParamSpec* variable = layer.findParam("variableLength");
    if (!variable || !valueOf(node, *variable).boolean())
        return false;
    const bool isLongEnough = !shape.list().empty() && !column.shape.empty() && shape.list()[0].integer() >= column.shape[0];
    return !column.isSequence || isLongEnough; // what is no sequence at all is no matter of numbers
}

/// The parameter by which a node reads a column; nullptr where it reads none, or a wire takes the column's place.
const ParamSpec* columnParam(const Network& network, const Node& node, const LayerSpec& layer)
{
    const ParamSpec* param = layer.findParam(layer.isLoss() ? "target" : "column");
    const bool isWired = layer.isLoss() && std::ranges::any_of(network.wires, [&](const Wire& w) { return w.to == PortRef{node.id, "target"}; });
    return param && param->kind == ParamKind::Column && !isWired ? param : nullptr;
}

/// Lengths of sequences come with their column, and are nothing to train on.
bool isBeside(const Column& column)
{
    return column.name.ends_with(".lengths");
}

/// Whether a loss compares with classes, not numbers.
bool comparesClasses(const Node& loss, const LayerSpec& layer)
{
    const ParamSpec* labels = layer.findParam("labels");
    return labels ? valueOf(loss, *labels) == Tree("classes") : layer.task() == Task::Classification;
}

/// What a node that reads a column may read in its place, the best first.
class Substitutes {
public:
    Substitutes(const Network& network, const Node& node, const LayerSpec& layer, const ParamSpec& param) :
        m_network(network), m_node(node), m_layer(layer), m_param(param), m_wanted(valueOf(node, param).text())
    {
    }

    std::vector<const Column*> among(const std::vector<Column>& columns) const
    {
        std::vector<std::string> names;
        std::vector<const Column*> fitting;
        for (const Column& column : columns) {
            if (!fits(column))
                continue;
            names.push_back(column.name);
            fitting.push_back(&column);
        }
        const std::string near = nearest(m_wanted, names);
        const auto rank = [&](const Column* column) {
            return std::tuple(column->name != near, Tree(column->name) != m_param.defaultValue, isAstray(*column), editDistance(m_wanted, column->name));
        };
        std::ranges::stable_sort(fitting, {}, rank);
        // A slip of the pen needs one answer; without one, what has the wanted shape.
        const std::size_t count = near.empty() ? mostOffered : 1;
        fitting.resize(std::min(fitting.size(), count));
        return fitting;
    }

    /// The edits that make the node read `column` as it is.
    Edits edits(const Column& column) const
    {
        Edits edits{setParamEdit(m_network, m_node.id, m_param.key, column.name)};
        if (m_layer.isLoss())
            return edits;
        const Taken given = takenFrom(column);
        if (given.kind != taken().kind)
            edits.push_back(setParamEdit(m_network, m_node.id, "kind", given.kind));
        if (given.shape != taken().shape)
            edits.push_back(setParamEdit(m_network, m_node.id, "shape", given.shape));
        return edits;
    }

private:
    bool fits(const Column& column) const
    {
        if (isBeside(column))
            return false;
        return m_layer.isLoss() ? column.dtype == (comparesClasses(m_node, m_layer) ? DType::Int32 : DType::Float32) : !column.isLabel;
    }

    Taken taken() const
    {
        const ParamSpec* kind = m_layer.findParam("kind");
        const ParamSpec* shape = m_layer.findParam("shape");
        return {kind ? valueOf(m_node, *kind).text() : std::string(), shape ? valueOf(m_node, *shape) : Tree()};
    }

    /// An Input would have to take it in another shape; a loss would compare with what another layer reads.
    bool isAstray(const Column& column) const
    {
        if (!m_layer.isLoss())
            return !(takenFrom(column) == taken());
        return std::ranges::any_of(m_network.nodes, [&](const Node& other) {
            const LayerSpec* layer = findLayer(m_network, other.type);
            const ParamSpec* param = layer ? columnParam(m_network, other, *layer) : nullptr;
            return param && valueOf(other, *param) == Tree(column.name);
        });
    }

    const Network& m_network;
    const Node& m_node;
    const LayerSpec& m_layer;
    const ParamSpec& m_param;
    std::string m_wanted;
};

std::string namesOf(const std::vector<Column>& columns)
{
    std::string names;
    for (const Column& column : columns) {
        if (!isBeside(column))
            names += (names.empty() ? "" : ", ") + column.name;
    }
    return names;
}

/// The nodes right behind an Input that look its tokens up in a table with fewer than `rows` rows.
std::vector<const Node*> shortTables(const Network& network, const Node& input, std::int64_t rows)
{
    std::vector<const Node*> nodes;
    for (const Wire& wire : network.wires) {
        const Node* node = wire.from.node == input.id ? network.findNode(wire.to.node) : nullptr;
        const LayerSpec* layer = node ? findLayer(network, node->type) : nullptr;
        const ParamSpec* vocabulary = layer && !node->isBypassed ? layer->findParam("vocabulary") : nullptr;
        if (vocabulary && valueOf(*node, *vocabulary).integer() < rows)
            nodes.push_back(node);
    }
    return nodes;
}

} // namespace

const Tree& valueOf(const Node& node, const ParamSpec& param)
{
    const Tree* value = node.params.find(param.key);
    return value ? *value : param.defaultValue;
}

void checkColumns(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    for (const Node& node : project.network.nodes) {
        const LayerSpec* layer = findLayer(project.network, node.type);
        const ParamSpec* param = layer ? columnParam(project.network, node, *layer) : nullptr;
        if (!param || !valueOf(node, *param).isText() || valueOf(node, *param).text().empty() || findColumn(facts, valueOf(node, *param)))
            continue;
        const Substitutes substitutes(project.network, node, *layer, *param);
        std::vector<Fix> fixes;
        for (const Column* column : substitutes.among(facts.columns))
            fixes.push_back({message(WEFT_TEXT("Network", "Read the column \"%1\""), column->name), substitutes.edits(*column)});
        diagnostics.push_back({"data.column", Severity::Error, node.id,
                               message(WEFT_TEXT("Network", "This layer reads the column \"%1\", which the data do not have. They have: %2."),
                                       valueOf(node, *param).text(),
                                       namesOf(facts.columns)),
                               std::move(fixes)});
    }
}

void checkInputs(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    for (const Node& node : project.network.nodes) {
        const LayerSpec* layer = findLayer(project.network, node.type);
        const ParamSpec* name = layer ? layer->findParam("column") : nullptr;
        const ParamSpec* shape = layer ? layer->findParam("shape") : nullptr;
        const ParamSpec* kind = layer ? layer->findParam("kind") : nullptr;
        if (!name || !shape || !kind || !layer->inputs().empty())
            continue;
        const Column* column = findColumn(facts, valueOf(node, *name));
        if (!column || column->isLabel)
            continue;
        const Taken given = takenFrom(*column);
        const Taken taken{valueOf(node, *kind).text(), valueOf(node, *shape)};
        if (taken == given || (taken.kind == given.kind && holdsSequences(node, *layer, *column, taken.shape)))
            continue;
        Edits edits;
        if (taken.kind != given.kind)
            edits.push_back(setParamEdit(project.network, node.id, "kind", given.kind));
        if (taken.shape != given.shape)
            edits.push_back(setParamEdit(project.network, node.id, "shape", given.shape));
        diagnostics.push_back({"data.input",
                               Severity::Error,
                               node.id,
                               taken.kind == given.kind
                                   ? message(WEFT_TEXT("Network",
                                                       "The column \"%1\" has the shape %2, but this layer takes %3. Set its shape to that of the "
                                                       "data."),
                                             column->name, shapeText(given.shape), shapeText(taken.shape))
                                   : message(WEFT_TEXT("Network",
                                                       "The column \"%1\" holds values of another kind than this layer takes. Set its kind to that of "
                                                       "the data."),
                                             column->name),
                               {{message(takingText(given.kind), shapeText(given.shape)), std::move(edits)}}});
    }
}

void checkVocabularies(const Project& project, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    for (const Node& input : project.network.nodes) {
        const LayerSpec* layer = findLayer(project.network, input.type);
        const ParamSpec* name = layer && !layer->isLoss() ? columnParam(project.network, input, *layer) : nullptr;
        const Column* column = name ? findColumn(facts, valueOf(input, *name)) : nullptr;
        if (!column || column->indexCount < 1)
            continue;
        const std::vector<const Node*> tables = shortTables(project.network, input, column->indexCount);
        Edits edits;
        std::string names;
        for (const Node* node : tables) {
            edits.push_back(setParamEdit(project.network, node->id, "vocabulary", column->indexCount));
            names += (names.empty() ? "" : ", ") + node->name;
        }
        for (const Node* node : tables)
            diagnostics.push_back({"data.vocabulary", Severity::Error, node->id,
                                   message(WEFT_TEXT("Network",
                                                     "The column \"%1\" has %2 different tokens, more than the vocabulary of this layer holds: the "
                                                     "others have no row."),
                                           column->name, column->indexCount),
                                   {{message(WEFT_TEXT("Network", "Set the vocabulary of %1 to %2"), names, column->indexCount), edits}}});
    }
}

} // namespace weft
