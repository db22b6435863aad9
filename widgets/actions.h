#pragma once

#include <unordered_map>
#include <vector>

#include <QAction>
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

/// All actions of the Studio by their id.
class Actions : public QObject {
    Q_OBJECT

public:
    explicit Actions(QWidget* window);

    static const std::vector<ActionSpec>& specs();
    /// The action of this id, which must exist.
    QAction* operator[](const char* id) const;
    /// Lets the keys of scope Canvas work in this widget.
    void attachCanvas(QWidget* canvas);

private:
    std::unordered_map<std::string, QAction*> m_actions;
};

} // namespace weft
