#pragma once

#include <vector>

#include <QJsonObject>
#include <QWidget>

#include "widgets/canvas/network_insight.h"
#include "widgets/predictions/evaluation.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QPushButton;

namespace weft {

class ConfusionMatrix;
class ProjectDocument;
class RunController;
class SampleSource;
class TileView;
class TryPane;
class WorkerClient;

/// What the shown run's best checkpoint says about the test data: pictures with true and predicted
/// class, the confusion matrix, and a pad for one's own images. Everything is computed by the worker.
class PredictionsPanel : public QWidget {
    Q_OBJECT

public:
    PredictionsPanel(RunController* runs, WorkerClient* worker, ProjectDocument* document, QWidget* parent = nullptr);

    const SplitEvaluation& evaluation() const { return m_evaluation; }
    /// Samples in the grid, after the filters, in its order.
    const std::vector<qint64>& shownSamples() const { return m_shown; }
    ConfusionMatrix* matrix() const { return m_matrix; }
    TileView* tiles() const { return m_tiles; }
    TryPane* tryPane() const { return m_try; }
    /// Marks the sample whose values the wires show.
    void setPinned(const PinnedSample& sample);

Q_SIGNALS:
    /// A sample was clicked: the wires shall show its values.
    void pinRequested(const weft::PinnedSample& sample);

public Q_SLOTS:
    /// Evaluates the best checkpoint as it is now.
    void refresh();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildFilters();
    void startRun(const QString& runDir);
    void take(const QJsonObject& event);
    void refreshIfNeeded();
    void evaluate();
    void showEvaluation(const QJsonObject& result);
    void showNothing(const QString& text);
    void showParts(bool hasPredictions);
    void filter();
    void filterByMatrix();
    void sizeSquares();
    void paintSample(QPainter& painter, const QRect& rect, qint64 tile) const;
    QString tipOf(qint64 tile) const;
    QString emptyText() const;

    RunController* m_runs;
    WorkerClient* m_worker;
    SampleSource* m_samples;
    qint64 m_request = 0;
    QString m_evaluated; ///< run and checkpoint that are shown
    QString m_checkpoint; ///< file name of the checkpoint under evaluation
    QString m_split;
    bool m_hasBetter = false;
    SplitEvaluation m_evaluation;
    std::vector<qint64> m_shown;
    PinnedSample m_pinned;

    QWidget* m_filters;
    QComboBox* m_which;
    QComboBox* m_class;
    QLabel* m_count;
    QLabel* m_source;
    QPushButton* m_refresh;
    TileView* m_tiles;
    ConfusionMatrix* m_matrix;
    TryPane* m_try;
    QBoxLayout* m_side;
};

} // namespace weft
