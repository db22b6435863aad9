#pragma once

#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <cudnn.h>

namespace weft {

/// Throws Error with cuDNN's own words where `status` is not success.
void checkDnn(cudnnStatus_t status);

/// How cuDNN calls the type of an attribute.
template <class T> constexpr cudnnBackendAttributeType_t dnnTypeOf()
{
    if constexpr (std::is_same_v<T, std::int64_t>)
        return CUDNN_TYPE_INT64;
    else if constexpr (std::is_same_v<T, double>)
        return CUDNN_TYPE_DOUBLE;
    else if constexpr (std::is_same_v<T, bool>)
        return CUDNN_TYPE_BOOLEAN;
    else if constexpr (std::is_same_v<T, char>)
        return CUDNN_TYPE_CHAR;
    else if constexpr (std::is_same_v<T, cudnnHandle_t>)
        return CUDNN_TYPE_HANDLE;
    else if constexpr (std::is_same_v<T, cudnnBackendDescriptor_t>)
        return CUDNN_TYPE_BACKEND_DESCRIPTOR;
    else if constexpr (std::is_same_v<T, cudnnDataType_t>)
        return CUDNN_TYPE_DATA_TYPE;
    else if constexpr (std::is_same_v<T, cudnnConvolutionMode_t>)
        return CUDNN_TYPE_CONVOLUTION_MODE;
    else if constexpr (std::is_same_v<T, cudnnPointwiseMode_t>)
        return CUDNN_TYPE_POINTWISE_MODE;
    else if constexpr (std::is_same_v<T, cudnnReduceTensorOp_t>)
        return CUDNN_TYPE_REDUCTION_OPERATOR_TYPE;
    else if constexpr (std::is_same_v<T, cudnnRngDistribution_t>)
        return CUDNN_TYPE_RNG_DISTRIBUTION;
    else if constexpr (std::is_same_v<T, cudnnNanPropagation_t>)
        return CUDNN_TYPE_NAN_PROPOGATION;
    else if constexpr (std::is_same_v<T, cudnnBackendHeurMode_t>)
        return CUDNN_TYPE_HEUR_MODE;
    else if constexpr (std::is_same_v<T, cudnnBackendBehaviorNote_t>)
        return CUDNN_TYPE_BEHAVIOR_NOTE;
    else {
        static_assert(std::is_same_v<T, cudnnBackendNumericalNote_t>);
        return CUDNN_TYPE_NUMERICAL_NOTE;
    }
}

/// A descriptor of cuDNN's graph API: it is told its attributes and then finished; after that it can be asked for what cuDNN
/// found. Those that others refer to have to outlive them.
class DnnDescriptor {
public:
    explicit DnnDescriptor(cudnnBackendDescriptorType_t type);

    template <class T> DnnDescriptor& set(cudnnBackendAttributeName_t name, T value) { return set<T>(name, std::span<const T>(&value, 1)); }
    template <class T> DnnDescriptor& set(cudnnBackendAttributeName_t name, std::span<const T> values)
    {
        return setRaw(name, dnnTypeOf<T>(), static_cast<std::int64_t>(values.size()), values.data());
    }
    DnnDescriptor& set(cudnnBackendAttributeName_t name, const DnnDescriptor& other) { return set(name, other.get()); }
    /// Places on the card, which in cuDNN's header are of the same type as descriptors.
    DnnDescriptor& setPlaces(cudnnBackendAttributeName_t name, std::span<void* const> places)
    {
        return setRaw(name, CUDNN_TYPE_VOID_PTR, static_cast<std::int64_t>(places.size()), places.data());
    }
    DnnDescriptor& finish();
    /// False where cuDNN does not support what was asked for.
    bool tryFinish();

    std::int64_t integer(cudnnBackendAttributeName_t name) const;
    std::string text(cudnnBackendAttributeName_t name) const;
    std::vector<cudnnBackendNumericalNote_t> numericalNotes() const;
    std::vector<cudnnBackendBehaviorNote_t> behaviorNotes() const;
    /// The first `most` descriptors of this type, which cuDNN fills.
    std::vector<DnnDescriptor> descriptors(cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t type, std::int64_t most) const;

    cudnnBackendDescriptor_t get() const { return m_descriptor.get(); }

private:
    struct Destroy {
        using pointer = cudnnBackendDescriptor_t;
        void operator()(pointer descriptor) const { cudnnBackendDestroyDescriptor(descriptor); }
    };

    DnnDescriptor& setRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, std::int64_t count, const void* values);

    std::unique_ptr<void, Destroy> m_descriptor;
};

} // namespace weft
