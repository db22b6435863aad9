#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/edit.h"
#include "core/base/tree.h"

namespace weft {

/// A layer placed in a network. `id` is its identity and stays; `name` is what the user reads.
struct Node {
    std::string id;
    std::string name;
    std::string type;
    Tree params = Tree::Map{}; ///< only what differs from the defaults need be there
    std::string sharesWith; ///< id of the node whose variables it uses; empty: its own
    double learningRateFactor = 1.0; ///< multiplies the learning rate of its own variables; 0: they are frozen
    bool isBypassed = false; ///< the network runs as if its first input were wired to where its output goes
    friend bool operator==(const Node&, const Node&) = default;
};

/// An end of a wire, `node.port` by ids.
struct PortRef {
    std::string node;
    std::string port;
    friend bool operator==(const PortRef&, const PortRef&) = default;
};
std::string toString(const PortRef& ref);
/// Parses "conv1.y"; nullopt when there is no single dot between two names.
std::optional<PortRef> parsePortRef(const std::string& text);

struct Wire {
    PortRef from;
    PortRef to;
    friend bool operator==(const Wire&, const Wire&) = default;
};

/// Nodes in order of creation and the wires between them in order of wiring: what one canvas shows.
struct Sheet {
    std::vector<Node> nodes;
    std::vector<Wire> wires;

    const Node* findNode(const std::string& id) const;
    Node* findNode(const std::string& id);
    friend bool operator==(const Sheet&, const Sheet&) = default;
};

/// A whole number that a block leaves open: each instance sets it, expressions inside the block use it.
struct BlockParam {
    std::string key;
    std::int64_t defaultValue = 1;
    std::int64_t minimum = 0;
    std::int64_t maximum = 1 << 20;
    std::string help; ///< a sentence for the form; may be empty
    friend bool operator==(const BlockParam&, const BlockParam&) = default;
};

/// A definition that stands for several nodes. A node whose type is `id` is an instance with weights of its
/// own. Nodes of type BlockInput and BlockOutput are the ports: each gives the port its id as its name, in
/// their order. Parameters of the nodes inside may be texts, integer expressions of `params`.
struct Block : Sheet {
    std::string id;
    std::string name; ///< what the user reads
    std::string summary;
    std::vector<BlockParam> params;
    friend bool operator==(const Block&, const Block&) = default;
};

/// What the user wires. Plain data.
struct Network : Sheet {
    std::vector<Block> blocks;

    const Block* findBlock(const std::string& id) const;
    Block* findBlock(const std::string& id);
    friend bool operator==(const Network&, const Network&) = default;
};

/// Applies one edit. Paths: `nodes/ID` (whole node as a map {"id","name","type","params"[,"sharesWith"]
/// [,"learningRateFactor"][,"bypassed"]},
/// null after removes it, a map on both sides replaces it), `nodes/ID/name`, `nodes/ID/params/KEY`,
/// `nodes/ID/sharesWith`, `nodes/ID/learningRateFactor` (null stands for 1), `nodes/ID/bypassed`
/// (true or null), `wires/FROM->TO` (after true or {"at": index} adds, null removes);
/// `blocks/ID` (whole block as `toTree` gives it), `blocks/ID/name`, `blocks/ID/summary`, `blocks/ID/params`
/// (all parameters), and inside a block the same again: `blocks/ID/nodes/…`, `blocks/ID/wires/…`.
/// Restoring a removed node, wire or block puts it back at its old index, which the tree carries as "at". Throws Error when `before` is not what is
/// there; the network is unchanged then.
void apply(Network& network, const Edit& edit);
/// The same for nodes/ and wires/ of one sheet.
void apply(Sheet& sheet, const Edit& edit);
/// True when `apply(Network&, …)` understands the path: it begins with nodes/, wires/ or blocks/.
bool isNetworkPath(const std::string& path);
/// Edits of a block's sheet as edits of the network.
Edits insideBlock(const std::string& block, Edits edits);
/// The edits that take `edits` back: each reversed, the last first.
Edits reversed(const Edits& edits);
/// True for numbers that `learningRateFactor` may be: 0 and more, finite.
bool isRateFactor(const Tree& value);
/// True for letters, digits, underscores and hyphens: what ids of nodes consist of.
bool isValidId(const std::string& id);
/// True for a letter or underscore and then letters, digits, underscores: what expressions can name.
bool isValidName(const std::string& name);
/// Brings params into the order in which the layer declares them, unknown ones last by name, so that
/// equal settings are equal trees and diffs stay small.
void sortParams(Node& node);
/// The node as edits and project files know it: {"id","name","type","params"[,"sharesWith"][,"learningRateFactor"][,"bypassed"]}.
Tree toTree(const Node& node);
/// The parameters of a block: {KEY: {"default","minimum","maximum"[,"help"]}}.
Tree toTree(const std::vector<BlockParam>& params);
/// The block as edits know it: {"id","name","summary","params","nodes","wires"}, wires as pairs of ports.
Tree toTree(const Block& block);
/// "conv1.y->pool1.x", as in the paths of edits.
std::string toString(const Wire& wire);
/// Index of the wire, or −1.
int wireIndex(const Sheet& sheet, const Wire& wire);

// Builders of edits; none changes the sheet.
Edit addBlockEdit(const Block& block);
Edit removeBlockEdit(const Network& network, const std::string& id);
Edit addNodeEdit(const Sheet& sheet, const Node& node);
Edit addWireEdit(const Sheet& sheet, const Wire& wire);
Edit removeWireEdit(const Sheet& sheet, const Wire& wire);
/// Removes the node and all its wires.
Edits removeNodeEdits(const Sheet& sheet, const std::string& id);
/// Removes several nodes and all their wires: one list that undoes exactly.
Edits removeNodesEdits(const Sheet& sheet, const std::vector<std::string>& ids);
/// Takes a node with one input and one output out of the chain and wires around it.
Edits bypassNodeEdits(const Sheet& sheet, const std::string& id);
/// Puts `node` into the wire: it is added and wired from `wire.from` and to `wire.to` through its
/// first ports, which `inPort` and `outPort` name.
Edits insertNodeEdits(const Sheet& sheet, const Wire& wire, const Node& node, const std::string& inPort, const std::string& outPort);
Edit setParamEdit(const Sheet& sheet, const std::string& id, const std::string& key, const Tree& value);
Edit rateFactorEdit(const Sheet& sheet, const std::string& id, double factor);
Edit setBypassedEdit(const Sheet& sheet, const std::string& id, bool isBypassed);
Edit renameEdit(const Sheet& sheet, const std::string& id, const std::string& name);
/// The node of this id with another type and the same name, params and wires.
Edit retypeEdit(const Sheet& sheet, const std::string& id, const std::string& type);
/// A free id from a layer type: "Conv2D" → "conv2d1", "conv2d2", …
std::string freshId(const Sheet& sheet, const std::string& type);

} // namespace weft
