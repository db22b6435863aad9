#pragma once

#include <optional>
#include <vector>

#include <QJsonArray>
#include <QString>

#include "core/base/shape.h"
#include "core/project/project.h"

namespace weft {

/// A column of the data source as the worker describes it.
struct DataColumn {
    QString name;
    QString dtype;
    Extents shape; ///< one sample's
    bool isLabel = false;
};
std::vector<DataColumn> dataColumns(const QJsonArray& columns);

/// What would make the network fit its data, as one undo step.
struct ShapeOffer {
    QString text; ///< "Set Input shape to 1×28×28 and output units to 10"
    Edits edits;
};

/// Compares the network's Inputs and the layers before its losses with the columns; nothing when they
/// agree or when there is nothing to set.
std::optional<ShapeOffer> shapeOffer(const Network& network, const std::vector<DataColumn>& columns, int classCount);

} // namespace weft
