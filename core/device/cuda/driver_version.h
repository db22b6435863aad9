#pragma once

#include <string>

namespace weft {

/// "580.65.06" of what NVIDIA's driver says of itself ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  …");
/// empty where there is no version in it.
std::string driverVersionIn(const std::string& text);

/// That of the driver at hand; empty where it cannot be read.
std::string driverVersion();

} // namespace weft
