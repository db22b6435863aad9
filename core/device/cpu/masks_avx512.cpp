// Dropout's masks for AVX-512. Everything below the pragma uses these instructions; headers stay above it, since their
// inline functions may serve the whole program.
#include "core/device/cpu/masks.h"

#if defined(__x86_64__)
// GCC 12 takes an operand that its own intrinsics leave open for a fault.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC target("avx,avx2,avx512f,avx512vl,avx512bw,avx512dq,prefer-vector-width=512")
#define WEFT_LEVEL avx512
#define WEFT_VECTOR 16
#define WEFT_REGISTER __m512i
#define WEFT_INTRINSIC(name) _mm512_##name
#include "core/device/cpu/masks_kernels.inl"
#endif
