#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/data_settings.h"
#include "core/data/dataset.h"

namespace weft {

// One opening function a source. Each throws Error that says what, where and what to do.

/// Fashion-MNIST from the Debian package dataset-fashion-mnist, from a folder of that name under
/// $WEFT_DATA_DIR, or from `settings.path`.
std::unique_ptr<Dataset> openFashionMnist(const DataSettings& settings);
/// The folder that holds Fashion-MNIST's four files, or an empty string.
std::string findFashionMnist();
/// IDX files: a folder with …images… and …labels… files, or the file of the training images.
std::unique_ptr<Dataset> openIdx(const DataSettings& settings);
/// ROOT/CLASS/*.png|jpg|…, with or without train, validation and test folders between.
std::unique_ptr<Dataset> openImages(const DataSettings& settings, const DataProgress& progress);
/// A table: all columns of numbers are `features`, one column is the label.
std::unique_ptr<Dataset> openCsv(const DataSettings& settings, const DataProgress& progress);
/// Texts with a class each: a table, or a folder with one file a class.
std::unique_ptr<Dataset> openText(const DataSettings& settings, const DataProgress& progress);
/// Fortunes from the Debian package fortunes or fortunes-zh, as the source says, from a folder `fortunes`
/// under $WEFT_DATA_DIR, or from `settings.path`. Without `settings.files`: sports and art; Tang poems and
/// other Chinese texts.
std::unique_ptr<Dataset> openFortunes(const DataSettings& settings, const DataProgress& progress);
/// The folder that holds the fortunes of a source, or an empty string.
std::string findFortunes(const std::string& source);

} // namespace weft
