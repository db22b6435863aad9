#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

#include "core/layers/layer_spec.h"

class QApplication;

namespace weft {

/// The colours of one theme, by purpose.
struct Colors {
    QColor canvas; ///< what the network and plots lie on
    QColor panel; ///< docks, menus
    QColor raised; ///< tool bar, nodes, fields in light docks
    QColor line; ///< borders, thin grids
    QColor text;
    QColor secondary; ///< labels, units, hints
    QColor accent; ///< Train, selection, progress, links
    QColor onAccent; ///< text on the accent
    QColor warning;
    QColor error;
    QColor wire;
    QColor dots; ///< the canvas' grid
    QColor train; ///< solid curves
    QColor validation; ///< dashed curves
};

/// Light or dark: Fusion palettes made by hand, a style sheet, one type family. One for the
/// program; widgets that paint by themselves read `colors()` and repaint on `changed`.
class Theme : public QObject {
    Q_OBJECT

public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    static Theme& instance();

    /// Sets style, fonts and palette of the program. Call once, before the first widget.
    void install(Choice choice);
    void choose(Choice choice);
    Choice choice() const { return m_choice; }
    bool isDark() const { return m_isDark; }
    const Colors& colors() const;
    /// While it lives, what is painted has the colours of the light theme: paper is white. Nothing on the screen changes.
    class OnPaper {
    public:
        OnPaper() { ++instance().m_papers; }
        ~OnPaper() { --instance().m_papers; }
        OnPaper(const OnPaper&) = delete;
        OnPaper& operator=(const OnPaper&) = delete;
    };
    /// Colour-blind-safe (Okabe and Ito), the same in both themes.
    QColor categoryColor(Category category) const;

    /// 13 px, 11 px, and the 11 px bold of headings.
    QFont bodyFont() const;
    QFont smallFont() const;
    QFont headingFont() const;

Q_SIGNALS:
    void changed();

private:
    Theme() = default;
    void apply();

    Choice m_choice = Choice::System;
    bool m_isDark = false;
    int m_papers = 0;
    bool m_systemIsDark = false;
};

/// Colours of the theme in use.
inline const Colors& themeColors()
{
    return Theme::instance().colors();
}
/// `color` at an opacity from 0 to 1.
QColor withAlpha(QColor color, double opacity);
/// `a` with a share of `b`, both opaque.
QColor mixed(const QColor& a, const QColor& b, double shareOfB);

} // namespace weft
