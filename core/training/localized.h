#pragma once

#include <QCoreApplication>
#include <QString>

#include "core/base/text.h"

namespace weft {

/// The message in the language of this process, for events that people read.
inline QString localized(const Message& message)
{
    const std::string pattern = QCoreApplication::translate(message.text.context, message.text.source).toStdString();
    return QString::fromStdString(substitute(pattern, message.args));
}

template <class... Args> QString localized(Text text, Args&&... args)
{
    return localized(message(text, std::forward<Args>(args)...));
}

} // namespace weft
