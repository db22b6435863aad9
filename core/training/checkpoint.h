#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/dtype.h"
#include "core/base/shape.h"

namespace weft {

/// One array of a safetensors file, row-major.
struct SavedTensor {
    DType dtype = DType::Float32;
    Extents extents;
    std::vector<std::byte> bytes;
};

/// A safetensors file in memory. Keys of checkpoints: `param/…`, `state/…`, `slot/NAME/…`.
struct TensorFile {
    std::map<std::string, std::string> metadata;
    std::map<std::string, SavedTensor> tensors;
};

/// Throws Error that says what is damaged (truncated, offsets outside the file, unknown type, …).
TensorFile readTensorFile(const std::string& path);
/// To a temporary name beside it, synced, renamed; on failure (full disk) the old file stays and Error is thrown.
void writeTensorFile(const TensorFile& file, const std::string& path);

} // namespace weft
