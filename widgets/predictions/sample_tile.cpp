#include "widgets/predictions/sample_tile.h"

#include <algorithm>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/data/sample_source.h"
#include "widgets/predictions/evaluation.h"
#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int side = 72;
constexpr int padding = 6;
constexpr int rows = 3;
constexpr int titleHeight = 18;
constexpr int rowHeight = 18;
constexpr qsizetype mostLetters = 120; ///< of a text; more would not be seen

QString className(const SplitEvaluation& evaluation, int index)
{
    return index >= 0 && index < evaluation.classes() ? evaluation.classNames[index] : QStringLiteral("?");
}

void paintPicture(QPainter& painter, const QRect& place, const SampleFacts* facts)
{
    if (!facts || facts->picture.isNull()) {
        painter.fillRect(place, themeColors().panel);
        if (facts) {
            painter.setPen(themeColors().secondary);
            if (facts->text.isEmpty())
                painter.drawText(place, Qt::AlignCenter | Qt::TextWordWrap, facts->name);
            else
                painter.drawText(place.adjusted(3, 2, -3, -2), Qt::AlignLeft | Qt::TextWrapAnywhere, facts->text.simplified().left(mostLetters));
        }
        return;
    }
    const QSize size = facts->picture.size().scaled(place.size(), Qt::KeepAspectRatio);
    QRect target(QPoint(), size);
    target.moveCenter(place.center());
    painter.drawPixmap(target, facts->picture);
}

/// The likeliest classes, each with its name over a bar of its probability, and the number.
void paintRows(QPainter& painter, const QRect& place, const SplitEvaluation& evaluation, std::size_t sample)
{
    const Colors& colors = themeColors();
    const std::vector<float> values = evaluation.probabilitiesOf(sample);
    painter.setFont(Theme::instance().smallFont());
    const QFontMetrics metrics = painter.fontMetrics();
    const int numbers = metrics.horizontalAdvance(QStringLiteral("100 %"));
    int y = place.top();
    std::vector<int> shown = evaluation.likeliest(sample, rows);
    const int truth = evaluation.labels[sample];
    // A mistake also says what the right class got.
    if (evaluation.isMistake(sample) && truth >= 0 && truth < evaluation.classes() && std::find(shown.begin(), shown.end(), truth) == shown.end())
        shown.back() = truth;
    for (const int index : shown) {
        const double share = std::clamp(static_cast<double>(values[static_cast<std::size_t>(index)]), 0.0, 1.0);
        const bool isTrue = index == truth;
        const QColor ink = isTrue ? colors.accent : index == evaluation.predicted[sample] ? colors.error : colors.secondary;
        const QRect line(place.left(), y, place.width(), rowHeight);
        const QRectF track(line.left(), line.bottom() - 2, line.width(), 2);
        painter.setPen(isTrue ? colors.text : colors.secondary);
        painter.drawText(line.adjusted(0, 0, -numbers - 4, -3), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(className(evaluation, index), Qt::ElideRight, line.width() - numbers - 4));
        const QString number = QCoreApplication::translate("SampleTile", "%1 %").arg(static_cast<int>(100 * share + 0.5));
        painter.drawText(line.adjusted(0, 0, 0, -3), Qt::AlignRight | Qt::AlignVCenter, number);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.line);
        painter.drawRect(track);
        painter.setBrush(ink);
        painter.drawRect(QRectF(track.topLeft(), QSizeF(share * track.width(), track.height())));
        y += rowHeight;
    }
}

} // namespace

QSize sampleTileSize()
{
    return {196, side + 2 * padding};
}

void paintSampleTile(QPainter& painter, const QRect& rect, const SplitEvaluation& evaluation, std::size_t sample, const SampleFacts* facts)
{
    const Colors& colors = themeColors();
    const bool isMistake = evaluation.isMistake(sample);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(isMistake ? QPen(withAlpha(colors.error, 0.8), 1) : QPen(Qt::NoPen));
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);

    painter.setFont(Theme::instance().smallFont());
    const QRect picture(rect.left() + padding, rect.top() + padding, side, side);
    paintPicture(painter, picture, facts);
    const int left = picture.right() + 9;
    const int width = rect.right() - padding - left;

    QFont bold = Theme::instance().smallFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(isMistake ? colors.error : colors.text);
    const QRect title(left, rect.top() + padding - 2, width, titleHeight);
    // A mistake tells what it is; what it was taken for is the first row.
    const QString name = className(evaluation, isMistake ? evaluation.labels[sample] : evaluation.predicted[sample]);
    const QString text
        = isMistake ? QStringLiteral("✗ ") + QCoreApplication::translate("SampleTile", "is %1").arg(name) : QStringLiteral("✓ ") + name;
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(text, Qt::ElideRight, width));
    paintRows(painter, QRect(left, title.bottom() + 1, width, rows * rowHeight), evaluation, sample);
}

} // namespace weft
