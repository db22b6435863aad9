#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/device/device.h"
#include "core/graph/graph.h"

namespace weft {

/// The variables of a session, by name, in the device's memory. Those of one role that a graph adds
/// lie in one block, each aligned to 64 bytes, so that an optimizer runs over them as over one array.
class VariableStore {
public:
    struct Entry {
        TensorType type;
        Role role = Role::Parameter;
        void* data = nullptr;
        std::size_t bytes = 0;
    };

    explicit VariableStore(Device& device) : m_device(device) {}
    ~VariableStore();
    VariableStore(const VariableStore&) = delete;
    VariableStore& operator=(const VariableStore&) = delete;

    /// Creates and initialises the variables of `graph` that are not there yet.
    void add(const Graph& graph, std::uint64_t seed);
    bool has(const std::string& name) const { return m_entries.count(name) > 0; }
    /// Throws Error when there is no variable of this name.
    const Entry& get(const std::string& name) const;
    const std::vector<std::string>& names() const { return m_names; }
    std::size_t bytes() const;
    /// What variables take in a block. Throws Error for one whose shape depends on the batch.
    static std::size_t bytesOf(const std::vector<Value>& variables);
    void read(const std::string& name, std::span<std::byte> bytes) const;
    void write(const std::string& name, std::span<const std::byte> bytes);

private:
    void addRole(const std::vector<Value>& variables, std::uint64_t seed);
    void initialise(const Value& variable, const Entry& entry, std::uint64_t seed);

    struct Memory {
        void* data;
        std::size_t bytes;
    };

    Device& m_device;
    std::map<std::string, Entry> m_entries;
    std::vector<std::string> m_names; ///< in order of creation
    std::vector<Memory> m_blocks;
};

} // namespace weft
