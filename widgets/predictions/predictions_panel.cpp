#include "widgets/predictions/predictions_panel.h"

#include <algorithm>

#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/training/run_folder.h"
#include "core/training/run_record.h"
#include "widgets/data/sample_source.h"
#include "widgets/data/tile_view.h"
#include "widgets/predictions/confusion_matrix.h"
#include "widgets/predictions/sample_tile.h"
#include "widgets/predictions/try_pane.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/worker_client.h"

namespace weft {

namespace {

/// The data that a run trains on, for requests: its snapshot's data tree and where its paths begin.
struct RunData {
    QJsonObject data;
    QString baseDir;
};

/// Throws Error when the snapshot cannot be read.
RunData dataOf(const QString& runDir)
{
    const RunPaths run{runDir.toStdString()};
    const Project project = readProject(run.project());
    return {QJsonDocument::fromJson(QByteArray::fromStdString(toJson(project.data))).object(), QString::fromStdString(runBaseDir(run))};
}

/// File name of the best checkpoint, without suffix: its step. Empty when there is none.
QString bestCheckpoint(const QString& runDir)
{
    try {
        return QFileInfo(QString::fromStdString(resolveCheckpoint(RunPaths{runDir.toStdString()}, "best"))).completeBaseName();
    } catch (const Error&) {
        return {};
    }
}

} // namespace

PredictionsPanel::PredictionsPanel(RunController* runs, WorkerClient* worker, ProjectDocument*, QWidget* parent) :
    QWidget(parent), m_runs(runs), m_worker(worker), m_samples(new SampleSource(worker, this))
{
    m_tiles = new TileView(sampleTileSize(), [this](QPainter& painter, const QRect& rect, qint64 tile) { paintSample(painter, rect, tile); });
    m_tiles->setTipText([this](qint64 tile) { return tipOf(tile); });
    m_tiles->setAccessibleName(tr("Predictions"));
    connect(m_tiles, &TileView::clicked, this, [this](qint64 tile) { Q_EMIT pinRequested({m_split, m_shown[static_cast<std::size_t>(tile)]}); });
    m_matrix = new ConfusionMatrix;
    m_try = new TryPane(worker);

    auto* row = new QHBoxLayout;
    row->setSpacing(20);
    row->addWidget(m_tiles, 1);
    m_side = new QBoxLayout(QBoxLayout::LeftToRight);
    m_side->setSpacing(20);
    m_side->addWidget(m_matrix, 0, Qt::AlignTop);
    m_side->addWidget(m_try, 1);
    row->addLayout(m_side);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(8);
    m_filters = buildFilters();
    layout->addWidget(m_filters);
    layout->addLayout(row, 1);

    connect(m_matrix, &ConfusionMatrix::chosen, this, &PredictionsPanel::filterByMatrix);
    connect(m_samples, &SampleSource::arrived, m_tiles, &TileView::refresh);
    connect(runs, &RunController::runChanged, this, &PredictionsPanel::startRun);
    connect(runs, &RunController::eventRead, this, &PredictionsPanel::take);
    connect(runs, &RunController::stateChanged, this, [this](RunController::State state) {
        if (state == RunController::State::Finished)
            refreshIfNeeded();
        if (m_evaluation.size() == 0 && m_request == 0)
            m_tiles->setEmptyText(emptyText());
    });
    connect(worker, &WorkerClient::progressed, this, [this](qint64 id, double fraction) {
        if (id == m_request && m_evaluation.size() == 0)
            m_tiles->setEmptyText(tr("Predicting the test data: %1 %").arg(qRound(100 * fraction)));
    });
    startRun(runs->runDir());
}

QWidget* PredictionsPanel::buildFilters()
{
    auto* box = new QWidget;
    m_which = new QComboBox;
    m_which->setObjectName(QStringLiteral("which"));
    m_which->setAccessibleName(tr("Which samples are shown"));
    m_which->addItem(tr("All samples"));
    m_which->addItem(tr("Only mistakes"));
    m_class = new QComboBox;
    m_class->setObjectName(QStringLiteral("class"));
    m_class->setAccessibleName(tr("Class of the samples"));
    m_class->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_class->addItem(tr("Every class"), -1);
    m_count = new QLabel;
    m_count->setObjectName(QStringLiteral("count"));
    m_source = new QLabel;
    m_source->setProperty("role", QStringLiteral("secondary"));
    m_refresh = new QPushButton(icon(QStringLiteral("refresh")), tr("Refresh"));
    m_refresh->setObjectName(QStringLiteral("refresh"));
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(m_which);
    layout->addWidget(m_class);
    layout->addWidget(m_count);
    layout->addStretch();
    layout->addWidget(m_source);
    layout->addWidget(m_refresh);
    connect(m_which, &QComboBox::activated, this, &PredictionsPanel::filter);
    connect(m_class, &QComboBox::activated, this, [this] {
        const int chosen = m_class->currentData().toInt();
        m_matrix->setChoice({chosen < 0 ? std::nullopt : std::optional(chosen), std::nullopt});
        filter();
    });
    connect(m_refresh, &QPushButton::clicked, this, &PredictionsPanel::refresh);
    return box;
}

void PredictionsPanel::startRun(const QString&)
{
    m_evaluated.clear();
    m_hasBetter = false;
    m_try->setRun({});
    showNothing(emptyText());
    refreshIfNeeded();
}

void PredictionsPanel::take(const QJsonObject& event)
{
    if (event.value(QStringLiteral("event")) != QLatin1String("checkpoint") || !event.value(QStringLiteral("best")).toBool(true))
        return;
    m_hasBetter = true;
    if (m_evaluation.size() == 0)
        refreshIfNeeded();
    else
        m_source->setText(tr("A better checkpoint is there."));
}

/// Matrix and pad are squares: in a low panel they stand beside the pictures and their height says how
/// wide they are; in a tall one they share a column. The pictures take the rest.
void PredictionsPanel::sizeSquares()
{
    constexpr int tall = 430;
    const int room = height() - m_filters->sizeHint().height() - 28;
    const int smallest = m_try->minimumSizeHint().width();
    if (room < tall) {
        m_side->setDirection(QBoxLayout::LeftToRight);
        m_try->setFixedWidth(std::clamp(m_try->widthFor(room), smallest, std::max(smallest, width() / 3)));
        const QMargins margins = layout()->contentsMargins();
        const int others = m_try->width() + m_tiles->minimumWidth() + 2 * m_side->spacing() + margins.left() + margins.right();
        m_matrix->setFixedWidth(std::clamp(m_matrix->widthFor(room), 150, std::max(150, std::min(width() * 3 / 10, width() - others))));
        m_matrix->setFixedHeight(room);
        return;
    }
    const int column = std::clamp(m_matrix->widthFor(room * 3 / 5), smallest, std::max(smallest, width() / 2));
    m_side->setDirection(QBoxLayout::TopToBottom);
    m_matrix->setFixedWidth(column);
    m_matrix->setFixedHeight(m_matrix->heightFor(column));
    m_try->setFixedWidth(column);
}

void PredictionsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    sizeSquares();
}

void PredictionsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refreshIfNeeded();
}

/// Evaluates by itself only while the panel is looked at: training needs the processor.
void PredictionsPanel::refreshIfNeeded()
{
    if (!isVisible() || m_runs->runDir().isEmpty() || m_request != 0)
        return;
    const QString best = bestCheckpoint(m_runs->runDir());
    if (!best.isEmpty() && (m_evaluated != m_runs->runDir() || (m_hasBetter && !m_runs->isGoing())))
        refresh();
}

void PredictionsPanel::refresh()
{
    const QString run = m_runs->runDir();
    m_checkpoint = run.isEmpty() ? QString() : bestCheckpoint(run);
    if (m_checkpoint.isEmpty()) {
        showNothing(emptyText());
        return;
    }
    if (m_request != 0)
        m_worker->cancel(m_request);
    m_hasBetter = false;
    m_evaluated = run;
    m_refresh->setEnabled(false);
    if (m_evaluation.size() == 0)
        m_tiles->setEmptyText(tr("Predicting the test data"));
    m_source->setText(tr("predicting"));
    evaluate();
    m_try->setRun(run);
}

/// Finds the split to look at, then asks for its predictions.
void PredictionsPanel::evaluate()
{
    RunData source;
    try {
        source = dataOf(m_evaluated);
    } catch (const Error& error) {
        showNothing(translated(error.message()));
        return;
    }
    const QJsonObject open{{QStringLiteral("data"), source.data}, {QStringLiteral("baseDir"), source.baseDir}};
    m_request = m_worker->request(QStringLiteral("dataset.open"), open, this, [this, source](const QJsonObject& facts, const QString& error) {
        m_request = 0;
        if (!error.isEmpty()) {
            showNothing(error);
            return;
        }
        const QJsonObject sizes = facts.value(QStringLiteral("sizes")).toObject();
        m_split = sizes.value(QStringLiteral("test")).toInteger() > 0   ? QStringLiteral("test")
            : sizes.value(QStringLiteral("validation")).toInteger() > 0 ? QStringLiteral("validation")
                                                                        : QStringLiteral("train");
        m_samples->setData(source.data, source.baseDir, m_split);
        const QJsonObject params{
            {QStringLiteral("run"), m_evaluated}, {QStringLiteral("checkpoint"), QStringLiteral("best")}, {QStringLiteral("split"), m_split}};
        m_request = m_worker->request(QStringLiteral("model.evaluate"), params, this, [this](const QJsonObject& result, const QString& failure) {
            m_request = 0;
            if (failure.isEmpty())
                showEvaluation(result);
            else
                showNothing(failure);
        });
    });
}

