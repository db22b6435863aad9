#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/device/wire_format.h"
#include "core/engine/session.h"
#include "core/training/training_graph.h"

namespace weft {

/// How weights, gradients and states lie one behind the other in what a server and workers send each other: float32, row-major.
class ExchangeLayout {
public:
    /// Parameters that are trained, then variables that no gradient changes.
    explicit ExchangeLayout(const std::vector<Value>& trained, const std::vector<Value>& states = {});

    std::int64_t parameterFloats() const { return m_parameterFloats; }
    std::int64_t floats() const { return m_floats; }
    /// Where the gradient of parameter `i` is.
    float* place(std::vector<float>& array, std::size_t i) const { return array.data() + m_entries[i].begin; }

    void read(const Session& session, std::vector<float>& to) const;
    void write(Session& session, std::span<const float> from) const;
    /// Only the states of an array.
    void writeStates(Session& session, std::span<const float> from) const;
    void readStates(const Session& session, std::vector<float>& to) const;

    /// An array as it is sent: the gradients in `format`, the states as they are. In `room`, or the array itself where it is sent as it is.
    std::span<const float> packed(std::span<const float> array, WireFormat format, std::vector<float>& room) const;
    std::vector<float> unpacked(std::vector<float> sent, WireFormat format) const;

private:
    struct Entry {
        std::string name;
        std::int64_t begin;
        std::int64_t count;
        bool isState;
    };
    void append(const std::vector<Value>& variables, bool areStates);
    /// Floats that hold the words of an entry.
    static std::int64_t packedFloats(const Entry& entry) { return (packedWords(entry.count) + 1) / 2; }

    std::vector<Entry> m_entries; ///< parameters first
    std::int64_t m_parameterFloats = 0;
    std::int64_t m_floats = 0;
};

/// What workers send besides gradients: running statistics, frozen parameters.
std::vector<Value> statesOf(const Graph& graph, const std::vector<Value>& trained);

} // namespace weft
