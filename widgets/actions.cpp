#include "widgets/actions.h"

#include <QCoreApplication>
#include <QSettings>
#include <QWidget>

#include "widgets/theme/icons.h"

namespace weft {
namespace {

QString settingOf(const ActionSpec& spec)
{
    return QStringLiteral("keys/") + QLatin1String(spec.id);
}

QList<QKeySequence> keysFrom(const QString& text)
{
    QList<QKeySequence> keys;
    for (const QString& key : text.split(QStringLiteral("; "), Qt::SkipEmptyParts))
        keys << QKeySequence(key, QKeySequence::PortableText);
    return keys;
}

void showKeys(QAction* action)
{
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? action->text() : QStringLiteral("%1  (%2)").arg(action->text(), keys));
}

} // namespace

const std::vector<ActionSpec>& Actions::specs()
{
    static const std::vector<ActionSpec> all = {
        {"file.new", QT_TRANSLATE_NOOP("weft::Actions", "New"), "new", "Ctrl+N"},
        {"file.start", QT_TRANSLATE_NOOP("weft::Actions", "Start page"), "table", "Ctrl+Shift+N"},
        {"file.open", QT_TRANSLATE_NOOP("weft::Actions", "Open …"), "open", "Ctrl+O"},
        {"file.save", QT_TRANSLATE_NOOP("weft::Actions", "Save"), "save", "Ctrl+S"},
        {"file.saveAs", QT_TRANSLATE_NOOP("weft::Actions", "Save as …"), "", "Ctrl+Shift+S"},
        {"file.export", QT_TRANSLATE_NOOP("weft::Actions", "Export to ONNX …"), "export", "Ctrl+E"},
        {"file.exportCanvas", QT_TRANSLATE_NOOP("weft::Actions", "Export the canvas as a picture …"), "image", ""},
        {"file.print", QT_TRANSLATE_NOOP("weft::Actions", "Print …"), "print", "Ctrl+Alt+P"},
        {"file.quit", QT_TRANSLATE_NOOP("weft::Actions", "Quit"), "", "Ctrl+Q"},

        {"edit.undo", QT_TRANSLATE_NOOP("weft::Actions", "Undo"), "undo", "Ctrl+Z"},
        {"edit.redo", QT_TRANSLATE_NOOP("weft::Actions", "Redo"), "redo", "Ctrl+Shift+Z; Ctrl+Y"},
        {"edit.cut", QT_TRANSLATE_NOOP("weft::Actions", "Cut"), "cut", "Ctrl+X", ActionScope::Canvas},
        {"edit.copy", QT_TRANSLATE_NOOP("weft::Actions", "Copy"), "copy", "Ctrl+C", ActionScope::Canvas},
        {"edit.paste", QT_TRANSLATE_NOOP("weft::Actions", "Paste"), "paste", "Ctrl+V", ActionScope::Canvas},
        {"edit.pasteWired", QT_TRANSLATE_NOOP("weft::Actions", "Paste with incoming wires"), "", "Ctrl+Shift+V", ActionScope::Canvas},
        {"edit.duplicate", QT_TRANSLATE_NOOP("weft::Actions", "Duplicate"), "duplicate", "Ctrl+D", ActionScope::Canvas},
        {"edit.selectAll", QT_TRANSLATE_NOOP("weft::Actions", "Select all"), "", "Ctrl+A", ActionScope::Canvas},
        {"edit.rename", QT_TRANSLATE_NOOP("weft::Actions", "Rename"), "pencil", "F2"},
        {"edit.delete", QT_TRANSLATE_NOOP("weft::Actions", "Delete"), "delete", "Del", ActionScope::Canvas},
        {"edit.heal", QT_TRANSLATE_NOOP("weft::Actions", "Delete and join the wires"), "link", "Backspace", ActionScope::Canvas},
        {"edit.bypass", QT_TRANSLATE_NOOP("weft::Actions", "Bypass"), "bypass", "Ctrl+B", ActionScope::Canvas},
        {"edit.find", QT_TRANSLATE_NOOP("weft::Actions", "Find a layer …"), "search", "Ctrl+F"},
        {"edit.connect", QT_TRANSLATE_NOOP("weft::Actions", "Wire the selection …"), "link", "C", ActionScope::Canvas},
        {"edit.note", QT_TRANSLATE_NOOP("weft::Actions", "Comment or frame"), "pencil", "Shift+C", ActionScope::Canvas},
        {"edit.group", QT_TRANSLATE_NOOP("weft::Actions", "Group into a block"), "group", "Ctrl+G", ActionScope::Canvas},
        {"edit.ungroup", QT_TRANSLATE_NOOP("weft::Actions", "Ungroup"), "ungroup", "Ctrl+Shift+G", ActionScope::Canvas},
        {"edit.saveBlock", QT_TRANSLATE_NOOP("weft::Actions", "Save the block to the palette"), "", "", ActionScope::Canvas},
        {"edit.promote", QT_TRANSLATE_NOOP("weft::Actions", "Make a parameter of the block …"), "", ""},
        {"edit.fix", QT_TRANSLATE_NOOP("weft::Actions", "Fix the problem"), "check", "Alt+Return"},

        {"view.zoomIn", QT_TRANSLATE_NOOP("weft::Actions", "Zoom in"), "zoom-in", "Ctrl++; Ctrl+="},
        {"view.zoomOut", QT_TRANSLATE_NOOP("weft::Actions", "Zoom out"), "zoom-out", "Ctrl+-"},
        {"view.actualSize", QT_TRANSLATE_NOOP("weft::Actions", "Actual size"), "actual-size", "Ctrl+0"},
        {"view.fit", QT_TRANSLATE_NOOP("weft::Actions", "Show everything"), "fit", "F", ActionScope::Canvas},
        {"view.fitSelection", QT_TRANSLATE_NOOP("weft::Actions", "Show the selection"), "", ".", ActionScope::Canvas},
        {"view.arrange", QT_TRANSLATE_NOOP("weft::Actions", "Arrange"), "arrange", "L", ActionScope::Canvas},
        {"view.peek", QT_TRANSLATE_NOOP("weft::Actions", "Show what flows through the wire"), "search", "V", ActionScope::Canvas},
        {"view.figure", QT_TRANSLATE_NOOP("weft::Actions", "Choose the numbers on layers …"), "", "B", ActionScope::Canvas},
        {"view.growResults", QT_TRANSLATE_NOOP("weft::Actions", "Enlarge the results"), "grow", "Ctrl+M"},
        {"view.nextPanel", QT_TRANSLATE_NOOP("weft::Actions", "Go to the next panel"), "", "F6"},
        {"view.alignLeft", QT_TRANSLATE_NOOP("weft::Actions", "Align left edges"), "", ""},
        {"view.alignTop", QT_TRANSLATE_NOOP("weft::Actions", "Align upper edges"), "", ""},
        {"view.distributeAcross", QT_TRANSLATE_NOOP("weft::Actions", "Distribute across"), "", ""},
        {"view.distributeDown", QT_TRANSLATE_NOOP("weft::Actions", "Distribute down"), "", ""},

        {"insert.search", QT_TRANSLATE_NOOP("weft::Actions", "Search layers …"), "search", "Shift+A", ActionScope::Canvas},

        {"run.train", QT_TRANSLATE_NOOP("weft::Actions", "Train"), "train", "Ctrl+Return"},
        {"run.pause", QT_TRANSLATE_NOOP("weft::Actions", "Pause"), "pause", "Ctrl+P"},
        {"run.stop", QT_TRANSLATE_NOOP("weft::Actions", "Stop"), "stop", "Ctrl+."},
        {"run.settings", QT_TRANSLATE_NOOP("weft::Actions", "Training settings"), "settings", "Ctrl+T"},
        {"run.targets", QT_TRANSLATE_NOOP("weft::Actions", "Targets …"), "computer", ""},
        {"run.submission", QT_TRANSLATE_NOOP("weft::Actions", "What Train submits …"), "", ""},
        {"run.scaling", QT_TRANSLATE_NOOP("weft::Actions", "Forecast for several workers …"), "chart", ""},
        {"run.copyCommand", QT_TRANSLATE_NOOP("weft::Actions", "Copy the command line"), "copy", ""},

        {"data.folder", QT_TRANSLATE_NOOP("weft::Actions", "Use a folder of images …"), "folder", ""},
        {"data.table", QT_TRANSLATE_NOOP("weft::Actions", "Use a table (CSV) …"), "table", ""},
        {"data.show", QT_TRANSLATE_NOOP("weft::Actions", "Show the data"), "data", ""},

        {"help.layer", QT_TRANSLATE_NOOP("weft::Actions", "Help on the layer"), "help", "F1"},
        {"help.commands", QT_TRANSLATE_NOOP("weft::Actions", "Search commands …"), "search", "Ctrl+Shift+P"},
        {"help.tour", QT_TRANSLATE_NOOP("weft::Actions", "Five-minute tour"), "right", ""},
        {"help.keys", QT_TRANSLATE_NOOP("weft::Actions", "Keyboard shortcuts …"), "pencil", "Ctrl+?"},
        {"help.about", QT_TRANSLATE_NOOP("weft::Actions", "About Weft"), "info", ""},
    };
    return all;
}

