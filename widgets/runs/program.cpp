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

QString weftWord()
{
    const QString program = weftProgram();
    const QString onPath = QStandardPaths::findExecutable(QStringLiteral("weft"));
    const bool isSame = !onPath.isEmpty() && QFileInfo(onPath).canonicalFilePath() == QFileInfo(program).canonicalFilePath();
    return isSame ? QStringLiteral("weft") : QDir::cleanPath(program);
}

} // namespace weft
