#include "core/training/run_summary.h"

#include <algorithm>
#include <filesystem>

#include <QJsonValue>

#include "core/base/error.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

std::vector<QJsonObject> countingEvents(const RunPaths& run)
{
    std::vector<QJsonObject> events = EventReader(run.events()).poll();
    dropUndoneEvents(events);
    return events;
}

std::optional<QJsonObject> objectOf(const QJsonObject& event, const QString& key)
{
    const QJsonValue value = event.value(key);
    return value.isObject() ? std::optional(value.toObject()) : std::nullopt;
}

void readEvent(const QJsonObject& event, RunSummary& summary)
{
    const QString name = event.value(QStringLiteral("event")).toString();
    summary.step = std::max<std::int64_t>(summary.step, event.value(QStringLiteral("step")).toInteger());
    if (name == QStringLiteral("started")) {
        summary.state = "running";
        summary.message.clear();
        summary.epochs = event.value(QStringLiteral("epochs")).toInteger();
    } else if (name == QStringLiteral("epoch")) {
        summary.epoch = event.value(QStringLiteral("epoch")).toInteger();
        summary.seconds += event.value(QStringLiteral("seconds")).toDouble();
        summary.train = objectOf(event, QStringLiteral("train"));
        summary.validation = objectOf(event, QStringLiteral("validation"));
    } else if (name == QStringLiteral("paused")) {
        summary.state = "paused";
    } else if (name == QStringLiteral("resumed")) {
        summary.state = "running";
    } else if (name == QStringLiteral("finished") || name == QStringLiteral("stopped")) {
        summary.state = name.toStdString();
    } else if (name == QStringLiteral("failed")) {
        summary.state = "failed";
        summary.message = event.value(QStringLiteral("message")).toString().toStdString();
    }
}

} // namespace

bool isOnTarget(const RunPaths& run)
{
    if (!fs::exists(run.target()))
        return false;
    try {
        return readJsonObject(run.target()).value(QStringLiteral("stage")) != QStringLiteral("cleaned");
    } catch (const Error&) {
        return true; // Damaged, which whoever follows the run is told.
    }
}

RunSummary summarizeRun(const std::string& dir)
{
    RunSummary summary;
    summary.dir = fs::absolute(dir).lexically_normal().string();
    const RunPaths run{summary.dir};
    if (!fs::exists(run.events()) && !fs::exists(run.runJson()))
        throw Error(WEFT_TEXT("RunFolder", "%1 is not the folder of a run: it has neither run.json nor events.jsonl."), dir);
    try {
        summary.record = readJsonObject(run.runJson());
    } catch (const Error&) {
        // A run that failed before its first step has no record; its events tell why.
    }
    const QJsonObject project = summary.record.value(QStringLiteral("project")).toObject();
    summary.projectId = project.value(QStringLiteral("id")).toString().toStdString();
    summary.projectName = project.value(QStringLiteral("name")).toString().toStdString();
    summary.created = summary.record.value(QStringLiteral("created")).toString().toStdString();
    const QJsonObject settings = summary.record.value(QStringLiteral("settings")).toObject();
    summary.epochs = settings.value(QStringLiteral("epochs")).toInteger();
    for (const QJsonObject& event : countingEvents(run))
        readEvent(event, summary);
    const bool isOpen = summary.state.empty() || summary.state == "running" || summary.state == "paused";
    if (isOpen && !RunLock::isHeld(run.lock()))
        summary.state = isOnTarget(run) ? "detached" : "interrupted";
    else if (summary.state.empty())
        summary.state = "running";
    return summary;
}

QJsonObject RunSummary::toJson() const
{
    return {{QStringLiteral("run"), QString::fromStdString(dir)},
            {QStringLiteral("project_id"), QString::fromStdString(projectId)},
            {QStringLiteral("project"), QString::fromStdString(projectName)},
            {QStringLiteral("created"), QString::fromStdString(created)},
            {QStringLiteral("state"), QString::fromStdString(state)},
            {QStringLiteral("message"), QString::fromStdString(message)},
            {QStringLiteral("epoch"), static_cast<qint64>(epoch)},
            {QStringLiteral("epochs"), static_cast<qint64>(epochs)},
            {QStringLiteral("step"), static_cast<qint64>(step)},
            {QStringLiteral("seconds"), seconds},
            {QStringLiteral("train"), train ? QJsonValue(*train) : QJsonValue()},
            {QStringLiteral("validation"), validation ? QJsonValue(*validation) : QJsonValue()}};
}

std::vector<RunSummary> listRuns(const std::string& root)
{
    std::vector<RunSummary> runs;
    std::error_code fault;
    for (const fs::directory_entry& project : fs::directory_iterator(root, fault)) {
        for (const fs::directory_entry& run : fs::directory_iterator(project.path(), fault)) {
            try {
                runs.push_back(summarizeRun(run.path().string()));
            } catch (const Error&) {
                // Not a run, or one that is being made at this moment.
            }
        }
    }
    std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) { return a.created > b.created; });
    return runs;
}

std::vector<QJsonObject> epochEvents(const RunPaths& run)
{
    std::vector<QJsonObject> events = countingEvents(run);
    std::erase_if(events, [](const QJsonObject& event) { return event.value(QStringLiteral("event")) != QStringLiteral("epoch"); });
    return events;
}

} // namespace weft
