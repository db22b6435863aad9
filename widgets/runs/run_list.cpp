#include "widgets/runs/run_list.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include "core/base/error.h"
#include "core/training/run_folder.h"

namespace weft
{

namespace
{

QJsonObject readObject(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// The first of several objects that has the key as a number.
qint64 number(std::initializer_list<QJsonObject> places, const QString& key)
{
    for (const QJsonObject& place : places) {
        if (place.value(key).isDouble())
            return place.value(key).toInteger();
    }
    return 0;
}

bool isHeld(const QString& dir)
{
    try {
        return RunLock::isHeld(RunPaths{dir.toStdString()}.lock());
    } catch (const Error&) {
        return false;
    }
}

void takeEpoch(RunSummary& summary, const QJsonObject& event)
{
    summary.epochsDone = event.value(QStringLiteral("epoch")).toInteger();
    QJsonObject part = event.value(QStringLiteral("validation")).toObject();
    if (part.isEmpty())
        part = event.value(QStringLiteral("train")).toObject();
    const QJsonValue loss = part.value(QStringLiteral("loss"));
    if (loss.isDouble())
        summary.bestLoss = std::min(summary.bestLoss.value_or(loss.toDouble()), loss.toDouble());
    const QJsonObject metrics = part.value(QStringLiteral("metrics")).toObject();
    if (metrics.isEmpty() || !metrics.begin().value().isDouble())
        return;
    summary.metric = metrics.begin().key();
    const double value = metrics.begin().value().toDouble();
    const bool higher = summary.metric.contains(QStringLiteral("accuracy"));
    const double best = summary.bestMetric.value_or(value);
    summary.bestMetric = higher ? std::max(best, value) : std::min(best, value);
}

} // namespace

RunSummary readRunSummary(const QString& dir)
{
    RunSummary summary;
    summary.dir = dir;
    QFile file(QString::fromStdString(RunPaths{dir.toStdString()}.events()));
    RunSummary::State said = RunSummary::State::Running;
    if (file.open(QFile::ReadOnly)) {
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            // Batches are nearly all of the file and tell nothing here: they are not parsed.
            if (line.contains("\"event\":\"batch\"") || !line.endsWith('\n'))
                continue;
            const QJsonObject event = QJsonDocument::fromJson(line).object();
            const QString kind = event.value(QStringLiteral("event")).toString();
            if (kind == QLatin1String("started")) {
                if (!summary.started.isValid())
                    summary.started = QDateTime::fromString(event.value(QStringLiteral("time")).toString(), Qt::ISODateWithMs).toLocalTime();
                summary.epochs = runFacts(event, dir).epochs;
                said = RunSummary::State::Running;
            } else if (kind == QLatin1String("epoch")) {
                takeEpoch(summary, event);
            } else if (kind == QLatin1String("paused")) {
                said = RunSummary::State::Paused;
            } else if (kind == QLatin1String("resumed")) {
                said = RunSummary::State::Running;
            } else if (kind == QLatin1String("finished")) {
                said = RunSummary::State::Finished;
            } else if (kind == QLatin1String("stopped")) {
                said = RunSummary::State::Stopped;
            } else if (kind == QLatin1String("failed")) {
                said = RunSummary::State::Failed;
                summary.failure = event.value(QStringLiteral("message")).toString();
            }
        }
    }
    const bool isAlive = isHeld(dir);
    const bool hasEnded = said != RunSummary::State::Running && said != RunSummary::State::Paused;
    if (hasEnded || isAlive)
        summary.state = said;
    return summary;
}

std::vector<QString> runFolders(const std::string& projectId)
{
    const QDir root(QString::fromStdString(defaultRunsRoot() + "/" + projectId));
    std::vector<QString> folders;
    // Names begin with the time in UTC, so the order of names is the order of time.
    for (const QString& name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed))
        folders.push_back(root.filePath(name));
    return folders;
}

QString nameOf(RunSummary::State state)
{
    switch (state) {
    case RunSummary::State::Running: return QCoreApplication::translate("RunSummary", "running");
    case RunSummary::State::Paused: return QCoreApplication::translate("RunSummary", "paused");
    case RunSummary::State::Finished: return QCoreApplication::translate("RunSummary", "finished");
    case RunSummary::State::Stopped: return QCoreApplication::translate("RunSummary", "stopped");
    case RunSummary::State::Failed: return QCoreApplication::translate("RunSummary", "failed");
    case RunSummary::State::Interrupted: return QCoreApplication::translate("RunSummary", "interrupted");
    }
    return {};
}

QString lastLines(const QString& path, int count)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 8192));
    const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    return lines.mid(std::max<qsizetype>(0, lines.size() - count)).join(QLatin1Char('\n'));
}

RunFacts runFacts(const QJsonObject& started, const QString& dir)
{
    const QJsonObject run = readObject(QString::fromStdString(RunPaths{dir.toStdString()}.runJson()));
    const QJsonObject settings = run.value(QStringLiteral("settings")).toObject();
    const auto places = {started, run, settings};
    return {number(places, QStringLiteral("epochs")), number(places, QStringLiteral("steps_per_epoch")),
            number(places, QStringLiteral("batch_size"))};
}

} // namespace weft
