#pragma once

#include <span>
#include <string>
#include <vector>

#include <QImage>

#include "core/data/dataset.h"
#include "core/network/lowering.h"

namespace weft {

/// The bytes of one sample for one input of a network, row-major in the input's own type.
using InputBytes = std::vector<std::byte>;

/// Throws Error unless the input takes pictures: uint8 [1 or 3, H, W].
void requirePictureInput(const LoweredFeed& feed);

/// A picture, rescaled to the input's size and turned grey for one channel. Throws Error when the input
/// takes no pictures (uint8 [1 or 3, H, W]).
InputBytes pictureInput(const QImage& picture, const LoweredFeed& feed);

/// Numbers for a float32 input. Throws Error when it wants another count or type.
InputBytes numbersInput(std::span<const double> numbers, const LoweredFeed& feed);

/// A sample of the data. Throws Error when there is none with this index or the data lack the column.
InputBytes sampleInput(const Dataset& dataset, Split split, std::int64_t index, const LoweredFeed& feed);

/// The rows of a CSV file for every input: [row][feed]. `features` takes the columns named in
/// `featureNames`, or all columns of numbers when there are no names; other inputs take the column of
/// their own name. Throws Error naming line and column.
std::vector<std::vector<InputBytes>> tableInputs(const std::string& path, const std::vector<LoweredFeed>& feeds,
                                                 const std::vector<std::string>& featureNames);

/// The extents of one sample of an input.
Extents sampleExtents(const LoweredFeed& feed);

} // namespace weft
