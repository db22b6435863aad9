#pragma once

#include <optional>
#include <string>

#include "core/data/image_folder.h"

namespace weft {

/// What a folder with a part of the pictures knows of the whole: it opens as that does, with the same samples, sizes and
/// fingerprint, and reads those that are there.
struct ImagePart {
    ImageFolder folder; ///< of all pictures that can be read
    std::int64_t channels = 0, height = 0, width = 0;
};

/// The content of the file `partIndexName`.
std::string formatImagePart(const ImagePart& part);
/// Nothing where the folder has no such file. Throws Error when it is damaged, and when a picture that is there has another size
/// than that of the whole.
std::optional<ImagePart> readImagePart(const std::string& root);

} // namespace weft
