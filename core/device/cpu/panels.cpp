#include "core/device/cpu/panels.h"

#include "core/device/cpu/simd.h"

namespace weft::panels {

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

std::int64_t packedSize(std::int64_t k, std::int64_t columns)
{
    const std::int64_t width = kernels().width;
    return (columns + width - 1) / width * width * k;
}

void pack(const float* b, std::int64_t rowStep, std::int64_t columnStep, std::int64_t k, std::int64_t columns, float* packed)
{
    const std::int64_t width = kernels().width;
    for (std::int64_t first = 0; first < columns; first += width)
        for (std::int64_t i = 0; i < k; ++i, packed += width)
            for (std::int64_t j = 0; j < width; ++j)
                packed[j] = first + j < columns ? b[i * rowStep + (first + j) * columnStep] : 0.0f;
}

} // namespace weft::panels
