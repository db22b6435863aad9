#include "widgets/training/scaling_dialog.h"

#include <cmath>

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/training/distributed/link_measurement.h"
#include "widgets/cluster/line_plot.h"
#include "widgets/invalid_mark.h"
#include "widgets/keep_geometry.h"
#include "widgets/project_document.h"
#include "widgets/runs/launch.h"
#include "widgets/text.h"
#include "widgets/training/target_forecast.h"
#include "widgets/training/training_settings_panel.h"

namespace weft {
namespace {

constexpr int mostWorkers = 65536;

QLabel* newNote()
{
    auto* label = new QLabel;
    label->setProperty("role", "secondary");
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString percent(double share)
{
    return QLocale().toString(100 * share, 'f', 1) + QStringLiteral(" %");
}

} // namespace

QString updateRuleText(const std::string& update)
{
    if (update == "parameterServer")
        return TrainingSettingsPanel::tr("Parameter server");
    if (update == "staleSynchronous")
        return TrainingSettingsPanel::tr("Stale synchronous");
    return update == "asynchronous" ? TrainingSettingsPanel::tr("Asynchronous") : TrainingSettingsPanel::tr("All-reduce");
}

ScalingDialog::ScalingDialog(const ProjectDocument& document, QWidget* parent) :
    QDialog(parent), m_link(new QLineEdit(QStringLiteral("25Gbit"))), m_measureLink(new QPushButton(tr("Measure"))), m_perHost(new QSpinBox), m_workers(new QSpinBox), m_step(new QLineEdit),
    m_note(newNote()), m_assumptions(newNote()), m_checks(newNote()), m_throughput(new LinePlot(tr("workers"), tr("samples per second"))),
    m_efficiency(new LinePlot(tr("workers"), tr("efficiency in percent of ideal")))
{
    setObjectName(QStringLiteral("scalingDialog"));
    setWindowTitle(tr("Forecast: what more workers would give"));
    resize(900, 620);
    m_note->setObjectName(QStringLiteral("note"));
    m_assumptions->setObjectName(QStringLiteral("assumptions"));
    m_checks->setObjectName(QStringLiteral("checks"));
    m_throughput->setDoubling();
    m_efficiency->setDoubling();
    m_efficiency->setLegendBelow();
    auto* plots = new QHBoxLayout;
    plots->setSpacing(16);
    plots->addWidget(m_throughput, 1);
    plots->addWidget(m_efficiency, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(makeFields());
    layout->addWidget(m_note);
    layout->addLayout(plots, 1);
    layout->addWidget(m_assumptions);
    layout->addWidget(m_checks);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_call, &WeftCall::ended, this, &ScalingDialog::takeMeasurement);
    connect(&m_linkCall, &WeftCall::ended, this, &ScalingDialog::takeLink);
    keepGeometry(this);
    measure(document);
}

QWidget* ScalingDialog::makeFields()
{
    auto* row = new QWidget;
    auto* fields = new QHBoxLayout(row);
    fields->setContentsMargins(0, 0, 0, 0);
    fields->setSpacing(8);
    const auto add = [&](const char* id, const QString& label, QWidget* field, const QString& help) {
        auto* name = new QLabel(label);
        name->setBuddy(field);
        field->setObjectName(QLatin1String(id));
        field->setAccessibleName(label);
        field->setToolTip(help);
        field->setMaximumWidth(130);
        fields->addWidget(name);
        fields->addWidget(field);
        if (field == m_link)
            fields->addWidget(m_measureLink);
        fields->addSpacing(12);
    };
    m_measureLink->setObjectName(QStringLiteral("measureLink"));
    m_measureLink->setAutoDefault(false);
    m_measureLink->setToolTip(tr("Measures the link between two ranks of this machine by sums like those of a training"));
    connect(m_measureLink, &QPushButton::clicked, this, &ScalingDialog::measureLink);
    m_perHost->setRange(1, 1024);
    m_workers->setRange(2, mostWorkers);
    m_workers->setValue(64);
    add("link", tr("Link of a host"), m_link, tr("Speed of a host's link to the others, such as 25Gbit, 800Mbit or 3GB a second"));
    add("perHost", tr("Workers on a host"), m_perHost, tr("So many share the link of their host"));
    add("workers", tr("Up to"), m_workers, tr("The most workers that the plots show"));
    add("step", tr("Step in ms"), m_step, tr("What a step of one worker takes: measured on this machine, or what you type"));
    fields->addStretch();
    connect(m_link, &QLineEdit::textChanged, this, &ScalingDialog::draw);
    connect(m_perHost, &QSpinBox::valueChanged, this, &ScalingDialog::draw);
    connect(m_workers, &QSpinBox::valueChanged, this, &ScalingDialog::draw);
    connect(m_step, &QLineEdit::textChanged, this, &ScalingDialog::draw);
    return row;
}

/// One worker's step, in the background. What is typed meanwhile counts.
void ScalingDialog::measure(const ProjectDocument& document)
{
    try {
        m_update = trainingSettings(document.project().training).distributed.update;
        m_subject = scalingSubject(document);
        m_note->setText(tr("Some steps of one worker are timed …"));
        const QString snapshot = writeSnapshot(document.project(), document.displayName(), document.baseDir(), m_folder.path());
        m_call.start({QStringLiteral("forecast"), snapshot, QStringLiteral("--workers"), QStringLiteral("1"), QStringLiteral("--link"),
                      QStringLiteral("1Gbit"), QStringLiteral("--json")});
    } catch (const Error& error) {
        m_note->setText(translated(error.message()));
    }
}

void ScalingDialog::takeMeasurement(const WeftAnswer& answer)
{
    const QJsonObject scaling = QJsonDocument::fromJson(answer.output).object().value(QStringLiteral("scaling")).toObject();
    const double step = scaling.value(QStringLiteral("step_ms")).toDouble();
    if (answer.code != 0 || step <= 0) {
        m_note->setText(tr("The step could not be timed: %1 Type in what it takes.").arg(answer.errors));
        return;
    }
    m_subject.overlap = scaling.value(QStringLiteral("overlap")).toDouble();
    if (m_step->text().isEmpty())
        m_step->setText(QLocale().toString(step, 'g', 4));
    draw();
}

void ScalingDialog::measureLink()
{
    m_measureLink->setEnabled(false);
    m_note->setText(tr("The link between two ranks of this machine is measured …"));
    m_linkCall.start({QStringLiteral("link"), QStringLiteral("--json")});
}

void ScalingDialog::takeLink(const WeftAnswer& answer)
{
    m_measureLink->setEnabled(true);
    if (answer.code != 0) {
        m_note->setText(tr("The link could not be measured: %1").arg(answer.errors));
        return;
    }
    try {
        m_measured = linkFrom(answer.output.toStdString());
        m_measuredText = QString::number(m_measured.bytesPerSecond * 1e-9, 'g', 3) + QStringLiteral("GB");
        m_link->setText(m_measuredText);
        draw();
    } catch (const Error& error) {
        m_note->setText(translated(error.message()));
    }
}

std::optional<ScalingLink> ScalingDialog::link()
{
    const bool isMeasured = !m_measuredText.isEmpty() && m_link->text() == m_measuredText;
    ScalingLink link = isMeasured ? m_measured : ScalingLink();
    link.workersPerHost = m_perHost->value();
    try {
        if (!isMeasured)
            link.bytesPerSecond = linkRate(m_link->text().trimmed().toStdString());
        markInvalid(m_link, false);
        return link;
    } catch (const Error& error) {
        markInvalid(m_link, true);
        m_note->setText(translated(error.message()));
        return std::nullopt;
    }
}

void ScalingDialog::draw()
{
    bool isNumber = false;
    const double step = QLocale().toDouble(m_step->text().trimmed(), &isNumber);
    markInvalid(m_step, !m_step->text().isEmpty() && (!isNumber || step <= 0));
    const std::optional<ScalingLink> way = link();
    if (!way || !isNumber || step <= 0)
        return;
    m_subject.stepSeconds = step * 1e-3;
    std::vector<PlotLine> throughput, efficiency;
    for (const char* update : updateRules()) {
        throughput.push_back({updateRuleText(update), {}});
        efficiency.push_back({updateRuleText(update), {}});
        for (const std::int64_t workers : workerCounts(1, m_workers->value())) {
            const ScalingPoint point = scalingPoint(update, m_subject, *way, workers);
            throughput.back().points.emplace_back(static_cast<double>(workers), point.samplesPerSecond);
            efficiency.back().points.emplace_back(static_cast<double>(workers), 100 * point.efficiency);
        }
    }
    m_throughput->setLines(std::move(throughput));
    m_efficiency->setLines(std::move(efficiency));
    tell(*way);
}

void ScalingDialog::tell(const ScalingLink& link)
{
    const double ideal = m_subject.samplesPerStep / m_subject.stepSeconds;
    m_note->setText(tr("One worker does %1 samples a second; the network has %2 of parameters.")
                        .arg(QLocale().toString(std::round(ideal), 'f', 0), formatBytes(m_subject.parameterBytes)));
    QStringList sentences;
    for (const Message& sentence : scalingAssumptions(m_update, m_subject, link))
        sentences << translated(sentence);
    m_assumptions->setText(tr("Assumed: %1").arg(sentences.join(QLatin1Char(' '))));
    std::vector<PlotLine> marks;
    QStringList checks;
    for (const PublishedScaling& run : publishedScaling()) {
        const QString name = tr("%1 on %2 cards: published %3, this forecast %4")
                                 .arg(QLatin1String(run.network), QString::number(run.workers), percent(run.published), percent(run.forecast));
        if (run.workers <= m_workers->value())
            marks.push_back({name, {QPointF(static_cast<double>(run.workers), 100 * run.published)}});
        if (run.workers == 64)
            checks << name;
    }
    m_checks->setText(
        tr("Crosses: what TensorFlow published in 2017 for all-reduce on K80 cards over 10 Gbit/s. %1.").arg(checks.join(QStringLiteral("; "))));
    m_efficiency->setMarks(std::move(marks));
}

} // namespace weft
