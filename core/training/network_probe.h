#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/network/lowering.h"
#include "core/training/checkpoint.h"

namespace weft {

/// What an output port gave for one sample.
struct PortTensor {
    DType dtype = DType::Float32; ///< of the port; the values are converted
    Extents extents; ///< without the batch: [C, H, W], [T, F], [F], [] for one number
    std::int64_t realSteps = 0; ///< of a sequence of variable length: how many of its steps are no padding; 0: all
    std::vector<float> values; ///< row-major
};

/// A network that shows what flows through each of its wires: runs one sample at a time for inference and keeps what
/// every output port gave, those inside blocks as well. Used by the worker. Not copyable, of one thread.
class NetworkProbe {
public:
    /// With the weights that training would start from. Throws Error when the network cannot be lowered.
    NetworkProbe(const Network& network, const SessionOptions& session);
    ~NetworkProbe();
    NetworkProbe(const NetworkProbe&) = delete;
    NetworkProbe& operator=(const NetworkProbe&) = delete;

    /// Takes the weights of a checkpoint. Throws Error when it does not fit; the weights are mixed then.
    void load(const TensorFile& checkpoint);
    /// Runs a sample unless it is the one that ran last. Throws Error when the data do not fit the network.
    void run(const Dataset& dataset, Split split, std::int64_t index);
    /// What the port gave, by "conv1.y" or "stage1/conv1.y"; nullptr when there is no such port.
    const PortTensor* find(const std::string& port) const;
    /// The layer's id with its way through blocks, and what its first output gave: all of them, in lowering order.
    void forEach(const std::function<void(const std::string& node, const PortTensor& tensor)>& visit) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weft
