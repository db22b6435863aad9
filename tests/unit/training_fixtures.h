#pragma once

#include <map>
#include <string>

#include <QByteArray>
#include <QJsonArray>
#include <QString>
#include <QStringList>

#include "core/base/random.h"
#include "core/project/project.h"
#include "core/training/checkpoint.h"
#include "core/training/run_folder.h"
#include "core/training/trainer.h"
#include "tests/unit/data_fixtures.h"

namespace weft::test {

inline constexpr int pictureSide = 8;
inline constexpr int pictureClasses = 4;

/// `count` noisy pictures, each with one bright quarter, which is its class.
inline void writePictures(const QString& folder, const QString& prefix, int count)
{
    QByteArray pixels;
    QByteArray labels;
    for (int i = 0; i < count; ++i) {
        const int label = i % pictureClasses;
        labels.append(static_cast<char>(label));
        for (int p = 0; p < pictureSide * pictureSide; ++p) {
            const int quarter = (p / pictureSide / (pictureSide / 2)) * 2 + p % pictureSide / (pictureSide / 2);
            const auto noise = static_cast<int>(philox(7, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(p))[0] % 120);
            pixels.append(static_cast<char>(noise + (quarter == label ? 90 : 0)));
        }
    }
    writeFile(folder + QLatin1Char('/') + prefix + QStringLiteral("-images-idx3-ubyte"), idxBytes({count, pictureSide, pictureSide}, pixels));
    writeFile(folder + QLatin1Char('/') + prefix + QStringLiteral("-labels-idx1-ubyte"), idxBytes({count}, labels));
}

/// 208 training pictures, of which 48 validate, and 40 test pictures: 10 steps of 16 an epoch.
inline void writePictures(const QString& folder)
{
    writePictures(folder, QStringLiteral("train"), 208);
    writePictures(folder, QStringLiteral("t10k"), 40);
}

/// Everything that has a state of its own: batch norm's statistics, dropout's masks, Adam's slots.
inline std::string pictureProject(const QString& folder, int units = pictureClasses)
{
    return QStringLiteral(R"({
  "weft": 1,
  "id": "pictures",
  "data": {"source": "idx", "path": "%1", "validation": {"last": 48}},
  "nodes": [
    {"id": "image", "name": "image", "type": "Input", "params": {"shape": [1, 8, 8]}},
    {"id": "conv", "name": "conv", "type": "Conv2D", "params": {"filters": 6, "kernelSize": [3, 3]}},
    {"id": "norm", "name": "norm", "type": "BatchNorm", "params": {}},
    {"id": "relu", "name": "relu", "type": "ReLU", "params": {}},
    {"id": "pool", "name": "pool", "type": "MaxPool2D", "params": {}},
    {"id": "drop", "name": "drop", "type": "Dropout", "params": {"rate": 0.25}},
    {"id": "flatten", "name": "flatten", "type": "Flatten", "params": {}},
    {"id": "dense", "name": "dense", "type": "Dense", "params": {"units": %2}},
    {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}
  ],
  "wires": [
    ["image.y", "conv.x"],
    ["conv.y", "norm.x"],
    ["norm.y", "relu.x"],
    ["relu.y", "pool.x"],
    ["pool.y", "drop.x"],
    ["drop.y", "flatten.x"],
    ["flatten.y", "dense.x"],
    ["dense.y", "loss.prediction"]
  ],
  "training": {"optimizer": {"type": "adam", "learningRate": 0.01}, "epochs": 4, "batchSize": 16, "seed": 3}
}
)")
        .arg(folder)
        .arg(units)
        .toStdString();
}

/// A job with the data it owns.
struct PictureJob {
    explicit PictureJob(const QString& folder, int units = pictureClasses)
    {
        const Project project = parseProject(pictureProject(folder, units), "pictures.weft");
        dataset = openDataset(project.data, folder.toStdString());
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
        job.snapshot = formatProject(project);
        job.projectId = project.id;
        job.projectName = "pictures";
        job.baseDir = folder.toStdString();
    }

    std::unique_ptr<Dataset> dataset;
    TrainingJob job;
};

/// Events that count, of one kind.
inline std::vector<QJsonObject> eventsOf(const std::string& runDir, const char* kind)
{
    std::vector<QJsonObject> events = EventReader(RunPaths{runDir}.events()).poll();
    dropUndoneEvents(events);
    std::erase_if(events, [&](const QJsonObject& event) { return event.value(QStringLiteral("event")) != QLatin1String(kind); });
    return events;
}

/// What the tests that can run on several compute on.
inline DeviceKind testDevice()
{
    return qEnvironmentVariable("WEFT_TEST_DEVICE") == QStringLiteral("cuda") ? DeviceKind::Cuda : DeviceKind::Cpu;
}

/// One thread, and the run in `dir`.
inline TrainingOptions in(const QString& dir)
{
    TrainingOptions options;
    options.runDir = dir.toStdString();
    options.session.device = testDevice();
    options.session.threads = 1;
    return options;
}

/// The name of the last event of a run.
inline std::string lastEvent(const QString& dir)
{
    const std::vector<QJsonObject> events = EventReader(RunPaths{dir.toStdString()}.events()).poll();
    return events.empty() ? std::string() : events.back().value(QStringLiteral("event")).toString().toStdString();
}

/// The files of a checkpoint that hold numbers.
inline std::map<std::string, std::vector<std::byte>> arraysOf(const std::string& runDir)
{
    std::map<std::string, std::vector<std::byte>> arrays;
    for (const auto& [key, tensor] : readTensorFile(resolveCheckpoint({runDir}, "last")).tensors)
        arrays[key] = tensor.bytes;
    return arrays;
}

/// "step:loss" of each batch event and the numbers of each epoch, all digits.
inline QStringList lossesOf(const std::string& runDir)
{
    QStringList losses;
    for (const QJsonObject& event : eventsOf(runDir, "batch"))
        losses << QStringLiteral("%1:%2")
                      .arg(event.value(QStringLiteral("step")).toInteger())
                      .arg(event.value(QStringLiteral("loss")).toDouble(), 0, 'g', 17);
    for (const QJsonObject& event : eventsOf(runDir, "epoch")) {
        for (const char* part : {"train", "validation"}) {
            const QJsonObject numbers = event.value(QLatin1String(part)).toObject();
            losses << QStringLiteral("%1 %2 %3")
                          .arg(QLatin1String(part))
                          .arg(numbers.value(QStringLiteral("loss")).toDouble(), 0, 'g', 17)
                          .arg(numbers.value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy")).toDouble(), 0, 'g', 17);
        }
    }
    return losses;
}

/// The English message of the Error that `action` throws; empty when it throws none.
template <class Action> std::string errorOf(Action action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace weft::test
