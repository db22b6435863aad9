#pragma once

#include <cstddef>
#include <cstdint>

namespace weft {

/// Arrays in the scratch of a kernel, one behind the other, each where vectors may begin; of no memory, how large it has to be.
class Scratch {
public:
    explicit Scratch(void* memory) : m_address(reinterpret_cast<std::uintptr_t>(memory)) {}
    template <class T> T* take(std::int64_t count)
    {
        constexpr std::size_t alignment = 256;
        auto* array = reinterpret_cast<T*>(m_address + m_bytes);
        m_bytes += (static_cast<std::size_t>(count) * sizeof(T) + alignment - 1) / alignment * alignment;
        return array;
    }
    std::size_t bytes() const { return m_bytes; }

private:
    std::uintptr_t m_address;
    std::size_t m_bytes = 0;
};

} // namespace weft
