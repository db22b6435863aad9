#include "widgets/training/training_panel.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"
#include "widgets/training/curve_plot.h"

namespace weft {

QString metricTitle(const QString& name)
{
    if (name.isEmpty() || name == QLatin1String("accuracy"))
        return TrainingPanel::tr("Accuracy");
    if (name == QLatin1String("mean_absolute_error") || name == QLatin1String("mae"))
        return TrainingPanel::tr("Mean absolute error");
    if (name == QLatin1String("mean_squared_error") || name == QLatin1String("mse"))
        return TrainingPanel::tr("Mean squared error");
    return labelFromKey(name.toStdString());
}

TrainingPanel::TrainingPanel(RunController* runs, ProjectDocument*, QWidget* parent) : QWidget(parent), m_runs(runs)
{
    m_text = new QLabel;
    m_text->setObjectName(QStringLiteral("progressText"));
    m_text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_bar = new QProgressBar;
    m_bar->setObjectName(QStringLiteral("progress"));
    m_bar->setAccessibleName(tr("Progress of the run"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_loss = new CurvePlot(tr("Loss"));
    m_metric = new CurvePlot(metricTitle({}));
    m_empty = new QLabel;
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);

    m_plots = new QWidget;
    auto* row = new QHBoxLayout(m_plots);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_loss, 1);
    row->addWidget(m_metric, 1);

    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_bar, 1, Qt::AlignVCenter);
    head->addWidget(m_text);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_plots, 1);

    connect(runs, &RunController::runChanged, this, &TrainingPanel::startRun);
    connect(runs, &RunController::eventRead, this, &TrainingPanel::take);
    connect(runs, &RunController::progressChanged, this, &TrainingPanel::showProgress);
    connect(runs, &RunController::stateChanged, this, &TrainingPanel::showProgress);
    startRun(runs->runDir());
}

void TrainingPanel::startRun(const QString&)
{
    m_curves.clear();
    m_text->setMinimumWidth(0);
    m_curves.setStepsPerEpoch(m_runs->stepsPerEpoch());
    showCurves();
    showProgress();
}

void TrainingPanel::take(const QJsonObject& event)
{
    if (m_runs->stepsPerEpoch() > 0)
        m_curves.setStepsPerEpoch(m_runs->stepsPerEpoch());
    m_curves.add(event);
    // Events arrive in portions; the plots look once a portion.
    if (m_isUpdatePending)
        return;
    m_isUpdatePending = true;
    QMetaObject::invokeMethod(this, &TrainingPanel::showCurves, Qt::QueuedConnection);
}

void TrainingPanel::showCurves()
{
    m_isUpdatePending = false;
    const std::optional<double> best = m_curves.bestEpoch();
    m_loss->take(m_curves.loss(), best);
    m_metric->take(m_curves.metric(), best);
    m_metric->setTitle(metricTitle(m_curves.metricName()));
    const bool hasPoints = m_curves.size() > 0;
    m_metric->setVisible(!hasPoints || !m_curves.metric().raw.isEmpty() || !m_curves.metric().validation.isEmpty());
    m_plots->setVisible(hasPoints);
    m_empty->setVisible(!hasPoints);
    m_empty->setText(emptyText());
}

void TrainingPanel::showProgress()
{
    m_bar->setValue(qRound(1000 * m_runs->progress()));
    m_text->setText(m_runs->progressText());
    // The text may grow but not shrink, so that the bar keeps its place while numbers change.
    m_text->setMinimumWidth(std::max(m_text->minimumWidth(), m_text->sizeHint().width()));
    m_bar->setVisible(m_runs->state() != RunController::State::Idle);
    m_empty->setText(emptyText());
}

QString TrainingPanel::emptyText() const
{
    switch (m_runs->state()) {
    case RunController::State::Idle: return tr("Press Train and the loss and accuracy grow here.");
    case RunController::State::Failed: return tr("This run ended before its first point. The Log says why.");
    default: return tr("Waiting for the first point.");
    }
}

} // namespace weft
