#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace weft {

/// A picture in a folder of classes.
struct ImageFile {
    std::string name; ///< relative to the root, "train/cat/01.png"
    std::int32_t label = 0;
    std::int64_t bytes = 0;
    Split split = Split::Train;
};

/// What lies in ROOT/CLASS/*.png|jpg|… or ROOT/{train,test,validation}/CLASS/*.
struct ImageFolder {
    std::string root;
    std::vector<std::string> classNames; ///< sorted
    std::vector<ImageFile> files; ///< by split, class and name
    bool hasValidation = false;
    bool hasTest = false;
    std::vector<std::string> emptyClasses;

    std::string path(const ImageFile& file) const { return root + "/" + file.name; }
};

/// Lists a folder. Throws Error when it is missing, holds no images or a single class, or when another
/// split has a class that training lacks.
ImageFolder listImageFolder(const std::string& root);

/// "*.png", "*.jpg", …
std::vector<std::string> imagePatterns();

} // namespace weft
