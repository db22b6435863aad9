#pragma once

#include <QFrame>

class QLabel;
class QMenu;
class QToolButton;

namespace weft {

class CanvasView;
class LayerMeter;

/// In the canvas' corner: what every node shows as a number and a bar, how much it is for the whole network, and where
/// measured numbers come from. What is chosen is kept in the settings.
class FigureChooser : public QFrame {
    Q_OBJECT

public:
    FigureChooser(CanvasView* view, LayerMeter* meter);

    /// The choices, for the window's menu as well.
    QMenu* menu() const { return m_menu; }
    /// Opens the choices with the one in use marked, for the keyboard.
    void open();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildMenu();
    void refresh();
    void place();
    QString facts() const;
    QString sourceText() const;

    CanvasView* m_view;
    LayerMeter* m_meter;
    QMenu* m_menu;
    QToolButton* m_button;
    QLabel* m_facts;
};

} // namespace weft
