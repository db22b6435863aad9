#pragma once

class QWidget;

namespace weft {

void showAbout(QWidget* parent);

} // namespace weft
