#include "widgets/wheel_scrolls.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>

namespace weft {
namespace {

class WheelGuard : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const bool isPolish = event->type() == QEvent::Polish;
        if (!isPolish && event->type() != QEvent::Wheel)
            return false;
        auto* field = qobject_cast<QWidget*>(watched);
        if (!field || (!qobject_cast<QComboBox*>(field) && !qobject_cast<QAbstractSpinBox*>(field)))
            return false;
        if (isPolish) {
            // The wheel would give it the focus first.
            if (field->focusPolicy() == Qt::WheelFocus)
                field->setFocusPolicy(Qt::StrongFocus);
            return false;
        }
        if (field->hasFocus())
            return false;
        event->ignore(); // what lies around it scrolls
        return true;
    }
};

} // namespace

void letWheelScroll(QObject* owner)
{
    qApp->installEventFilter(new WheelGuard(owner));
}

} // namespace weft
