#pragma once

#include <functional>
#include <vector>

#include <QFrame>

class QAction;
class QLineEdit;
class QListWidget;

namespace weft {

class Actions;

/// Finds any action by typing, and layers to add.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const Actions& actions, QWidget* parent);
    /// Below this widget, right-aligned with it.
    void openBelow(const QWidget* anchor);

Q_SIGNALS:
    void layerChosen(const QString& type);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void choose();

    const Actions& m_actions;
    QLineEdit* m_field;
    QListWidget* m_list;
};

} // namespace weft
