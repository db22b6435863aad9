#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/layers/layer_spec.h"
#include "widgets/help/layer_pictures.h"
#include "widgets/help/sketch.h"

// Normalisation, and layers that turn values into others.

namespace weft {
namespace {

constexpr double middle = Sketch::height / 2;

/// Three samples of four channels with six pixels each; `isTogether` says which are normalised together
/// with the first pixel of the first sample's first channel.
void normalized(Sketch& s, const std::function<bool(int sample, int channel, int pixel)>& isTogether)
{
    for (int sample = 0; sample < 3; ++sample) {
        const QPointF corner(60 + sample * 128.0, 28);
        const QRectF all = s.cells(
            corner, 4, 6, [&](int channel, int pixel) { return isTogether(sample, channel, pixel) ? s.mark() : s.plain(); }, 17);
        s.text({all.center().x(), all.bottom() + 14}, QStringLiteral("N%1").arg(sample + 1), true);
    }
    s.text({34, 62}, QStringLiteral("C"), true);
    s.text({111, 16}, QStringLiteral("H·W"), true);
    s.text({Sketch::width - 50, Sketch::height - 12}, QStringLiteral("■ → μ, σ"), true);
}

void drop(Sketch& s)
{
    const double left[] = {90, 230, 370};
    const bool isDropped[] = {false, true, false, true};
    for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 4; ++j) {
            if (!isDropped[j])
                s.line({left[0], 24 + i * 34.0}, {left[1], 24 + j * 34.0}, s.soft());
        }
        if (isDropped[i])
            continue;
        for (int j = 0; j < 2; ++j)
            s.line({left[1], 24 + i * 34.0}, {left[2], 58 + j * 34.0}, s.soft());
    }
    for (int i = 0; i < 4; ++i) {
        s.dot({left[0], 24 + i * 34.0}, 10, s.plain());
        s.dot({left[1], 24 + i * 34.0}, 10, isDropped[i] ? s.paper() : s.mark());
        if (isDropped[i])
            s.cross({left[1] - 8, 16 + i * 34.0, 16, 16});
        if (i < 2)
            s.dot({left[2], 58 + i * 34.0}, 10, s.plain());
    }
}

void dropChannels(Sketch& s)
{
    for (int channel = 0; channel < 4; ++channel) {
        const bool isDropped = channel % 2 == 1;
        const QRectF all = s.cells({40 + channel * 100.0, middle - 40}, 4, 4, [&](int, int) { return isDropped ? s.paper() : s.soft(); });
        if (isDropped)
            s.cross(all.adjusted(6, 6, -6, -6));
        s.text({all.center().x(), all.bottom() + 14}, QStringLiteral("C%1").arg(channel + 1), true);
    }
}

void noise(Sketch& s)
{
    // A fixed sequence, so that the picture is the same each time.
    const double shifts[] = {0.1, -0.14, 0.05, 0.17, -0.08, 0.12, -0.16, 0.02, 0.09, -0.11, 0.15, -0.04};
    std::vector<double> clean, noisy;
    for (int i = 0; i < 12; ++i) {
        clean.push_back(0.5 + 0.3 * std::sin(i * 0.7));
        noisy.push_back(std::clamp(clean.back() + shifts[i], 0.05, 1.0));
    }
    s.bars({20, 30, 150, 90}, clean, s.soft());
    s.text({190, middle}, QStringLiteral("+"));
    s.bell({206, 60, 60, 40}, 0.5, 0.18, s.mark());
    s.text({286, middle}, QStringLiteral("="));
    s.bars({304, 30, 150, 90}, noisy, s.mark());
}

void probabilities(Sketch& s)
{
    const std::vector<double> scores = {0.2, 1.9, 0.9, 2.6, 1.2};
    double total = 0;
    std::vector<double> before, after;
    for (const double score : scores)
        total += std::exp(score);
    for (const double score : scores) {
        before.push_back(score / 3);
        after.push_back(std::exp(score) / total);
    }
    s.bars({50, 20, 130, 90}, before, s.soft());
    s.text({115, 124}, QStringLiteral("x"), true);
    s.arrow({200, middle}, {260, middle});
    s.bars({280, 20, 130, 90}, after, s.mark());
    s.text({345, 124}, QStringLiteral("Σ y = 1"), true);
}

