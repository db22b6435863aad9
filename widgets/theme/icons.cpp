#include "widgets/theme/icons.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

const QByteArray& svgText(const QString& name)
{
    static QHash<QString, QByteArray> texts;
    auto found = texts.find(name);
    if (found == texts.end()) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        found = texts.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
    }
    return found.value();
}

/// Paints an SVG whose strokes say `currentColor` in the colour of the moment.
class SvgIconEngine : public QIconEngine {
public:
    SvgIconEngine(QString name, QColor color) : m_name(std::move(name)), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = svgText(m_name);
        svg.replace("currentColor", colorFor(mode).name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        const int side = qMin(rect.width(), rect.height());
        QRectF square(0, 0, side, side);
        square.moveCenter(QRectF(rect).center());
        renderer.render(painter, square);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new SvgIconEngine(m_name, m_color); }
    QString key() const override { return QStringLiteral("weft-svg"); }

private:
    QColor colorFor(QIcon::Mode mode) const
    {
        const Colors& c = themeColors();
        const QColor own = m_color.isValid() ? m_color : c.text;
        return mode == QIcon::Disabled ? mixed(c.secondary, c.panel, 0.55) : own;
    }

    QString m_name;
    QColor m_color;
};

} // namespace

QIcon icon(const QString& name)
{
    return QIcon(new SvgIconEngine(name, QColor()));
}

QIcon icon(const QString& name, const QColor& color)
{
    return QIcon(new SvgIconEngine(name, color));
}

} // namespace weft
