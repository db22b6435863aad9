// Winograd's inner loops with the instructions that every processor of the target has.
#include "core/device/cpu/winograd.h"

#define WEFT_LEVEL baseline
#define WEFT_VECTOR 4
#define WEFT_ROWS 6
#define WEFT_GRADIENT_ROWS 4
#include "core/device/cpu/winograd_kernels.inl"
