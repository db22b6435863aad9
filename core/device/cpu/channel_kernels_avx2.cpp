// The loops over channels for AVX2 and FMA. Everything below the pragma uses these instructions; headers stay above it,
// since their inline functions may serve the whole program.
#include "core/device/cpu/channel_kernels.h"

#if defined(__x86_64__)
#pragma GCC target("avx,avx2,fma")
#define WEFT_LEVEL avx2
#define WEFT_VECTOR 8
#include "core/device/cpu/channel_kernels.inl"
#endif
