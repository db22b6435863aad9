// Dropout's masks for AVX2. Everything below the pragma uses these instructions; headers stay above it, since their
// inline functions may serve the whole program.
#include "core/device/cpu/masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma GCC target("avx,avx2")
#define WEFT_LEVEL avx2
#define WEFT_VECTOR 8
#define WEFT_REGISTER __m256i
#define WEFT_INTRINSIC(name) _mm256_##name
#include "core/device/cpu/masks_kernels.inl"
#endif
