#include <algorithm>

#include "core/layers/layer_spec.h"
#include "widgets/help/layer_pictures.h"
#include "widgets/help/sketch.h"

// Windows over images and sequences: convolution, pooling, borders.

namespace weft {
namespace {

constexpr double middle = Sketch::height / 2;

/// A grid with a marked window of `size` cells at (row, column).
QRectF windowed(Sketch& s, const QPointF& corner, int rows, int columns, int row, int column, int size, double side = Sketch::cell)
{
    const QRectF all = s.cells(
        corner, rows, columns, [&](int r, int c) { return r >= row && r < row + size && c >= column && c < column + size ? s.soft() : s.plain(); },
        side);
    s.frame(QRectF(corner.x() + column * side, corner.y() + row * side, size * side, size * side));
    return all;
}

/// A grid with one marked cell.
QRectF answered(Sketch& s, const QPointF& corner, int rows, int columns, int row, int column, double side = Sketch::cell)
{
    const QRectF all = s.cells(
        corner, rows, columns, [&](int r, int c) { return r == row && c == column ? s.mark() : s.plain(); }, side);
    return all;
}

void window(Sketch& s)
{
    const QRectF x = windowed(s, {30, middle - 60}, 6, 6, 1, 2, 3);
    s.text({x.right() + 24, middle}, QStringLiteral("·"));
    const QRectF w = s.cells({x.right() + 48, middle - 30}, 3, 3, [&](int r, int c) { return (r + c) % 2 ? s.soft() : s.mark(); });
    s.text({w.center().x(), w.bottom() + 16}, QStringLiteral("w"), true);
    s.arrow({w.right() + 12, middle}, {w.right() + 56, middle});
    const QRectF y = answered(s, {w.right() + 68, middle - 40}, 4, 4, 1, 2);
    s.text({x.center().x(), x.bottom() + 9}, QStringLiteral("x"), true);
    s.text({y.center().x(), y.bottom() + 12}, QStringLiteral("y"), true);
}

void channelWindows(Sketch& s)
{
    for (int channel = 0; channel < 3; ++channel) {
        const double top = 8 + channel * 47;
        const QRectF x = windowed(s, {60, top}, 4, 4, 0, 1, 3, 10);
        const QRectF w = s.cells(
            {x.right() + 40, top + 5}, 3, 3, [&](int r, int c) { return (r * 2 + c + channel) % 3 ? s.soft() : s.mark(); }, 10);
        s.text({x.right() + 20, x.center().y()}, QStringLiteral("·"));
        s.arrow({w.right() + 12, x.center().y()}, {w.right() + 60, x.center().y()});
        answered(s, {w.right() + 72, top + 10}, 2, 2, 0, 1, 10);
        s.text({30, x.center().y()}, QStringLiteral("C%1").arg(channel + 1), true);
    }
}

void separableWindow(Sketch& s)
{
    double right = 0;
    for (int channel = 0; channel < 3; ++channel) {
        const double top = 8 + channel * 47;
        const QRectF x = windowed(s, {20, top}, 4, 4, 0, 1, 3, 10);
        s.arrow({x.right() + 8, x.center().y()}, {x.right() + 50, x.center().y()});
        const QRectF y = answered(s, {x.right() + 60, top + 10}, 2, 2, 0, 1, 10);
        right = y.right();
        s.line({right + 6, y.center().y()}, {right + 96, middle}, s.mark(), 1.6);
    }
    s.box({right + 96, middle - 20, 56, 40}, QStringLiteral("1 × 1"), true);
    s.arrow({right + 160, middle}, {right + 200, middle});
    answered(s, {right + 212, middle - 20}, 2, 2, 0, 1);
}

void stamp(Sketch& s)
{
    const QRectF x = answered(s, {40, middle - 22}, 2, 2, 0, 1, 22);
    s.text({x.right() + 22, middle}, QStringLiteral("·"));
    const QRectF w = s.cells({x.right() + 44, middle - 30}, 3, 3, [&](int r, int c) { return (r + c) % 2 ? s.soft() : s.mark(); });
    s.arrow({w.right() + 12, middle}, {w.right() + 60, middle});
    const QRectF y = windowed(s, {w.right() + 74, middle - 50}, 5, 5, 0, 2, 3);
    s.text({x.center().x(), x.bottom() + 14}, QStringLiteral("x"), true);
    s.text({w.center().x(), w.bottom() + 14}, QStringLiteral("w"), true);
    s.text({y.center().x(), y.bottom() + 12}, QStringLiteral("y"), true);
}

void window1d(Sketch& s)
{
    const QRectF x = s.cells({40, 18}, 2, 12, [&](int, int c) { return c >= 3 && c < 6 ? s.soft() : s.plain(); });
    s.frame({x.left() + 60, x.top(), 60, 40});
    const QRectF y = answered(s, {60, 100}, 1, 10, 0, 3);
    s.arrow({x.left() + 90, x.bottom() + 6}, {y.left() + 70, y.top() - 4});
    s.text({x.right() + 40, x.center().y()}, QStringLiteral("x [T, F]"), true);
    s.text({y.right() + 50, y.center().y()}, QStringLiteral("y [T′, k]"), true);
}

const std::vector<double> sample = {1, 3, 2, 0, 5, 7, 4, 2, 0, 1, 6, 8, 3, 2, 2, 4};

/// The largest or the mean of a square of `sample` with side `size`.
double pooled(int row, int column, int size, bool isMax)
{
    double largest = 0, sum = 0;
    for (int r = row; r < row + size; ++r) {
        for (int c = column; c < column + size; ++c) {
            const double value = sample[static_cast<std::size_t>(r * 4 + c)];
            largest = std::max(largest, value);
            sum += value;
        }
    }
    return isMax ? largest : sum / (size * size);
}

void pool(Sketch& s, bool isMax, int size)
{
    const QString sign = isMax ? QStringLiteral("max") : QStringLiteral("1/%1 · Σ").arg(size * size);
    const QRectF x = s.numbers({70, middle - 56}, 4, 4, sample, [&](int r, int c) { return (r / size + c / size) % 2 ? s.plain() : s.soft(); });
    s.frame({x.left(), x.top(), size * 28.0, size * 28.0});
    s.arrow({x.right() + 16, middle}, {x.right() + 90, middle});
    s.text({x.right() + 53, middle - 16}, sign, true);
    const int side = 4 / size;
    std::vector<double> answers;
    for (int r = 0; r < side; ++r) {
        for (int c = 0; c < side; ++c)
            answers.push_back(pooled(r * size, c * size, size, isMax));
    }
    const double cell = 34;
    s.numbers(
        {x.right() + 106, middle - side * cell / 2}, side, side, answers, [&](int r, int c) { return (r + c) % 2 ? s.plain() : s.soft(); }, cell);
}

void pool1d(Sketch& s, bool isMax)
{
    const std::vector<double> steps = {1, 3, 2, 0, 5, 7, 4, 2, 6, 8};
    std::vector<double> answers;
    for (std::size_t i = 0; i < steps.size(); i += 2)
        answers.push_back(isMax ? std::max(steps[i], steps[i + 1]) : (steps[i] + steps[i + 1]) / 2);
    const auto stripes = [&](int, int c) { return c / 2 % 2 ? s.plain() : s.soft(); };
    const QRectF x = s.numbers({70, 24}, 1, 10, steps, stripes);
    const QRectF y = s.numbers(
        {70, 98}, 1, 5, answers, [&](int, int c) { return c % 2 ? s.plain() : s.soft(); }, 56);
    s.frame({x.left(), x.top(), 56, 28});
    for (int i = 0; i < 5; ++i)
        s.arrow({x.left() + 28 + i * 56, x.bottom() + 4}, {y.left() + 28 + i * 56, y.top() - 4});
    s.text({x.right() + 40, 75}, isMax ? QStringLiteral("max") : QStringLiteral("1/2 · Σ"), true);
}

void enlarge(Sketch& s)
{
    const QRectF x = s.numbers(
        {90, middle - 30}, 2, 2, {1, 2, 3, 4}, [&](int r, int c) { return (r + c) % 2 ? s.plain() : s.soft(); }, 30);
    s.arrow({x.right() + 20, middle}, {x.right() + 80, middle});
    const std::vector<double> large = {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4};
    s.numbers(
        {x.right() + 100, middle - 60}, 4, 4, large, [&](int r, int c) { return (r / 2 + c / 2) % 2 ? s.plain() : s.soft(); }, 30);
}

/// From a 3 × 3 grid to the same in a border of zeros, or back.
void border(Sketch& s, bool isAdded)
{
    const auto inside = [&](int r, int c) { return r >= 1 && r <= 3 && c >= 1 && c <= 3; };
    std::vector<double> large(25, 0.0), small;
    for (int i = 0; i < 9; ++i) {
        small.push_back(i + 1);
        large[static_cast<std::size_t>((i / 3 + 1) * 5 + i % 3 + 1)] = i + 1;
    }
    if (!isAdded) {
        for (double& number : large)
            number = number == 0.0 ? 7 : number;
    }
    const auto drawSmall = [&](double left) {
        return s.numbers(
            {left, middle - 39}, 3, 3, small, [&](int, int) { return s.soft(); }, 26);
    };
    const auto drawLarge = [&](double left) {
        return s.numbers(
            {left, middle - 65}, 5, 5, large, [&](int r, int c) { return inside(r, c) ? s.soft() : s.plain(); }, 26);
    };
    const QRectF x = isAdded ? drawSmall(80) : drawLarge(80);
    s.arrow({x.right() + 18, middle}, {x.right() + 76, middle});
    isAdded ? drawLarge(x.right() + 94) : drawSmall(x.right() + 94);
}

} // namespace

bool drawWindows(Sketch& sketch, const LayerSpec& layer)
{
    switch (layer.picture()) {
    case Picture::Window: window(sketch); return true;
    case Picture::ChannelWindows: channelWindows(sketch); return true;
    case Picture::SeparableWindow: separableWindow(sketch); return true;
    case Picture::Stamp: stamp(sketch); return true;
    case Picture::Window1d: window1d(sketch); return true;
    case Picture::PoolMax: pool(sketch, true, 2); return true;
    case Picture::PoolMean: pool(sketch, false, 2); return true;
    case Picture::GlobalMax: pool(sketch, true, 4); return true;
    case Picture::GlobalMean: pool(sketch, false, 4); return true;
    case Picture::PoolMax1d: pool1d(sketch, true); return true;
    case Picture::PoolMean1d: pool1d(sketch, false); return true;
    case Picture::Enlarge: enlarge(sketch); return true;
    case Picture::Border: border(sketch, true); return true;
    case Picture::Crop: border(sketch, false); return true;
    default: return false;
    }
}

} // namespace weft
