#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/device/cards.h"
#include "core/device/cpu_info.h"
#include "core/device/device.h"
#include "core/device/host_device.h"
#include "core/device/plugin.h"

namespace weft {

namespace {

/// Why there is no CUDA, or nothing when its plugin is loaded. The plugin is opened at the first call.
const std::optional<Message>& cudaProblem()
{
    static const std::optional<Message> problem = loadPlugin(pluginPath("cuda"), KernelTable::process());
    return problem;
}

DeviceInfo unavailableCuda(Message reason)
{
    DeviceInfo info;
    info.id = "cuda";
    info.name = "CUDA";
    info.isAvailable = false;
    info.unavailable = std::move(reason);
    return info;
}

} // namespace

std::unique_ptr<Device> openDevice(DeviceKind kind, int index)
{
    if (kind != DeviceKind::Cuda)
        return makeHostDevice(kind);
    if (cudaProblem())
        throw Error(*cudaProblem());
    const DeviceProvider* provider = KernelTable::process().findDevices(kind);
    if (!provider)
        throw Error(WEFT_TEXT("Device", "The CUDA plugin offers no device."));
    return provider->open(index);
}

std::vector<DeviceInfo> listDevices()
{
    DeviceInfo cpu;
    cpu.id = "cpu";
    cpu.name = cpuName();
    cpu.memoryBytes = usableMemory();
    cpu.threads = usableCores();
    std::vector<DeviceInfo> devices{cpu};

    if (cudaProblem()) {
        devices.push_back(unavailableCuda(*cudaProblem()));
        return devices;
    }
    if (const DeviceProvider* provider = KernelTable::process().findDevices(DeviceKind::Cuda)) {
        const std::vector<DeviceInfo> cards = provider->list();
        devices.insert(devices.end(), cards.begin(), cards.end());
        if (cards.empty())
            devices.push_back(unavailableCuda(message(WEFT_TEXT("Device", "No CUDA card was found."))));
    }
    return devices;
}

int availableCards()
{
    const std::vector<DeviceInfo> devices = listDevices();
    return static_cast<int>(std::ranges::count_if(devices, [](const DeviceInfo& info) { return info.isAvailable && info.id.starts_with("cuda:"); }));
}

} // namespace weft
