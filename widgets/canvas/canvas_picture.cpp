#include "widgets/canvas/canvas_picture.h"

#include <algorithm>

#include <QDate>
#include <QFileInfo>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QPrinter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "core/base/error.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double padding = 40; ///< around an exported canvas, in scene units
constexpr double mostPixels = 12000; ///< of a side of a PNG

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

QRectF wholeOf(const CanvasScene& scene, Text refusal)
{
    const QRectF content = scene.contentRect();
    if (content.isEmpty())
        throw Error(refusal);
    return content.adjusted(-padding, -padding, padding, padding);
}

[[noreturn]] void refuse(const QString& path, const QString& reason)
{
    throw Error(WEFT_TEXT("Canvas", "The picture %1 cannot be written: %2. Check that you may write there and that the disk is not full."),
                path.toStdString(), reason.toStdString());
}

} // namespace

void exportCanvas(CanvasScene& scene, const QString& path)
{
    const QRectF source = wholeOf(scene, WEFT_TEXT("Canvas", "The canvas is empty: there is nothing to export. Add a layer first."));
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

void preparePrinter(QPrinter& printer, const CanvasScene& scene, const QString& title)
{
    const QRectF content = scene.contentRect();
    printer.setPageOrientation(content.width() > content.height() ? QPageLayout::Landscape : QPageLayout::Portrait);
    printer.setDocName(title);
}

void paintPage(QPainter& painter, CanvasScene& scene, const QRectF& page, double point, const QString& title, const QString& date)
{
    const QRectF source = wholeOf(scene, WEFT_TEXT("Canvas", "The canvas is empty: there is nothing to print. Add a layer first."));
    const Theme::OnPaper light;
    const Unselected unselected(scene);
    const QRectF head(page.topLeft(), QSizeF(page.width(), 18 * point));
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = Theme::instance().bodyFont();
    font.setPixelSize(std::max(1, qRound(11 * point)));
    painter.setFont(font);
    painter.setPen(themeColors().text);
    const QFontMetricsF metrics(font, painter.device());
    const double room = head.width() - metrics.horizontalAdvance(date) - 12 * point;
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(title, Qt::ElideMiddle, room));
    painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, date);
    painter.setPen(QPen(themeColors().line, 0.6 * point));
    painter.drawLine(head.bottomLeft(), head.bottomRight());
    scene.render(&painter, page.adjusted(0, head.height() + 4 * point, 0, 0), source);
}

void printCanvas(CanvasScene& scene, const QString& title, QPrinter& printer)
{
    (void)wholeOf(scene, WEFT_TEXT("Canvas", "The canvas is empty: there is nothing to print. Add a layer first."));
    QPainter painter;
    if (!painter.begin(&printer)) {
        const QString file = printer.outputFileName();
        throw file.isEmpty()
            ? Error(WEFT_TEXT("Canvas", "The printer %1 takes nothing. Check that it is switched on and connected."),
                    printer.printerName().toStdString())
            : Error(WEFT_TEXT("Canvas", "%1 cannot be written. Check that you may write there and that the disk is not full."), file.toStdString());
    }
    const double point = printer.resolution() / 72.0;
    const QRectF page(QPointF(0, 0), printer.pageRect(QPrinter::DevicePixel).size());
    paintPage(painter, scene, page, point, title, QLocale().toString(QDate::currentDate(), QLocale::ShortFormat));
    if (!painter.end() || printer.printerState() == QPrinter::Error)
        throw Error(WEFT_TEXT("Canvas", "Printing failed. Look at the printer's queue for the reason."));
}

} // namespace weft
