#pragma once

#include <memory>

#include "core/device/device.h"

namespace weft {

/// A device whose memory is the process' own: `Reference` or `Cpu`.
std::unique_ptr<Device> makeHostDevice(DeviceKind kind);

} // namespace weft
