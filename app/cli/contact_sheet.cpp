#include "app/cli/contact_sheet.h"

#include <algorithm>

#include <QBuffer>
#include <QFontMetrics>
#include <QPainter>

#include "app/cli/dataset_facts.h"
#include "core/training/safe_file.h"

namespace weft::cli {

namespace {

constexpr int samplesPerRow = 12;
constexpr int mostRows = 40;
constexpr int tileSide = 64;
constexpr int gap = 6;

/// Up to a row of training samples of each class; one row of the first samples without classes.
std::vector<std::vector<std::int64_t>> chooseSamples(const Dataset& dataset)
{
    std::vector<std::vector<std::int64_t>> rows(std::clamp<std::size_t>(dataset.classNames().size(), 1, mostRows));
    const std::span<const std::int32_t> labels = dataset.labels(Split::Train);
    for (std::int64_t i = 0; i < dataset.size(Split::Train); ++i) {
        const std::size_t row = labels.empty() ? 0 : static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
        if (row < rows.size() && rows[row].size() < samplesPerRow)
            rows[row].push_back(i);
    }
    return rows;
}

} // namespace

void writeContactSheet(const Dataset& dataset, const std::string& path)
{
    const std::vector<std::vector<std::int64_t>> rows = chooseSamples(dataset);
    const int column = pictureColumn(dataset);
    QFont font;
    font.setPixelSize(14);
    const int lineHeight = QFontMetrics(font).height();
    const int rowHeight = lineHeight + tileSide + 2 * gap;
    QImage sheet(gap + samplesPerRow * (tileSide + gap), gap + static_cast<int>(rows.size()) * rowHeight, QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    painter.setFont(font);
    painter.setPen(Qt::black);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const int top = gap + static_cast<int>(row) * rowHeight;
        if (row < dataset.classNames().size())
            painter.drawText(gap, top + QFontMetrics(font).ascent(), QString::fromStdString(dataset.classNames()[row]));
        int left = gap;
        for (const std::int64_t index : rows[row]) {
            const QImage picture
                = pictureOf(dataset, Split::Train, index, column).scaled(tileSide, tileSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
            painter.drawImage(left + (tileSide - picture.width()) / 2, top + lineHeight + (tileSide - picture.height()) / 2, picture);
            left += tileSide + gap;
        }
    }
    painter.end();
    // Encoded in memory: the encoder would write to the terminal about a file that takes no more.
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    sheet.save(&buffer, "png");
    writeTextSafely(path, bytes.toStdString());
}

} // namespace weft::cli
