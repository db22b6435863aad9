#include "widgets/theme/theme.h"

#include <map>

#include <QAbstractItemView>
#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontInfo>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QPushButton>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

#include "widgets/theme/icons.h"

namespace weft {
namespace {

Colors lightColors()
{
    return {.canvas = QColor("#ffffff"),
            .panel = QColor("#f4f5f8"),
            .raised = QColor("#e9ebf0"),
            .line = QColor("#cfd4de"),
            .text = QColor("#1b1e25"),
            .secondary = QColor("#5b6375"),
            .accent = QColor("#1f6feb"),
            .onAccent = QColor("#ffffff"),
            .warning = QColor("#e69f00"),
            .error = QColor("#d55e00"),
            .wire = QColor("#737d96"),
            .dots = QColor("#d3d8e2"),
            .train = QColor("#56b4e9"),
            .validation = QColor("#e69f00")};
}

Colors darkColors()
{
    return {.canvas = QColor("#16181d"),
            .panel = QColor("#1e2128"),
            .raised = QColor("#252932"),
            .line = QColor("#333844"),
            .text = QColor("#e6e8ee"),
            .secondary = QColor("#9aa1b1"),
            .accent = QColor("#4c9aff"),
            .onAccent = QColor("#0d1117"),
            .warning = QColor("#e69f00"),
            .error = QColor("#d55e00"),
            .wire = QColor("#7d879d"),
            .dots = QColor("#30343f"),
            .train = QColor("#56b4e9"),
            .validation = QColor("#e69f00")};
}

QPalette paletteOf(const Colors& c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.panel);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.canvas);
    palette.setColor(QPalette::AlternateBase, c.panel);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::PlaceholderText, c.secondary);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.raised);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.onAccent);
    palette.setColor(QPalette::Light, mixed(c.raised, c.text, 0.08));
    palette.setColor(QPalette::Midlight, c.raised);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.line);
    palette.setColor(QPalette::Shadow, c.line);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.onAccent);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    const QColor disabled = mixed(c.secondary, c.panel, 0.45);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.line);
    return palette;
}

