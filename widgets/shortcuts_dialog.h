#pragma once

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace weft {

class Actions;
struct ActionSpec;

/// Every action with its keys: to find them, and to choose others. Keys that another action has are said
/// before they are taken from it. What the mouse does stands below.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(Actions& actions, QWidget* parent);

private:
    void fill();
    void filter(const QString& text);
    void showCurrent();
    void showConflict();
    void assign();
    void reset();
    const ActionSpec* current() const;

    Actions& m_actions;
    QLineEdit* m_search;
    QTreeWidget* m_list;
    QKeySequenceEdit* m_keys;
    QLabel* m_conflict;
    QPushButton* m_assign;
    QPushButton* m_remove;
    QPushButton* m_reset;
};

} // namespace weft
