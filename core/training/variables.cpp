#include "core/training/variables.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/training/training_graph.h"

namespace weft {

namespace {

/// IEEE half precision to single.
float fromHalf(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1Fu;
    const std::uint32_t fraction = half & 0x3FFu;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31 ? 255u : exponent + 112u;
    return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

template <class From, class Convert> std::vector<std::byte> converted(const std::vector<std::byte>& bytes, Convert convert)
{
    const std::size_t count = bytes.size() / sizeof(From);
    std::vector<std::byte> out(count * sizeof(float));
    for (std::size_t i = 0; i < count; ++i) {
        From from;
        std::memcpy(&from, bytes.data() + i * sizeof(From), sizeof(From));
        const float to = convert(from);
        std::memcpy(out.data() + i * sizeof(float), &to, sizeof(float));
    }
    return out;
}

/// Float32 from any floating type of the format, as files of other programs may be in half precision.
std::vector<std::byte> asFloat32(const SavedTensor& tensor)
{
    switch (tensor.dtype) {
    case DType::Float64: return converted<double>(tensor.bytes, [](double v) { return static_cast<float>(v); });
    case DType::Float16: return converted<std::uint16_t>(tensor.bytes, fromHalf);
    case DType::BFloat16:
        return converted<std::uint16_t>(tensor.bytes, [](std::uint16_t v) { return std::bit_cast<float>(static_cast<std::uint32_t>(v) << 16); });
    default: return tensor.bytes;
    }
}

void writeChecked(Session& session, const std::string& name, const SavedTensor& tensor)
{
    const TensorType& type = session.variableType(name);
    const Extents wanted = type.shape.at(1);
    if (tensor.extents != wanted)
        throw Error(
            WEFT_TEXT("Checkpoint", "The weights \"%1\" have the shape %2 in the file, but the network needs %3. They belong to another network."),
            name, toString(tensor.extents), toString(wanted));
    if (type.dtype == tensor.dtype)
        session.writeVariable(name, tensor.bytes);
    else if (type.dtype == DType::Float32 && isFloating(tensor.dtype))
        session.writeVariable(name, asFloat32(tensor));
    else
        throw Error(WEFT_TEXT("Checkpoint", "The weights \"%1\" are %2 in the file, but the network needs %3."), name, nameOf(tensor.dtype),
                    nameOf(type.dtype));
}

} // namespace

std::string checkpointKey(const std::string& name, Role role)
{
    return role == Role::Slot ? name : (role == Role::Parameter ? "param/" : "state/") + name;
}

void saveVariables(const Session& session, TensorFile& file)
{
    for (const std::string& name : session.variableNames()) {
        const TensorType& type = session.variableType(name);
        SavedTensor tensor{type.dtype, type.shape.at(1), {}};
        tensor.bytes.resize(static_cast<std::size_t>(elementCount(tensor.extents)) * sizeOf(type.dtype));
        session.readVariable(name, tensor.bytes);
        file.tensors.insert_or_assign(checkpointKey(name, session.variableRole(name)), std::move(tensor));
    }
}

std::string firstNotFinite(const TensorFile& file)
{
    constexpr std::uint32_t exponent = 0x7F800000u;
    for (const auto& [key, tensor] : file.tensors) {
        // Gradients that are still gathered may be too large where a loss is scaled: then their update is skipped.
        if (tensor.dtype != DType::Float32 || key.starts_with("slot/gathered/"))
            continue;
        for (std::size_t i = 0; i < tensor.bytes.size(); i += sizeof(std::uint32_t)) {
            std::uint32_t bits;
            std::memcpy(&bits, tensor.bytes.data() + i, sizeof bits);
            if ((bits & exponent) == exponent)
                return key;
        }
    }
    return {};
}

void loadVariables(Session& session, const Graph& graph, const TensorFile& file)
{
    for (const Value& variable : graph.variables()) {
        const auto it = file.tensors.find(checkpointKey(variable.name(), variable.variable()->role));
        // A run that sent its gradients whole has left nothing unsent.
        if (it == file.tensors.end() && variable.name().starts_with(residualName))
            continue;
        if (it == file.tensors.end())
            throw Error(WEFT_TEXT("Checkpoint", "The checkpoint has no weights \"%1\". It belongs to another network."), variable.name());
        writeChecked(session, variable.name(), it->second);
    }
}

std::vector<std::string> loadWeights(Session& session, const TensorFile& file)
{
    std::vector<std::string> known;
    std::vector<std::string> absent;
    for (const std::string& name : session.variableNames()) {
        const Role role = session.variableRole(name);
        if (role == Role::Slot)
            continue;
        const std::string key = checkpointKey(name, role);
        known.push_back(key);
        const auto it = file.tensors.find(key);
        if (it != file.tensors.end())
            writeChecked(session, name, it->second);
        else if (role == Role::Parameter)
            absent.push_back(name);
    }
    for (const auto& [key, tensor] : file.tensors) {
        if (key.rfind("slot/", 0) == 0 || key.rfind("ema/", 0) == 0 || std::find(known.begin(), known.end(), key) != known.end())
            continue;
        const std::string near = nearest(key, known);
        throw Error(WEFT_TEXT("Checkpoint", "The weights file has \"%1\", which the network does not have. Its keys are like \"%2\"."), key,
                    near.empty() && !known.empty() ? known.front() : near);
    }
    return absent;
}

} // namespace weft
