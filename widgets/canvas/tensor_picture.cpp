#include "widgets/canvas/tensor_picture.h"

#include <algorithm>
#include <cmath>

#include <QJsonArray>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QtEndian>

#include "widgets/canvas/network_edits.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int histogramHeight = 34;
constexpr int curveHeight = 84;
constexpr int lineHeight = 16;
constexpr int gap = 8;
constexpr int mapGap = 3;
constexpr qsizetype barsUpTo = 64;
constexpr qsizetype shownNumbers = 24;

QVector<float> floatsOf(const QJsonValue& base64)
{
    const QByteArray bytes = QByteArray::fromBase64(base64.toString().toLatin1());
    QVector<float> values(bytes.size() / static_cast<qsizetype>(sizeof(float)));
    if (!values.isEmpty()) // without a number there is no place to write to
        qFromLittleEndian<float>(bytes.constData(), values.size(), values.data());
    return values;
}

QString number(double value)
{
    return QLocale(QLocale::English).toString(value, 'g', 3);
}

/// Counted from 1, as in lists.
QString sampleText(const QString& split, qint64 index)
{
    const QString text = split == QLatin1String("train") ? CanvasText::tr("training sample %1")
        : split == QLatin1String("validation")           ? CanvasText::tr("validation sample %1")
                                                         : CanvasText::tr("test sample %1");
    return text.arg(formatCount(index + 1));
}

/// One or three maps in 0 … 255 each; values are stretched from `low` to `high`.
QImage imageOf(const float* maps, int channels, int width, int height, double low, double high)
{
    QImage image(width, height, QImage::Format_RGB32);
    const double scale = high > low ? 255.0 / (high - low) : 0;
    const auto level = [&](float value) {
        return std::isfinite(value) ? std::clamp(static_cast<int>((static_cast<double>(value) - low) * scale + 0.5), 0, 255) : 0;
    };
    const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(width) * height;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float* pixel = maps + static_cast<std::ptrdiff_t>(y) * width + x;
            image.setPixel(x, y,
                           channels == 3 ? qRgb(level(pixel[0]), level(pixel[area]), level(pixel[2 * area]))
                                         : qRgb(level(*pixel), level(*pixel), level(*pixel)));
        }
    }
    return image;
}

} // namespace

TensorPicture::TensorPicture(const QJsonObject& tensor, bool isData)
{
    QStringList extents;
    double elements = 1;
    for (const QJsonValue& extent : tensor.value(QStringLiteral("shape")).toArray()) {
        extents << QString::number(extent.toInteger());
        elements *= extent.toDouble();
    }
    const QString dtype = tensor.value(QStringLiteral("dtype")).toString();
    m_facts = QStringLiteral("%1 · %2 · %3")
                  .arg(extents.isEmpty() ? QStringLiteral("1") : extents.join(QStringLiteral("×")), dtype,
                       formatBytes(elements * (dtype == QLatin1String("uint8") ? 1 : 4)));
    if (const qint64 steps = tensor.value(QStringLiteral("real_steps")).toInteger(); steps > 0)
        m_facts += QStringLiteral(" · ") + CanvasText::tr("%n real step(s)", nullptr, static_cast<int>(steps));
    m_low = tensor.value(QStringLiteral("min")).toDouble();
    m_high = tensor.value(QStringLiteral("max")).toDouble();
    const double zeros = elements > 0 ? 100 * tensor.value(QStringLiteral("zeros")).toDouble() / elements : 0;
    m_statistics = CanvasText::tr("mean %1 · deviation %2 · %3 % zeros")
                       .arg(number(tensor.value(QStringLiteral("mean")).toDouble()), number(tensor.value(QStringLiteral("deviation")).toDouble()),
                            QString::number(std::lround(zeros)));
    const qint64 step = tensor.value(QStringLiteral("step")).toInteger(-1);
    m_source = QStringLiteral("%1 · %2").arg(
        sampleText(tensor.value(QStringLiteral("split")).toString(), tensor.value(QStringLiteral("index")).toInteger()),
        step < 0 ? CanvasText::tr("untrained weights") : CanvasText::tr("weights after step %1").arg(formatCount(step)));
    m_warning = tensor.value(QStringLiteral("note")).toString();
    if (const qint64 bad = tensor.value(QStringLiteral("not_finite")).toInteger(); bad > 0)
        m_warning = CanvasText::tr("%n value(s) are not finite.", nullptr, static_cast<int>(bad));
    double most = 1;
    const QJsonArray counts = tensor.value(QStringLiteral("histogram")).toArray();
    for (const QJsonValue& count : counts)
        most = std::max(most, count.toDouble());
    for (const QJsonValue& count : counts)
        m_histogram.append(count.toDouble() / most);
    m_values = floatsOf(tensor.value(QStringLiteral("values")));
    const QJsonObject maps = tensor.value(QStringLiteral("maps")).toObject();
    if (!maps.isEmpty())
        readMaps(maps, isData);
    else
        m_kind = dtype == QLatin1String("int32") || m_values.size() <= 1 ? Kind::Numbers : Kind::Curve;
}

