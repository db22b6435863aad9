#pragma once

#include <QIcon>
#include <QString>

namespace weft {

/// An icon of resources/icons by its name without suffix, drawn in the theme's text colour at any
/// size; disabled icons are faint. Follows a change of the theme by itself.
QIcon icon(const QString& name);
/// The same in a colour of one's own.
QIcon icon(const QString& name, const QColor& color);

} // namespace weft
