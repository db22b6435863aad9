#include "core/device/cpu/winograd.h"

#include "core/device/cpu/simd.h"

namespace weft::winograd {

const Kernels& kernels()
{
#if defined(__x86_64__)
    switch (simdLevel()) {
    case SimdLevel::Avx512: return avx512::kernels();
    case SimdLevel::Avx2: return avx2::kernels();
    case SimdLevel::Baseline: break;
    }
#endif
    return baseline::kernels();
}

} // namespace weft::winograd
