#include "core/device/cuda/dnn_descriptor.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace weft {

void checkDnn(cudnnStatus_t status)
{
    if (status == CUDNN_STATUS_SUCCESS)
        return;
    std::array<char, 512> words{};
    cudnnGetLastErrorString(words.data(), words.size());
    throw Error(WEFT_TEXT("Cuda", "cuDNN failed: %1. %2"), cudnnGetErrorString(status), std::string(words.data()));
}

DnnDescriptor::DnnDescriptor(cudnnBackendDescriptorType_t type)
{
    cudnnBackendDescriptor_t descriptor = nullptr;
    checkDnn(cudnnBackendCreateDescriptor(type, &descriptor));
    m_descriptor.reset(descriptor);
}

DnnDescriptor& DnnDescriptor::setRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, std::int64_t count, const void* values)
{
    checkDnn(cudnnBackendSetAttribute(get(), name, type, count, values));
    return *this;
}

DnnDescriptor& DnnDescriptor::finish()
{
    checkDnn(cudnnBackendFinalize(get()));
    return *this;
}

bool DnnDescriptor::tryFinish()
{
    return cudnnBackendFinalize(get()) == CUDNN_STATUS_SUCCESS;
}

std::int64_t DnnDescriptor::integer(cudnnBackendAttributeName_t name) const
{
    std::int64_t count = 0, value = 0;
    checkDnn(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_INT64, 1, &count, &value));
    return value;
}

std::string DnnDescriptor::text(cudnnBackendAttributeName_t name) const
{
    std::int64_t count = 0;
    checkDnn(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_CHAR, 0, &count, nullptr));
    std::string text(static_cast<std::size_t>(count), '\0');
    checkDnn(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_CHAR, count, &count, text.data()));
    text.resize(static_cast<std::size_t>(count));
    return text;
}

namespace {

template <class Note> std::vector<Note> notesOf(cudnnBackendDescriptor_t engine, cudnnBackendAttributeName_t name)
{
    std::vector<Note> all(64);
    std::int64_t count = 0;
    checkDnn(cudnnBackendGetAttribute(engine, name, dnnTypeOf<Note>(), static_cast<std::int64_t>(all.size()), &count, all.data()));
    all.resize(static_cast<std::size_t>(count));
    return all;
}

} // namespace

std::vector<cudnnBackendNumericalNote_t> DnnDescriptor::numericalNotes() const
{
    return notesOf<cudnnBackendNumericalNote_t>(get(), CUDNN_ATTR_ENGINE_NUMERICAL_NOTE);
}

std::vector<cudnnBackendBehaviorNote_t> DnnDescriptor::behaviorNotes() const
{
    return notesOf<cudnnBackendBehaviorNote_t>(get(), CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE);
}

std::vector<DnnDescriptor> DnnDescriptor::descriptors(cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t type, std::int64_t most) const
{
    std::vector<DnnDescriptor> all;
    std::vector<cudnnBackendDescriptor_t> filled;
    for (std::int64_t i = 0; i < most; ++i)
        filled.push_back(all.emplace_back(type).get());
    std::int64_t count = 0;
    checkDnn(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_BACKEND_DESCRIPTOR, most, &count, filled.data()));
    all.erase(all.begin() + std::min(count, most), all.end());
    return all;
}

} // namespace weft
