#pragma once

#include <QWidget>

#include "widgets/cluster/worker_stats.h"

namespace weft {

/// One row a worker, time to the right: the fuller a span, the more of it the worker computed; where it is empty, it
/// waited. A mark at the lower edge says that a gradient came too late and was dropped.
class WorkerTimeline : public QWidget {
    Q_OBJECT

public:
    explicit WorkerTimeline(QWidget* parent = nullptr);

    void show(const WorkerStats& stats);
    /// "Rank 2 on node1, 12.4 to 13.0 s: computed 83 % of it, 12 gradients, staleness 1.3."
    QString textAt(const QPoint& place) const;
    /// In words, where there is no row; empty where there is one.
    QString whyEmpty() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF rowRect(int row) const;
    double xOf(double seconds) const;

    std::vector<std::pair<int, RankFacts>> m_rows; ///< those that computed
    double m_end = 0;
    bool m_isShared = false; ///< the ranks of an all-reduce take every step together
};

} // namespace weft
