// The loops over channels with the instructions that every processor of the target has.
#include "core/device/cpu/channel_kernels.h"

#define WEFT_LEVEL baseline
#define WEFT_VECTOR 4
#include "core/device/cpu/channel_kernels.inl"
