#pragma once

#include <functional>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTextDocument>
#include <QWidget>

namespace weft::test {

/// Calls `take` with every text that a user could read in a widget and what lies in it.
inline void eachText(QWidget* root, const std::function<void(const QString& place, const QString& text)>& take)
{
    QList<QWidget*> widgets = root->findChildren<QWidget*>();
    widgets.prepend(root);
    for (QWidget* widget : widgets) {
        const QString place = QString::fromLatin1(widget->metaObject()->className()) + ' ' + widget->objectName();
        take(place + " tool tip", widget->toolTip());
        take(place + " name", widget->accessibleName());
        if (widget->isWindow())
            take(place + " title", widget->windowTitle());
        if (auto* label = qobject_cast<QLabel*>(widget))
            take(place, label->text());
        if (auto* button = qobject_cast<QAbstractButton*>(widget))
            take(place, button->text());
        if (auto* field = qobject_cast<QLineEdit*>(widget))
            take(place + " placeholder", field->placeholderText());
        if (auto* text = qobject_cast<QPlainTextEdit*>(widget))
            take(place + " placeholder", text->placeholderText());
        if (auto* box = qobject_cast<QComboBox*>(widget)) {
            take(place + " placeholder", box->placeholderText());
            for (int i = 0; i < box->count(); ++i) {
                take(place, box->itemText(i));
                take(place + " tool tip", box->itemData(i, Qt::ToolTipRole).toString());
            }
        }
        if (auto* tabs = qobject_cast<QTabWidget*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                take(place, tabs->tabText(i));
        }
        if (auto* view = qobject_cast<QAbstractItemView*>(widget); view && view->model()) {
            const std::function<void(const QModelIndex&)> walk = [&](const QModelIndex& parent) {
                for (int row = 0; row < view->model()->rowCount(parent); ++row) {
                    for (int column = 0; column < view->model()->columnCount(parent); ++column) {
                        const QModelIndex index = view->model()->index(row, column, parent);
                        take(place, index.data().toString());
                        take(place + " tool tip", index.data(Qt::ToolTipRole).toString());
                    }
                    walk(view->model()->index(row, 0, parent));
                }
            };
            walk({});
            for (int column = 0; column < view->model()->columnCount(); ++column)
                take(place + " header", view->model()->headerData(column, Qt::Horizontal).toString());
        }
        for (const QAction* action : widget->actions()) {
            take(place + " action", action->text());
            take(place + " action's tool tip", action->toolTip());
        }
    }
}

/// What a screen reader would stumble over: things that take part in the dialogue and have no name.
inline QStringList unnamed(QWidget* root)
{
    QStringList faults;
    const std::function<void(QAccessibleInterface*, const QString&)> walk = [&](QAccessibleInterface* object, const QString& path) {
        if (!object || !object->isValid())
            return;
        const QString here = path + '/' + QVariant::fromValue(object->role()).toString()
            + (object->object() ? '(' + QString::fromLatin1(object->object()->metaObject()->className()) + ' ' + object->object()->objectName() + ')'
                                : QString());
        const QAccessible::State state = object->state();
        bool needsName = false;
        switch (object->role()) {
        case QAccessible::PushButton:
        case QAccessible::CheckBox:
        case QAccessible::RadioButton:
        case QAccessible::ButtonMenu:
        case QAccessible::ButtonDropDown:
        case QAccessible::ComboBox:
        case QAccessible::EditableText:
        case QAccessible::SpinBox:
        case QAccessible::Slider:
        case QAccessible::List:
        case QAccessible::Tree:
        case QAccessible::Table:
        case QAccessible::PageTab:
        case QAccessible::PageTabList:
        case QAccessible::MenuItem:
        case QAccessible::ProgressBar:
        case QAccessible::Dialog:
        case QAccessible::Window: needsName = true; break;
        default:
            needsName = state.focusable && object->object() && object->object()->isWidgetType()
                && static_cast<QWidget*>(object->object())->focusPolicy() != Qt::NoFocus;
            break;
        }
        // Parts that Qt makes belong to what contains them: a field in a box, bars that scroll, a menu's rules.
        const bool isPart = state.invisible || object->role() == QAccessible::Separator || object->role() == QAccessible::ScrollBar
            || path.contains("ComboBox") || path.contains("SpinBox") || path.contains("/List") || path.contains("/Table") || path.contains("/Tree");
        if (needsName && !isPart && object->text(QAccessible::Name).trimmed().isEmpty())
            faults << here;
        for (int i = 0; i < object->childCount(); ++i)
            walk(object->child(i), here);
    };
    walk(QAccessible::queryAccessibleInterface(root), {});
    return faults;
}

} // namespace weft::test
