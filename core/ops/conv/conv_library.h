#pragma once

#include <vector>

#include "core/device/kernel.h"
#include "core/ops/conv/conv_ref.h"

namespace weft {

enum class ConvPass { Forward, InputGradient, KernelGradient };

/// What follows a convolution, if anything.
struct ConvEnding {
    bool hasBias = false; ///< input 2 of the op
    bool relu = false;
};

/// A convolution of cuDNN.
class LibraryConv : public Kernel {
public:
    /// Whether `run` also does what follows; where cuDNN turns out not to, the caller has to.
    virtual bool doesEnding() const { return false; }
};

/// How the arrays of a convolution are stored, and what it may round those of float32 to.
struct ConvStorage {
    DType type = DType::Float32; ///< of all arrays: float32 or 16 bits
    Precision precision = Precision::Float32;
    Layout layout = Layout::RowMajor;
};

/// A kernel of cuDNN for a convolution of these sizes: inputs and output are those of the op, all stored alike. Its algorithm is
/// chosen by cuDNN's rules or (measuring.h) by measurement, which is kept (algorithm_file.h). Null where cuDNN is missing or
/// does not take the sizes (padding that differs at both ends changes the size of y).
std::unique_ptr<LibraryConv> libraryConv(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending = {});
/// Whether `libraryConv` would give one; asks no card.
bool takesLibraryConv(const ConvSizes& sizes);

} // namespace weft
