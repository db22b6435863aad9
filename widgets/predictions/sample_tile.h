#pragma once

#include <cstddef>

#include <QRect>
#include <QSize>

class QPainter;

namespace weft {

struct SampleFacts;
struct SplitEvaluation;

/// Size of a tile of the predictions' grid.
QSize sampleTileSize();
/// Paints one sample: its picture, a check mark or a cross with the predicted class, the true class of
/// a mistake, and bars of the likeliest classes. `facts` is null while the picture is on its way.
void paintSampleTile(QPainter& painter, const QRect& rect, const SplitEvaluation& evaluation, std::size_t sample, const SampleFacts* facts);

} // namespace weft
