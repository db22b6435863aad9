#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/parallel.h"

// What tests of the CUDA plugin's device share: they are built with the headers that stand in for CUDA's (tests/cuda_host).

namespace weft::test {

using Floats = std::vector<float>;

template <class Action> std::string errorOf(Action action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

inline bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

/// An array on a card.
class OnCard {
public:
    OnCard(Device& device, std::size_t count) : m_device(device), m_bytes(count * sizeof(float)), m_memory(device.allocate(m_bytes)) {}
    OnCard(Device& device, const Floats& numbers) : OnCard(device, numbers.size()) { device.copyFromHost(m_memory, numbers.data(), m_bytes); }
    ~OnCard()
    {
        if (m_memory)
            m_device.free(m_memory, m_bytes);
    }
    OnCard(const OnCard&) = delete;
    OnCard& operator=(const OnCard&) = delete;

    float* data() const { return static_cast<float*>(m_memory); }
    std::size_t bytes() const { return m_bytes; }
    Floats read() const
    {
        Floats numbers(m_bytes / sizeof(float));
        m_device.copyToHost(numbers.data(), m_memory, m_bytes);
        return numbers;
    }
    void free()
    {
        m_device.free(m_memory, m_bytes);
        m_memory = nullptr;
    }

private:
    Device& m_device;
    std::size_t m_bytes;
    void* m_memory;
};

inline KernelContext contextOf(Device& device)
{
    KernelContext context;
    context.stream = device.stream();
    return context;
}

inline void addOne(Device& device, const OnCard& array)
{
    float* data = array.data();
    forEach(contextOf(device), static_cast<std::int64_t>(array.bytes() / sizeof(float)), [=] WEFT_DEVICE(std::int64_t i) { data[i] += 1; });
}

} // namespace weft::test
