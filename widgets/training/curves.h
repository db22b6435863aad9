#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <QJsonObject>
#include <QString>

namespace weft {

/// A point of a curve: `x` in epochs.
struct CurvePoint {
    double x = 0;
    double y = 0;
};

/// Points in order of x, to which events append. `version` grows when points were taken away or moved,
/// so that a plot knows when appending the new ones is not enough.
struct RunCurve {
    std::vector<CurvePoint> points;
    int version = 0;

    bool isEmpty() const { return points.empty(); }
    /// Linear interpolation at `x`; nothing outside the curve.
    std::optional<double> at(double x) const;
};

/// The curves of one run, fed by its events in order. After `resumed` the points of later steps are
/// dropped, as the run folder's rules say.
class Curves {
public:
    struct Pair {
        RunCurve raw; ///< training, as reported
        RunCurve smooth; ///< training, smoothed
        RunCurve validation;
    };

    void clear();
    /// `stepsPerEpoch` of the run, as soon as it is known; steps stand for epochs until then.
    void setStepsPerEpoch(qint64 steps);
    void add(const QJsonObject& event);

    const Pair& loss() const { return m_loss; }
    const Pair& metric() const { return m_metric; }
    /// "accuracy"; empty until a metric was reported.
    QString metricName() const { return m_metricName; }
    /// True when more is better (accuracy), false for errors.
    bool isMetricAscending() const;
    qint64 stepsPerEpoch() const { return m_stepsPerEpoch; }
    /// Where the best validation point lies, in epochs: by metric, else by loss.
    std::optional<double> bestEpoch() const;
    std::size_t size() const { return m_loss.raw.points.size(); }

private:
    /// An exponential mean that starts without bias.
    struct Mean {
        double sum = 0;
        int count = 0;
        double add(double value);
    };
    struct Sample {
        qint64 step = 0;
        double loss = 0;
        double metric = 0;
    };

    double xOf(qint64 step) const;
    void addBatch(const Sample& sample);
    void addEpoch(const Sample& sample);
    void dropAfter(qint64 step);
    void rebuild();
    Sample sampleOf(const QJsonObject& event, const QJsonObject& values);

    qint64 m_stepsPerEpoch = 0;
    QString m_metricName;
    std::vector<Sample> m_batches;
    std::vector<Sample> m_epochs;
    Pair m_loss;
    Pair m_metric;
    Mean m_lossMean;
    Mean m_metricMean;
};

} // namespace weft