void PredictionsPanel::showEvaluation(const QJsonObject& result)
{
    const int chosen = m_class->currentData().toInt();
    const ConfusionMatrix::Choice choice = m_matrix->choice();
    m_evaluation = SplitEvaluation::fromJson(result);
    m_refresh->setEnabled(true);
    const QString split = m_split == QLatin1String("test") ? tr("test data")
        : m_split == QLatin1String("validation")           ? tr("validation data")
                                                           : tr("training data");
    if (m_evaluation.classes() == 0) {
        showNothing(tr("This network predicts numbers, not classes. Its mean loss on the %1 is %2.")
                        .arg(split, QLocale().toString(m_evaluation.loss, 'g', 4)));
        return;
    }
    m_class->clear();
    m_class->addItem(tr("Every class"), -1);
    for (int i = 0; i < m_evaluation.classes(); ++i)
        m_class->addItem(m_evaluation.classNames[i], i);
    m_class->setCurrentIndex(std::clamp(chosen + 1, 0, m_class->count() - 1));
    m_source->setText(tr("accuracy %1 on the %2").arg(QLocale().toString(m_evaluation.accuracy, 'f', 4), split));
    m_source->setToolTip(tr("With the best checkpoint of the run: step %1.").arg(formatCount(m_checkpoint.toLongLong())));
    showParts(true);
    m_matrix->setCounts(m_evaluation.classNames, m_evaluation.confusion());
    sizeSquares();
    m_matrix->setChoice(choice);
    filter();
}

void PredictionsPanel::showNothing(const QString& text)
{
    m_evaluation = {};
    m_shown.clear();
    m_tiles->setCount(0);
    m_tiles->setEmptyText(text);
    m_matrix->setCounts({}, {});
    showParts(false);
    m_count->clear();
    m_source->clear();
    m_refresh->setEnabled(!m_runs->runDir().isEmpty());
}

/// Without predictions there is only the sentence that says how to get them.
void PredictionsPanel::showParts(bool hasPredictions)
{
    m_filters->setVisible(hasPredictions);
    m_matrix->setVisible(hasPredictions);
    m_try->setVisible(hasPredictions);
}

QString PredictionsPanel::emptyText() const
{
    if (m_runs->runDir().isEmpty())
        return tr("Train the network, and here is what it makes of images that it has never seen.");
    if (m_runs->isGoing())
        return tr("The first predictions come with the first checkpoint, after one epoch.");
    return bestCheckpoint(m_runs->runDir()).isEmpty() ? tr("This run ended before its first checkpoint, so it cannot predict.") : QString();
}

void PredictionsPanel::filter()
{
    const ConfusionMatrix::Choice& choice = m_matrix->choice();
    const SampleFilter wanted{m_which->currentIndex() == 1, choice.label, choice.predicted};
    m_shown = wanted.indices(m_evaluation);
    m_tiles->setEmptyText(wanted.onlyMistakes ? tr("No mistakes here.") : tr("No such samples."));
    m_tiles->setCount(static_cast<qint64>(m_shown.size()));
    m_count->setText(
        tr("%1 of %2").arg(formatCount(static_cast<std::int64_t>(m_shown.size())), formatCount(static_cast<std::int64_t>(m_evaluation.size()))));
}

void PredictionsPanel::filterByMatrix()
{
    const ConfusionMatrix::Choice& choice = m_matrix->choice();
    m_class->setCurrentIndex(m_class->findData(choice.label.value_or(-1)));
    // Right answers are no mistakes: choosing them shows them.
    if (choice.label && choice.label == choice.predicted)
        m_which->setCurrentIndex(0);
    filter();
}

void PredictionsPanel::paintSample(QPainter& painter, const QRect& rect, qint64 tile) const
{
    const qint64 sample = m_shown[static_cast<std::size_t>(tile)];
    paintSampleTile(painter, rect, m_evaluation, static_cast<std::size_t>(sample), m_samples->find(sample));
    if (m_pinned == PinnedSample{m_split, sample})
        paintPin(painter, rect);
}

void PredictionsPanel::setPinned(const PinnedSample& sample)
{
    m_pinned = sample;
    m_tiles->refresh();
}

QString PredictionsPanel::tipOf(qint64 tile) const
{
    const auto sample = static_cast<std::size_t>(m_shown[static_cast<std::size_t>(tile)]);
    const SampleFacts* facts = m_samples->find(static_cast<qint64>(sample));
    QStringList lines{facts ? facts->description() : QString()};
    const std::vector<float> values = m_evaluation.probabilitiesOf(sample);
    for (const int index : m_evaluation.likeliest(sample, 5))
        lines << tr("%1: %2 %")
                     .arg(m_evaluation.classNames[index],
                          QLocale().toString(100.0 * static_cast<double>(values[static_cast<std::size_t>(index)]), 'f', 1));
    return lines.join(QLatin1Char('\n'));
}

} // namespace weft
