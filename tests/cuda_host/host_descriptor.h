#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include <cudnn.h>

#include "tests/cuda_host/host_graph.h"

/// What the stand-in for cuDNN knows of a descriptor.
struct HostDescriptor {
    struct Attribute {
        cudnnBackendAttributeType_t type;
        std::vector<char> bytes;
    };

    cudnnBackendDescriptorType_t type;
    bool isFinished = false;
    std::map<cudnnBackendAttributeName_t, Attribute> attributes;
    weft::HostGraph graph; ///< of a graph
    int engine = 0; ///< of an engine, a configuration or a plan
    const HostDescriptor* of = nullptr; ///< the graph of a configuration or an engine

    bool has(cudnnBackendAttributeName_t name) const { return attributes.count(name) > 0; }
    template <class T> std::vector<T> all(cudnnBackendAttributeName_t name) const
    {
        const auto found = attributes.find(name);
        if (found == attributes.end())
            return {};
        std::vector<T> values(found->second.bytes.size() / sizeof(T));
        std::copy_n(found->second.bytes.data(), values.size() * sizeof(T), reinterpret_cast<char*>(values.data()));
        return values;
    }
    template <class T> T one(cudnnBackendAttributeName_t name) const
    {
        const std::vector<T> values = all<T>(name);
        return values.empty() ? T() : values.front();
    }
};

namespace weft {

/// What a descriptor of an operation says.
HostOperation operationOf(const HostDescriptor& operation);
/// Whether the operations are a graph that it has kernels for.
cudnnStatus_t fit(const HostGraph& graph);

} // namespace weft
