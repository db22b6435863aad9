#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/graph/graph.h"
#include "core/layers/layer_spec.h"
#include "core/network/network.h"

namespace weft {

/// A column of the data source that the graph is fed with.
struct LoweredFeed {
    std::string column;
    Value value;
    std::string node = {}; ///< the layer that reads it first, with the blocks around it
    bool isInput = true; ///< false: a loss compares with it
};

/// What a loss node became.
struct LoweredLoss {
    std::string node;
    Task task = Task::Classification;
    bool isOneScore = false; ///< one score tells two classes apart
    double weight = 1.0;
    bool isTrainingOnly = false;
    Value prediction; ///< what is compared with the target, before the link
    Value target; ///< the fed column
    Value perSample; ///< [N]; empty when lowered without losses
    Value output; ///< after the link: what inference gives
};

struct LoweredOutput {
    std::string node;
    std::string name;
    Value value;
};

/// A value on an output port, for tensors on wires.
struct LoweredPort {
    PortRef port;
    Value value;
    Value lengths; ///< of a sequence of variable length: the real steps of each sample, int32 [N]; else empty
};

/// The network as a graph for one mode.
struct Lowered {
    std::unique_ptr<Graph> graph;
    Mode mode = Mode::Infer;
    std::vector<LoweredFeed> feeds; ///< one per column used, inputs first
    std::vector<LoweredLoss> losses;
    std::vector<LoweredOutput> outputs; ///< links of losses; without losses the values that no wire leaves
    std::vector<LoweredPort> ports;
    std::int64_t longest = 0; ///< the most steps that T may stand for; 0: no input has a variable length
    Value loss; ///< scalar Σ weight · mean(perSample); empty without losses
};

struct LowerOptions {
    Mode mode = Mode::Train;
    bool withLosses = true; ///< false: no targets are fed, for predict and exports
};

/// Lowers a valid network. Pure. Throws Error with the first diagnostic's message when it is not valid.
Lowered lower(const Network& network, const LowerOptions& options);

/// What one node turned out to be.
struct NodeInfo {
    std::string node;
    std::vector<TensorType> inputTypes;
    std::vector<TensorType> outputTypes; ///< empty when it or something before it is faulty
    std::int64_t parameters = 0;
    double multiplyAdds = 0; ///< one sample, of the greatest length, at inference
    double activationBytes = 0; ///< outputs of one sample of the greatest length
};

/// The result of checking a network: per node facts and faults.
struct Analysis {
    std::vector<NodeInfo> nodes; ///< in network order
    std::vector<NodeInfo> inner; ///< nodes inside instances of blocks, by the way to them: "stage1/conv1"
    std::vector<Diagnostic> diagnostics;
    std::int64_t parameters = 0;
    double multiplyAdds = 0;
    /// A node of the network, or by the way to it one inside a block.
    const NodeInfo* find(const std::string& node) const;
};

/// Checks and measures. Never throws for a faulty network: faults become diagnostics with a code,
/// the node, a message and, where one is known, a fix.
Analysis analyze(const Network& network);

} // namespace weft
