#include "core/training/run_checkpoints.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/training/localized.h"
#include "core/training/safe_file.h"
#include "core/training/variables.h"

namespace weft {

namespace {

constexpr std::size_t newestKept = 3;

/// The step of the newest checkpoint beside `damaged` that can be read.
std::optional<std::int64_t> newestWhole(const RunPaths& run, const std::string& damaged)
{
    std::vector<std::int64_t> steps = checkpointSteps(run);
    for (; !steps.empty(); steps.pop_back()) {
        if (run.checkpoint(steps.back()) == damaged)
            continue;
        try {
            readCheckpoint(run.checkpoint(steps.back()));
            return steps.back();
        } catch (const Error&) {
            // Damaged as well: the one before it may be whole.
        }
    }
    return std::nullopt;
}

void removeOldCheckpoints(const RunPaths& run, const TrainingProgress& progress)
{
    const std::vector<std::int64_t> steps = checkpointSteps(run);
    for (std::size_t i = 0; i + newestKept < steps.size(); ++i) {
        if (progress.best && steps[i] == progress.bestStep)
            continue;
        std::error_code fault;
        std::filesystem::remove(run.checkpoint(steps[i]), fault);
    }
}

void writeFile(const RunPaths& run, const TensorFile& file, std::int64_t step)
{
    try {
        writeTensorFile(file, run.checkpoint(step));
    } catch (const Error& error) {
        const std::vector<std::int64_t> steps = checkpointSteps(run);
        if (steps.empty())
            throw;
        throw Error(WEFT_TEXT("Training", "%1 The checkpoint of step %2 is whole: weft train --resume --run-dir %3 goes on from it."),
                    localized(error.message()).toStdString(), steps.back(), run.dir);
    }
}

} // namespace

bool isBestCheckpoint(const TrainingProgress& progress)
{
    return progress.best && progress.bestStep == progress.step;
}

std::string storeCheckpoint(const RunPaths& run, const TensorFile& file, const TrainingProgress& progress)
{
    writeFile(run, file, progress.step);
    const std::string name = "checkpoints/" + std::to_string(progress.step) + ".safetensors";
    writeTextSafely(run.last(), name + "\n");
    // Until an epoch was judged the newest checkpoint is the best known.
    if (isBestCheckpoint(progress) || !progress.best)
        writeTextSafely(run.best(), name + "\n");
    removeOldCheckpoints(run, progress);
    return name;
}

TensorFile readCheckpoint(const std::string& path)
{
    TensorFile file = readTensorFile(path);
    if (const std::string name = firstNotFinite(file); !name.empty())
        throw Error(WEFT_TEXT("Checkpoint", "%1 is damaged: \"%2\" holds numbers that are NaN or infinite."), path, name);
    return file;
}

TensorFile readTrainedModel(const std::string& path)
{
    TensorFile file = readCheckpoint(path);
    const std::string prefix = "ema/";
    for (auto it = file.tensors.lower_bound(prefix); it != file.tensors.end() && it->first.starts_with(prefix); ++it)
        file.tensors["param/" + it->first.substr(prefix.size())] = it->second;
    return file;
}

TensorFile readTrainedModel(const RunPaths& run, const std::string& which)
{
    const std::string path = resolveCheckpoint(run, which);
    try {
        return readTrainedModel(path);
    } catch (const Error& error) {
        const std::optional<std::int64_t> whole = newestWhole(run, path);
        if (!whole)
            throw;
        throw Error(WEFT_TEXT("Training", "%1 The newest whole checkpoint of this run is that of step %2: name it with --checkpoint %2."),
                    localized(error.message()).toStdString(), *whole);
    }
}

void checkPosition(const TrainingProgress& progress, std::int64_t stepsPerEpoch)
{
    const std::int64_t before = progress.step - progress.batch;
    if (progress.batch < stepsPerEpoch && before % stepsPerEpoch == 0 && before / stepsPerEpoch == progress.epoch - 1)
        return;
    throw Error(
        WEFT_TEXT("Training",
                  "The checkpoint is at batch %1 of epoch %2 and step %3, which does not fit an epoch of %4 steps: it is damaged or belongs to "
                  "another run."),
        progress.batch, progress.epoch, progress.step, stepsPerEpoch);
}

Error withOlderCheckpoint(const Error& error, const RunPaths& run, const std::string& checkpoint)
{
    const std::optional<std::int64_t> whole = newestWhole(run, checkpoint);
    if (!whole)
        return error;
    return Error(WEFT_TEXT("Training", "%1 Remove the file %2 to go on from the checkpoint of step %3."), localized(error.message()).toStdString(),
                 checkpoint, *whole);
}

} // namespace weft
