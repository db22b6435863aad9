#include "widgets/start/network_picture.h"

#include <algorithm>
#include <cmath>

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/project/project.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/canvas/wire_item.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double padding = 40; ///< around an exported canvas, in scene units
constexpr double mostPixels = 12000; ///< of a side of a PNG

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

/// Shows the canvas without what is selected, for as long as it lives.
class Unselected {
public:
    explicit Unselected(CanvasScene& scene) : m_scene(scene), m_quiet(&scene), m_items(scene.selectedItems()) { m_scene.clearSelection(); }
    ~Unselected()
    {
        for (QGraphicsItem* item : m_items)
            item->setSelected(true);
    }
    Unselected(const Unselected&) = delete;
    Unselected& operator=(const Unselected&) = delete;

private:
    CanvasScene& m_scene;
    QSignalBlocker m_quiet;
    QList<QGraphicsItem*> m_items;
};

void render(CanvasScene& scene, QPaintDevice& device, const QRectF& source, const QSizeF& size)
{
    const Unselected unselected(scene);
    QPainter painter(&device);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRectF(QPointF(0, 0), size), themeColors().canvas);
    scene.render(&painter, QRectF(QPointF(0, 0), size), source);
}

[[noreturn]] void refuse(const QString& path, const QString& reason)
{
    throw Error(WEFT_TEXT("Canvas", "The picture %1 cannot be written: %2. Check that you may write there and that the disk is not full."),
                path.toStdString(), reason.toStdString());
}

} // namespace

void paintNetwork(QPainter& painter, const Project& project, const QRectF& rect)
{
    const std::unordered_map<std::string, QRectF> boxes = boxesOf(project);
    QRectF all;
    for (const auto& [id, box] : boxes)
        all |= box;
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
            painter.drawPath(wirePath({from->second.right(), from->second.center().y()}, {to->second.left(), to->second.center().y()}));
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

void exportCanvas(CanvasScene& scene, const QString& path)
{
    const QRectF content = scene.contentRect();
    if (content.isEmpty())
        throw Error(WEFT_TEXT("Canvas", "The canvas is empty: there is nothing to export. Add a layer first."));
    const QRectF source = content.adjusted(-padding, -padding, padding, padding);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        refuse(path, file.errorString());
    if (QFileInfo(path).suffix().toLower() == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&file);
        svg.setSize(source.size().toSize());
        svg.setViewBox(QRectF(QPointF(0, 0), source.size()));
        svg.setTitle(QFileInfo(path).completeBaseName());
        render(scene, svg, source, source.size());
    } else {
        const double scale = std::min(2.0, mostPixels / std::max(source.width(), source.height()));
        QImage image((source.size() * scale).toSize(), QImage::Format_RGB32);
        render(scene, image, source, QSizeF(image.size()));
        if (!image.save(&file, "PNG"))
            refuse(path, file.errorString());
    }
    if (!file.commit())
        refuse(path, file.errorString());
}

} // namespace weft
