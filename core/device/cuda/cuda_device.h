#pragma once

#include <memory>
#include <vector>

#include "core/device/device.h"
#include "core/device/plugin.h"

namespace weft {

/// Why CUDA cannot run here, as a plugin says it (`PluginEntry`), or nullptr.
const char* cudaRefusal(RefusalArguments& arguments);

/// Card `index` of this machine, with a stream of its own. Throws Error that names the CUDA fault.
std::unique_ptr<Device> openCudaDevice(int index);

/// The cards of this machine, with name, memory and driver.
std::vector<DeviceInfo> listCudaDevices();

/// Throws Error (cuda_fault.h) with CUDA's own words when `code` (a cudaError_t) is not success. `what` names the call.
void checkCuda(int code, const char* what);

/// Whether the card at hand computes with numbers stored so: float32, float16, and bfloat16 since Ampere.
bool isStoredOnCard(DType type);

} // namespace weft
