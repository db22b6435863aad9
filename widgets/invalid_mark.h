#pragma once

#include <QStyle>
#include <QWidget>

namespace weft {

/// Lets the theme show that what stands in a field is no valid value, or is one again.
inline void markInvalid(QWidget* field, bool isInvalid)
{
    if (field->property("invalid").toBool() == isInvalid)
        return;
    field->setProperty("invalid", isInvalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

} // namespace weft