void connected(Sketch& s)
{
    for (int i = 0; i < 5; ++i) {
        for (int j = 0; j < 3; ++j)
            s.line({150, 19 + i * 28.0}, {310, 47 + j * 28.0}, j == 1 ? s.mark() : s.soft(), j == 1 ? 1.8 : 1.0);
    }
    for (int i = 0; i < 5; ++i)
        s.dot({150, 19 + i * 28.0}, 9, s.plain());
    for (int j = 0; j < 3; ++j)
        s.dot({310, 47 + j * 28.0}, 9, j == 1 ? s.mark() : s.soft());
    s.text({110, middle}, QStringLiteral("x"));
    s.text({230, 12}, QStringLiteral("W"), true);
    s.text({350, middle}, QStringLiteral("y"));
}

std::vector<double> counted(int count)
{
    std::vector<double> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 1.0);
    return numbers;
}

/// A row of nine and a square of the same numbers.
void unroll(Sketch& s, bool isRolled)
{
    const auto rows = [&](int r, int) { return r == 1 ? s.soft() : s.plain(); };
    const auto thirds = [&](int, int c) { return c / 3 == 1 ? s.soft() : s.plain(); };
    if (!isRolled) {
        const QRectF x = s.numbers({30, middle - 39}, 3, 3, counted(9), rows, 26);
        s.arrow({x.right() + 14, middle}, {x.right() + 64, middle});
        s.numbers({x.right() + 78, middle - 13}, 1, 9, counted(9), thirds, 26);
        return;
    }
    const QRectF x = s.numbers({30, middle - 13}, 1, 9, counted(9), thirds, 26);
    s.arrow({x.right() + 14, middle}, {x.right() + 64, middle});
    s.numbers({x.right() + 78, middle - 39}, 3, 3, counted(9), rows, 26);
}

void swap(Sketch& s)
{
    const QRectF x = s.numbers({80, middle - 28}, 2, 4, counted(8), [&](int r, int) { return r ? s.plain() : s.soft(); });
    s.arrow({x.right() + 18, middle}, {x.right() + 78, middle});
    s.numbers({x.right() + 96, middle - 56}, 4, 2, {1, 5, 2, 6, 3, 7, 4, 8}, [&](int, int c) { return c ? s.plain() : s.soft(); });
}

void part(Sketch& s)
{
    const QRectF x = s.numbers({90, 24}, 1, 10, counted(10), [&](int, int c) { return c >= 3 && c < 7 ? s.soft() : s.plain(); });
    s.frame({x.left() + 84, x.top(), 112, 28});
    const QRectF y = s.numbers({x.left() + 84, 98}, 1, 4, {4, 5, 6, 7}, [&](int, int) { return s.soft(); });
    s.arrow({y.center().x(), x.bottom() + 6}, {y.center().x(), y.top() - 4});
}

void copies(Sketch& s)
{
    const auto soft = [&](int, int) { return s.soft(); };
    const QRectF x = s.numbers({60, middle - 14}, 1, 4, counted(4), soft);
    s.arrow({x.right() + 18, middle}, {x.right() + 78, middle});
    std::vector<double> rows;
    for (int i = 0; i < 16; ++i)
        rows.push_back(i % 4 + 1);
    s.numbers({x.right() + 96, middle - 56}, 4, 4, rows, soft);
}

using Join = double (*)(double, double);

void joined(Sketch& s, const QString& sign, Join join)
{
    const std::vector<double> a = {1, 4, 2, 6}, b = {3, 1, 5, 2};
    std::vector<double> y;
    for (std::size_t i = 0; i < a.size(); ++i)
        y.push_back(join(a[i], b[i]));
    const double side = 36;
    const double top = middle - side;
    const QRectF first = s.numbers({50, top}, 2, 2, a, side);
    s.text({first.right() + 32, middle}, sign);
    const QRectF second = s.numbers({first.right() + 64, top}, 2, 2, b, side);
    s.text({second.right() + 32, middle}, QStringLiteral("="));
    s.numbers(
        {second.right() + 64, top}, 2, 2, y, [&](int, int) { return s.soft(); }, side);
}

