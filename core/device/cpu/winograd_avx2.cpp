// Winograd's inner loops for AVX2 and FMA. Everything below the pragma uses these instructions; headers stay above
// it, since their inline functions may serve the whole program.
#include "core/device/cpu/winograd.h"

#if defined(__x86_64__)
#pragma GCC target("avx,avx2,fma")
#define WEFT_LEVEL avx2
#define WEFT_VECTOR 8
#define WEFT_ROWS 6
#define WEFT_GRADIENT_ROWS 4
#include "core/device/cpu/winograd_kernels.inl"
#endif
