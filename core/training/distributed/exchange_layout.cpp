#include "core/training/distributed/exchange_layout.h"

#include <algorithm>
#include <cstring>

namespace weft {

ExchangeLayout::ExchangeLayout(const std::vector<Value>& trained, const std::vector<Value>& states)
{
    append(trained, false);
    m_parameterFloats = m_floats;
    append(states, true);
}

void ExchangeLayout::append(const std::vector<Value>& variables, bool areStates)
{
    for (const Value& variable : variables) {
        const std::int64_t count = elementCount(variable.shape().at(1));
        m_entries.push_back({variable.name(), m_floats, count, areStates});
        m_floats += count;
    }
}

std::vector<Value> statesOf(const Graph& graph, const std::vector<Value>& trained)
{
    std::vector<Value> states;
    for (const Value& variable : graph.variables()) {
        const bool isTrained = std::find(trained.begin(), trained.end(), variable) != trained.end();
        if (!isTrained && variable.variable()->role != Role::Slot && variable.dtype() == DType::Float32)
            states.push_back(variable);
    }
    return states;
}

void ExchangeLayout::read(const Session& session, std::vector<float>& to) const
{
    to.resize(static_cast<std::size_t>(m_floats));
    for (const Entry& entry : m_entries)
        session.readVariable(entry.name, std::as_writable_bytes(std::span(to.data() + entry.begin, static_cast<std::size_t>(entry.count))));
}

void ExchangeLayout::write(Session& session, std::span<const float> from) const
{
    for (const Entry& entry : m_entries)
        session.writeVariable(entry.name, std::as_bytes(from.subspan(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(entry.count))));
}

void ExchangeLayout::writeStates(Session& session, std::span<const float> from) const
{
    for (const Entry& entry : m_entries) {
        if (entry.isState)
            session.writeVariable(entry.name,
                                  std::as_bytes(from.subspan(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(entry.count))));
    }
}

void ExchangeLayout::readStates(const Session& session, std::vector<float>& to) const
{
    for (const Entry& entry : m_entries) {
        if (entry.isState)
            session.readVariable(entry.name, std::as_writable_bytes(std::span(to.data() + entry.begin, static_cast<std::size_t>(entry.count))));
    }
}

std::span<const float> ExchangeLayout::packed(std::span<const float> array, WireFormat format, std::vector<float>& room) const
{
    if (format == WireFormat::Float32)
        return array;
    std::vector<float>& sent = room;
    sent.clear();
    std::vector<std::uint16_t> words;
    for (const Entry& entry : m_entries) {
        const float* from = array.data() + entry.begin;
        if (entry.isState) {
            sent.insert(sent.end(), from, from + entry.count);
            continue;
        }
        words.assign(static_cast<std::size_t>(2 * packedFloats(entry)), 0);
        pack(format, from, entry.count, words.data());
        const std::size_t before = sent.size();
        sent.resize(before + words.size() / 2);
        std::memcpy(sent.data() + before, words.data(), words.size() * sizeof(std::uint16_t));
    }
    return sent;
}

std::vector<float> ExchangeLayout::unpacked(std::vector<float> sent, WireFormat format) const
{
    if (format == WireFormat::Float32)
        return sent;
    std::vector<float> array(static_cast<std::size_t>(m_floats));
    std::vector<std::uint16_t> words;
    const float* from = sent.data();
    for (const Entry& entry : m_entries) {
        float* to = array.data() + entry.begin;
        if (entry.isState) {
            std::copy_n(from, entry.count, to);
            from += entry.count;
            continue;
        }
        words.resize(static_cast<std::size_t>(2 * packedFloats(entry)));
        std::memcpy(words.data(), from, words.size() * sizeof(std::uint16_t));
        unpack(format, words.data(), entry.count, to);
        from += packedFloats(entry);
    }
    return array;
}

} // namespace weft
