#pragma once

#include <span>
#include <string>
#include <vector>

#include <QImage>

#include "core/data/dataset.h"
#include "core/data/text_encoder.h"
#include "core/network/lowering.h"

namespace weft {

/// The bytes of one sample for one input of a network, row-major in the input's own type.
using InputBytes = std::vector<std::byte>;

/// One sample for all inputs of a network.
struct SampleInputs {
    std::vector<InputBytes> inputs; ///< in the order of the feeds
    std::int64_t time = 1; ///< steps of the inputs of variable length
};

/// Throws Error unless the input takes pictures: uint8 [1 or 3, H, W].
void requirePictureInput(const LoweredFeed& feed);

/// A picture, rescaled to the input's size and turned grey for one channel. Throws Error when the input
/// takes no pictures (uint8 [1 or 3, H, W]).
InputBytes pictureInput(const QImage& picture, const LoweredFeed& feed);

/// Numbers for a float32 input. Throws Error when it wants another count or type.
InputBytes numbersInput(std::span<const double> numbers, const LoweredFeed& feed);

/// A sample of the data. Throws Error when there is none with this index or the data lack a column.
SampleInputs datasetInputs(const Dataset& dataset, Split split, std::int64_t index, const std::vector<LoweredFeed>& feeds);

/// A text, as the run's vocabulary encodes it. Throws Error when it is empty or an input takes no text.
SampleInputs textInputs(std::string_view text, const TextEncoder& encoder, const std::vector<LoweredFeed>& feeds);

/// The rows of a CSV file for every input: [row][feed]. `features` takes the columns named in
/// `featureNames`, or all columns of numbers when there are no names; other inputs take the column of
/// their own name. Throws Error naming line and column.
std::vector<std::vector<InputBytes>> tableInputs(const std::string& path, const std::vector<LoweredFeed>& feeds,
                                                 const std::vector<std::string>& featureNames);

/// The extents of one sample of an input; a variable length counts as 1.
Extents sampleExtents(const LoweredFeed& feed);

} // namespace weft
