#pragma once

#include <cstddef>
#include <string>

namespace weft {

/// The processor's name as the system reports it.
std::string cpuName();
/// Whether the processor multiplies bfloat16 itself (AVX512_BF16).
bool cpuMultipliesBFloat16();
/// Whether the processor has the instructions that Weft is made for and tested with: AVX2 on x86-64.
bool cpuIsSupported();
/// Cores this process may use: what its affinity mask, its control group's quota, OMP_NUM_THREADS and
/// OMP_THREAD_LIMIT allow.
int usableCores();
/// Memory this process may use: the machine's, or its control group's limit where that is lower.
std::size_t usableMemory();
/// Memory that this process may still take: what the machine has free or can free, no more than its control
/// groups and its limit of address space (`ulimit -v`) leave.
std::size_t availableMemory();

} // namespace weft
