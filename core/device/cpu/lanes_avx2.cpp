// The inner loops of batch lanes for AVX2 and FMA. Everything below the pragma uses these
// instructions; headers stay above it, since their inline functions may serve the whole program.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/device/cpu/lanes.h"
#include "core/device/cpu/simd.h"

#if defined(__x86_64__)
#pragma GCC target("avx,avx2,fma")
#define WEFT_LEVEL avx2
#define WEFT_VECTOR 8
#define WEFT_REGISTERS 16
#include "core/device/cpu/lanes_kernels.inl"
#endif
