// Winograd's inner loops for AVX-512. Everything below the pragma uses these instructions; headers stay above it,
// since their inline functions may serve the whole program.
#include "core/device/cpu/winograd.h"

#if defined(__x86_64__)
#pragma GCC target("avx,avx2,fma,avx512f,avx512vl,avx512bw,avx512dq,prefer-vector-width=512")
#define WEFT_LEVEL avx512
#define WEFT_VECTOR 16
#define WEFT_ROWS 14
#define WEFT_GRADIENT_ROWS 8
#include "core/device/cpu/winograd_kernels.inl"
#endif
