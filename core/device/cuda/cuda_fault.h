#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/device/plugin.h"

namespace weft {

/// What a fault of a card means for who uses it: `what` was refused with `code` (a cudaError_t), in CUDA's own `words`.
Error cudaFault(int code, const char* what, const std::string& words);

/// Why CUDA cannot run here, as a plugin says it: `code` is what cudaGetDeviceCount gave, `driver` and `built` the versions of
/// CUDA that the driver knows (0: there is none) and that this was built with, as 13000. nullptr where it can.
const char* refusalOf(int code, int driver, int built, const std::string& words, RefusalArguments& arguments);

/// Why a card of that compute capability (90 is 9.0) cannot be used by kernels that are compiled for others; an empty text where
/// it can, as far as is known before it is opened.
Message refusalOfCard(const std::string& name, int capability, const std::vector<int>& compiled);

/// "13.0" of 13000.
std::string cudaVersionText(int version);

} // namespace weft
