#pragma once

namespace weft {

/// Loads the texts of Weft and of Qt in the user's language, English where Weft does not speak it, and
/// makes its locale the default. The language is the environment's WEFT_LANGUAGE ("zh_CN"; programs pass
/// it on to those they start), else the system's. Needs a QCoreApplication; called once, before texts
/// are shown.
void loadTranslation();

} // namespace weft
