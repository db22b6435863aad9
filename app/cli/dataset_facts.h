#pragma once

#include <QImage>
#include <QJsonArray>
#include <QJsonObject>

#include "core/data/dataset.h"

namespace weft::cli {

/// What the worker and `weft data info` say about a data set: fingerprint, columns, class_names, sizes,
/// class_counts, warnings.
QJsonObject datasetFacts(const Dataset& dataset);

QJsonArray jsonStrings(const std::vector<std::string>& texts);
QJsonArray jsonExtents(const Extents& extents);

/// A split by its name. Throws Error for other words.
Split splitNamed(const std::string& name);

/// The column with pictures (uint8 [1 or 3, H, W]), −1 when there is none.
int pictureColumn(const Dataset& dataset);
/// One sample as a picture.
QImage pictureOf(const Dataset& dataset, Split split, std::int64_t index, int column);
/// One sample of a float32 column.
std::vector<float> numbersOf(const Dataset& dataset, Split split, std::int64_t index, int column);

} // namespace weft::cli
