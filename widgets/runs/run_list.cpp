#include "widgets/runs/run_list.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include "core/base/error.h"
#include "core/training/run_folder.h"

namespace weft {

namespace {

/// The first of several objects that has the key as a number.
qint64 number(std::initializer_list<QJsonObject> places, const QString& key)
{
    for (const QJsonObject& place : places) {
        if (place.value(key).isDouble())
            return place.value(key).toInteger();
    }
    return 0;
}

} // namespace

std::vector<QString> runFolders(const std::string& projectId)
{
    const QDir root(QString::fromStdString(defaultRunsRoot() + "/" + projectId));
    std::vector<QString> folders;
    // Names begin with the time in UTC, so the order of names is the order of time.
    for (const QString& name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed))
        folders.push_back(root.filePath(name));
    return folders;
}

QString runStateText(const std::string& state)
{
    static const std::pair<const char*, const char*> texts[] = {
        {"running", QT_TRANSLATE_NOOP("RunState", "running")},   {"paused", QT_TRANSLATE_NOOP("RunState", "paused")},
        {"finished", QT_TRANSLATE_NOOP("RunState", "finished")}, {"stopped", QT_TRANSLATE_NOOP("RunState", "stopped")},
        {"failed", QT_TRANSLATE_NOOP("RunState", "failed")},     {"interrupted", QT_TRANSLATE_NOOP("RunState", "interrupted")},
        {"detached", QT_TRANSLATE_NOOP("RunState", "detached")},
    };
    for (const auto& [name, text] : texts) {
        if (state == name)
            return QCoreApplication::translate("RunState", text);
    }
    return QString::fromStdString(state);
}

QString lastLines(const QString& path, int count)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 8192));
    QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    lines.replaceInStrings(QRegularExpression(QStringLiteral("^weft [a-z]+: ")), QString()); // who reads it here called no command
    return lines.mid(std::max<qsizetype>(0, lines.size() - count)).join(QLatin1Char('\n'));
}

RunFacts runFacts(const QJsonObject& started, const QString& dir)
{
    QJsonObject settings;
    try {
        settings = readJsonObject(RunPaths{dir.toStdString()}.runJson()).value(QStringLiteral("settings")).toObject();
    } catch (const Error&) {
        // The run has not written it yet: the event tells.
    }
    const auto places = {started, settings};
    return {number(places, QStringLiteral("epochs")), number(places, QStringLiteral("steps_per_epoch")),
            number(places, QStringLiteral("batch_size"))};
}

} // namespace weft
