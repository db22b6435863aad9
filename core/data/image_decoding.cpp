#include "core/data/image_decoding.h"

#include <algorithm>

#include <QBuffer>
#include <QFile>
#include <QImageReader>
#include <QtEndian>

#include <zlib.h>

namespace weft {

namespace {

bool isJpeg(const QByteArray& head)
{
    return head.startsWith(QByteArrayLiteral("\xff\xd8"));
}

bool isPng(const QByteArray& head)
{
    return head.startsWith(QByteArrayLiteral("\x89PNG"));
}

constexpr qint64 tailBytes = 4096;

/// Decoders show a cut JPEG as half grey without a word, so its end marker is looked for.
const char* jpegDamage(QIODevice& device)
{
    device.seek(std::max<qint64>(0, device.size() - tailBytes));
    return device.read(tailBytes).contains(QByteArrayLiteral("\xff\xd9")) ? "" : "it ends early";
}

/// Walks over the chunks of a PNG file and holds each against its checksum. The decoder would write about
/// damage to the terminal, and shows some of it as a picture.
const char* pngDamage(QIODevice& device)
{
    constexpr const char* endsEarly = "it ends early";
    constexpr qint64 signatureBytes = 8;
    device.seek(signatureBytes);
    while (true) {
        const QByteArray lengthBytes = device.read(4);
        if (lengthBytes.size() < 4)
            return endsEarly;
        const qint64 length = qFromBigEndian<quint32>(lengthBytes.constData());
        if (length + 8 > device.size() - device.pos())
            return endsEarly;
        const QByteArray chunk = device.read(4 + length); // its name and its data
        const QByteArray checksum = device.read(4);
        if (chunk.size() < 4 + length || checksum.size() < 4)
            return endsEarly;
        const auto actual = ::crc32(0, reinterpret_cast<const Bytef*>(chunk.constData()), static_cast<uInt>(chunk.size()));
        if (actual != qFromBigEndian<quint32>(checksum.constData()))
            return "its data are damaged";
        if (chunk.startsWith(QByteArrayLiteral("IEND")))
            return "";
    }
}

/// What is wrong with an open picture as far as its bytes tell without decoding; empty when nothing is.
std::string damageOf(QIODevice& device)
{
    if (device.size() == 0)
        return "it is empty";
    const QByteArray head = device.peek(8);
    const std::string damage = isPng(head) ? pngDamage(device) : isJpeg(head) ? jpegDamage(device) : "";
    device.seek(0);
    return damage;
}

DecodedImage decode(QIODevice& device)
{
    if (!device.open(QIODevice::ReadOnly))
        return {{}, device.errorString().toStdString()};
    if (std::string damage = damageOf(device); !damage.empty())
        return {{}, std::move(damage)};
    QImageReader reader(&device);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    DecodedImage decoded;
    if (!reader.read(&decoded.image) || decoded.image.isNull())
        return {{}, reader.errorString().toStdString()};
    return decoded;
}

} // namespace

DecodedImage decodeImageFile(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return decode(file);
}

DecodedImage decodeImageBytes(const QByteArray& encoded)
{
    QBuffer buffer;
    buffer.setData(encoded);
    return decode(buffer);
}

QSize imageSize(const std::string& path)
{
    QImageReader reader(QString::fromStdString(path));
    reader.setDecideFormatFromContent(true);
    const QSize size = reader.size();
    return reader.transformation() & QImageIOHandler::TransformationRotate90 ? size.transposed() : size;
}

bool looksWhole(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) && damageOf(file).empty() && imageSize(path).isValid();
}

void writePixels(const QImage& image, const Extents& shape, std::uint8_t* to)
{
    const int height = static_cast<int>(shape[1]), width = static_cast<int>(shape[2]);
    const bool isGrey = shape[0] == 1;
    QImage picture = image;
    if (picture.size() != QSize(width, height)) {
        // Palettes cannot be interpolated.
        if (picture.depth() < 8 || picture.format() == QImage::Format_Indexed8)
            picture = picture.convertToFormat(QImage::Format_RGB32);
        picture = picture.scaled(width, height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    }
    // Going over ARGB32 drops transparency instead of blending it with black.
    if (picture.hasAlphaChannel())
        picture = picture.convertToFormat(QImage::Format_ARGB32);
    picture = picture.convertToFormat(isGrey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y) {
        const uchar* line = picture.constScanLine(y);
        std::uint8_t* row = to + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        if (isGrey) {
            std::copy(line, line + width, row);
            continue;
        }
        for (int x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < 3; ++c)
                row[c * plane + static_cast<std::size_t>(x)] = line[3 * static_cast<std::size_t>(x) + c];
        }
    }
}

QImage imageOfPixels(const std::uint8_t* pixels, const Extents& shape)
{
    const int height = static_cast<int>(shape[1]), width = static_cast<int>(shape[2]);
    const bool isGrey = shape[0] == 1;
    QImage image(width, height, isGrey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y) {
        uchar* line = image.scanLine(y);
        const std::uint8_t* row = pixels + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        for (int x = 0; x < width; ++x) {
            if (isGrey)
                line[x] = row[x];
            for (std::size_t c = 0; !isGrey && c < 3; ++c)
                line[3 * static_cast<std::size_t>(x) + c] = row[c * plane + static_cast<std::size_t>(x)];
        }
    }
    return image;
}

} // namespace weft