Actions::Actions(QWidget* window) : QObject(window)
{
    const QSettings settings;
    for (const ActionSpec& spec : specs()) {
        auto* action = new QAction(title(spec), this);
        action->setObjectName(QLatin1String(spec.id));
        if (spec.icon[0])
            action->setIcon(icon(QLatin1String(spec.icon)));
        const QVariant chosen = settings.value(settingOf(spec));
        action->setShortcuts(chosen.isValid() ? keysFrom(chosen.toString()) : defaultKeys(spec));
        showKeys(action);
        if (spec.scope == ActionScope::Canvas)
            action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        else
            window->addAction(action);
        m_actions[spec.id] = action;
    }
}

QString Actions::title(const ActionSpec& spec)
{
    return QCoreApplication::translate("weft::Actions", spec.text);
}

QList<QKeySequence> Actions::defaultKeys(const ActionSpec& spec)
{
    return keysFrom(QString::fromLatin1(spec.keys));
}

void Actions::setKeys(const ActionSpec& spec, const QList<QKeySequence>& keys)
{
    for (const QKeySequence& key : keys) {
        for (const ActionSpec* user : usersOf(key)) {
            if (user->id == spec.id)
                continue;
            QList<QKeySequence> others = m_actions.at(user->id)->shortcuts();
            others.removeAll(key);
            store(*user, others);
        }
    }
    store(spec, keys);
}

void Actions::resetKeys()
{
    for (const ActionSpec& spec : specs())
        store(spec, defaultKeys(spec));
}

std::vector<const ActionSpec*> Actions::usersOf(const QKeySequence& key) const
{
    std::vector<const ActionSpec*> users;
    for (const ActionSpec& spec : specs()) {
        if (!key.isEmpty() && m_actions.at(spec.id)->shortcuts().contains(key))
            users.push_back(&spec);
    }
    return users;
}

void Actions::store(const ActionSpec& spec, const QList<QKeySequence>& keys)
{
    QAction* action = m_actions.at(spec.id);
    action->setShortcuts(keys);
    showKeys(action);
    if (keys == defaultKeys(spec))
        QSettings().remove(settingOf(spec));
    else
        QSettings().setValue(settingOf(spec), QKeySequence::listToString(keys, QKeySequence::PortableText));
}

QAction* Actions::operator[](const char* id) const
{
    return m_actions.at(id);
}

void Actions::attachCanvas(QWidget* canvas)
{
    for (const ActionSpec& spec : specs()) {
        if (spec.scope == ActionScope::Canvas)
            canvas->addAction(m_actions.at(spec.id));
    }
}

} // namespace weft
