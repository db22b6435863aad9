#include <algorithm>
#include <cassert>
#include <set>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/expression.h"
#include "core/network/grouping.h"

namespace weft {

namespace {

/// Puts a block's nodes in the place of an instance.
class Ungrouper {
public:
    Ungrouper(const Network& network, const std::string& sheet, const std::string& instance) :
        m_network(network), m_sheetId(sheet), m_sheet(*findSheet(network, sheet)), m_instance(*m_sheet.findNode(instance)),
        m_block(*network.findBlock(m_instance.type))
    {
        m_result.block = m_block.id;
        m_result.instance = instance;
        m_result.isLast = countUses() == 1;
    }

    Grouping ungroup()
    {
        refuseBypassed();
        refuseSharing();
        nameNodes();
        readParams();
        wireOutside();
        return finish();
    }

private:
    void refuseBypassed() const
    {
        if (m_instance.isBypassed)
            throw Error(WEFT_TEXT("Network", "%1 is bypassed. Use it again before taking the block apart."), m_instance.name);
    }

    int countUses() const
    {
        const auto usesIn = [&](const Sheet& sheet) {
            return std::count_if(sheet.nodes.begin(), sheet.nodes.end(), [&](const Node& node) { return node.type == m_block.id; });
        };
        auto uses = usesIn(m_network);
        for (const Block& block : m_network.blocks)
            uses += usesIn(block);
        return static_cast<int>(uses);
    }

    void refuseSharing() const
    {
        for (const Node& node : m_sheet.nodes) {
            if ((node.id == m_instance.id && !node.sharesWith.empty()) || node.sharesWith == m_instance.id)
                throw Error(WEFT_TEXT("Network", "%1 shares its weights with %2. Give it its own weights before taking the block apart."), node.id,
                            node.sharesWith);
        }
    }

    static bool isInput(const Node& node) { return node.type == blockInputLayer().type(); }
    static bool isOutput(const Node& node) { return node.type == blockOutputLayer().type(); }

    /// Ids of the sheet are kept free of one another.
    void nameNodes()
    {
        Sheet taken = m_sheet;
        std::erase_if(taken.nodes, [&](const Node& node) { return node.id == m_instance.id; });
        for (const Node& node : m_block.nodes) {
            if (isInput(node) || isOutput(node))
                continue;
            Node copy = node;
            copy.id = taken.findNode(node.id) ? freshId(taken, node.type) : node.id;
            copy.name = node.name == node.id ? copy.id : node.name;
            copy.learningRateFactor *= m_instance.learningRateFactor;
            m_result.ids[node.id] = copy.id;
            taken.nodes.push_back(copy);
            m_nodes.push_back(std::move(copy));
        }
        for (Node& node : m_nodes) {
            if (!node.sharesWith.empty() && m_result.ids.count(node.sharesWith))
                node.sharesWith = m_result.ids.at(node.sharesWith);
        }
    }

    void readParams()
    {
        for (const BlockParam& param : m_block.params) {
            const Tree* given = m_instance.params.find(param.key);
            const bool isNumber = given && given->isInt();
            m_values[param.key] = given && given->isText() ? given->text() : std::to_string(isNumber ? given->integer() : param.defaultValue);
        }
        for (Node& node : m_nodes) {
            const LayerSpec* layer = findLayer(m_network, node.type);
            for (auto& [key, value] : node.params.map()) {
                const ParamSpec* param = layer ? layer->findParam(key) : nullptr;
                if (param && param->kind != ParamKind::Text && param->kind != ParamKind::Choice && param->kind != ParamKind::Column)
                    value = withNumbers(value);
            }
        }
    }

    /// An expression of the block's parameters as a number, or inside another block as one of its parameters.
    Tree withNumbers(const Tree& value) const
    {
        Tree result = value;
        if (value.isList()) {
            for (Tree& item : result.list())
                item = withNumbers(item);
        } else if (value.isText()) {
            const std::string text = substituted(value.text(), m_values);
            result = namesIn(text).empty() ? Tree(evaluateExpression(text, {})) : Tree(text);
        }
        return result;
    }

    /// Where a value inside the block comes from, seen from outside; none for an input that nothing is wired to.
    std::vector<PortRef> sourcesOf(const PortRef& inside) const
    {
        const Node* node = m_block.findNode(inside.node);
        if (!node || !isInput(*node))
            return m_result.ids.count(inside.node) ? std::vector<PortRef>{{m_result.ids.at(inside.node), inside.port}} : std::vector<PortRef>{};
        std::vector<PortRef> sources;
        for (const Wire& wire : m_sheet.wires) {
            if (wire.to == PortRef{m_instance.id, inside.node})
                sources.push_back(wire.from);
        }
        return sources;
    }

    void wireOutside()
    {
        for (const Wire& wire : m_sheet.wires) {
            if (wire.to.node == m_instance.id)
                continue;
            if (wire.from.node != m_instance.id) {
                m_wires.push_back(wire);
                continue;
            }
            for (const Wire& inner : m_block.wires) {
                if (inner.to.node != wire.from.port)
                    continue;
                for (const PortRef& source : sourcesOf(inner.from))
                    addWire({source, wire.to});
            }
        }
        for (const Wire& inner : m_block.wires) {
            if (!m_result.ids.count(inner.to.node))
                continue;
            for (const PortRef& source : sourcesOf(inner.from))
                addWire({source, {m_result.ids.at(inner.to.node), inner.to.port}});
        }
    }

    void addWire(const Wire& wire)
    {
        m_isNew.insert(toString(wire));
        m_wires.push_back(wire);
    }

    Grouping finish()
    {
        Network scratch = m_network;
        const auto push = [&](Edits edits) {
            for (Edit& edit : inSheet(m_sheetId, std::move(edits))) {
                apply(scratch, edit);
                m_result.edits.push_back(std::move(edit));
            }
        };
        const std::ptrdiff_t place = &m_instance - m_sheet.nodes.data();
        push(removeNodeEdits(m_sheet, m_instance.id));
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            Edit add = addNodeEdit(*findSheet(scratch, m_sheetId), m_nodes[i]);
            add.after["at"] = static_cast<std::int64_t>(place) + static_cast<std::int64_t>(i);
            push({add});
        }
        for (std::size_t i = 0; i < m_wires.size(); ++i) {
            if (m_isNew.count(toString(m_wires[i])))
                push({{"wires/" + toString(m_wires[i]), {}, Tree::Map{{"at", static_cast<std::int64_t>(i)}}}});
        }
        if (m_result.isLast)
            m_result.edits.push_back(removeBlockEdit(scratch, m_block.id));
        return std::move(m_result);
    }

    const Network& m_network;
    std::string m_sheetId;
    const Sheet& m_sheet;
    const Node& m_instance;
    const Block& m_block;
    std::vector<Node> m_nodes;
    std::map<std::string, std::string> m_values; ///< of the block's parameters, as text
    std::vector<Wire> m_wires; ///< of the sheet, as they will be
    std::set<std::string> m_isNew;
    Grouping m_result;
};

} // namespace

Grouping ungroupNode(const Network& network, const std::string& sheet, const std::string& instance)
{
    return Ungrouper(network, sheet, instance).ungroup();
}

} // namespace weft
