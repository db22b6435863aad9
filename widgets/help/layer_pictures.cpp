#include "widgets/help/layer_pictures.h"

#include <algorithm>

#include <QPainter>

#include "core/layers/layer_spec.h"
#include "widgets/help/sketch.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// A layer that has no picture of its own, such as a user's block: its ports and the shapes they take.
void drawPorts(Sketch& sketch, const LayerSpec& layer)
{
    const QRectF box(160, 25, 140, 100);
    const auto draw = [&](const std::vector<PortSpec>& ports, bool isInput) {
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const double y = box.top() + box.height() * (static_cast<double>(i) + 1) / (static_cast<double>(ports.size()) + 1);
            const QString text = QString::fromStdString(ports[i].name + " " + ports[i].shapeHint);
            isInput ? sketch.arrow({box.left() - 50, y}, {box.left() - 2, y}) : sketch.arrow({box.right() + 2, y}, {box.right() + 50, y});
            sketch.text({isInput ? box.left() - 80 : box.right() + 80, y - 14}, text, true);
        }
    };
    sketch.box(box, layerTitle(layer), true);
    draw(layer.inputs(), true);
    draw(layer.outputs(), false);
}

} // namespace

void paintLayerPicture(QPainter& painter, const QRectF& rect, const LayerSpec& layer)
{
    const double scale = std::min(rect.width() / Sketch::width, rect.height() / Sketch::height);
    painter.save();
    painter.translate(rect.center());
    painter.scale(scale, scale);
    painter.translate(-Sketch::width / 2, -Sketch::height / 2);
    Sketch sketch(painter, Theme::instance().categoryColor(layer.category()));
    if (const Curve& curve = layer.curve(); curve.y)
        sketch.graph(QRectF(110, 14, 250, 116), curve.from, curve.to, curve.y, QString::fromStdString(curve.axis));
    else if (!drawWindows(sketch, layer) && !drawNormalizations(sketch, layer) && !drawValues(sketch, layer) && !drawSequences(sketch, layer)
             && !drawLosses(sketch, layer))
        drawPorts(sketch, layer);
    painter.restore();
}

} // namespace weft
