#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/network/lowering.h"
#include "core/network/wiring.h"

namespace weft {

/// Walks a network once, in the order of its wires, and lowers every node that can be. Both `lower`
/// and `analyze` are this walk, so that what is checked is what runs.
class NetworkLowering {
public:
    /// `isCheck`: losses that only training uses are lowered in any mode, to check them.
    NetworkLowering(const Network& network, const LowerOptions& options, bool isCheck);

    void run();
    Lowered& lowered() { return m_lowered; }
    /// Facts of each node, in network order.
    std::vector<NodeInfo>& infos() { return m_infos; }
    std::vector<Diagnostic>& diagnostics() { return m_wiring.diagnostics; }
    const Wiring& wiring() const { return m_wiring; }

private:
    friend class NodeContext;

    void lowerNode(int index);
    void lowerLoss(int index, class NodeContext& context);
    void passLengths(int index, const class NodeContext& context);
    void finish(int index, std::size_t firstOp, std::size_t firstVariable);
    void collectOutputs();
    void report(int index, std::string code, Severity severity, Message text, const std::vector<WireSource>& inputs,
                const std::vector<Remedy>& remedies);
    Value feed(const std::string& column, const TensorType& type, const std::string& node);

    const Network& m_network;
    LowerOptions m_options;
    bool m_isCheck;
    Wiring m_wiring;
    Lowered m_lowered;
    std::vector<NodeInfo> m_infos;
    std::vector<std::vector<Value>> m_outputs; ///< of each node; empty: not lowered
    std::vector<std::vector<Value>> m_lengths; ///< beside each output the real steps of its samples, [N]; empty where it carries none
    std::unordered_map<std::string, std::string> m_fedFirst; ///< column → the node that read it first
};

} // namespace weft
