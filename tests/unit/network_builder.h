#pragma once

#include <string>

#include "core/network/lowering.h"
#include "core/network/network.h"

namespace weft::test {

/// Wires layers one after the other, as a test reads: chain().add("conv1", "Conv2D", {{"filters", 6}}).
class Chain {
public:
    /// A layer wired after the one added last, into its first input.
    Chain& add(const std::string& id, const std::string& type, Tree::Map params = {})
    {
        const LayerSpec* layer = findLayer(type);
        const bool isFirst = network.nodes.empty() || (layer && layer->inputs().empty());
        network.nodes.push_back({id, id, type, std::move(params), {}});
        if (!isFirst && layer)
            wire(m_last + ".y", id + "." + layer->inputs()[0].name);
        m_last = id;
        return *this;
    }

    Chain& wire(const std::string& from, const std::string& to)
    {
        network.wires.push_back({*parsePortRef(from), *parsePortRef(to)});
        return *this;
    }

    Network network;

private:
    std::string m_last;
};

/// An image classifier that is right in every respect.
inline Chain lenet()
{
    return Chain()
        .add("image", "Input")
        .add("conv1", "Conv2D", {{"filters", 20}, {"kernelSize", Tree::List{5, 5}}, {"padding", "explicit"}, {"pad", Tree::List{2, 2}}})
        .add("relu1", "ReLU")
        .add("pool1", "MaxPool2D")
        .add("conv2", "Conv2D", {{"filters", 50}, {"kernelSize", Tree::List{5, 5}}})
        .add("relu2", "ReLU")
        .add("pool2", "MaxPool2D")
        .add("flatten", "Flatten")
        .add("dense1", "Dense", {{"units", 500}})
        .add("relu3", "ReLU")
        .add("dense2", "Dense", {{"units", 10}})
        .add("loss", "CrossEntropy");
}

/// The shape that node `id` gives, or "" when it is faulty.
inline std::string outputShape(const Network& network, const std::string& id)
{
    const Analysis analysis = analyze(network);
    const NodeInfo* info = analysis.find(id);
    return info && !info->outputTypes.empty() ? toString(info->outputTypes[0].shape) : std::string();
}

/// The first diagnostic of a code, or nullptr.
inline const Diagnostic* find(const std::vector<Diagnostic>& diagnostics, const std::string& code)
{
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.code == code)
            return &diagnostic;
    }
    return nullptr;
}

} // namespace weft::test
