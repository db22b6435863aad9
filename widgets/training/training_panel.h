#pragma once

#include <QWidget>

#include "widgets/training/curves.h"

class QLabel;
class QProgressBar;
class QStackedLayout;
class QTimer;

namespace weft {

class CurvePlot;
class ProjectDocument;
class RunController;

/// The curves of the shown run, growing while it trains, with its progress above them.
class TrainingPanel : public QWidget {
    Q_OBJECT

public:
    TrainingPanel(RunController* runs, ProjectDocument* document, QWidget* parent = nullptr);

    const Curves& curves() const { return m_curves; }
    CurvePlot* lossPlot() const { return m_loss; }
    CurvePlot* metricPlot() const { return m_metric; }

private:
    void startRun(const QString& runDir);
    void take(const QJsonObject& event);
    void showProgress();
    void showCurves();
    QString emptyText() const;

    RunController* m_runs;
    Curves m_curves;
    CurvePlot* m_loss;
    CurvePlot* m_metric;
    QProgressBar* m_bar;
    QLabel* m_text;
    QLabel* m_empty;
    QWidget* m_plots;
    bool m_isUpdatePending = false;
};

/// "accuracy" → "Accuracy", translated where it is known.
QString metricTitle(const QString& name);

} // namespace weft
