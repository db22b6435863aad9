#include "widgets/runs/program.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace weft {

QString weftProgram()
{
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("weft"));
    if (QFileInfo(beside).isExecutable())
        return beside;
    const QString named = qEnvironmentVariable("WEFT_PROGRAM");
    if (QFileInfo(named).isExecutable())
        return named;
    const QString installed = QStandardPaths::findExecutable(QStringLiteral("weft"));
    return installed.isEmpty() ? beside : installed;
}

} // namespace weft
