#include "core/network/grouping.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "core/base/error.h"
#include "core/network/blocks.h"

namespace weft {

namespace {

std::string freshName(const std::set<std::string>& taken, const std::string& stem)
{
    for (int number = 1;; ++number) {
        std::string name = number == 1 ? stem : stem + std::to_string(number);
        if (!taken.count(name))
            return name;
    }
}

bool isPort(const Node& node)
{
    return node.type == blockInputLayer().type() || node.type == blockOutputLayer().type();
}

/// Builds the block and what stays outside.
class Grouper {
public:
    Grouper(const Network& network, const std::string& sheet, const std::vector<std::string>& nodes) :
        m_network(network), m_sheet(*findSheet(network, sheet)), m_outer(network.findBlock(sheet)), m_inside(nodes.begin(), nodes.end())
    {
        m_result.block = m_block.id = freshBlockId(network);
        m_result.instance = freshId(m_sheet, "block");
    }

    Grouping group(const std::string& name)
    {
        m_block.name = name.empty() ? m_block.id : name;
        takeNodes();
        takeWires();
        addLooseEnds();
        m_block.nodes.insert(m_block.nodes.begin(), m_inputs.begin(), m_inputs.end());
        m_block.nodes.insert(m_block.nodes.end(), m_outputs.begin(), m_outputs.end());
        return finish();
    }

private:
    bool isInside(const std::string& node) const { return m_inside.count(node) > 0; }

    void takeNodes()
    {
        for (const Node& node : m_sheet.nodes) {
            if (!node.sharesWith.empty() && isInside(node.id) != isInside(node.sharesWith))
                throw Error(WEFT_TEXT("Network", "%1 shares its weights with %2. Select both or neither to make a block."), node.id, node.sharesWith);
            if (!isInside(node.id))
                continue;
            if (isPort(node))
                throw Error(WEFT_TEXT("Network", "%1 is a port of this block and cannot go into another one."), node.id);
            m_block.nodes.push_back(node);
            m_taken.insert(node.id);
            m_result.ids[node.id] = node.id;
            takeParams(node);
        }
        if (m_block.nodes.empty())
            throw Error(WEFT_TEXT("Network", "Select the layers that should become a block."));
    }

    /// Inside a block, nodes use its parameters: the new block has the same and is given them.
    void takeParams(const Node& node)
    {
        if (!m_outer)
            return;
        for (const auto& [key, value] : node.params.map())
            takeParamsOf(value);
    }

    void takeParamsOf(const Tree& value)
    {
        if (value.isList()) {
            for (const Tree& item : value.list())
                takeParamsOf(item);
        }
        if (!value.isText())
            return;
        for (const std::string& name : namesIn(value.text())) {
            const auto known = [&](const BlockParam& param) { return param.key == name; };
            const auto param = std::find_if(m_outer->params.begin(), m_outer->params.end(), known);
            if (param != m_outer->params.end() && std::none_of(m_block.params.begin(), m_block.params.end(), known))
                m_block.params.push_back(*param);
        }
    }

    std::string addPort(std::vector<Node>& ports, const LayerSpec& layer, const std::string& stem)
    {
        const std::string id = freshName(m_taken, stem);
        m_taken.insert(id);
        ports.push_back({id, id, layer.type(), Tree::Map{}, {}});
        return id;
    }

    /// The port through which a value from outside enters; a new one for a new value.
    std::string inputFor(const PortRef& from)
    {
        for (const auto& [source, port] : m_entering) {
            if (source == from)
                return port;
        }
        m_entering.emplace_back(from, addPort(m_inputs, blockInputLayer(), "x"));
        return m_entering.back().second;
    }

    std::string outputFor(const PortRef& from)
    {
        for (const auto& [source, port] : m_leaving) {
            if (source == from)
                return port;
        }
        m_leaving.emplace_back(from, addPort(m_outputs, blockOutputLayer(), "y"));
        m_block.wires.push_back({from, {m_leaving.back().second, "x"}});
        return m_leaving.back().second;
    }

    void takeWires()
    {
        for (const Wire& wire : m_sheet.wires) {
            const bool fromInside = isInside(wire.from.node);
            const bool toInside = isInside(wire.to.node);
            if (fromInside && toInside) {
                m_block.wires.push_back(wire);
            } else if (toInside) {
                const bool isNew = std::none_of(m_entering.begin(), m_entering.end(), [&](const auto& entry) { return entry.first == wire.from; });
                const std::string port = inputFor(wire.from);
                m_block.wires.push_back({{port, "y"}, wire.to});
                if (isNew)
                    m_wires.push_back({wire.from, {m_result.instance, port}});
            } else if (fromInside) {
                m_wires.push_back({{m_result.instance, outputFor(wire.from)}, wire.to});
            } else {
                m_wires.push_back(wire);
            }
        }
    }

