#include "widgets/target_button.h"

#include <algorithm>

#include <QFontDatabase>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QSettings>
#include <QVBoxLayout>
#include <QWidgetAction>

#include "core/device/cpu_info.h"
#include "widgets/runs/program.h"
#include "widgets/targets/target_places.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int menuWidth = 460;

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

/// A menu asks a label for its size before it knows its width, or how it is styled.
void say(QLabel* label, const QString& text)
{
    label->setText(text);
    label->ensurePolished();
    label->setFixedHeight(text.isEmpty() ? 0 : label->heightForWidth(menuWidth));
}

QLabel* addSentence(QMenu* menu, const QString& text, const char* role = "secondary")
{
    auto* label = new QLabel;
    label->setProperty("role", role);
    label->setWordWrap(true);
    label->setFixedWidth(menuWidth);
    label->setContentsMargins(14, 4, 14, 4);
    say(label, text);
    addWidget(menu, label);
    return label;
}

} // namespace

TargetButton::TargetButton(QAction* copy, QAction* name, QWidget* parent) :
    QToolButton(parent), m_copy(copy), m_name(name), m_targets(targetPlaces())
{
    setObjectName(QStringLiteral("targetButton"));
    setToolTip(tr("Where training runs"));
    setAccessibleName(tr("Where training runs"));
    setPopupMode(QToolButton::InstantPopup);
    setMenu(new QMenu(this));
    menu()->setObjectName(QStringLiteral("targetMenu"));
    connect(menu(), &QMenu::aboutToShow, this, [this] {
        refresh();
        Q_EMIT aboutToShow();
    });
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

/// What was chosen before, where it can still be used; else a card, else the first.
TrainingPlace TargetButton::chosen() const
{
    const QString wanted = QSettings().value(settingName()).toString();
    if (const TrainingPlace* place = placeOf(wanted))
        return *place;
    const TrainingPlace* best = nullptr;
    for (const TrainingPlace& place : m_places) {
        if (place.isUsable() && (!best || (best->id == QLatin1String("cpu") && place.id.startsWith(QLatin1String("cuda")))))
            best = &place;
    }
    if (best)
        return *best;
    const bool isDevice = wanted == QLatin1String("cpu") || wanted.startsWith(QLatin1String("cuda"));
    const QString device = isDevice && m_places.empty() ? wanted : QStringLiteral("auto");
    return {device, tr("This machine"), {}, {}, {QStringLiteral("--device"), device}, device};
}

/// A usable place of this machine, or a target.
const TrainingPlace* TargetButton::placeOf(const QString& id) const
{
    for (const TrainingPlaces* places : {&m_places, &m_targets}) {
        for (const TrainingPlace& place : *places) {
            if (place.isUsable() && place.id == id)
                return &place;
        }
    }
    return nullptr;
}

void TargetButton::refresh()
{
    const QString before = chosen().id;
    m_targets = targetPlaces();
    fill();
    if (chosen().id != before)
        Q_EMIT placeChosen();
}

void TargetButton::ask()
{
    m_process = new QProcess(this);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        TrainingPlaces places = devicePlaces(m_process->readAllStandardOutput());
        if (status != QProcess::NormalExit || code != 0 || places.empty())
            m_failure = tr("This machine could not be asked for its devices: %1").arg(QString::fromUtf8(m_process->readAllStandardError()).trimmed());
        else {
            std::ranges::move(rankPlacesHere(), std::back_inserter(places));
            std::ranges::move(replicaPlaces(usableCores()), std::back_inserter(places));
        }
        setPlaces(std::move(places));
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

void TargetButton::setPlaces(TrainingPlaces places)
{
    m_places = std::move(places);
    fill();
    Q_EMIT placeChosen();
}

void TargetButton::choose(const QString& id)
{
    QSettings().setValue(settingName(), id);
    showChosen();
    Q_EMIT placeChosen();
}

void TargetButton::addPlace(const TrainingPlace& place)
{
    const QString text = place.detail.isEmpty() ? place.name : tr("%1, %2", "a device, its memory").arg(place.name, place.detail);
    QAction* action = menu()->addAction(text, this, [this, id = place.id] { choose(id); });
    action->setObjectName(place.id);
    action->setCheckable(true);
    action->setEnabled(place.isUsable());
    if (!place.isUsable())
        addSentence(menu(), place.reason);
}

void TargetButton::fill()
{
    menu()->clear();
    for (const TrainingPlace& place : m_places)
        addPlace(place);
    if (m_places.empty())
        addSentence(menu(), m_failure.isEmpty() ? tr("Asking this machine for its devices …") : m_failure);
    menu()->addSeparator();
    for (const TrainingPlace& place : m_targets)
        addPlace(place);
    if (m_name)
        menu()->addAction(m_name);
    menu()->addSeparator();
    addSentence(menu(), tr("The same from a terminal:"));
    m_command = addSentence(menu(), {}, "code");
    m_command->setObjectName(QStringLiteral("commandLine"));
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note = addSentence(menu(), {});
    menu()->addAction(m_copy);
    showChosen();
}

void TargetButton::showChosen()
{
    const TrainingPlace current = chosen();
    for (QAction* action : menu()->actions()) {
        if (action->isCheckable())
            action->setChecked(action->objectName() == current.id);
    }
    setText(tr("On: %1").arg(current.name));
}

void TargetButton::setCommand(const QString& command, const QString& note)
{
    say(m_command, command);
    say(m_note, note);
    m_note->setVisible(!note.isEmpty());
}

} // namespace weft
