// Products with packed panels with the instructions that every processor of the target has.
#include "core/device/cpu/panels.h"

#define WEFT_LEVEL baseline
#define WEFT_VECTOR 4
#define WEFT_ROWS 4
#define WEFT_COLUMNS 2
#include "core/device/cpu/panels_kernels.inl"
