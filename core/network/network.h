#pragma once

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
    Tree params = Tree::Map{};  ///< only what differs from the defaults need be there
    std::string sharesWith;     ///< id of the node whose variables it uses; empty: its own
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

/// What the user wires: nodes in order of creation, wires in order of wiring. Plain data.
/// (Blocks, `blocks` in project files, are kept as they are and refused by `validate` until the
/// engine issue brings them.)
struct Network {
    Tree blocks = Tree::Map{};
    std::vector<Node> nodes;
    std::vector<Wire> wires;

    const Node* findNode(const std::string& id) const;
    Node* findNode(const std::string& id);
    friend bool operator==(const Network&, const Network&) = default;
};

/// Applies one edit. Paths: `nodes/ID` (whole node as a map {"id","name","type","params"[,"sharesWith"]},
/// null after removes it), `nodes/ID/name`, `nodes/ID/params/KEY`, `nodes/ID/sharesWith`,
/// `wires/FROM->TO` (after true adds, null removes). Restoring a removed node or wire puts it back at
/// its old index, which the tree carries as "at". Throws Error when `before` is not what is there.
void apply(Network& network, const Edit& edit);

// Builders of edits; none changes the network.
Edit addNodeEdit(const Network& network, const Node& node);
Edit addWireEdit(const Network& network, const Wire& wire);
Edit removeWireEdit(const Network& network, const Wire& wire);
/// Removes the node and all its wires.
Edits removeNodeEdits(const Network& network, const std::string& id);
Edit setParamEdit(const Network& network, const std::string& id, const std::string& key, const Tree& value);
Edit renameEdit(const Network& network, const std::string& id, const std::string& name);
/// A free id from a layer type: "Conv2D" → "conv2d1", "conv2d2", …
std::string freshId(const Network& network, const std::string& type);

} // namespace weft
