#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/device/kernel.h"

namespace weft {

/// Reference is plain loops in any floating type, for tests and for machines without oneDNN.
enum class DeviceKind : std::uint8_t { Reference, Cpu, Cuda };
const char* nameOf(DeviceKind kind);

struct DeviceInfo;
class Collectives;
struct CollectivesOptions;

/// How a plugin's devices are found and opened.
struct DeviceProvider {
    std::vector<DeviceInfo> (*list)() = nullptr;
    /// Throws Error when the device `index` cannot be used.
    std::unique_ptr<Device> (*open)(int index) = nullptr;
};

/// Which kernel does which op on which kind of device. Filled once at start by generated calls and
/// by plugins; read-only afterwards.
class KernelTable {
public:
    void add(DeviceKind device, const std::string& op, KernelFactory factory) { m_factories[{device, op}] = factory; }
    /// The factory, or nullptr when the device has none.
    KernelFactory find(DeviceKind device, const std::string& op) const
    {
        const auto it = m_factories.find({device, op});
        return it == m_factories.end() ? nullptr : it->second;
    }

    void addDevices(DeviceKind kind, const DeviceProvider& provider) { m_providers[kind] = provider; }
    /// The provider of a plugin's devices, or nullptr.
    const DeviceProvider* findDevices(DeviceKind kind) const
    {
        const auto it = m_providers.find(kind);
        return it == m_providers.end() ? nullptr : &it->second;
    }

    /// How the MPI plugin joins the ranks of a distributed run; nullptr without it.
    using JoinRanks = std::unique_ptr<Collectives> (*)(const CollectivesOptions& options);
    void setJoinRanks(JoinRanks join) { m_joinRanks = join; }
    JoinRanks ranksJoiner() const { return m_joinRanks; }

    /// The table of this process with all built-in kernels (defined in `core/ops`, generated).
    static KernelTable& process();

private:
    std::map<std::pair<DeviceKind, std::string>, KernelFactory> m_factories;
    std::map<DeviceKind, DeviceProvider> m_providers;
    JoinRanks m_joinRanks = nullptr;
};

} // namespace weft
