#pragma once

#include <string>
#include <vector>

#include "core/base/attributes.h"
#include "core/device/array.h"

/// How the elements of an input are drawn.
enum class Fill {
    Signed, ///< uniform in −1 … 1
    Positive, ///< uniform in 0.5 … 1.5
    Negative, ///< the same below zero
    Infinite,
    Coarse, ///< one of five values, so that maxima tie
    Classes, ///< integers 0 … 9 and one out of range
    Taps, ///< 0 to 3, or 255
    Places, ///< −1 to 4
    Distant, ///< uniform in 999 … 1001: far from zero for what they differ by
    LogSums, ///< uniform in 7 … 9: logarithms of sums over thousands
    MaxPooled, ///< the result of MaxPool on the input before
};

struct CaseInput {
    weft::Extents extents;
    Fill fill = Fill::Signed;
    weft::DType dtype = weft::DType::Float32;
};

/// One op on inputs of given sizes. Batch sizes are taken from `extents` as they are.
struct KernelCase {
    std::string op;
    weft::Attributes attributes;
    std::vector<CaseInput> inputs;
    double tolerance = 1e-5; ///< relative to the largest magnitude of an output
};

/// The sizes at which every CPU kernel is compared with its reference: ones, primes, partial lanes.
std::vector<KernelCase> kernelCases();
/// Those of fused ops for which a CPU has no kernels.
std::vector<KernelCase> cardKernelCases();
/// Whether a card may have no kernel for it: passes ask first. Cards of the host have all.
bool isLeftToLibrary(const KernelCase& one);
/// Both.
std::vector<KernelCase> allKernelCases();
