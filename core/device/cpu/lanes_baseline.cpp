// The inner loops of batch lanes with the instructions that every processor of the target has.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/device/cpu/lanes.h"

#define WEFT_LEVEL baseline
#define WEFT_VECTOR 4
#define WEFT_REGISTERS 16
#include "core/device/cpu/lanes_kernels.inl"
