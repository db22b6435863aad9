#include "widgets/training/training_settings_panel.h"

#include <algorithm>
#include <limits>

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/layers/layer_spec.h"
#include "core/network/blocks.h"
#include "core/training/optimizers.h"
#include "core/training/trainer.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/training/settings_form.h"

namespace weft {

namespace {

const NumberRange share{.minimum = 0, .limit = 1};
const NumberRange partly{.minimum = 0, .isMinimumAllowed = false, .limit = 1};
const NumberRange notNegative{.minimum = 0};
const NumberRange positive{.minimum = 0, .isMinimumAllowed = false};
const NumberRange atLeastOne{.minimum = 1};
const NumberRange percent{.minimum = 0, .isMinimumAllowed = false, .limit = 100};
constexpr int many = 1000000;

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

/// Reads a member of the schedule.
template <class T> auto in(T ScheduleSettings::*member)
{
    return [member](const TrainingSettings& s) { return s.schedule.*member; };
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
    m_form = new SettingsForm(this);
    connect(m_form, &SettingsForm::changed, this, &TrainingSettingsPanel::set);

    // Labels that wrap stay out of the form: in Qt 6.4 a form with hidden rows writes past its tables
    // when the height of a field depends on its width.
    m_loss = new QLabel;
    m_loss->setWordWrap(true);
    auto* lossRow = new QHBoxLayout;
    lossRow->setSpacing(16);
    lossRow->addWidget(new QLabel(tr("Loss")), 0, Qt::AlignTop);
    lossRow->addWidget(m_loss, 1);
    column->addLayout(lossRow);
    column->addLayout(m_form->layout());

    addOptimizer();
    addRun();
    m_form->addFold(tr("Advanced"), tr("Schedule of the learning rate, clipping, averages, early stopping."));
    addSchedule();
    addMethods();
    m_form->addFold(tr("Several processes"), tr("What counts where a run is started with several ranks."));
    addRanks();

    m_fault = new QLabel;
    m_fault->setWordWrap(true);
    m_fault->setProperty("role", QStringLiteral("error"));
    column->addWidget(m_fault);
    column->addStretch();

    auto* scroll = new QScrollArea;
    scroll->setAccessibleName(tr("Training settings"));
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

TrainingSettingsPanel::~TrainingSettingsPanel()
{
    // A field that loses the focus while it goes would still report what it holds.
    m_form->disconnect(this);
}

void TrainingSettingsPanel::addOptimizer()
{
    std::vector<std::pair<QString, std::string>> names;
    for (const OptimizerInfo& info : optimizers())
        names.emplace_back(QString::fromStdString(info.title), info.name);
    m_form->addChoice({"optimizer/type", tr("Optimizer"),
                       tr("How weights follow their gradients. Adam adapts the step of every weight; SGD is the plain rule, with momentum if "
                          "wanted. AdamW suits Transformers.")},
                      names, &TrainingSettings::optimizer);
    m_form->addReal(
        {"optimizer/learningRate", tr("Learning rate"), tr("Length of a step. Too large: the loss jumps or grows. Too small: it hardly falls.")},
        positive, &TrainingSettings::learningRate);
    m_form->addReal(
        {"optimizer/momentum", tr("Momentum"), tr("Share of the last step that is kept, from 0 to below 1. Usual: 0.9."), optimizerHas("momentum")},
        share, &TrainingSettings::momentum);
    m_form->addSwitch(
        {"optimizer/nesterov", tr("Nesterov"), tr("Looks ahead along the momentum before taking the gradient."), optimizerHas("nesterov")},
        &TrainingSettings::nesterov);
    m_form->addReal({"optimizer/beta1", tr("Beta 1"), tr("Memory of the mean gradient. Usual: 0.9."), optimizerHas("beta1")}, share,
                    &TrainingSettings::beta1);
    m_form->addReal({"optimizer/beta2", tr("Beta 2"), tr("Memory of the squared gradient. Usual: 0.999."), optimizerHas("beta2")}, share,
                    &TrainingSettings::beta2);
    m_form->addReal({"optimizer/alpha", tr("Alpha"), tr("Memory of the squared gradient. Usual: 0.99."), optimizerHas("alpha")}, share,
                    &TrainingSettings::alpha);
    m_form->addReal({"optimizer/rho", tr("Rho"), tr("Memory of the squared gradient. Usual: 0.9."), optimizerHas("rho")}, share,
                    &TrainingSettings::rho);
    m_form->addReal({"optimizer/weightDecay", tr("Weight decay"), tr("Pulls weights towards zero, against overfitting. 0 is off.")}, notNegative,
                    &TrainingSettings::weightDecay);
}

void TrainingSettingsPanel::addRun()
{
    m_form->addInteger({"epochs", tr("Epochs"), tr("How often the whole training data is seen.")}, 1, many, &TrainingSettings::epochs);
    m_form->addInteger({"batchSize", tr("Batch size"), tr("Samples per step. Larger is faster and needs more memory.")}, 1, 1 << 20,
                       &TrainingSettings::batchSize);
    m_form->addInteger({"seed", tr("Seed"), tr("The same seed gives the same run, to the bit.")}, 0, std::numeric_limits<int>::max(),
                       [](const TrainingSettings& s) { return static_cast<std::int64_t>(s.seed); });
    m_form->addSwitch({"shuffle", tr("Shuffle"), tr("Sees the training data in a new order in every epoch.")}, &TrainingSettings::shuffle);
}

void TrainingSettingsPanel::addSchedule()
{
    m_form->addChoice({"schedule/type", tr("Schedule"), tr("How the learning rate goes during the run.")},
                      {{tr("Constant"), "constant"},
                       {tr("Steps"), "step"},
                       {tr("Milestones"), "multistep"},
                       {tr("Exponential"), "exponential"},
                       {tr("Polynomial"), "polynomial"},
                       {tr("Cosine"), "cosine"},
                       {tr("One cycle"), "oneCycle"},
                       {tr("On a plateau"), "plateau"}},
                      in(&ScheduleSettings::type));
    m_form->addInteger({"schedule/warmupSteps", tr("Warm-up steps"), tr("The learning rate grows from zero in so many steps. 0 is off.")}, 0,
                       1000 * many, in(&ScheduleSettings::warmupSteps));
    m_form->addInteger({"schedule/stepEpochs", tr("Every … epochs"), tr("Epochs between two falls of the learning rate."), scheduleIs({"step"})}, 1,
                       many, in(&ScheduleSettings::stepEpochs));
    m_form->addIntegers({"schedule/milestones", tr("Epochs of the falls"), tr("The epochs after which the learning rate falls, such as 10, 20."),
                         scheduleIs({"multistep"})},
                        in(&ScheduleSettings::milestones));
    m_form->addReal({"schedule/gamma", tr("Factor"), tr("What the learning rate is multiplied by when it falls."),
                     scheduleIs({"step", "multistep", "exponential", "plateau"})},
                    partly, in(&ScheduleSettings::gamma));
    m_form->addReal({"schedule/power", tr("Power"), tr("1 falls along a line; more falls faster at first."), scheduleIs({"polynomial"})}, positive,
                    in(&ScheduleSettings::power));
    m_form->addInteger({"schedule/epochs", tr("Epochs of a fall"), tr("How long the learning rate takes to fall; 0 is the whole run."),
                        scheduleIs({"polynomial", "cosine"})},
                       0, many, in(&ScheduleSettings::epochs));
    m_form->addInteger(
        {"schedule/periodFactor", tr("Next fall longer by"), tr("Each fall takes so many times as long as the one before."), scheduleIs({"cosine"})},
        1, 1000, in(&ScheduleSettings::periodFactor));
    m_form->addReal({"schedule/minimumRate", tr("Lowest rate"), tr("The learning rate does not fall below this."),
                     scheduleIs({"polynomial", "cosine", "plateau"})},
                    notNegative, in(&ScheduleSettings::minimumRate));
    m_form->addReal(
        {"schedule/peakShare", tr("Share of the rise"), tr("The part of the run in which the learning rate grows."), scheduleIs({"oneCycle"})},
        partly, in(&ScheduleSettings::peakShare));
    m_form->addReal({"schedule/divisor", tr("First divisor"), tr("The run begins with the learning rate divided by this."), scheduleIs({"oneCycle"})},
                    atLeastOne, in(&ScheduleSettings::divisor));
    m_form->addReal({"schedule/finalDivisor", tr("Last divisor"), tr("The run ends with its first rate divided by this."), scheduleIs({"oneCycle"})},
                    atLeastOne, in(&ScheduleSettings::finalDivisor));
    m_form->addInteger({"schedule/patience", tr("Patience of the plateau"), tr("Epochs without improvement before the learning rate falls."),
                        scheduleIs({"plateau"})},
                       0, many, in(&ScheduleSettings::patience));
    m_form->addReal({"schedule/threshold", tr("Improvement that counts"), tr("A metric that is better by less than this share has not improved."),
                     scheduleIs({"plateau"})},
                    share, in(&ScheduleSettings::threshold));
    m_form->addInteger({"schedule/cooldown", tr("Rest after a fall"), tr("Epochs after a fall that do not count."), scheduleIs({"plateau"})}, 0, many,
                       in(&ScheduleSettings::cooldown));
}

void TrainingSettingsPanel::addMethods()
{
    m_form->addReal({"gradientClipping/norm", tr("Clip gradients to norm"),
                     tr("All gradients together are made no longer than this, against sudden jumps. 0 is off."),
                     [](const TrainingSettings& s) { return s.clipValue == 0.0; }},
                    notNegative, &TrainingSettings::clipNorm);
    m_form->addReal({"gradientClipping/value", tr("Clip gradients to value"), tr("No single gradient is larger than this. 0 is off."),
                     [](const TrainingSettings& s) { return s.clipNorm == 0.0; }},
                    notNegative, &TrainingSettings::clipValue);
    m_form->addReal({"optimizer/l1", tr("L1"), tr("Pulls weights towards exactly zero with a constant force. 0 is off.")}, notNegative,
                    &TrainingSettings::l1);
    m_form->addSwitch({"optimizer/decoupledWeightDecay", tr("Decoupled decay"),
                       tr("Weight decay shrinks the weights themselves, as in AdamW, instead of adding to their gradients."),
                       [](const TrainingSettings& s) { return s.weightDecay > 0.0 && s.optimizer != "adamw"; }},
                      &TrainingSettings::decoupledWeightDecay);
    m_form->addReal({"optimizer/epsilon", tr("Epsilon"), tr("Keeps divisions by very small gradients in bounds."), optimizerHas("epsilon")}, positive,
                    &TrainingSettings::epsilon);
    m_form->addReal({"optimizer/momentumDecay", tr("Decay of the momentum"), tr("How the momentum of NAdam grows to beta 1. Usual: 0.004."),
                     optimizerHas("momentumDecay")},
                    notNegative, &TrainingSettings::momentumDecay);
    m_form->addReal({"optimizer/learningRateDecay", tr("Decay of the rate"), tr("The rate is divided by 1 plus this times the steps done. 0 is off."),
                     optimizerHas("learningRateDecay")},
                    notNegative, &TrainingSettings::learningRateDecay);
    m_form->addInteger({"gradientAccumulation", tr("Batches per update"),
                        tr("Gradients of so many batches are gathered before the weights change: as one large batch.")},
                       1, many, &TrainingSettings::gradientAccumulation);
    m_form->addReal({"weightAveraging/decay", tr("Average of weights"),
                     tr("Memory of a moving average of the weights, such as 0.999, which then predicts. 0 is off.")},
                    share, &TrainingSettings::averagingDecay);
    m_form->addChoice({"memory", tr("Memory"),
                       tr("Lean computes values a second time for the backward pass instead of keeping them: less memory, about a third more time, "
                          "the same results.")},
                      {{tr("Normal"), "normal"}, {tr("Lean"), "lean"}}, &TrainingSettings::memory);
    m_form->addChoice({"monitor", tr("Watched metric"), tr("What the best checkpoint, early stopping and the plateau schedule go by.")},
                      {{tr("Accuracy or loss"), "auto"},
                       {tr("Loss"), "loss"},
                       {tr("Accuracy"), "accuracy"},
                       {tr("Top-5 accuracy"), "topKAccuracy"},
                       {tr("F1"), "macroF1"},
                       {tr("AUC"), "auc"},
                       {tr("IoU"), "meanIou"},
                       {tr("Mean absolute error"), "meanAbsoluteError"},
                       {tr("R²"), "r2"}},
                      &TrainingSettings::monitor);
    m_form->addInteger({"earlyStopping/patience", tr("Stop early after"), tr("Ends the run after so many epochs without improvement. 0 is off.")}, 0,
                       many, &TrainingSettings::patience);
    m_form->addReal({"earlyStopping/minimumDelta", tr("Least improvement"),
                     tr("The watched metric has improved when it is better by more than this."),
                     [](const TrainingSettings& s) { return s.patience > 0; }},
                    notNegative, &TrainingSettings::minimumDelta);
}

void TrainingSettingsPanel::addRanks()
{
    const auto updateIs = [](const char* update) { return [update](const TrainingSettings& s) { return s.distributed.update == update; }; };
    const auto hasStaleGradients = [](const TrainingSettings& s) { return s.distributed.hasStaleGradients(); };
    m_form->addChoice({"distributed/update", tr("Update"),
                       tr("All-reduce: every rank adds up all gradients. Parameter server: rank 0 waits for the whole batch; stale synchronous: only "
                          "so that no worker gets far ahead; asynchronous: it takes each gradient as it comes.")},
                      {{tr("All-reduce"), "allReduce"},
                       {tr("Parameter server"), "parameterServer"},
                       {tr("Stale synchronous"), "staleSynchronous"},
                       {tr("Asynchronous"), "asynchronous"}},
                      [](const TrainingSettings& s) { return s.distributed.update; });
    m_form->addInteger({"distributed/stalenessBound", tr("Staleness bound"), tr("Batches that a worker may be ahead of the slowest one."),
                        updateIs("staleSynchronous")},
                       0, many, [](const TrainingSettings& s) { return s.distributed.stalenessBound; });
    m_form->addInteger(
        {"distributed/backupWorkers", tr("Backup workers"), tr("So many workers take over the part of a slow one."), updateIs("parameterServer")}, 0,
        many, [](const TrainingSettings& s) { return s.distributed.backupWorkers; });
    m_form->addInteger({"distributed/servers", tr("Parameter servers"),
                        tr("So many ranks share the weights and compute no gradients: each sends and takes only its part of them."),
                        [](const TrainingSettings& s) { return s.distributed.hasServer(); }},
                       1, many, [](const TrainingSettings& s) { return s.distributed.servers; });
    m_form->addSwitch(
        {"distributed/rateByStaleness", tr("Rate by staleness"), tr("A gradient of weights that have changed k times since counts 1 / k."),
         hasStaleGradients},
        [](const TrainingSettings& s) { return s.distributed.rateByStaleness; });
    m_form->addReal({"distributed/delayCompensation", tr("Delay compensation"),
                     tr("Corrects a stale gradient for what the weights have changed since: λ of arXiv 1609.08326, for example 0.04. 0 does not."),
                     hasStaleGradients},
                    notNegative, [](const TrainingSettings& s) { return s.distributed.delayCompensation; });
    m_form->addSwitch({"distributed/synchronisedBatchNorm", tr("Shared BatchNorm"),
                       tr("Statistics are those of the whole batch of all ranks, which costs an exchange in every BatchNorm."),
                       // Where it does not fit the update it can be turned off.
                       [](const TrainingSettings& s) { return s.distributed.update == "allReduce" || s.distributed.synchronisedBatchNorm; }},
                      [](const TrainingSettings& s) { return s.distributed.synchronisedBatchNorm; });
    m_form->addChoice({"distributed/compression", tr("Gradient format"),
                       tr("How gradients are sent: 16 bits halve what goes through the network and round gradients to three (float16) or two to "
                          "three (bfloat16) digits. The largest alone: for slow networks; the rest is added to the next gradient.")},
                      {{QStringLiteral("float32"), "none"},
                       {QStringLiteral("float16"), "float16"},
                       {QStringLiteral("bfloat16"), "bfloat16"},
                       {tr("The largest alone"), "topK"}},
                      [](const TrainingSettings& s) { return s.distributed.compression; });
    m_form->addReal({"distributed/topKPercent", tr("Percent sent"), tr("So much of each gradient is sent: its largest numbers."),
                     [](const TrainingSettings& s) { return s.distributed.sendsLargestAlone(); }},
                    percent, [](const TrainingSettings& s) { return s.distributed.topKPercent; });
    m_form->addChoice({"distributed/shuffle", tr("Shuffle"),
                       tr("What each epoch shuffles. All samples: a rank may read any of them. Those of each rank: they stay with it, so that a host "
                          "needs only its part of the data; the order is another one."),
                       updateIs("allReduce")},
                      {{tr("All samples"), "global"}, {tr("Those of each rank"), "perRank"}},
                      [](const TrainingSettings& s) { return s.distributed.shuffle; });
    const auto hasOwnBatches = [](const TrainingSettings& s) { return s.distributed.batch == "perRank" && !s.distributed.hasStaleGradients(); };
    m_form->addChoice({"distributed/batch", tr("Batch size of"),
                       tr("Of all ranks together: N ranks train as one process does, only faster. Of each rank: a step sees N times as many "
                          "samples, so an epoch has fewer steps. Workers that do not wait for each other always take a batch each."),
                       [](const TrainingSettings& s) { return !s.distributed.hasStaleGradients(); }},
                      {{tr("All ranks"), "global"}, {tr("Each rank"), "perRank"}}, [](const TrainingSettings& s) { return s.distributed.batch; });
    m_form->addChoice({"distributed/learningRateScaling", tr("Scale the rate"),
                       tr("Linear: with batches N times as large the learning rate is N times what is set above, reached after a warm-up."),
                       hasOwnBatches},
                      {{tr("Linear"), "linear"}, {tr("Not"), "none"}}, [](const TrainingSettings& s) { return s.distributed.learningRateScaling; });
    m_form->addInteger({"distributed/warmupEpochs", tr("Warm-up epochs"),
                        tr("Epochs in which the learning rate grows from what is set above to the scaled one."),
                        [hasOwnBatches](const TrainingSettings& s) { return hasOwnBatches(s) && s.distributed.learningRateScaling == "linear"; }},
                       0, many, [](const TrainingSettings& s) { return s.distributed.warmupEpochs; });
    m_form->addInteger({"distributed/bucketMegabytes", tr("Bucket (MB)"), tr("Gradients of so many megabytes are sent to the other ranks together."),
                        updateIs("allReduce")},
                       1, 4096, [](const TrainingSettings& s) { return s.distributed.bucketMegabytes; });
}

void TrainingSettingsPanel::set(const QString& key, const Tree& value, const QString& label)
{
    const Edit edit = trainingEdit(m_document->project().training, key.toStdString(), value);
    // A value typed again, or a default written out, is no change worth a step.
    if (edit.before.isNumber() && value.isNumber() && edit.before.number() == value.number())
        return;
    m_document->perform(tr("Set %1").arg(label), {edit}, QStringLiteral("training/") + key);
}

void TrainingSettingsPanel::refresh()
{
    TrainingSettings settings;
    m_fault->clear();
    try {
        settings = trainingSettings(m_document->project().training);
    } catch (const Error& error) {
        m_fault->setText(translated(error.message()));
        showAsFar(m_document->project().training, settings);
    }
    m_fault->setVisible(!m_fault->text().isEmpty());
    m_form->show(settings);
}

void TrainingSettingsPanel::showLoss()
{
    QStringList losses;
    for (const Node& node : m_document->project().network.nodes) {
        const LayerSpec* layer = findLayer(m_document->project().network, node.type);
        if (layer && layer->isLoss())
            losses << tr("%1 (%2)").arg(QString::fromStdString(node.name.empty() ? node.id : node.name), layerTitle(*layer));
    }
    m_loss->setText(losses.isEmpty() ? tr("None yet: add a loss from the palette and wire the output into it.") : losses.join(QStringLiteral(", ")));
}

} // namespace weft
