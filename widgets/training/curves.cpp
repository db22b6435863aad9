#include "widgets/training/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weft {

namespace {

/// Share of the past in the smoothed curve: a window of about 15 points at most, and no more than about
/// a third of what there is, or a short run would trail behind itself.
double memoryAfter(int points)
{
    return std::min(0.935, points / (points + 3.0));
}
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

void append(RunCurve& curve, double x, double y)
{
    if (std::isfinite(y))
        curve.points.push_back({x, y});
}

void empty(RunCurve& curve)
{
    curve.points.clear();
    ++curve.version;
}

} // namespace

std::optional<double> RunCurve::at(double x) const
{
    if (points.empty() || x < points.front().x || x > points.back().x)
        return std::nullopt;
    const auto right = std::lower_bound(points.begin(), points.end(), x, [](const CurvePoint& point, double value) { return point.x < value; });
    if (right == points.begin() || right->x == x)
        return right->y;
    const auto left = right - 1;
    return left->y + (right->y - left->y) * (x - left->x) / (right->x - left->x);
}

double Curves::Mean::add(double value)
{
    if (!std::isfinite(value))
        return nothing;
    const double memory = memoryAfter(count++);
    sum = memory * sum + (1 - memory) * value;
    return sum;
}

void Curves::clear()
{
    m_stepsPerEpoch = 0;
    m_metricName.clear();
    m_batches.clear();
    m_epochs.clear();
    rebuild();
}

void Curves::setStepsPerEpoch(qint64 steps)
{
    if (steps <= 0 || steps == m_stepsPerEpoch)
        return;
    m_stepsPerEpoch = steps;
    rebuild();
}

void Curves::add(const QJsonObject& event)
{
    const QString kind = event.value(QStringLiteral("event")).toString();
    if (kind == QLatin1String("batch")) {
        addBatch(sampleOf(event, event));
    } else if (kind == QLatin1String("epoch")) {
        const qint64 epoch = event.value(QStringLiteral("epoch")).toInteger();
        const qint64 step = event.value(QStringLiteral("step")).toInteger();
        if (m_stepsPerEpoch == 0 && epoch > 0)
            setStepsPerEpoch(step / epoch);
        const QJsonObject validation = event.value(QStringLiteral("validation")).toObject();
        if (!validation.isEmpty())
            addEpoch(sampleOf(event, validation));
    } else if (kind == QLatin1String("resumed")) {
        dropAfter(event.value(QStringLiteral("step")).toInteger());
    }
}

bool Curves::isMetricAscending() const
{
    return m_metricName.contains(QLatin1String("accuracy"));
}

std::optional<double> Curves::bestEpoch() const
{
    const bool byMetric = !m_metric.validation.isEmpty();
    const std::vector<CurvePoint>& points = byMetric ? m_metric.validation.points : m_loss.validation.points;
    if (points.empty())
        return std::nullopt;
    const auto less = [](const CurvePoint& a, const CurvePoint& b) { return a.y < b.y; };
    const auto best = byMetric && isMetricAscending() ? std::max_element(points.begin(), points.end(), less)
                                                      : std::min_element(points.begin(), points.end(), less);
    return best->x;
}

double Curves::xOf(qint64 step) const
{
    return static_cast<double>(step) / static_cast<double>(std::max<qint64>(m_stepsPerEpoch, 1));
}

Curves::Sample Curves::sampleOf(const QJsonObject& event, const QJsonObject& values)
{
    const QJsonObject metrics = values.value(QStringLiteral("metrics")).toObject();
    if (m_metricName.isEmpty() && !metrics.isEmpty())
        m_metricName = metrics.contains(QStringLiteral("accuracy")) ? QStringLiteral("accuracy") : metrics.begin().key();
    return {event.value(QStringLiteral("step")).toInteger(), values.value(QStringLiteral("loss")).toDouble(nothing),
            metrics.value(m_metricName).toDouble(nothing)};
}

void Curves::addBatch(const Sample& sample)
{
    m_batches.push_back(sample);
    const double x = xOf(sample.step);
    append(m_loss.raw, x, sample.loss);
    append(m_loss.smooth, x, m_lossMean.add(sample.loss));
    append(m_metric.raw, x, sample.metric);
    append(m_metric.smooth, x, m_metricMean.add(sample.metric));
}

void Curves::addEpoch(const Sample& sample)
{
    m_epochs.push_back(sample);
    const double x = xOf(sample.step);
    append(m_loss.validation, x, sample.loss);
    append(m_metric.validation, x, sample.metric);
}

void Curves::dropAfter(qint64 step)
{
    const auto isLater = [step](const Sample& sample) { return sample.step > step; };
    if (std::erase_if(m_batches, isLater) + std::erase_if(m_epochs, isLater) > 0)
        rebuild();
}

void Curves::rebuild()
{
    for (Pair* pair : {&m_loss, &m_metric}) {
        empty(pair->raw);
        empty(pair->smooth);
        empty(pair->validation);
    }
    m_lossMean = {};
    m_metricMean = {};
    for (const Sample& sample : std::exchange(m_batches, {}))
        addBatch(sample);
    for (const Sample& sample : std::exchange(m_epochs, {}))
        addEpoch(sample);
}

} // namespace weft
