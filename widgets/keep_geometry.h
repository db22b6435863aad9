#pragma once

class QWidget;

namespace weft {

/// A window comes back where and as large as it was when it was last seen. Call at the end of its
/// constructor; its object name is the key.
void keepGeometry(QWidget* window);

} // namespace weft
