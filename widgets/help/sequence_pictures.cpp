#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "core/layers/layer_spec.h"
#include "widgets/help/layer_pictures.h"
#include "widgets/help/sketch.h"
#include "widgets/theme/theme.h"

// Sequences, losses and data.

namespace weft {
namespace {

class PictureText {
    Q_DECLARE_TR_FUNCTIONS(weft::PictureText)
};

constexpr double middle = Sketch::height / 2;

void lookup(Sketch& s)
{
    const QRectF words = s.numbers({40, middle - 14}, 1, 4, {3, 1, 5, 1}, [&](int, int c) { return c == 2 ? s.soft() : s.plain(); });
    const auto shade = [&](int r, int c) { return mixed(s.paper(), s.mark(), 0.15 + 0.7 * std::abs(std::sin(r * 2.1 + c * 1.3))); };
    const QRectF table = s.cells({words.right() + 56, 15}, 6, 5, shade);
    for (int row = 0; row < 6; ++row)
        s.text({table.left() - 14, table.top() + 10 + row * 20.0}, QString::number(row), true);
    s.frame({table.left(), table.top() + 100, 100, 20});
    s.arrow({words.left() + 70, words.bottom() + 4}, {table.left() - 24, table.top() + 110});
    s.arrow({table.right() + 10, table.top() + 110}, {table.right() + 50, table.top() + 110});
    s.cells(
        {table.right() + 58, table.top() + 102}, 1, 5, [&](int, int c) { return shade(5, c); }, 16);
}

void waves(Sketch& s)
{
    // Sine and cosine with wavelengths from 2π up, as the formula says, for 8 features.
    const QRectF field = s.cells(
        {70, 24}, 8, 30,
        [&](int feature, int step) {
            const double angle = step / std::pow(10000.0, (feature / 2) * 2.0 / 8.0);
            return mixed(s.paper(), s.mark(), 0.5 + 0.5 * (feature % 2 ? std::cos(angle) : std::sin(angle)));
        },
        11);
    s.text({field.center().x(), field.bottom() + 14}, QStringLiteral("t →"), true);
    s.text({field.left() - 22, field.center().y()}, QStringLiteral("i"), true);
}

void recurrent(Sketch& s, bool hasCell)
{
    for (int step = 0; step < 4; ++step) {
        const double left = 40 + step * 108.0;
        const double along = hasCell ? 84 : middle; // where the state passes on
        s.box({left, 52, 56, 46}, {}, true);
        s.text({left + 28, along}, QStringLiteral("h"));
        s.arrow({left + 28, 136}, {left + 28, 101});
        s.text({left + 46, 128}, QStringLiteral("x[%1]").arg(step + 1), true);
        s.arrow({left + 28, 50}, {left + 28, 16});
        s.text({left + 46, 24}, QStringLiteral("y[%1]").arg(step + 1), true);
        const double to = step < 3 ? left + 106 : left + 84;
        s.arrow({left + 58, along}, {to, along});
        if (hasCell) {
            s.text({left + 28, 64}, QStringLiteral("c"));
            s.arrow({left + 58, 64}, {to, 64});
        }
    }
}

void overTime(Sketch& s, bool isMax)
{
    const std::vector<double> steps = {2, 5, 1, 4, 3, 7, 6, 2, 0, 3, 9, 1, 4, 4, 4};
    std::vector<double> answers;
    for (std::size_t row = 0; row < 3; ++row) {
        const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(row * 5);
        double sum = 0;
        std::for_each(begin, begin + 5, [&](double value) { sum += value; });
        answers.push_back(isMax ? *std::max_element(begin, begin + 5) : sum / 5);
    }
    const double side = 32;
    const QRectF x = s.numbers(
        {80, middle - 48}, 3, 5, steps, [&](int r, int) { return r == 1 ? s.soft() : s.plain(); }, side);
    s.text({x.center().x(), x.bottom() + 14}, QStringLiteral("t →"), true);
    s.arrow({x.right() + 18, middle}, {x.right() + 90, middle});
    s.text({x.right() + 54, middle - 16}, isMax ? QStringLiteral("max") : QStringLiteral("1/T · Σ"), true);
    s.numbers(
        {x.right() + 108, middle - 48}, 3, 1, answers, [&](int r, int) { return r == 1 ? s.soft() : s.plain(); }, side);
}

/// How much query `q` looks at key `k`: a softmax over made-up scores.
double attended(int q, int k)
{
    const auto score = [&](int key) { return 2.2 * std::cos(0.9 * q - 0.8 * key); };
    double total = 0;
    for (int key = 0; key < 6; ++key)
        total += std::exp(score(key));
    return std::exp(score(k)) / total;
}

QRectF weights(Sketch& s, const QPointF& corner, double side)
{
    return s.cells(
        corner, 5, 6, [&](int q, int k) { return mixed(s.paper(), s.mark(), std::min(1.0, 1.6 * attended(q, k))); }, side);
}

void attention(Sketch& s)
{
    const QRectF q = s.cells({30, 25}, 5, 3);
    s.text({q.center().x(), q.bottom() + 12}, QStringLiteral("Q"), true);
    s.text({q.right() + 18, middle}, QStringLiteral("·"));
    const QRectF k = s.cells({q.right() + 36, 45}, 3, 6, 14);
    s.text({k.center().x(), k.bottom() + 12}, QStringLiteral("Kᵀ"), true);
    s.arrow({k.right() + 10, middle}, {k.right() + 44, middle});
    const QRectF w = weights(s, {k.right() + 54, 33}, 16);
    s.text({w.center().x(), w.bottom() + 14}, QStringLiteral("softmax"), true);
    s.text({w.right() + 18, middle}, QStringLiteral("·"));
    const QRectF v = s.cells(
        {w.right() + 36, 21}, 6, 3, [&](int, int) { return s.soft(); }, 18);
    s.text({v.center().x(), v.bottom() + 12}, QStringLiteral("V"), true);
}

void heads(Sketch& s)
{
    for (int head = 2; head >= 0; --head) {
        const QRectF w = weights(s, {120 + head * 16.0, 40 - head * 14.0}, 15);
        s.frame(w, head == 0 ? s.mark() : s.soft());
    }
    s.text({60, middle}, QStringLiteral("Q, K, V"), true);
    s.arrow({86, middle}, {114, middle});
    s.arrow({258, middle}, {300, middle});
    s.box({308, middle - 22, 70, 44}, QStringLiteral("· W"), true);
    s.arrow({384, middle}, {424, middle});
    s.text({440, middle}, QStringLiteral("y"));
}

/// The parts of a transformer's block, each with a way around it.
void block(Sketch& s, bool isDecoder)
{
    const QString attention = PictureText::tr("attention"), forward = PictureText::tr("feed forward");
    std::vector<QString> parts{attention, forward};
    if (isDecoder)
        parts.insert(parts.begin() + 1, attention);
    const double step = isDecoder ? 134 : 190;
    const double wide = isDecoder ? 84 : 120;
    double left = 36;
    s.text({14, middle}, QStringLiteral("x"));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        s.arrow({left - 12, middle}, {left + 2, middle});
        s.box({left + 4, middle - 24, wide, 48}, parts[i], true);
        s.line({left - 6, middle}, {left - 6, 26}, s.mark(), 1.6);
        s.line({left - 6, 26}, {left + wide + 26, 26}, s.mark(), 1.6);
        s.arrow({left + wide + 26, 26}, {left + wide + 26, middle - 11});
        s.line({left + wide + 4, middle}, {left + wide + 16, middle}, s.mark(), 1.6);
        s.dot({left + wide + 26, middle}, 9, s.paper());
        s.text({left + wide + 26, middle}, QStringLiteral("+"));
        if (isDecoder && i == 1) {
            s.arrow({left + wide / 2, 138}, {left + wide / 2, middle + 26});
            s.text({left + wide / 2 + 34, 128}, QStringLiteral("m"), true);
        }
        left += step;
    }
    s.arrow({left - step + wide + 36, middle}, {left - step + wide + 56, middle});
}

void distributions(Sketch& s)
{
    const std::vector<double> t = {0.1, 0.5, 0.8, 0.3, 0.15}, p = {0.3, 0.35, 0.45, 0.5, 0.4};
    s.bars({60, 20, 140, 95}, t, s.mark());
    s.text({130, 130}, QStringLiteral("t"), true);
    s.text({230, middle}, QStringLiteral("∥"));
    s.bars({260, 20, 140, 95}, p, s.soft());
    s.text({330, 130}, QStringLiteral("p"), true);
}

void angle(Sketch& s)
{
    const QPointF origin(150, 126);
    s.arrow(origin, {330, 96});
    s.arrow(origin, {250, 20});
    s.text({344, 94}, QStringLiteral("y"));
    s.text({262, 14}, QStringLiteral("ŷ"));
    QPointF before;
    for (int i = 0; i <= 20; ++i) {
        const double turn = 0.165 + (0.815 - 0.165) * i / 20;
        const QPointF point = origin + QPointF(std::cos(turn), -std::sin(turn)) * 60;
        if (i > 0)
            s.line(before, point, s.mark(), 2.2);
        before = point;
    }
    s.text({origin.x() + 78, origin.y() - 46}, QStringLiteral("θ"));
}

void bells(Sketch& s)
{
    const QRectF field(80, 16, 300, 108);
    s.bell(field, 0.42, 0.12, s.soft(), true);
    s.bell(field.adjusted(0, 30, 0, 0), 0.6, 0.17, s.mark());
    s.text({field.left() + 0.42 * field.width(), field.bottom() + 12}, QStringLiteral("0"), true);
    s.text({field.left() + 0.6 * field.width(), field.bottom() + 12}, QStringLiteral("mean"), true);
}

void samples(Sketch& s)
{
    for (int i = 3; i >= 0; --i)
        s.cells(
            {50 + i * 12.0, 52 - i * 12.0}, 4, 4, [&](int r, int c) { return (r * 3 + c * 5 + i) % 4 < 2 ? s.soft() : s.paper(); }, 18);
    s.arrow({190, middle}, {250, middle});
    s.box({264, middle - 30, 140, 60}, QStringLiteral("x [N, C, H, W]"), true);
    s.text({100, 138}, QStringLiteral("N"), true);
}

void standardize(Sketch& s)
{
    const QRectF before(30, 30, 170, 80), after(270, 30, 170, 80);
    s.bell(before, 0.68, 0.1, s.soft());
    s.text({before.left() + 0.68 * before.width(), before.bottom() + 14}, QStringLiteral("mean"), true);
    s.arrow({212, middle}, {258, middle});
    s.bell(after, 0.5, 0.18, s.mark());
    s.line({after.center().x(), after.top()}, {after.center().x(), after.bottom()}, s.soft());
    s.text({after.center().x(), after.bottom() + 14}, QStringLiteral("0"), true);
}

} // namespace

bool drawSequences(Sketch& sketch, const LayerSpec& layer)
{
    switch (layer.picture()) {
    case Picture::Lookup: lookup(sketch); return true;
    case Picture::Waves: waves(sketch); return true;
    case Picture::Recurrent: recurrent(sketch, false); return true;
    case Picture::RecurrentCell: recurrent(sketch, true); return true;
    case Picture::MeanOfSteps: overTime(sketch, false); return true;
    case Picture::MaxOfSteps: overTime(sketch, true); return true;
    case Picture::Attention: attention(sketch); return true;
    case Picture::Heads: heads(sketch); return true;
    case Picture::EncoderBlock: block(sketch, false); return true;
    case Picture::DecoderBlock: block(sketch, true); return true;
    default: return false;
    }
}

bool drawLosses(Sketch& sketch, const LayerSpec& layer)
{
    switch (layer.picture()) {
    case Picture::Distributions: distributions(sketch); return true;
    case Picture::Angle: angle(sketch); return true;
    case Picture::Bells: bells(sketch); return true;
    case Picture::Samples: samples(sketch); return true;
    case Picture::Standardize: standardize(sketch); return true;
    default: return false;
    }
}

} // namespace weft
