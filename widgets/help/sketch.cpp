#include "widgets/help/sketch.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int graphPoints = 200;

/// The distance between marks on an axis so that there are about four.
double stepOf(double span)
{
    const double raw = span / 4;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double first = raw / power;
    return power * (first < 1.5 ? 1 : first < 3.5 ? 2 : first < 7.5 ? 5 : 10);
}

QString numberText(double number)
{
    return QString::number(std::abs(number) < 1e-9 ? 0.0 : number, 'g', 3).replace(QLatin1Char('-'), QChar(0x2212));
}

} // namespace

Sketch::Sketch(QPainter& painter, const QColor& mark) : m_painter(painter), m_mark(mark)
{
    m_painter.setRenderHint(QPainter::Antialiasing);
}

QColor Sketch::soft() const
{
    return mixed(themeColors().canvas, m_mark, 0.35);
}

QColor Sketch::plain() const
{
    return mixed(themeColors().canvas, themeColors().secondary, 0.14);
}

QColor Sketch::paper() const
{
    return themeColors().canvas;
}

QRectF Sketch::cells(const QPointF& corner, int rows, int columns, const Fill& fill, double side)
{
    m_painter.setPen(QPen(themeColors().line, 1));
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            m_painter.setBrush(fill(row, column));
            m_painter.drawRect(QRectF(corner.x() + column * side, corner.y() + row * side, side, side));
        }
    }
    return {corner, QSizeF(columns * side, rows * side)};
}

QRectF Sketch::cells(const QPointF& corner, int rows, int columns, double side)
{
    return cells(
        corner, rows, columns, [this](int, int) { return plain(); }, side);
}

QRectF Sketch::numbers(const QPointF& corner, int rows, int columns, const std::vector<double>& values, const Fill& fill, double side)
{
    const QRectF all = cells(corner, rows, columns, fill, side);
    m_painter.setPen(themeColors().text);
    m_painter.setFont(Theme::instance().smallFont());
    for (int i = 0; i < rows * columns; ++i) {
        const QRectF place(corner.x() + i % columns * side, corner.y() + i / columns * side, side, side);
        m_painter.drawText(place, Qt::AlignCenter, numberText(values[static_cast<std::size_t>(i)]));
    }
    return all;
}

QRectF Sketch::numbers(const QPointF& corner, int rows, int columns, const std::vector<double>& values, double side)
{
    return numbers(
        corner, rows, columns, values, [this](int, int) { return plain(); }, side);
}

void Sketch::frame(const QRectF& rect, const QColor& color)
{
    m_painter.setPen(QPen(color, 2.4));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(rect);
}

void Sketch::arrow(const QPointF& from, const QPointF& to)
{
    const QColor color = themeColors().secondary;
    const QLineF way(from, to);
    const QPointF along(way.dx() / way.length(), way.dy() / way.length());
    const QPointF across(-along.y(), along.x());
    line(from, to - along * 5, color, 1.6);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    m_painter.drawPolygon(QPolygonF({to, to - along * 8 + across * 4, to - along * 8 - across * 4}));
}

void Sketch::line(const QPointF& from, const QPointF& to, const QColor& color, double thickness)
{
    m_painter.setPen(QPen(color, thickness));
    m_painter.drawLine(from, to);
}

void Sketch::dot(const QPointF& center, double radius, const QColor& color)
{
    m_painter.setPen(QPen(themeColors().line, 1));
    m_painter.setBrush(color);
    m_painter.drawEllipse(center, radius, radius);
}

void Sketch::cross(const QRectF& rect)
{
    line(rect.topLeft(), rect.bottomRight(), m_mark, 2);
    line(rect.topRight(), rect.bottomLeft(), m_mark, 2);
}

void Sketch::box(const QRectF& rect, const QString& text, bool isMarked)
{
    m_painter.setPen(QPen(isMarked ? m_mark : themeColors().line, 1.4));
    m_painter.setBrush(isMarked ? soft() : plain());
    m_painter.drawRoundedRect(rect, 6, 6);
    m_painter.setPen(themeColors().text);
    m_painter.setFont(Theme::instance().smallFont());
    m_painter.drawText(rect, Qt::AlignCenter | Qt::TextWordWrap, text);
}

void Sketch::text(const QPointF& center, const QString& text, bool isSmall)
{
    m_painter.setPen(isSmall ? themeColors().secondary : themeColors().text);
    m_painter.setFont(isSmall ? Theme::instance().smallFont() : Theme::instance().bodyFont());
    m_painter.drawText(QRectF(center.x() - 100, center.y() - 12, 200, 24), Qt::AlignCenter, text);
}

void Sketch::bars(const QRectF& rect, const std::vector<double>& shares, const QColor& color)
{
    const double step = rect.width() / static_cast<double>(shares.size());
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const double tall = rect.height() * shares[i];
        m_painter.drawRect(QRectF(rect.left() + static_cast<double>(i) * step + 2, rect.bottom() - tall, step - 4, tall));
    }
    line(rect.bottomLeft(), rect.bottomRight(), themeColors().line);
}

void Sketch::graph(const QRectF& rect, double from, double to, const std::function<double(double)>& y, const QString& axis)
{
    std::vector<double> values;
    for (int i = 0; i <= graphPoints; ++i)
        values.push_back(y(from + (to - from) * i / graphPoints));
    const double lowest = std::min(0.0, *std::min_element(values.begin(), values.end()));
    const double highest = std::max(lowest + 1e-6, *std::max_element(values.begin(), values.end()));
    const auto place = [&](double x, double value) {
        return QPointF(rect.left() + (x - from) / (to - from) * rect.width(), rect.bottom() - (value - lowest) / (highest - lowest) * rect.height());
    };
    const Colors& c = themeColors();
    m_painter.setFont(Theme::instance().smallFont());
    const double stepX = stepOf(to - from);
    for (double x = std::ceil(from / stepX) * stepX; x <= to + 1e-9; x += stepX) {
        line(place(x, lowest), place(x, highest), plain());
        text(QPointF(place(x, lowest).x(), rect.bottom() + 9), numberText(x), true);
    }
    const double stepY = stepOf(highest - lowest);
    for (double value = std::ceil(lowest / stepY) * stepY; value <= highest + 1e-9; value += stepY) {
        line(place(from, value), place(to, value), plain());
        text(QPointF(rect.left() - 18, place(from, value).y()), numberText(value), true);
    }
    line(place(from, 0), place(to, 0), c.secondary);
    if (from < 0 && to > 0)
        line(place(0, lowest), place(0, highest), c.secondary);
    QPainterPath path(place(from, values.front()));
    for (int i = 1; i <= graphPoints; ++i)
        path.lineTo(place(from + (to - from) * i / graphPoints, values[static_cast<std::size_t>(i)]));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_mark, 2.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    m_painter.drawPath(path);
    text(QPointF(rect.right() + 34, rect.bottom() + 9), axis, true);
}

void Sketch::bell(const QRectF& rect, double center, double deviation, const QColor& color, bool isDashed)
{
    QPainterPath path;
    for (int i = 0; i <= graphPoints; ++i) {
        const double share = static_cast<double>(i) / graphPoints;
        const double distance = (share - center) / deviation;
        const QPointF point(rect.left() + share * rect.width(), rect.bottom() - rect.height() * std::exp(-0.5 * distance * distance));
        i == 0 ? path.moveTo(point) : path.lineTo(point);
    }
    line(rect.bottomLeft(), rect.bottomRight(), themeColors().line);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(color, 2.2, isDashed ? Qt::DashLine : Qt::SolidLine));
    m_painter.drawPath(path);
}

} // namespace weft
