#pragma once

class QString;
class QWidget;

namespace weft {

class Actions;

/// What a layer does, its ports and parameters. Unknown types show nothing.
void showLayerHelp(QWidget* parent, const QString& layerType);
/// Every action with its keys.
void showShortcuts(QWidget* parent, const Actions& actions);
void showAbout(QWidget* parent);

} // namespace weft
