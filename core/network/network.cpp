#include "core/network/network.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/layers/layer_spec.h"

namespace weft {

std::string toString(const PortRef& ref)
{
    return ref.node + "." + ref.port;
}

std::string toString(const Wire& wire)
{
    return toString(wire.from) + "->" + toString(wire.to);
}

std::optional<PortRef> parsePortRef(const std::string& text)
{
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == text.size() || text.find('.', dot + 1) != std::string::npos)
        return std::nullopt;
    return PortRef{text.substr(0, dot), text.substr(dot + 1)};
}

bool isValidId(const std::string& id)
{
    const auto isAllowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !id.empty() && std::all_of(id.begin(), id.end(), isAllowed);
}

bool isValidName(const std::string& name)
{
    return isValidId(name) && name.find('-') == std::string::npos && (name[0] < '0' || name[0] > '9');
}

const Node* Sheet::findNode(const std::string& id) const
{
    const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
    return it == nodes.end() ? nullptr : &*it;
}

Node* Sheet::findNode(const std::string& id)
{
    return const_cast<Node*>(std::as_const(*this).findNode(id));
}

const Block* Network::findBlock(const std::string& block) const
{
    const auto it = std::find_if(blocks.begin(), blocks.end(), [&](const Block& entry) { return entry.id == block; });
    return it == blocks.end() ? nullptr : &*it;
}

Block* Network::findBlock(const std::string& block)
{
    return const_cast<Block*>(std::as_const(*this).findBlock(block));
}

int wireIndex(const Sheet& sheet, const Wire& wire)
{
    const auto it = std::find(sheet.wires.begin(), sheet.wires.end(), wire);
    return it == sheet.wires.end() ? -1 : static_cast<int>(it - sheet.wires.begin());
}

namespace {

/// Whole numbers are written without a point; 1, which is not written at all, is null.
Tree factorTree(double factor)
{
    if (factor == 1.0)
        return {};
    return std::floor(factor) == factor && factor < 1e15 ? Tree(static_cast<std::int64_t>(factor)) : Tree(factor);
}

} // namespace

bool isRateFactor(const Tree& value)
{
    return value.isNumber() && std::isfinite(value.number()) && value.number() >= 0.0;
}

Tree toTree(const Node& node)
{
    Tree::Map map{{"id", node.id}, {"name", node.name}, {"type", node.type}, {"params", node.params}};
    if (!node.sharesWith.empty())
        map.emplace_back("sharesWith", node.sharesWith);
    if (node.learningRateFactor != 1.0)
        map.emplace_back("learningRateFactor", factorTree(node.learningRateFactor));
    if (node.isBypassed)
        map.emplace_back("bypassed", true);
    return map;
}

Tree toTree(const std::vector<BlockParam>& params)
{
    Tree::Map map;
    for (const BlockParam& param : params) {
        Tree::Map entry{{"default", param.defaultValue}, {"minimum", param.minimum}, {"maximum", param.maximum}};
        if (!param.help.empty())
            entry.emplace_back("help", param.help);
        map.emplace_back(param.key, std::move(entry));
    }
    return map;
}

Tree toTree(const Block& block)
{
    Tree::List nodes;
    for (const Node& node : block.nodes)
        nodes.push_back(toTree(node));
    Tree::List wires;
    for (const Wire& wire : block.wires)
        wires.push_back(Tree::List{toString(wire.from), toString(wire.to)});
    return Tree::Map{
        {"id", block.id},           {"name", block.name}, {"summary", block.summary}, {"params", toTree(block.params)}, {"nodes", std::move(nodes)},
        {"wires", std::move(wires)}};
}

void sortParams(Node& node)
{
    const LayerSpec* layer = findLayer(node.type);
    const auto rank = [&](const std::string& key) {
        const ParamSpec* param = layer ? layer->findParam(key) : nullptr;
        return param ? param - layer->params().data() : std::ptrdiff_t{1} << 30;
    };
    std::stable_sort(node.params.map().begin(), node.params.map().end(),
                     [&](const auto& a, const auto& b) { return std::pair(rank(a.first), a.first) < std::pair(rank(b.first), b.first); });
}

Edit rateFactorEdit(const Sheet& sheet, const std::string& id, double factor)
{
    const Node* node = sheet.findNode(id);
    return {"nodes/" + id + "/learningRateFactor", node ? factorTree(node->learningRateFactor) : Tree(), factorTree(factor)};
}

} // namespace weft
