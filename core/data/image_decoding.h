#pragma once

#include <cstdint>
#include <string>

#include <QByteArray>
#include <QImage>
#include <QSize>

#include "core/base/shape.h"

namespace weft {

/// What was found in an image file: the picture upright as its EXIF data says, or why it is broken.
struct DecodedImage {
    QImage image;
    std::string problem; ///< empty when `image` is good
};

DecodedImage decodeImageFile(const std::string& path);
DecodedImage decodeImageBytes(const QByteArray& encoded);

/// Size of the upright picture from the file's head; invalid when there is none.
QSize imageSize(const std::string& path);

/// A cheap look at a file's head and tail, without decoding its pixels. Finds what is no image and what
/// was cut off.
bool looksWhole(const std::string& path);

/// Writes a picture as uint8 [C, H, W] of `shape`: rescaled when its size differs, grey (luminance) for
/// one channel, red, green, blue for three. Transparency is dropped.
void writePixels(const QImage& image, const Extents& shape, std::uint8_t* to);

/// The inverse, for thumbnails: a grey or colour picture of [1 or 3, H, W].
QImage imageOfPixels(const std::uint8_t* pixels, const Extents& shape);

} // namespace weft
