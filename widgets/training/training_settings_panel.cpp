#include "widgets/training/training_settings_panel.h"

#include <cmath>
#include <limits>

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/layers/layer_spec.h"
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
    m_form = new QFormLayout(inside);
    m_form->setContentsMargins(16, 12, 16, 16);
    m_form->setVerticalSpacing(8);
    m_form->setHorizontalSpacing(16);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    m_loss = new QLabel;
    m_loss->setWordWrap(true);
    m_form->addRow(tr("Loss"), m_loss);

    m_optimizer = new QComboBox;
    m_optimizer->setObjectName(QStringLiteral("optimizer"));
    m_optimizer->addItem(tr("Adam"), QStringLiteral("adam"));
    m_optimizer->addItem(tr("SGD"), QStringLiteral("sgd"));
    m_optimizer->setToolTip(
        tr("How weights follow their gradients. Adam adapts the step of every weight; SGD is the plain rule, with momentum if wanted."));
    m_form->addRow(tr("Optimizer"), m_optimizer);
    connect(m_optimizer, &QComboBox::activated, this,
            [this] { set("optimizer/type", m_optimizer->currentData().toString().toStdString(), tr("Optimizer")); });

    addReal(tr("Learning rate"), tr("Length of a step. Too large: the loss jumps or grows. Too small: it hardly falls."), "optimizer/learningRate", 0,
            false, unlimited, [](const TrainingSettings& s) { return s.learningRate; });
    m_momentum = addReal(tr("Momentum"), tr("Share of the last step that is kept, from 0 to below 1. Usual: 0.9."), "optimizer/momentum", 0, true, 1,
                         [](const TrainingSettings& s) { return s.momentum; });
    m_nesterov = addSwitch(tr("Nesterov"), tr("Looks ahead along the momentum before taking the gradient."), "optimizer/nesterov",
                           [](const TrainingSettings& s) { return s.nesterov; });
    m_beta1 = addReal(tr("Beta 1"), tr("Memory of the mean gradient. Usual: 0.9."), "optimizer/beta1", 0, true, 1,
                      [](const TrainingSettings& s) { return s.beta1; });
    m_beta2 = addReal(tr("Beta 2"), tr("Memory of the squared gradient. Usual: 0.999."), "optimizer/beta2", 0, true, 1,
                      [](const TrainingSettings& s) { return s.beta2; });
    addReal(tr("Weight decay"), tr("Pulls weights towards zero, against overfitting. 0 is off."), "optimizer/weightDecay", 0, true, unlimited,
            [](const TrainingSettings& s) { return s.weightDecay; });
    addInteger(tr("Epochs"), tr("How often the whole training data is seen."), "epochs", 1, 1000000,
               [](const TrainingSettings& s) { return s.epochs; });
    addInteger(tr("Batch size"), tr("Samples per step. Larger is faster and needs more memory."), "batchSize", 1, 1 << 20,
               [](const TrainingSettings& s) { return s.batchSize; });
    addInteger(tr("Seed"), tr("The same seed gives the same run, to the bit."), "seed", 0, std::numeric_limits<int>::max(),
               [](const TrainingSettings& s) { return static_cast<qint64>(s.seed); });
    addSwitch(tr("Shuffle"), tr("Sees the training data in a new order in every epoch."), "shuffle",
              [](const TrainingSettings& s) { return s.shuffle; });

    m_fault = new QLabel;
    m_fault->setWordWrap(true);
    m_fault->setProperty("role", QStringLiteral("error"));
    m_form->addRow(m_fault);

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
    m_form->addRow(label, field);
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
    m_form->addRow(label, field);
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
    m_form->addRow(label, field);
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
        if (const Tree* optimizer = m_document->project().training.find("optimizer")) {
            if (const Tree* type = optimizer->find("type"); type && type->isText())
                settings.optimizer = type->text();
            if (const Tree* nesterov = optimizer->find("nesterov"); nesterov && nesterov->isBool())
                settings.nesterov = nesterov->boolean();
        }
    }
    m_fault->setVisible(!m_fault->text().isEmpty());
    m_optimizer->setCurrentIndex(m_optimizer->findData(QString::fromStdString(settings.optimizer)));
    for (const auto& reader : m_readers)
        reader(settings);
    const bool isSgd = settings.optimizer == "sgd";
    m_form->setRowVisible(m_momentum, isSgd);
    m_form->setRowVisible(m_nesterov, isSgd);
    m_form->setRowVisible(m_beta1, !isSgd);
    m_form->setRowVisible(m_beta2, !isSgd);
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
