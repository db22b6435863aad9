#include "core/launch/target_job.h"

#include <filesystem>
#include <map>

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>

#include "core/base/error.h"
#include "core/launch/target_store.h"
#include "core/project/json.h"
#include "core/training/safe_file.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

constexpr const char* stageNames[] = {"submitting", "submitted", "ended", "cleaned"};

std::string textIn(const Tree& tree, const char* key, const std::string& path)
{
    const Tree* value = tree.find(key);
    if (!value || !value->isText())
        throw Error(WEFT_TEXT("Launch", "%1 is damaged: it has no %2."), path, key);
    return value->text();
}

std::string readText(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Launch", "%1 could not be read: %2."), path, file.errorString().toStdString());
    return file.readAll().toStdString();
}

/// The record of a run names places of the target; here they are those of this machine.
void writeRecord(const RunPaths& run, const TargetJob& job, QJsonObject record)
{
    record.insert(QStringLiteral("project"),
                  QJsonObject{{QStringLiteral("id"), QString::fromStdString(job.projectId)},
                              {QStringLiteral("name"), QString::fromStdString(job.request.projectName)},
                              {QStringLiteral("path"), QString::fromStdString(job.projectPath)},
                              {QStringLiteral("base_dir"), QString::fromStdString(job.baseDir)}});
    record.insert(QStringLiteral("target"), QString::fromStdString(job.target.name));
    writeTextSafely(run.runJson(), QJsonDocument(record).toJson().toStdString());
}

/// The events of both files, each once, in their order.
void mergeEvents(const std::string& from, const std::string& to)
{
    std::map<qint64, QJsonObject> events;
    const std::vector<QJsonObject> ours = EventReader(to).poll();
    for (const std::vector<QJsonObject>& list : {EventReader(from).poll(), ours}) {
        for (const QJsonObject& event : list)
            events[event.value(QStringLiteral("seq")).toInteger()] = event;
    }
    if (events.size() == ours.size())
        return;
    SafeFile file(to);
    for (const auto& [seq, event] : events)
        file.write(QJsonDocument(event).toJson(QJsonDocument::Compact).toStdString() + "\n");
    file.commit();
}

/// Checkpoints before what names them. Logs are followed until the end, and whole only then.
void moveResults(const RunPaths& from, const RunPaths& run, bool hasEnded)
{
    fs::create_directories(run.checkpoints());
    for (const std::int64_t step : checkpointSteps(from))
        fs::rename(from.checkpoint(step), run.checkpoint(step));
    for (const auto& [source, goal] : {std::pair(from.vocabulary(), run.vocabulary()), std::pair(from.best(), run.best()), std::pair(from.last(), run.last())}) {
        if (fs::exists(source))
            fs::rename(source, goal);
    }
    if (const fs::path logs = from.partLogs(); hasEnded && fs::exists(logs)) {
        fs::create_directories(run.partLogs());
        for (const fs::directory_entry& log : fs::directory_iterator(logs))
            fs::rename(log.path(), run.partLogs() + "/" + log.path().filename().string());
    }
}

/// A folder that is gone again, whatever happens.
struct TemporaryFolder {
    explicit TemporaryFolder(std::string folder) : path(std::move(folder))
    {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~TemporaryFolder()
    {
        std::error_code fault;
        fs::remove_all(path, fault);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string path;
};

} // namespace

JobRequest TargetJob::whole() const
{
    JobRequest all = request;
    all.project = project;
    return all;
}

std::optional<TargetJob> readTargetJob(const RunPaths& run)
{
    const std::string path = run.target();
    if (!fs::exists(path))
        return std::nullopt;
    const Tree tree = parseJson(readText(path), path, false).root;
    const Tree* target = tree.find("target");
    const Tree* options = tree.find("options");
    if (!target || !options || !options->isList())
        throw Error(WEFT_TEXT("Launch", "%1 is damaged: it has no %2."), path, "target");
    TargetJob job;
    job.target = targetFromTree(*target, path);
    job.request.id = textIn(tree, "id", path);
    job.request.projectName = textIn(tree, "project_name", path);
    for (const Tree& option : options->list())
        job.request.options.push_back(option.text());
    // Runs of earlier versions have neither this nor what follows.
    if (const Tree* script = tree.find("script"); script && script->isText())
        job.request.script = script->text();
    for (const auto& [key, value] : {std::pair("data", &job.request.data), std::pair("data_name", &job.request.dataName), std::pair("shards", &job.request.shards)}) {
        if (const Tree* text = tree.find(key); text && text->isText())
            *value = text->text();
    }
    const Tree* asked = tree.find("asked");
    job.isAsked = !asked || !asked->isBool() || asked->boolean();
    job.project = textIn(tree, "project", path);
    job.projectId = textIn(tree, "project_id", path);
    job.projectPath = textIn(tree, "project_path", path);
    job.baseDir = textIn(tree, "base_dir", path);
    const std::string stage = textIn(tree, "stage", path);
    for (std::size_t i = 0; i < std::size(stageNames); ++i) {
        if (stage == stageNames[i])
            job.stage = static_cast<JobStage>(i);
    }
    return job;
}

void writeTargetJob(const RunPaths& run, const TargetJob& job)
{
    const Tree::List options(job.request.options.begin(), job.request.options.end());
    const Tree tree = Tree::Map{{"schema", 1},
                                {"stage", stageNames[static_cast<std::size_t>(job.stage)]},
                                {"asked", job.isAsked},
                                {"id", job.request.id},
                                {"target", targetTree(job.target)},
                                {"project_id", job.projectId},
                                {"project_name", job.request.projectName},
                                {"project_path", job.projectPath},
                                {"base_dir", job.baseDir},
                                {"options", options},
                                {"script", job.request.script},
                                {"data", job.request.data},
                                {"data_name", job.request.dataName},
                                {"shards", job.request.shards},
                                {"project", job.project}};
    writeTextSafely(run.target(), jsonLine(tree) + "\n");
}

bool isUnfollowedJob(const RunPaths& run)
{
    if (!fs::exists(run.target()) || RunLock::isHeld(run.lock()))
        return false;
    const std::optional<TargetJob> job = readTargetJob(run);
    return job && job->stage != JobStage::Cleaned;
}

void beginTargetRun(const RunPaths& run, const TargetJob& job, const std::string& snapshot)
{
    fs::create_directories(run.dir);
    writeTargetJob(run, job);
    writeTextSafely(run.project(), snapshot);
    writeTextSafely(run.control(), "");
    writeTextSafely(run.events(), "");
    // Lists show the run while it waits; its own record takes this one's place.
    writeRecord(run, job, {{QStringLiteral("schema"), 1}, {QStringLiteral("created"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)}});
}

bool hasOwnRecord(const RunPaths& run)
{
    return readJsonObject(run.runJson()).contains(QStringLiteral("settings"));
}

bool fetchResults(const RunPaths& run, const TargetJob& job, Launcher& launcher)
{
    const TemporaryFolder folder(run.dir + "/fetched.tmp");
    const RunPaths from{folder.path};
    if (!launcher.fetch(job.request.id, folder.path))
        return false;
    if (fs::exists(from.runJson()))
        writeRecord(run, job, readJsonObject(from.runJson()));
    moveResults(from, run, job.stage == JobStage::Ended);
    if (fs::exists(from.events()))
        mergeEvents(from.events(), run.events());
    return true;
}

} // namespace weft
