#pragma once

class QPainter;
class QRectF;

namespace weft {

class LayerSpec;
class Sketch;

/// Paints what a layer does: the graph of its function, or a drawing of what becomes of its input.
void paintLayerPicture(QPainter& painter, const QRectF& rect, const LayerSpec& layer);

// The drawings by family, for `paintLayerPicture`. True when the picture belongs to the family.
bool drawWindows(Sketch& sketch, const LayerSpec& layer); ///< convolution, pooling, borders
bool drawNormalizations(Sketch& sketch, const LayerSpec& layer);
bool drawValues(Sketch& sketch, const LayerSpec& layer); ///< one value becomes another, several become one
bool drawSequences(Sketch& sketch, const LayerSpec& layer);
bool drawLosses(Sketch& sketch, const LayerSpec& layer); ///< and data

} // namespace weft
