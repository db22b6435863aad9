#pragma once

class QString;

namespace weft {

/// Loads the texts of Weft and of Qt in the user's language, English where Weft does not speak it, and
/// makes its locale the default; texts loaded before are taken away. The language is the environment's
/// WEFT_LANGUAGE ("zh_CN"; programs pass it on to those they start), else the system's. Needs a
/// QCoreApplication, on whose thread it runs; widgets hear of it by QEvent::LanguageChange.
void loadTranslation();
/// The same in another language, also for the programs that are started from now on; empty is the system's.
void loadTranslation(const QString& language);

} // namespace weft
