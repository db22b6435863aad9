#pragma once

#include <unordered_map>
#include <vector>

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

namespace weft {

/// Where an action's keys work.
enum class ActionScope { Window, Canvas };

/// One action of the window. Declared once, here go menu, tool bar, command palette and list of keys.
struct ActionSpec {
    const char* id; ///< "file.save"
    const char* text; ///< English, marked for translation in the context weft::Actions
    const char* icon; ///< name in resources/icons, or ""
    const char* keys; ///< "Ctrl+S", several separated by "; "
    ActionScope scope = ActionScope::Window;
};

/// All actions of the Studio by their id. Keys that the user chose are kept in the settings.
class Actions : public QObject {
    Q_OBJECT

public:
    explicit Actions(QWidget* window);

    static const std::vector<ActionSpec>& specs();
    /// The action of this id, which must exist.
    QAction* operator[](const char* id) const;
    /// The action's name in the user's language, whatever it would do now ("Undo: …").
    static QString title(const ActionSpec& spec);
    /// The keys of an action as Weft comes.
    static QList<QKeySequence> defaultKeys(const ActionSpec& spec);
    /// Gives an action these keys and takes them from whichever has them now; remembered.
    void setKeys(const ActionSpec& spec, const QList<QKeySequence>& keys);
    /// Every action gets the keys that Weft came with.
    void resetKeys();
    /// The actions that a key triggers now.
    std::vector<const ActionSpec*> usersOf(const QKeySequence& key) const;
    /// Lets the keys of scope Canvas work in this widget.
    void attachCanvas(QWidget* canvas);

private:
    void store(const ActionSpec& spec, const QList<QKeySequence>& keys);

    std::unordered_map<std::string, QAction*> m_actions;
};

} // namespace weft