void TensorPicture::readMaps(const QJsonObject& maps, bool isData)
{
    const QVector<float> values = floatsOf(maps.value(QStringLiteral("values")));
    const int width = maps.value(QStringLiteral("width")).toInt();
    const int height = maps.value(QStringLiteral("height")).toInt();
    const int shown = maps.value(QStringLiteral("shown")).toInt();
    const int channels = maps.value(QStringLiteral("channels")).toInt();
    if (width < 1 || height < 1 || shown < 1 || values.size() < static_cast<qsizetype>(width) * height * shown)
        return;
    const bool isPicture = isData && (channels == 1 || channels == 3);
    m_kind = isPicture ? Kind::Picture : Kind::Maps;
    if (isPicture) {
        m_images.push_back(imageOf(values.constData(), channels, width, height, std::min(0.0, m_low), std::max(1.0, m_high)));
        return;
    }
    for (int i = 0; i < shown; ++i)
        m_images.push_back(imageOf(values.constData() + static_cast<qsizetype>(i) * width * height, 1, width, height, m_low, m_high));
    if (channels > shown)
        m_caption = CanvasText::tr("%1 of %2 maps").arg(shown).arg(formatCount(channels));
}

int TensorPicture::columns() const
{
    const auto count = static_cast<int>(m_images.size());
    return count <= 4 ? count : 6; // low, so that the card fits into a small canvas
}

int TensorPicture::bodyHeight(int width) const
{
    int height = histogramHeight + lineHeight;
    if (m_kind == Kind::Curve)
        return height + curveHeight + gap;
    if (m_kind == Kind::Numbers)
        return height + 2 * lineHeight + gap;
    const int inRow = m_kind == Kind::Picture ? 1 : columns();
    const int rows = (static_cast<int>(m_images.size()) + inRow - 1) / std::max(1, inRow);
    const int cell = (width - (inRow - 1) * mapGap) / std::max(1, inRow);
    const double aspect = static_cast<double>(m_images.front().height()) / m_images.front().width();
    const int cellHeight = std::clamp(static_cast<int>(cell * aspect), 6, m_images.size() == 1 ? 150 : cell);
    return height + rows * (cellHeight + mapGap) + gap + (m_caption.isEmpty() ? 0 : lineHeight);
}

void TensorPicture::paintBody(QPainter* painter, const QRect& rect) const
{
    const QRect histogram(rect.left(), rect.bottom() - histogramHeight - lineHeight + 1, rect.width(), histogramHeight);
    const QRect upper(rect.left(), rect.top(), rect.width(), histogram.top() - gap - rect.top());
    if (m_kind == Kind::Curve) {
        paintCurve(painter, upper);
    } else if (m_kind == Kind::Numbers) {
        QStringList shown;
        for (const float value : m_values.mid(0, shownNumbers))
            shown << number(static_cast<double>(value));
        if (m_values.size() > shownNumbers)
            shown << QStringLiteral("…");
        painter->setPen(themeColors().text);
        painter->drawText(upper, Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop, shown.join(QStringLiteral(" ")));
    } else {
        paintImages(painter, upper);
    }
    paintHistogram(painter, histogram);
}

