#pragma once

namespace weft {

/// Which vector instructions this processor has. The build itself is plain x86-64, so that one
/// binary runs everywhere; hot loops exist once for each level and are chosen at run time.
enum class SimdLevel { Baseline, Avx2, Avx512 };

/// The best level of this processor, found once.
SimdLevel simdLevel();

/// Instruction sets of the two upper levels, for `target` attributes and pragmas.
#define WEFT_AVX2 "avx,avx2,fma"
#define WEFT_AVX512 "avx,avx2,fma,avx512f,avx512vl,avx512bw,avx512dq"

namespace detail {

#if defined(__x86_64__)
template <class Body> [[gnu::target(WEFT_AVX512 ",prefer-vector-width=512"), gnu::flatten, gnu::noinline]] void runAvx512(const Body& body)
{
    body();
}

template <class Body> [[gnu::target(WEFT_AVX2), gnu::flatten, gnu::noinline]] void runAvx2(const Body& body)
{
    body();
}
#endif

} // namespace detail

/// Runs `body()` compiled for the best level: everything it calls is inlined into a function with
/// those instructions and vectorised there. For plain loops without explicit vector types (those
/// are lowered before inlining); do not call it inside another vectorised body.
template <class Body> void simdRun(const Body& body)
{
#if defined(__x86_64__)
    switch (simdLevel()) {
    case SimdLevel::Avx512: return detail::runAvx512(body);
    case SimdLevel::Avx2: return detail::runAvx2(body);
    case SimdLevel::Baseline: break;
    }
#endif
    body();
}

} // namespace weft