void concat(Sketch& s)
{
    const auto soft = [&](int, int) { return s.soft(); };
    const QRectF a = s.cells({60, 16}, 2, 5);
    const QRectF b = s.cells({60, 74}, 3, 5, soft);
    s.text({40, a.center().y()}, QStringLiteral("x₁"), true);
    s.text({40, b.center().y()}, QStringLiteral("x₂"), true);
    s.arrow({a.right() + 30, middle}, {a.right() + 96, middle});
    s.cells({a.right() + 120, middle - 50}, 5, 5, [&](int r, int) { return r < 2 ? s.plain() : s.soft(); });
}

void innerProduct(Sketch& s)
{
    const std::vector<double> a = {1, 4, 2, 3}, b = {3, 1, 5, 2};
    const QRectF first = s.numbers({60, 26}, 1, 4, a);
    const QRectF second = s.numbers({60, 94}, 1, 4, b);
    for (int i = 0; i < 4; ++i) {
        s.line({first.left() + 14 + i * 28, first.bottom()}, {second.left() + 14 + i * 28, second.top()}, s.mark(), 1.6);
        s.text({first.left() + 14 + i * 28, middle}, QStringLiteral("·"));
    }
    s.text({first.right() + 40, middle}, QStringLiteral("Σ"));
    s.arrow({first.right() + 64, middle}, {first.right() + 124, middle});
    s.numbers(
        {first.right() + 144, middle - 18}, 1, 1, {std::inner_product(a.begin(), a.end(), b.begin(), 0.0)}, [&](int, int) { return s.soft(); }, 36);
}

void draw(Sketch& s)
{
    const QRectF field(110, 20, 240, 100);
    s.bell(field, 0.5, 0.16, s.mark());
    for (const double place : {0.36, 0.44, 0.49, 0.57, 0.62})
        s.dot({field.left() + place * field.width(), field.bottom()}, place == 0.57 ? 7 : 4, place == 0.57 ? s.mark() : s.soft());
    s.line({field.center().x(), field.top()}, {field.center().x(), field.bottom()}, s.soft());
    s.text({field.center().x(), field.bottom() + 16}, QStringLiteral("mean"), true);
    s.text({field.right() + 30, middle}, QStringLiteral("z ~ N(0, 1)"), true);
}

} // namespace

bool drawNormalizations(Sketch& sketch, const LayerSpec& layer)
{
    switch (layer.picture()) {
    case Picture::NormBatch: normalized(sketch, [](int, int channel, int) { return channel == 0; }); return true;
    case Picture::NormLayer: normalized(sketch, [](int sample, int, int) { return sample == 0; }); return true;
    case Picture::NormGroup: normalized(sketch, [](int sample, int channel, int) { return sample == 0 && channel < 2; }); return true;
    case Picture::NormInstance: normalized(sketch, [](int sample, int channel, int) { return sample == 0 && channel == 0; }); return true;
    case Picture::NormNeighbours:
        normalized(sketch, [](int sample, int channel, int pixel) { return sample == 0 && channel < 3 && pixel == 2; });
        return true;
    case Picture::Drop: drop(sketch); return true;
    case Picture::DropChannels: dropChannels(sketch); return true;
    case Picture::Noise: noise(sketch); return true;
    default: return false;
    }
}

bool drawValues(Sketch& sketch, const LayerSpec& layer)
{
    switch (layer.picture()) {
    case Picture::Probabilities: probabilities(sketch); return true;
    case Picture::Connected: connected(sketch); return true;
    case Picture::Unroll: unroll(sketch, false); return true;
    case Picture::Roll: unroll(sketch, true); return true;
    case Picture::Swap: swap(sketch); return true;
    case Picture::Part: part(sketch); return true;
    case Picture::Copies: copies(sketch); return true;
    case Picture::Sum: joined(sketch, QStringLiteral("+"), [](double a, double b) { return a + b; }); return true;
    case Picture::Difference: joined(sketch, QStringLiteral("−"), [](double a, double b) { return a - b; }); return true;
    case Picture::Product: joined(sketch, QStringLiteral("×"), [](double a, double b) { return a * b; }); return true;
    case Picture::Largest: joined(sketch, QStringLiteral("max"), [](double a, double b) { return std::max(a, b); }); return true;
    case Picture::Mean: joined(sketch, QStringLiteral("½ (+)"), [](double a, double b) { return (a + b) / 2; }); return true;
    case Picture::Joined: concat(sketch); return true;
    case Picture::InnerProduct: innerProduct(sketch); return true;
    case Picture::Draw: draw(sketch); return true;
    default: return false;
    }
}

} // namespace weft
