#include "widgets/keep_geometry.h"

#include <QEvent>
#include <QSettings>
#include <QWidget>

namespace weft {
namespace {

class GeometryKeeper : public QObject {
public:
    explicit GeometryKeeper(QWidget* window) : QObject(window), m_window(window)
    {
        m_window->restoreGeometry(QSettings().value(key()).toByteArray());
        m_window->installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Hide && !event->spontaneous())
            QSettings().setValue(key(), m_window->saveGeometry());
        return QObject::eventFilter(watched, event);
    }

private:
    QString key() const { return QStringLiteral("window/") + m_window->objectName(); }

    QWidget* m_window;
};

} // namespace

void keepGeometry(QWidget* window)
{
    new GeometryKeeper(window);
}

} // namespace weft
