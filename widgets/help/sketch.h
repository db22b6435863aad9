#pragma once

#include <functional>
#include <vector>

#include <QColor>
#include <QRectF>
#include <QString>

class QPainter;

namespace weft {

/// The strokes that the pictures in the help are made of, in the theme of the moment.
class Sketch {
public:
    /// Every picture is drawn on a field of this size.
    static constexpr double width = 460;
    static constexpr double height = 150;
    static constexpr double cell = 20; ///< side of a cell of a grid

    using Fill = std::function<QColor(int row, int column)>;

    /// `mark` is the colour of the layer's category.
    Sketch(QPainter& painter, const QColor& mark);

    QColor mark() const { return m_mark; }
    QColor soft() const; ///< the mark on paper
    QColor plain() const; ///< a cell of no interest
    QColor paper() const;

    /// A grid of cells with its left upper corner there. Gives the rectangle it takes.
    QRectF cells(const QPointF& corner, int rows, int columns, const Fill& fill, double side = cell);
    QRectF cells(const QPointF& corner, int rows, int columns, double side = cell);
    /// The same with a number in each cell, row by row.
    QRectF numbers(const QPointF& corner, int rows, int columns, const std::vector<double>& values, const Fill& fill, double side = 28);
    QRectF numbers(const QPointF& corner, int rows, int columns, const std::vector<double>& values, double side = 28);
    /// A thick outline.
    void frame(const QRectF& rect, const QColor& color);
    void frame(const QRectF& rect) { frame(rect, m_mark); }
    void arrow(const QPointF& from, const QPointF& to);
    void line(const QPointF& from, const QPointF& to, const QColor& color, double thickness = 1.2);
    void dot(const QPointF& center, double radius, const QColor& color);
    void cross(const QRectF& rect);
    void box(const QRectF& rect, const QString& text, bool isMarked = false);
    /// Text around a point.
    void text(const QPointF& center, const QString& text, bool isSmall = false);
    /// Bars that stand on the lower edge of `rect`, of shares from 0 to 1.
    void bars(const QRectF& rect, const std::vector<double>& shares, const QColor& color);
    /// The graph of `y` with axes; `axis` names the number across.
    void graph(const QRectF& rect, double from, double to, const std::function<double(double)>& y, const QString& axis);
    /// A bell around `center` (in shares of the width) in `rect`.
    void bell(const QRectF& rect, double center, double deviation, const QColor& color, bool isDashed = false);

private:
    QPainter& m_painter;
    QColor m_mark;
};

} // namespace weft
