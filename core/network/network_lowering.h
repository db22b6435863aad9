#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/network/lowering.h"
#include "core/network/wiring.h"

namespace weft {

/// What goes through a port of a block: a value, and for sequences of variable length the real steps of its samples.
struct PortValue {
    Value value;
    Value lengths;
};

/// One sheet on its way into the graph: the network's own, or that of a block for one instance.
struct SheetLowering {
    const Sheet& sheet;
    SheetScope scope;
    std::string path; ///< stands before the ids of its nodes: "" or "stage1/", "stage1/first/"
    std::string variables; ///< stands before the names of its variables: `path`, unless the instance shares weights
    double rateFactor = 1.0; ///< multiplies the learning rates of its variables
    Wiring wiring;
    std::vector<NodeInfo> infos; ///< in the order of its nodes
    std::vector<std::vector<Value>> outputs; ///< of each node; empty: not lowered
    std::vector<std::vector<Value>> lengths; ///< beside each output the real steps of its samples, [N]; empty where it carries none
    std::unordered_map<std::string, PortValue> ports; ///< what the instance is fed with and what it gives, by port

    const Node& node(int index) const { return sheet.nodes[static_cast<std::size_t>(index)]; }
};

/// Walks a network once, in the order of its wires, and lowers every node that can be; an instance of a
/// block by walking the block's nodes. Both `lower` and `analyze` are this walk, so that what is checked is
/// what runs.
class NetworkLowering {
public:
    /// `isCheck`: losses that only training uses are lowered in any mode, to check them.
    NetworkLowering(const Network& network, const LowerOptions& options, bool isCheck);

    void run();
    Lowered& lowered() { return m_lowered; }
    /// Facts of each node, in network order.
    std::vector<NodeInfo>& infos() { return m_top.infos; }
    /// Facts of the nodes inside instances of blocks, by the way to them.
    std::vector<NodeInfo>& innerInfos() { return m_innerInfos; }
    std::vector<Diagnostic>& diagnostics() { return m_diagnostics; }
    const Wiring& wiring() const { return m_top.wiring; }

private:
    friend class NodeContext;

    void lowerSheet(SheetLowering& at);
    void lowerNode(SheetLowering& at, int index);
    void passBy(SheetLowering& at, int index, const class NodeContext& context);
    void lowerLoss(SheetLowering& at, int index, NodeContext& context);
    std::vector<Value> enterBlock(SheetLowering& at, int index);
    void lowerInstance(SheetLowering& at, int index, const NodeContext& context);
    void passLengths(SheetLowering& at, int index, const NodeContext& context);
    void finish(SheetLowering& at, int index, std::size_t firstOp, std::size_t firstVariable);
    void collectOutputs();
    void collectPorts(const SheetLowering& at);
    void report(const SheetLowering& at, Diagnostic diagnostic);
    Value feed(const std::string& column, const TensorType& type, const NodeContext& context);

    const Network& m_network;
    LowerOptions m_options;
    bool m_isCheck;
    Lowered m_lowered;
    SheetLowering m_top;
    std::vector<NodeInfo> m_innerInfos;
    std::vector<Diagnostic> m_diagnostics;
    std::set<std::string> m_reported; ///< faults inside blocks, which are those of every instance
    std::size_t m_nodesInBlocks = 0;
};

} // namespace weft
