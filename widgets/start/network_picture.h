#pragma once

#include <QPixmap>
#include <QRectF>

class QPainter;

namespace weft {

struct Project;

/// Draws a project's network, small: layers as bars in the colours of their categories, wires between them.
/// Keeps the proportions and lies in the middle of `rect`.
void paintNetwork(QPainter& painter, const Project& project, const QRectF& rect);
/// The same as a picture on the canvas' ground, in the theme of the moment.
QPixmap networkPicture(const Project& project, const QSize& size, double pixelRatio);

} // namespace weft
