#include "widgets/training/training_settings_panel.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpressionValidator>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/layers/layer_spec.h"
#include "core/training/optimizers.h"
#include "core/training/trainer.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

namespace weft {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Reads "0.001", "1e-3" and, in languages that write it so, "0,001".
std::optional<double> parseReal(const QString& text)
{
    bool isNumber = false;
    double value = text.trimmed().toDouble(&isNumber);
    if (!isNumber)
        value = QLocale().toDouble(text.trimmed(), &isNumber);
    return isNumber && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

void markInvalid(QWidget* field, bool isInvalid)
{
    if (field->property("invalid").toBool() == isInvalid)
        return;
    field->setProperty("invalid", isInvalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

/// Shown where the optimizer reads the setting `key`.
std::function<bool(const TrainingSettings&)> optimizerHas(const std::string& key)
{
    return [key](const TrainingSettings& s) {
        const OptimizerInfo* info = findOptimizer(s.optimizer);
        return info && std::find(info->keys.begin(), info->keys.end(), key) != info->keys.end();
    };
}

std::function<bool(const TrainingSettings&)> scheduleIs(std::vector<std::string> types)
{
    return [types = std::move(types)](const TrainingSettings& s) { return std::find(types.begin(), types.end(), s.schedule.type) != types.end(); };
}

/// Of settings with a fault what decides which fields are there, so that the fault can be mended.
void showAsFar(const Tree& training, TrainingSettings& settings)
{
    const auto at = [&](const char* map, const char* key) {
        const Tree* inside = training.find(map);
        return inside ? inside->find(key) : nullptr;
    };
    if (const Tree* type = at("optimizer", "type"); type && type->isText() && findOptimizer(type->text()))
        settings.optimizer = type->text();
    if (const Tree* nesterov = at("optimizer", "nesterov"); nesterov && nesterov->isBool())
        settings.nesterov = nesterov->boolean();
    if (const Tree* type = at("schedule", "type"); type && type->isText())
        settings.schedule.type = type->text();
}

} // namespace

Edit trainingEdit(const Tree& training, const std::string& key, const Tree& value)
{
    const auto slash = key.find('/');
    const std::string first = key.substr(0, slash);
    const Tree* outer = training.find(first);
    if (slash == std::string::npos)
        return {"training/" + key, outer ? *outer : Tree(), value};
    const std::string second = key.substr(slash + 1);
    if (!outer || !outer->isMap()) {
        Tree map = Tree::Map{};
        map[second] = value;
        return {"training/" + first, outer ? *outer : Tree(), map};
    }
    const Tree* inner = outer->find(second);
    return {"training/" + key, inner ? *inner : Tree(), value};
}

TrainingSettingsPanel::TrainingSettingsPanel(ProjectDocument* document, QWidget* parent) : QWidget(parent), m_document(document)
{
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(8);
    // Labels that wrap stay out of the form: in Qt 6.4 a form with hidden rows writes past its tables
    // when the height of a field depends on its width.
    m_form = new QFormLayout;
    m_form->setVerticalSpacing(8);
    m_form->setHorizontalSpacing(16);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    m_loss = new QLabel;
    m_loss->setWordWrap(true);
    auto* lossRow = new QHBoxLayout;
    lossRow->setSpacing(16);
    lossRow->addWidget(new QLabel(tr("Loss")), 0, Qt::AlignTop);
    lossRow->addWidget(m_loss, 1);
    column->addLayout(lossRow);
    column->addLayout(m_form);

    addOptimizer();
    addInteger(tr("Epochs"), tr("How often the whole training data is seen."), "epochs", 1, 1000000,
               [](const TrainingSettings& s) { return s.epochs; });
    addInteger(tr("Batch size"), tr("Samples per step. Larger is faster and needs more memory."), "batchSize", 1, 1 << 20,
               [](const TrainingSettings& s) { return s.batchSize; });
    addInteger(tr("Seed"), tr("The same seed gives the same run, to the bit."), "seed", 0, std::numeric_limits<int>::max(),
               [](const TrainingSettings& s) { return static_cast<qint64>(s.seed); });
    addSwitch(tr("Shuffle"), tr("Sees the training data in a new order in every epoch."), "shuffle",
              [](const TrainingSettings& s) { return s.shuffle; });
    addAdvanced();

    m_fault = new QLabel;
    m_fault->setWordWrap(true);
    m_fault->setProperty("role", QStringLiteral("error"));
    column->addWidget(m_fault);
    column->addStretch();

    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    connect(document, &ProjectDocument::reset, this, [this] {
        refresh();
        showLoss();
    });
    connect(document, &ProjectDocument::edited, this, [this](const Edits& edits) {
        for (const Edit& edit : edits) {
            if (edit.path.starts_with("training")) {
                refresh();
                break;
            }
        }
    });
    connect(document, &ProjectDocument::analysisChanged, this, &TrainingSettingsPanel::showLoss);
    refresh();
    showLoss();
}

void TrainingSettingsPanel::addOptimizer()
{
    std::vector<std::pair<QString, std::string>> names;
    for (const OptimizerInfo& info : optimizers())
        names.emplace_back(QString::fromStdString(info.title), info.name);
    m_optimizer = addChoice(tr("Optimizer"),
                            tr("How weights follow their gradients. Adam adapts the step of every weight; SGD is the plain rule, with momentum if "
                               "wanted. AdamW suits Transformers."),
                            "optimizer/type", names, [](const TrainingSettings& s) { return s.optimizer; });
    m_optimizer->setObjectName(QStringLiteral("optimizer"));
    addReal(tr("Learning rate"), tr("Length of a step. Too large: the loss jumps or grows. Too small: it hardly falls."), "optimizer/learningRate", 0,
            false, unlimited, [](const TrainingSettings& s) { return s.learningRate; });
    showWhen(addReal(tr("Momentum"), tr("Share of the last step that is kept, from 0 to below 1. Usual: 0.9."), "optimizer/momentum", 0, true, 1,
                     [](const TrainingSettings& s) { return s.momentum; }),
             optimizerHas("momentum"));
    showWhen(addSwitch(tr("Nesterov"), tr("Looks ahead along the momentum before taking the gradient."), "optimizer/nesterov",
                       [](const TrainingSettings& s) { return s.nesterov; }),
             optimizerHas("nesterov"));
    showWhen(addReal(tr("Beta 1"), tr("Memory of the mean gradient. Usual: 0.9."), "optimizer/beta1", 0, true, 1,
                     [](const TrainingSettings& s) { return s.beta1; }),
             optimizerHas("beta1"));
    showWhen(addReal(tr("Beta 2"), tr("Memory of the squared gradient. Usual: 0.999."), "optimizer/beta2", 0, true, 1,
                     [](const TrainingSettings& s) { return s.beta2; }),
             optimizerHas("beta2"));
    showWhen(addReal(tr("Alpha"), tr("Memory of the squared gradient. Usual: 0.99."), "optimizer/alpha", 0, true, 1,
                     [](const TrainingSettings& s) { return s.alpha; }),
             optimizerHas("alpha"));
    showWhen(addReal(tr("Rho"), tr("Memory of the squared gradient. Usual: 0.9."), "optimizer/rho", 0, true, 1,
                     [](const TrainingSettings& s) { return s.rho; }),
             optimizerHas("rho"));
    addReal(tr("Weight decay"), tr("Pulls weights towards zero, against overfitting. 0 is off."), "optimizer/weightDecay", 0, true, unlimited,
            [](const TrainingSettings& s) { return s.weightDecay; });
}

void TrainingSettingsPanel::addAdvanced()
{
    m_more = new QToolButton;
    m_more->setObjectName(QStringLiteral("more"));
    m_more->setText(tr("Advanced"));
    m_more->setToolTip(tr("Schedule of the learning rate, clipping, averages, early stopping."));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setArrowType(Qt::RightArrow);
    m_form->addRow(m_more);
    connect(m_more, &QToolButton::toggled, this, [this](bool isOpen) {
        m_more->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        refresh();
    });

    m_isAddingAdvanced = true;
    addChoice(tr("Schedule"), tr("How the learning rate goes during the run."), "schedule/type",
              {{tr("Constant"), "constant"},
               {tr("Steps"), "step"},
               {tr("Milestones"), "multistep"},
               {tr("Exponential"), "exponential"},
               {tr("Polynomial"), "polynomial"},
               {tr("Cosine"), "cosine"},
               {tr("One cycle"), "oneCycle"},
               {tr("On a plateau"), "plateau"}},
              [](const TrainingSettings& s) { return s.schedule.type; });
    addInteger(tr("Warm-up steps"), tr("The learning rate grows from zero in so many steps. 0 is off."), "schedule/warmupSteps", 0, 1000000000,
               [](const TrainingSettings& s) { return s.schedule.warmupSteps; });
    showWhen(addInteger(tr("Every … epochs"), tr("Epochs between two falls of the learning rate."), "schedule/stepEpochs", 1, 1000000,
                        [](const TrainingSettings& s) { return s.schedule.stepEpochs; }),
             scheduleIs({"step"}));
    showWhen(addIntegers(tr("Epochs of the falls"), tr("The epochs after which the learning rate falls, such as 10, 20."), "schedule/milestones",
                         [](const TrainingSettings& s) { return s.schedule.milestones; }),
             scheduleIs({"multistep"}));
    showWhen(addReal(tr("Factor"), tr("What the learning rate is multiplied by when it falls."), "schedule/gamma", 0, false, 1,
                     [](const TrainingSettings& s) { return s.schedule.gamma; }),
             scheduleIs({"step", "multistep", "exponential", "plateau"}));
    showWhen(addInteger(tr("Epochs of a fall"), tr("How long the learning rate takes to fall; 0 is the whole run."), "schedule/epochs", 0, 1000000,
                        [](const TrainingSettings& s) { return s.schedule.epochs; }),
             scheduleIs({"polynomial", "cosine"}));
    showWhen(addReal(tr("Lowest rate"), tr("The learning rate does not fall below this."), "schedule/minimumRate", 0, true, unlimited,
                     [](const TrainingSettings& s) { return s.schedule.minimumRate; }),
             scheduleIs({"polynomial", "cosine", "plateau"}));
    showWhen(addInteger(tr("Patience of the plateau"), tr("Epochs without improvement before the learning rate falls."), "schedule/patience", 0,
                        1000000, [](const TrainingSettings& s) { return s.schedule.patience; }),
             scheduleIs({"plateau"}));
    addReal(tr("Clip gradients to norm"), tr("All gradients together are made no longer than this, against sudden jumps. 0 is off."),
            "gradientClipping/norm", 0, true, unlimited, [](const TrainingSettings& s) { return s.clipNorm; });
    addReal(tr("L1"), tr("Pulls weights towards exactly zero with a constant force. 0 is off."), "optimizer/l1", 0, true, unlimited,
            [](const TrainingSettings& s) { return s.l1; });
    addInteger(tr("Batches per update"), tr("Gradients of so many batches are gathered before the weights change: as one large batch."),
               "gradientAccumulation", 1, 1000000, [](const TrainingSettings& s) { return s.gradientAccumulation; });
    addReal(tr("Average of weights"), tr("Memory of a moving average of the weights, such as 0.999, which then predicts. 0 is off."),
            "weightAveraging/decay", 0, true, 1, [](const TrainingSettings& s) { return s.averagingDecay; });
    addChoice(tr("Watched metric"), tr("What the best checkpoint, early stopping and the plateau schedule go by."), "monitor",
              {{tr("Accuracy or loss"), "auto"},
               {tr("Loss"), "loss"},
               {tr("Accuracy"), "accuracy"},
               {tr("Top-5 accuracy"), "topKAccuracy"},
               {tr("F1"), "macroF1"},
               {tr("Mean absolute error"), "meanAbsoluteError"},
               {tr("R²"), "r2"}},
              [](const TrainingSettings& s) { return s.monitor; });
    addInteger(tr("Stop early after"), tr("Ends the run after so many epochs without improvement. 0 is off."), "earlyStopping/patience", 0, 1000000,
               [](const TrainingSettings& s) { return s.patience; });
    m_isAddingAdvanced = false;
}

void TrainingSettingsPanel::showWhen(QWidget* field, std::function<bool(const TrainingSettings&)> applies)
{
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& known) { return known.field == field; });
    if (row != m_rows.end())
        row->applies = std::move(applies);
    else
        m_rows.push_back({field, false, std::move(applies)});
}

void TrainingSettingsPanel::showRows(const TrainingSettings& settings)
{
    for (const Row& row : m_rows)
        m_form->setRowVisible(row.field, (!row.isAdvanced || m_more->isChecked()) && (!row.applies || row.applies(settings)));
}

QComboBox* TrainingSettingsPanel::addChoice(const QString& label, const QString& help, const std::string& key,
                                            const std::vector<std::pair<QString, std::string>>& items,
                                            std::function<std::string(const TrainingSettings&)> get)
{
    auto* field = new QComboBox;
    field->setObjectName(QString::fromStdString(key));
    field->setToolTip(help);
    for (const auto& [title, value] : items)
        field->addItem(title, QString::fromStdString(value));
    connect(field, &QComboBox::activated, this, [this, field, key, label] { set(key, field->currentData().toString().toStdString(), label); });
    m_readers.push_back(
        [field, get = std::move(get)](const TrainingSettings& s) { field->setCurrentIndex(field->findData(QString::fromStdString(get(s)))); });
    addRow(label, field);
    return field;
}

void TrainingSettingsPanel::addRow(const QString& label, QWidget* field)
{
    m_form->addRow(label, field);
    if (m_isAddingAdvanced)
        m_rows.push_back({field, true, {}});
}

TrainingSettingsPanel::~TrainingSettingsPanel()
{
    // A field that loses the focus while it goes would still report what it holds.
    for (const QWidget* field : findChildren<QWidget*>())
        disconnect(field, nullptr, this, nullptr);
}

QSpinBox* TrainingSettingsPanel::addInteger(const QString& label, const QString& help, const std::string& key, int minimum, int maximum,
                                            std::function<qint64(const TrainingSettings&)> get)
{
    auto* field = new QSpinBox;
    field->setObjectName(QString::fromStdString(key));
    field->setRange(minimum, maximum);
    field->setGroupSeparatorShown(true);
    field->setKeyboardTracking(false);
    field->setToolTip(help);
    connect(field, &QSpinBox::valueChanged, this, [this, key, label](int value) { set(key, Tree(value), label); });
    m_readers.push_back(
        [field, get = std::move(get)](const TrainingSettings& s) { field->setValue(static_cast<int>(std::min<qint64>(get(s), field->maximum()))); });
    addRow(label, field);
    return field;
}

QLineEdit* TrainingSettingsPanel::addReal(const QString& label, const QString& help, const std::string& key, double minimum, bool isMinimumAllowed,
                                          double limit, std::function<double(const TrainingSettings&)> get)
{
    auto* field = new QLineEdit;
    field->setObjectName(QString::fromStdString(key));
    field->setToolTip(help);
    const auto valueOf = [=]() -> std::optional<double> {
        const std::optional<double> value = parseReal(field->text());
        const bool isInside = value && (isMinimumAllowed ? *value >= minimum : *value > minimum) && *value < limit;
        return isInside ? value : std::nullopt;
    };
    connect(field, &QLineEdit::textEdited, this, [field, valueOf] { markInvalid(field, !valueOf()); });
    connect(field, &QLineEdit::editingFinished, this, [this, field, valueOf, key, label] {
        if (const std::optional<double> value = valueOf())
            set(key, Tree(*value), label);
        refresh(); // what is no number goes back to what is set
        markInvalid(field, false);
    });
    m_readers.push_back([field, get = std::move(get)](const TrainingSettings& s) {
        if (const double value = get(s); parseReal(field->text()) != value)
            field->setText(QString::number(value, 'g', 10));
    });
    addRow(label, field);
    return field;
}

QLineEdit* TrainingSettingsPanel::addIntegers(const QString& label, const QString& help, const std::string& key,
                                              std::function<std::vector<std::int64_t>(const TrainingSettings&)> get)
{
    auto* field = new QLineEdit;
    field->setObjectName(QString::fromStdString(key));
    field->setToolTip(help);
    field->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9, ]*")), field));
    connect(field, &QLineEdit::editingFinished, this, [this, field, key, label] {
        if (!field->isModified())
            return;
        Tree::List list;
        for (const QString& word : field->text().split(QRegularExpression(QStringLiteral("[, ]+")), Qt::SkipEmptyParts))
            list.emplace_back(static_cast<std::int64_t>(word.toLongLong()));
        set(key, list, label);
    });
    m_readers.push_back([field, get = std::move(get)](const TrainingSettings& s) {
        QStringList words;
        for (const std::int64_t number : get(s))
            words << QString::number(number);
        field->setText(words.join(QStringLiteral(", ")));
    });
    addRow(label, field);
    return field;
}

