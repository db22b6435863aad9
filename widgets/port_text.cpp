#include "widgets/port_text.h"

#include <QCoreApplication>

namespace weft {

QString portTitle(const std::string& name)
{
    // Layers name their ports as project files do; here they are marked for translation.
    static constexpr const char* marked[] = {
        QT_TRANSLATE_NOOP("Port", "prediction"), QT_TRANSLATE_NOOP("Port", "target"),   QT_TRANSLATE_NOOP("Port", "query"),
        QT_TRANSLATE_NOOP("Port", "key"),        QT_TRANSLATE_NOOP("Port", "value"),    QT_TRANSLATE_NOOP("Port", "memory"),
        QT_TRANSLATE_NOOP("Port", "mean"),       QT_TRANSLATE_NOOP("Port", "anchor"),   QT_TRANSLATE_NOOP("Port", "logVariance"),
        QT_TRANSLATE_NOOP("Port", "positive"),   QT_TRANSLATE_NOOP("Port", "negative"),
    };
    static_cast<void>(marked);
    return QCoreApplication::translate("Port", name.c_str());
}

} // namespace weft