void TensorPicture::paintImages(QPainter* painter, const QRect& rect) const
{
    const int inRow = m_kind == Kind::Picture ? 1 : columns();
    const int rows = (static_cast<int>(m_images.size()) + inRow - 1) / inRow;
    const int room = rect.height() - (m_caption.isEmpty() ? 0 : lineHeight);
    const int cellHeight = room / rows - mapGap;
    const int cellWidth = (rect.width() - (inRow - 1) * mapGap) / inRow;
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        const int row = static_cast<int>(i) / inRow;
        const int column = static_cast<int>(i) % inRow;
        const QRect cell(rect.left() + column * (cellWidth + mapGap), rect.top() + row * (cellHeight + mapGap), cellWidth, cellHeight);
        QRect target(QPoint(), m_images[i].size().scaled(cell.size(), Qt::KeepAspectRatio));
        // Few wide rows of a sequence would be a hair line otherwise.
        if (target.height() < std::min(6, cell.height()) || target.width() < 6)
            target = cell;
        target.moveCenter(cell.center());
        painter->drawImage(target, m_images[i]);
    }
    if (m_caption.isEmpty())
        return;
    painter->setPen(themeColors().secondary);
    painter->drawText(QRect(rect.left(), rect.bottom() - lineHeight + 1, rect.width(), lineHeight), Qt::AlignRight | Qt::AlignVCenter, m_caption);
}

void TensorPicture::paintCurve(QPainter* painter, const QRect& rect) const
{
    const Colors& c = themeColors();
    const double low = std::min(0.0, m_low);
    const double high = std::max({0.0, m_high, low + 1e-12});
    const auto yOf = [&](double value) { return rect.bottom() - (value - low) / (high - low) * (rect.height() - 1); };
    const double step = static_cast<double>(rect.width()) / static_cast<double>(m_values.size());
    painter->setPen(c.line);
    painter->drawLine(QPointF(rect.left(), yOf(0)), QPointF(rect.right(), yOf(0)));
    if (m_values.size() <= barsUpTo) {
        for (qsizetype i = 0; i < m_values.size(); ++i) {
            const double y = yOf(static_cast<double>(m_values[i]));
            const QRectF bar(QPointF(rect.left() + step * static_cast<double>(i), std::min(y, yOf(0))),
                             QSizeF(std::max(1.0, step - 1.5), std::max(1.0, std::abs(y - yOf(0)))));
            painter->fillRect(bar, c.train);
        }
        return;
    }
    QPainterPath path;
    for (qsizetype i = 0; i < m_values.size(); ++i) {
        const double value = std::isfinite(m_values[i]) ? static_cast<double>(m_values[i]) : 0;
        const QPointF point(rect.left() + step * (static_cast<double>(i) + 0.5), yOf(value));
        i == 0 ? path.moveTo(point) : path.lineTo(point);
    }
    painter->setPen(QPen(c.train, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(path);
}

void TensorPicture::paintHistogram(QPainter* painter, const QRect& rect) const
{
    const Colors& c = themeColors();
    const double step = static_cast<double>(rect.width()) / static_cast<double>(std::max<qsizetype>(1, m_histogram.size()));
    for (qsizetype i = 0; i < m_histogram.size(); ++i) {
        const double height = m_histogram[i] > 0 ? std::max(1.0, m_histogram[i] * rect.height()) : 0;
        painter->fillRect(QRectF(rect.left() + step * static_cast<double>(i), rect.bottom() + 1 - height, std::max(1.0, step - 1), height), c.wire);
    }
    painter->setPen(c.secondary);
    const QRect line(rect.left(), rect.bottom() + 1, rect.width(), lineHeight);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, number(m_low));
    painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, number(m_high));
}

} // namespace weft