QCheckBox* TrainingSettingsPanel::addSwitch(const QString& label, const QString& help, const std::string& key,
                                            std::function<bool(const TrainingSettings&)> get)
{
    auto* field = new QCheckBox;
    field->setObjectName(QString::fromStdString(key));
    field->setToolTip(help);
    connect(field, &QCheckBox::toggled, this, [this, key, label](bool value) { set(key, Tree(value), label); });
    m_readers.push_back([field, get = std::move(get)](const TrainingSettings& s) { field->setChecked(get(s)); });
    addRow(label, field);
    return field;
}

void TrainingSettingsPanel::set(const std::string& key, const Tree& value, const QString& label)
{
    if (m_isRefreshing)
        return;
    const Edit edit = trainingEdit(m_document->project().training, key, value);
    // A value typed again, or a default written out, is no change worth a step.
    if (edit.before.isNumber() && value.isNumber() && edit.before.number() == value.number())
        return;
    m_document->perform(tr("Set %1").arg(label), {edit}, QStringLiteral("training/") + QString::fromStdString(key));
}

void TrainingSettingsPanel::refresh()
{
    m_isRefreshing = true;
    TrainingSettings settings;
    m_fault->clear();
    try {
        settings = trainingSettings(m_document->project().training);
    } catch (const Error& error) {
        m_fault->setText(translated(error.message()));
        showAsFar(m_document->project().training, settings);
    }
    m_fault->setVisible(!m_fault->text().isEmpty());
    for (const auto& reader : m_readers)
        reader(settings);
    showRows(settings);
    m_isRefreshing = false;
}

void TrainingSettingsPanel::showLoss()
{
    QStringList losses;
    for (const Node& node : m_document->project().network.nodes) {
        const LayerSpec* layer = findLayer(node.type);
        if (layer && layer->isLoss())
            losses << tr("%1 (%2)").arg(QString::fromStdString(node.name.empty() ? node.id : node.name), QString::fromStdString(node.type));
    }
    m_loss->setText(losses.isEmpty() ? tr("None yet: add a loss from the palette and wire the output into it.") : losses.join(QStringLiteral(", ")));
}

} // namespace weft
