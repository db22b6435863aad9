#include "core/device/cpu/simd.h"

namespace weft {

namespace {

SimdLevel detect()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq"))
        return SimdLevel::Avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return SimdLevel::Avx2;
#endif
    return SimdLevel::Baseline;
}

} // namespace

SimdLevel simdLevel()
{
    static const SimdLevel level = detect();
    return level;
}

} // namespace weft
