#include "widgets/start/network_picture.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "core/network/blocks.h"
#include "core/project/project.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/canvas/wire_item.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

std::unordered_map<std::string, QRectF> boxesOf(const Project& project)
{
    std::unordered_map<std::string, QPointF> automatic;
    std::unordered_map<std::string, QRectF> boxes;
    for (const Node& node : project.network.nodes) {
        std::optional<QPointF> place = savedPosition(project, node.id);
        if (!place) {
            if (automatic.empty())
                automatic = arranged(project.network, 1.8);
            place = automatic[node.id];
        }
        boxes[node.id] = QRectF(*place, QSizeF(nodeWidth, nodeHeight));
    }
    return boxes;
}

} // namespace

void paintNetwork(QPainter& painter, const Project& project, const QRectF& rect)
{
    const std::unordered_map<std::string, QRectF> boxes = boxesOf(project);
    const Tree* bends = bendsTree(project, {});
    QRectF all;
    for (const auto& [id, box] : boxes)
        all |= box;
    for (const Wire& wire : bends ? project.network.wires : std::vector<Wire>()) {
        for (const QPointF& bend : bendsOf(bends, toString(wire)))
            all |= QRectF(bend, QSizeF(1, 1));
    }
    if (all.isEmpty())
        return;
    all.adjust(-70, -30, 70, 30); // wires that run back swing out
    const double scale = std::min({rect.width() / all.width(), rect.height() / all.height(), 0.4});
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center());
    painter.scale(scale, scale);
    painter.translate(-all.center());
    const Colors& c = themeColors();
    const double line = std::max(2.2, 1.0 / scale);
    painter.setPen(QPen(mixed(c.wire, c.canvas, 0.25), line));
    for (const Wire& wire : project.network.wires) {
        const auto from = boxes.find(wire.from.node), to = boxes.find(wire.to.node);
        if (from != boxes.end() && to != boxes.end())
            painter.drawPath(wirePath({from->second.right(), from->second.center().y()}, bendsOf(bends, toString(wire)),
                                      {to->second.left(), to->second.center().y()}));
    }
    painter.setPen(Qt::NoPen);
    for (const Node& node : project.network.nodes) {
        const LayerSpec* layer = findLayer(project.network, node.type);
        const QColor color = layer ? Theme::instance().categoryColor(layer->category()) : c.secondary;
        const QRectF box = boxes.at(node.id);
        painter.setBrush(mixed(c.raised, color, 0.28));
        painter.drawRoundedRect(box, 10, 10);
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(box.topLeft(), QSizeF(std::min(box.width(), std::max(24.0, 3.0 / scale)), box.height())), 10, 10);
    }
    painter.restore();
}

QPixmap networkPicture(const Project& project, const QSize& size, double pixelRatio)
{
    QPixmap pixmap(size * pixelRatio);
    pixmap.setDevicePixelRatio(pixelRatio);
    pixmap.fill(themeColors().canvas);
    QPainter painter(&pixmap);
    paintNetwork(painter, project, QRectF(QPointF(0, 0), size).adjusted(10, 10, -10, -10));
    return pixmap;
}

} // namespace weft
