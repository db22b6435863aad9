#pragma once

class QString;
class QWidget;

namespace weft {

class Actions;
class LayerSpec;

/// What a layer does, its ports and parameters. Nothing for nullptr, an unknown type.
void showLayerHelp(QWidget* parent, const LayerSpec* layer);
/// Every action with its keys.
void showShortcuts(QWidget* parent, const Actions& actions);
void showAbout(QWidget* parent);

} // namespace weft
