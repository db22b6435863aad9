#include "app/cli/run_access.h"

#include <filesystem>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>

#include "core/base/error.h"
#include "core/training/run_checkpoints.h"
#include "core/training/run_record.h"

namespace weft::cli {

namespace fs = std::filesystem;

Option checkpointOption()
{
    return {"checkpoint", "best|last|STEP", WEFT_TEXT("cli", "Which checkpoint of the run to use; best is the default.")};
}

RunPaths findRun(const std::string& name)
{
    std::error_code fault;
    if (fs::is_directory(name, fault))
        return {fs::absolute(name).lexically_normal().string()};
    std::vector<std::string> found;
    for (const fs::directory_entry& project : fs::directory_iterator(defaultRunsRoot(), fault)) {
        for (const fs::directory_entry& run : fs::directory_iterator(project.path(), fault)) {
            const std::string folder = run.path().filename().string();
            if (folder == name)
                return {run.path().string()};
            if (!name.empty() && folder.front() != '.' && (folder.starts_with(name) || folder.ends_with(name)))
                found.push_back(run.path().string());
        }
    }
    if (found.empty() && fs::is_regular_file(name, fault) && name.ends_with(".weft"))
        throw Error(WEFT_TEXT("cli", "%1 is a project, but a run is asked for. weft runs list shows the runs; weft train %1 makes one."), name);
    if (found.empty())
        throw Error(WEFT_TEXT("cli", "There is no run %1. weft runs list shows the runs there are; a folder elsewhere is named by its path."), name);
    if (found.size() > 1)
        throw Error(WEFT_TEXT("cli", "\"%1\" may be any of %2 runs, such as %3 and %4."), name, found.size(), found[0], found[1]);
    return {found.front()};
}

Project projectOfRun(const RunPaths& run)
{
    if (!fs::exists(run.project()))
        throw Error(WEFT_TEXT("cli", "%1 is not the folder of a run: it has no project.weft."), run.dir);
    return readProject(run.project());
}

std::string baseDirOfRun(const RunPaths& run)
{
    return fs::exists(run.runJson()) ? runBaseDir(run) : run.dir;
}

std::unique_ptr<Dataset> openRunData(const RunPaths& run, const Project& project)
{
    std::unique_ptr<Dataset> dataset = openDataset(project.data, baseDirOfRun(run));
    checkVocabulary(run, *dataset);
    return dataset;
}

TensorFile checkpointOfRun(const RunPaths& run, const Arguments& arguments)
{
    return readTrainedModel(run, arguments.value("checkpoint", "best"));
}

std::vector<std::string> recordedClassNames(const RunPaths& run)
{
    std::vector<std::string> names;
    if (!fs::exists(run.runJson()))
        return names;
    const QJsonObject data = readJsonObject(run.runJson()).value(QStringLiteral("data")).toObject();
    for (const QJsonValue& name : data.value(QStringLiteral("classes")).toArray())
        names.push_back(name.toString().toStdString());
    return names;
}

} // namespace weft::cli
