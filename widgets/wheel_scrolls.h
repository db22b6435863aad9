#pragma once

class QObject;

namespace weft {

/// The wheel turned over a form scrolls it: a field or a choice on the way keeps its value, unless it has the focus. Holds for
/// all windows of the program as long as `owner` lives.
void letWheelScroll(QObject* owner);

} // namespace weft
