#include "widgets/target_button.h"

#include <algorithm>

#include <QFontDatabase>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QRegularExpression>
#include <QSettings>
#include <QVBoxLayout>
#include <QWidgetAction>

#include "widgets/runs/program.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int menuWidth = 380;

QString settingName()
{
    return QStringLiteral("train/device");
}

QAction* addWidget(QMenu* menu, QWidget* widget)
{
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(widget);
    menu->addAction(action);
    return action;
}

/// A menu asks a label for its size before it knows its width.
void say(QLabel* label, const QString& text)
{
    label->setText(text);
    label->setFixedHeight(text.isEmpty() ? 0 : label->heightForWidth(menuWidth));
}

QLabel* addSentence(QMenu* menu, const QString& text)
{
    auto* label = new QLabel;
    label->setProperty("role", "secondary");
    label->setWordWrap(true);
    label->setFixedWidth(menuWidth);
    label->setContentsMargins(14, 4, 14, 4);
    say(label, text);
    addWidget(menu, label);
    return label;
}

/// "This CPU (2 cores)", "Tesla T4".
QString nameOf(const QJsonObject& device)
{
    const bool isCpu = device.value(QStringLiteral("id")) == QLatin1String("cpu");
    const int threads = device.value(QStringLiteral("threads")).toInt();
    return isCpu && threads > 0 ? TargetButton::tr("This CPU (%n core(s))", nullptr, threads) : device.value(QStringLiteral("name")).toString();
}

} // namespace

std::vector<OfferedDevice> parseTargets(const QByteArray& json)
{
    std::vector<OfferedDevice> targets;
    for (const QJsonValue& value : QJsonDocument::fromJson(json).array()) {
        const QJsonObject device = value.toObject();
        const bool isAvailable = device.value(QStringLiteral("available")).toBool();
        const double bytes = device.value(QStringLiteral("memory_bytes")).toDouble();
        targets.push_back({device.value(QStringLiteral("id")).toString(), nameOf(device), bytes > 0 ? formatBytes(bytes) : QString(),
                           isAvailable ? QString() : device.value(QStringLiteral("reason")).toString()});
    }
    return targets;
}

QString shellCommand(const QStringList& words)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    QStringList quoted;
    for (const QString& word : words)
        quoted << (plain.match(word).hasMatch()
                       ? word
                       : QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\''));
    return quoted.join(QLatin1Char(' '));
}

TargetButton::TargetButton(QAction* copy, QWidget* parent) : QToolButton(parent), m_copy(copy)
{
    setObjectName(QStringLiteral("targetButton"));
    setToolTip(tr("Where training runs"));
    setAccessibleName(tr("Where training runs"));
    setPopupMode(QToolButton::InstantPopup);
    setMenu(new QMenu(this));
    menu()->setObjectName(QStringLiteral("targetMenu"));
    connect(menu(), &QMenu::aboutToShow, this, &TargetButton::aboutToShow);
    fill();
    ask();
}

TargetButton::~TargetButton()
{
    if (!m_process)
        return;
    m_process->disconnect();
    m_process->kill();
    m_process->waitForFinished(500);
}

QString TargetButton::device() const
{
    const auto isFree = [](const OfferedDevice& target) { return target.reason.isEmpty(); };
    const QString chosen = QSettings().value(settingName()).toString();
    QString best = QStringLiteral("auto");
    for (const OfferedDevice& target : m_targets) {
        if (isFree(target) && target.id == chosen)
            return chosen;
        if (isFree(target) && (best == QLatin1String("auto") || target.id.startsWith(QLatin1String("cuda"))))
            best = target.id;
    }
    return m_targets.empty() && !chosen.isEmpty() ? chosen : best;
}

void TargetButton::ask()
{
    m_process = new QProcess(this);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        const std::vector<OfferedDevice> targets = parseTargets(m_process->readAllStandardOutput());
        if (status != QProcess::NormalExit || code != 0 || targets.empty())
            m_failure = tr("This machine could not be asked for its devices: %1").arg(QString::fromUtf8(m_process->readAllStandardError()).trimmed());
        setTargets(targets);
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        m_failure = tr("This machine could not be asked for its devices: %1").arg(m_process->errorString());
        fill();
    });
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->start(weftProgram(), {QStringLiteral("devices"), QStringLiteral("--json")});
}

void TargetButton::setTargets(std::vector<OfferedDevice> targets)
{
    m_targets = std::move(targets);
    fill();
    Q_EMIT deviceChosen(device());
}

void TargetButton::choose(const QString& id)
{
    QSettings().setValue(settingName(), id);
    showChosen();
    Q_EMIT deviceChosen(id);
}

void TargetButton::fill()
{
    menu()->clear();
    for (const OfferedDevice& target : m_targets) {
        const QString text = target.memory.isEmpty() ? target.name : tr("%1, %2 of memory").arg(target.name, target.memory);
        QAction* action = menu()->addAction(text, this, [this, id = target.id] { choose(id); });
        action->setObjectName(target.id);
        action->setCheckable(true);
        action->setEnabled(target.reason.isEmpty());
        if (!target.reason.isEmpty())
            addSentence(menu(), target.reason);
    }
    if (m_targets.empty())
        addSentence(menu(), m_failure.isEmpty() ? tr("Asking this machine for its devices …") : m_failure);
    menu()->addSeparator();
    addSentence(menu(), tr("The same from a terminal:"));
    m_command = addSentence(menu(), {});
    m_command->setObjectName(QStringLiteral("commandLine"));
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_command->setProperty("role", "code");
    m_note = addSentence(menu(), {});
    menu()->addAction(m_copy);
    showChosen();
}

void TargetButton::showChosen()
{
    const QString current = device();
    QString shown = tr("This machine");
    for (const OfferedDevice& target : m_targets) {
        if (target.id == current)
            shown = target.name;
    }
    for (QAction* action : menu()->actions()) {
        if (action->isCheckable())
            action->setChecked(action->objectName() == current);
    }
    setText(tr("On: %1").arg(shown));
}

void TargetButton::setCommand(const QString& command, const QString& note)
{
    say(m_command, command);
    say(m_note, note);
    m_note->setVisible(!note.isEmpty());
}

} // namespace weft
