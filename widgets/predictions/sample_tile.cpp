#include "widgets/predictions/sample_tile.h"

#include <algorithm>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/data/sample_source.h"
#include "widgets/predictions/evaluation.h"
#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int side = 64;
constexpr int padding = 6;
constexpr int bars = 3;

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
            painter.drawText(place, Qt::AlignCenter | Qt::TextWordWrap, facts->name);
        }
        return;
    }
    const QSize size = facts->picture.size().scaled(place.size(), Qt::KeepAspectRatio);
    QRect target(QPoint(), size);
    target.moveCenter(place.center());
    painter.drawPixmap(target, facts->picture);
}

void paintBars(QPainter& painter, const QRect& place, const SplitEvaluation& evaluation, std::size_t sample)
{
    const Colors& colors = themeColors();
    const std::vector<float> values = evaluation.probabilitiesOf(sample);
    int y = place.top();
    for (const int index : evaluation.likeliest(sample, bars)) {
        const double share = std::clamp(static_cast<double>(values[static_cast<std::size_t>(index)]), 0.0, 1.0);
        const bool isTrue = index == evaluation.labels[sample];
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.line);
        painter.drawRoundedRect(QRectF(place.left(), y, place.width(), 4), 2, 2);
        painter.setBrush(isTrue ? colors.accent : index == evaluation.predicted[sample] ? colors.error : colors.secondary);
        if (share > 0.01)
            painter.drawRoundedRect(QRectF(place.left(), y, std::max(3.0, share * place.width()), 4), 2, 2);
        y += 8;
    }
}

} // namespace

QSize sampleTileSize()
{
    return {188, side + 2 * padding};
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
    const QString mark = isMistake ? QStringLiteral("✗ ") : QStringLiteral("✓ ");
    const QString predicted = mark + className(evaluation, evaluation.predicted[sample]);
    painter.drawText(QRect(left, rect.top() + padding - 1, width, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(predicted, Qt::ElideRight, width));
    if (isMistake) {
        painter.setFont(Theme::instance().smallFont());
        painter.setPen(colors.secondary);
        const QString truth = QCoreApplication::translate("SampleTile", "is %1").arg(className(evaluation, evaluation.labels[sample]));
        painter.drawText(QRect(left, rect.top() + padding + 17, width, 18), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(truth, Qt::ElideRight, width));
    }
    paintBars(painter, QRect(left, rect.bottom() - padding - 8 * bars + 4, width, 8 * bars), evaluation, sample);
}

} // namespace weft
