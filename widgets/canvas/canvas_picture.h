#pragma once

#include <QString>

class QPainter;
class QPrinter;
class QRectF;

namespace weft {

class CanvasScene;

/// Writes the whole canvas as it is on the screen, without the selection: SVG where the name ends so, else
/// PNG at twice the size. Throws Error.
void exportCanvas(CanvasScene& scene, const QString& path);

/// Turns the pages as the sheet lies and names what is printed.
void preparePrinter(QPrinter& printer, const CanvasScene& scene, const QString& title);
/// Prints the sheet that is shown on one page, in the colours of the light theme. Throws Error.
void printCanvas(CanvasScene& scene, const QString& title, QPrinter& printer);
/// Fits the sheet into `page`, below its title at the left and `date` at the right. A point is `point` units of the painter.
void paintPage(QPainter& painter, CanvasScene& scene, const QRectF& page, double point, const QString& title, const QString& date);

} // namespace weft
