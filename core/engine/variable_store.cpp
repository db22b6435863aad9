#include "core/engine/variable_store.h"

#include <cstring>

#include "core/base/error.h"
#include "core/engine/initializer.h"

namespace weft {

namespace {

constexpr std::size_t alignment = 64;

std::size_t aligned(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

/// `value` as the element type, written to `to`. bfloat16 and float16 keep float32 masters, so a
/// variable never has those types.
void store(double value, DType dtype, std::byte* to)
{
    const auto put = [&](auto element) { std::memcpy(to, &element, sizeof element); };
    switch (dtype) {
    case DType::Float64: put(value); break;
    case DType::Float32: put(static_cast<float>(value)); break;
    case DType::Int32: put(static_cast<std::int32_t>(value)); break;
    case DType::Int64: put(static_cast<std::int64_t>(value)); break;
    case DType::UInt8: put(static_cast<std::uint8_t>(value)); break;
    case DType::BFloat16:
    case DType::Float16: throw Error(WEFT_TEXT("Engine", "Variables cannot be stored as %1; keep them in float32."), nameOf(dtype));
    }
}

} // namespace

VariableStore::~VariableStore()
{
    for (const Memory& block : m_blocks)
        m_device.free(block.data, block.bytes);
}

void VariableStore::add(const Graph& graph, std::uint64_t seed)
{
    std::map<Role, std::vector<Value>> missing;
    for (const Value& variable : graph.variables()) {
        const auto it = m_entries.find(variable.name());
        if (it == m_entries.end()) {
            missing[variable.variable()->role].push_back(variable);
            continue;
        }
        const Entry& entry = it->second;
        if (entry.type != variable.type() || entry.role != variable.variable()->role)
            throw Error(WEFT_TEXT("Engine", "The variable %1 has shape %2 here, but %3 in another graph of this session."), variable.name(),
                        toString(variable.shape()), toString(entry.type.shape));
    }
    for (const auto& [role, variables] : missing)
        addRole(variables, seed);
}

std::size_t VariableStore::bytesOf(const std::vector<Value>& variables)
{
    std::size_t total = 0;
    for (const Value& variable : variables) {
        if (!variable.shape().isFixed())
            throw Error(WEFT_TEXT("Engine", "The variable %1 has shape %2, but a variable cannot depend on the batch."), variable.name(),
                        toString(variable.shape()));
        total += aligned(storedBytes({variable.dtype(), variable.shape().at(1)}, Layout::RowMajor));
    }
    return total;
}

void VariableStore::addRole(const std::vector<Value>& variables, std::uint64_t seed)
{
    const std::size_t total = bytesOf(variables);
    auto* data = static_cast<std::byte*>(m_device.allocate(total));
    m_blocks.push_back({data, total});
    for (const Value& variable : variables) {
        const std::size_t bytes = storedBytes({variable.dtype(), variable.shape().at(1)}, Layout::RowMajor);
        const Entry& entry = m_entries[variable.name()] = {variable.type(), variable.variable()->role, data, bytes};
        m_names.push_back(variable.name());
        initialise(variable, entry, seed);
        data += aligned(bytes);
    }
}

void VariableStore::initialise(const Value& variable, const Entry& entry, std::uint64_t seed)
{
    const Initializer& initializer = variable.variable()->initializer;
    if (initializer.kind == Initializer::Kind::Constant && initializer.a == 0.0)
        return; // Fresh memory is zero.
    const std::vector<double> values = initialValues(initializer, variable.name(), variable.shape().at(1), seed);
    std::vector<std::byte> bytes(entry.bytes);
    for (std::size_t i = 0; i < values.size(); ++i)
        store(values[i], variable.dtype(), bytes.data() + i * sizeOf(variable.dtype()));
    m_device.copyFromHost(entry.data, bytes.data(), bytes.size());
}

const VariableStore::Entry& VariableStore::get(const std::string& name) const
{
    const auto it = m_entries.find(name);
    if (it == m_entries.end())
        throw Error(WEFT_TEXT("Engine", "There is no variable %1."), name);
    return it->second;
}

std::size_t VariableStore::bytes() const
{
    std::size_t total = 0;
    for (const Memory& block : m_blocks)
        total += block.bytes;
    return total;
}

void VariableStore::read(const std::string& name, std::span<std::byte> bytes) const
{
    const Entry& entry = get(name);
    if (bytes.size() != entry.bytes)
        throw Error(WEFT_TEXT("Engine", "The variable %1 holds %2 bytes, but %3 were asked for."), name, entry.bytes, bytes.size());
    m_device.copyToHost(bytes.data(), entry.data, entry.bytes);
}

void VariableStore::write(const std::string& name, std::span<const std::byte> bytes)
{
    const Entry& entry = get(name);
    if (bytes.size() != entry.bytes)
        throw Error(WEFT_TEXT("Engine", "The variable %1 holds %2 bytes, but %3 were given."), name, entry.bytes, bytes.size());
    m_device.copyFromHost(entry.data, bytes.data(), entry.bytes);
}

} // namespace weft