    /// A block without inputs or outputs could not be wired: what is open inside gets a port.
    void addLooseEnds()
    {
        const bool needsInputs = m_inputs.empty();
        const bool needsOutputs = m_outputs.empty();
        const std::vector<Wire> wires = m_block.wires;
        for (const Node& node : m_block.nodes) {
            const LayerSpec* layer = findLayer(m_network, node.type);
            if (!layer)
                continue;
            for (const PortSpec& port : layer->inputs()) {
                const PortRef to{node.id, port.name};
                const bool isOpen = std::none_of(wires.begin(), wires.end(), [&](const Wire& wire) { return wire.to == to; });
                if (needsInputs && isOpen && !port.isOptional)
                    m_block.wires.push_back({{addPort(m_inputs, blockInputLayer(), "x"), "y"}, to});
            }
            for (const PortSpec& port : layer->outputs()) {
                const PortRef from{node.id, port.name};
                const bool isOpen = std::none_of(wires.begin(), wires.end(), [&](const Wire& wire) { return wire.from == from; });
                if (needsOutputs && isOpen)
                    outputFor(from);
            }
        }
    }

    Grouping finish()
    {
        Network scratch = m_network;
        const auto push = [&](Edit edit) {
            apply(scratch, edit);
            m_result.edits.push_back(std::move(edit));
        };
        const std::string sheet = m_outer ? m_outer->id : std::string();
        const auto pushInSheet = [&](Edits edits) {
            for (Edit& edit : inSheet(sheet, std::move(edits)))
                push(std::move(edit));
        };
        push(addBlockEdit(m_block));
        std::vector<std::string> ids;
        for (const Node& node : m_sheet.nodes) {
            if (isInside(node.id))
                ids.push_back(node.id);
        }
        const std::ptrdiff_t place = m_sheet.findNode(ids.front()) - m_sheet.nodes.data();
        pushInSheet(removeNodesEdits(m_sheet, ids));
        Node instance{m_result.instance, m_result.instance, m_block.id, Tree::Map{}, {}};
        for (const BlockParam& param : m_block.params)
            instance.params[param.key] = param.key;
        Edit add = addNodeEdit(*findSheet(scratch, sheet), instance);
        add.after["at"] = static_cast<std::int64_t>(place);
        pushInSheet({add});
        for (std::size_t i = 0; i < m_wires.size(); ++i) {
            const Wire& wire = m_wires[i];
            if (wire.from.node == m_result.instance || wire.to.node == m_result.instance)
                pushInSheet({{"wires/" + toString(wire), {}, Tree::Map{{"at", static_cast<std::int64_t>(i)}}}});
        }
        return std::move(m_result);
    }

    const Network& m_network;
    const Sheet& m_sheet;
    const Block* m_outer;
    std::set<std::string> m_inside;
    std::set<std::string> m_taken; ///< ids inside the block
    Block m_block;
    std::vector<Node> m_inputs;
    std::vector<Node> m_outputs;
    std::vector<std::pair<PortRef, std::string>> m_entering; ///< values from outside and their ports
    std::vector<std::pair<PortRef, std::string>> m_leaving;
    std::vector<Wire> m_wires; ///< of the sheet outside, as they will be
    Grouping m_result;
};

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isNamePart(char c)
{
    return isNameStart(c) || (c >= '0' && c <= '9');
}

/// Calls `onName` for the names of an expression and `onOther` for the text between them.
template <class OnName, class OnOther> void scan(const std::string& expression, OnName onName, OnOther onOther)
{
    for (std::size_t at = 0; at < expression.size();) {
        std::size_t end = at + 1;
        if (!isNamePart(expression[at])) {
            onOther(expression.substr(at, 1));
        } else {
            while (end < expression.size() && isNamePart(expression[end]))
                ++end;
            const std::string word = expression.substr(at, end - at);
            isNameStart(word[0]) && word != "min" && word != "max" ? onName(word) : onOther(word);
        }
        at = end;
    }
}

} // namespace

Grouping groupNodes(const Network& network, const std::string& sheet, const std::vector<std::string>& nodes, const std::string& name)
{
    assert(findSheet(network, sheet));
    return Grouper(network, sheet, nodes).group(name);
}

const Sheet* findSheet(const Network& network, const std::string& block)
{
    return block.empty() ? static_cast<const Sheet*>(&network) : network.findBlock(block);
}

Edits inSheet(const std::string& block, Edits edits)
{
    return block.empty() ? std::move(edits) : insideBlock(block, std::move(edits));
}

std::string freshBlockId(const Network& network, const std::string& stem)
{
    for (int number = 1;; ++number) {
        std::string id = stem + std::to_string(number);
        if (!findLayer(network, id))
            return id;
    }
}

std::vector<std::string> namesIn(const std::string& expression)
{
    std::vector<std::string> names;
    scan(
        expression, [&](const std::string& name) { names.push_back(name); }, [](const std::string&) {});
    return names;
}

std::string substituted(const std::string& expression, const std::map<std::string, std::string>& values)
{
    std::string result;
    const auto append = [&](const std::string& text) { result += text; };
    scan(
        expression,
        [&](const std::string& name) {
            const auto value = values.find(name);
            append(value == values.end() ? name : "(" + value->second + ")");
        },
        append);
    return result;
}

} // namespace weft