QString styleSheet(const Colors& c, bool isDark)
{
    QFile file(QStringLiteral(":/themes/studio.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> names[] = {
        {"@canvas", c.canvas},
        {"@panel", c.panel},
        {"@raised", c.raised},
        {"@line", c.line},
        {"@text", c.text},
        {"@secondary", c.secondary},
        {"@accent", c.accent},
        {"@onAccent", c.onAccent},
        {"@warning", c.warning},
        {"@error", c.error},
        {"@hover", mixed(c.raised, c.text, 0.07)},
        {"@pressed", mixed(c.raised, c.text, 0.14)},
        {"@field", isDark ? mixed(c.canvas, c.panel, 0.25) : c.canvas},
        {"@disabled", mixed(c.secondary, c.panel, 0.45)},
        {"@lift", mixed(c.accent, isDark ? QColor(Qt::white) : QColor(Qt::black), 0.12)},
        {"@tint", mixed(c.panel, c.accent, isDark ? 0.22 : 0.14)},
    };
    for (const auto& [name, color] : names)
        sheet.replace(QLatin1String(name) + QLatin1Char(';'), color.name() + QLatin1Char(';'));
    sheet.replace(QStringLiteral("@theme"), isDark ? QStringLiteral("dark") : QStringLiteral("light"));
    return sheet;
}

/// The first installed of the families that suit the Studio, with a Chinese face of the same weight behind it.
QStringList typeFamilies()
{
    const QStringList installed = QFontDatabase::families();
    QStringList families;
    for (const char* family : {"Inter", "Noto Sans", "Cantarell", "Open Sans", "Noto Sans CJK SC", "DejaVu Sans"}) {
        if (installed.contains(QLatin1String(family)))
            families << QLatin1String(family);
    }
    for (const char* family : {"Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"}) {
        if (installed.contains(QLatin1String(family)) && !families.contains(QLatin1String(family)))
            families << QLatin1String(family);
    }
    return families.isEmpty() ? QStringList{QStringLiteral("sans-serif")} : families;
}

/// Kept, because a font that is made anew looks for its glyphs anew; and to the end, because it must not outlive the program's fonts.
const QFont& fontOf(int pixels, QFont::Weight weight)
{
    static auto& kept = *new std::map<std::pair<int, int>, QFont>;
    static const QStringList families = typeFamilies();
    const auto [place, isNew] = kept.try_emplace({pixels, weight});
    QFont& font = place->second;
    if (!isNew)
        return font;
    font.setFamilies(families);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

/// The Studio's own drawing of a sign or a place that dialogs show, or nullptr.
const char* iconNameOf(QStyle::StandardPixmap place)
{
    switch (place) {
    case QStyle::SP_MessageBoxInformation: return "info";
    case QStyle::SP_MessageBoxWarning: return "warning";
    case QStyle::SP_MessageBoxCritical: return "error";
    case QStyle::SP_MessageBoxQuestion: return "help";
    case QStyle::SP_DirIcon:
    case QStyle::SP_DirClosedIcon:
    case QStyle::SP_DirOpenIcon:
    case QStyle::SP_DirLinkIcon:
    case QStyle::SP_DirHomeIcon:
    case QStyle::SP_DirLinkOpenIcon: return "folder";
    case QStyle::SP_FileIcon:
    case QStyle::SP_FileLinkIcon: return "file";
    case QStyle::SP_ComputerIcon:
    case QStyle::SP_DriveHDIcon: return "computer";
    case QStyle::SP_FileDialogBack:
    case QStyle::SP_ArrowBack: return "left";
    case QStyle::SP_ArrowForward: return "right";
    case QStyle::SP_FileDialogToParent: return "up";
    case QStyle::SP_FileDialogNewFolder: return "new-folder";
    case QStyle::SP_FileDialogListView: return "list";
    case QStyle::SP_FileDialogDetailedView: return "table";
    default: return nullptr;
    }
}

/// Fusion without underlined letters in menus (the Alt keys work all the same), with the Studio's icons.
class StudioStyle : public QProxyStyle {
public:
    StudioStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override
    {
        // Lists of combo boxes open below their field, without a second frame around that of the style sheet.
        const bool isOff = hint == SH_UnderlineShortcut || hint == SH_DialogButtonBox_ButtonsHaveIcons || hint == SH_ComboBox_Popup
            || hint == SH_ComboBox_PopupFrameStyle;
        return isOff ? 0 : QProxyStyle::styleHint(hint, option, widget, data);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override
    {
        // Tabs stand on the panel itself; their base would be a stray line over the corner.
        if (element == PE_FrameTabBarBase)
            return;
        if (element == PE_FrameFocusRect)
            return drawFocus(*option, *painter, widget);
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
    QIcon standardIcon(StandardPixmap place, const QStyleOption* option, const QWidget* widget) const override
    {
        const char* name = iconNameOf(place);
        if (!name)
            return QProxyStyle::standardIcon(place, option, widget);
        const Colors& c = themeColors();
        const bool isWarning = place == SP_MessageBoxWarning;
        const bool isSign = place == SP_MessageBoxInformation || place == SP_MessageBoxQuestion;
        const QColor color = isWarning ? c.warning : place == SP_MessageBoxCritical ? c.error : isSign ? c.accent : c.secondary;
        return icon(QLatin1String(name), color);
    }

private:
    /// One frame for all; tabs and rows of lists show by their ground where the keys are, buttons by their border.
    static void drawFocus(const QStyleOption& option, QPainter& painter, const QWidget* widget)
    {
        const bool isBordered
            = qobject_cast<const QToolButton*>(widget) || (qobject_cast<const QPushButton*>(widget) && !widget->property("link").toBool());
        if (isBordered || qobject_cast<const QTabBar*>(widget) || qobject_cast<const QAbstractItemView*>(widget))
            return;
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(themeColors().accent, 1.5));
        painter.drawRoundedRect(QRectF(option.rect).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
        painter.restore();
    }
};

} // namespace

QColor withAlpha(QColor color, double opacity)
{
    color.setAlphaF(static_cast<float>(opacity));
    return color;
}

QColor mixed(const QColor& a, const QColor& b, double shareOfB)
{
    const auto mix = [shareOfB](int x, int y) { return static_cast<int>(x + (y - x) * shareOfB + 0.5); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

void Theme::install(Choice choice)
{
    const QPalette system = QGuiApplication::palette();
    m_systemIsDark = system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
    QApplication::setStyle(new StudioStyle);
    QApplication::setFont(bodyFont());
    m_choice = choice;
    apply();
}

void Theme::choose(Choice choice)
{
    m_choice = choice;
    apply();
}

void Theme::apply()
{
    m_isDark = m_choice == Choice::Dark || (m_choice == Choice::System && m_systemIsDark);
    const Colors& c = colors();
    QApplication::setPalette(paletteOf(c));
    qApp->setStyleSheet(styleSheet(c, m_isDark));
    Q_EMIT changed();
}

const Colors& Theme::colors() const
{
    static const Colors light = lightColors();
    static const Colors dark = darkColors();
    return m_isDark && m_papers == 0 ? dark : light;
}

QColor Theme::categoryColor(Category category) const
{
    switch (category) {
    case Category::Data: return QColor("#56b4e9");
    case Category::Convolution: return QColor("#0072b2");
    case Category::Pooling: return QColor("#009e73");
    case Category::Normalization: return QColor("#8c92a0");
    case Category::Activation: return QColor("#e69f00");
    case Category::Core: return QColor("#cc79a7");
    case Category::Sequence: return QColor("#f0e442");
    case Category::Loss: return QColor("#d55e00");
    case Category::Block: return QColor("#7a6cc8");
    }
    return colors().secondary;
}

QFont Theme::bodyFont() const
{
    return fontOf(13, QFont::Normal);
}

QFont Theme::smallFont() const
{
    return fontOf(11, QFont::Normal);
}

QFont Theme::headingFont() const
{
    QFont font = fontOf(11, QFont::Bold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.4);
    return font;
}

} // namespace weft
