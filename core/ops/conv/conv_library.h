#pragma once

#include <vector>

#include "core/device/kernel.h"
#include "core/ops/conv/conv_ref.h"

namespace weft {

enum class ConvPass { Forward, InputGradient, KernelGradient };

/// What follows a convolution, if anything.
struct ConvEnding {
    bool hasBias = false; ///< input 2 of the op
    bool hasAddend = false; ///< input 3, as y: with a bias alone
    bool relu = false;

    bool isThere() const { return hasBias || relu; }
};

/// A convolution of cuDNN.
class LibraryConv : public Kernel {
public:
    /// Whether `run` also does what follows; where cuDNN cannot, the caller has to.
    virtual bool doesEnding() const = 0;
};

/// How the arrays of a convolution are stored, and what it may round those of float32 to.
struct ConvStorage {
    DType type = DType::Float32; ///< of all arrays: float32 or 16 bits
    Precision precision = Precision::Float32;
    Layout layout = Layout::RowMajor;
};

/// A kernel of cuDNN for a convolution of these sizes: inputs and output are those of the op, all stored alike. How it is run is
/// chosen by cuDNN's rules or by measurement (dnn_choice.h). Null where cuDNN has no way that repeats to the bit.
std::unique_ptr<LibraryConv> libraryConv(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending = {});
/// Whether `libraryConv` would give one; asks no card.
bool takesLibraryConv(const ConvSizes& sizes);

} // namespace weft
