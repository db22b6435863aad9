#pragma once

#include <optional>
#include <string>

#include <QJsonObject>

#include "core/data/text_encoder.h"
#include "core/training/run_folder.h"
#include "core/training/trainer.h"

namespace weft {

/// Makes the folder ready for a fresh run. Throws Error when it holds something already; the remains
/// of a run that failed before its first step do not count. The caller holds the lock.
void prepareRunFolder(const RunPaths& run);
/// Throws Error unless `dir` is absent, empty or holds a run that never started and that no target has.
void refuseUsedFolder(const RunPaths& run);

/// Removes what a process that was killed while writing has left. The caller holds the lock.
void removeTemporaryFiles(const RunPaths& run);

/// `run.json` of a job: settings, seed, versions, device, data fingerprint, kernel choices. Keys are
/// snake_case.
QJsonObject runRecord(const TrainingJob& job, const Session& session, const std::vector<PlanStep>& steps);
/// The fields of the event `started`; `record` is the run's, `ranks` the facts of all processes that train.
QJsonObject startedFields(const QJsonObject& record, const QJsonArray& ranks, std::int64_t epochs, std::int64_t stepsPerEpoch,
                          std::int64_t batchSize);
void writeRunRecord(const RunPaths& run, const QJsonObject& record);

/// Throws Error when a resumed job differs from the record in anything but epochs and device, or when
/// the data have changed.
void checkRunRecord(const QJsonObject& record, const TrainingJob& job);

/// The precision that a run began with. Throws Error where the record names one that this version does not know.
Precision precisionOf(const QJsonObject& record);

/// The settings as `run.json` shows them.
QJsonObject settingsRecord(const TrainingSettings& settings);

/// How texts become numbers, as the run learned it from its training texts: `vocabulary.json`. Written
/// where the data have texts.
void writeVocabulary(const RunPaths& run, const Dataset& dataset);
/// Nothing where the run reads no texts. Throws Error when the file is damaged.
std::optional<TextEncoder> readVocabulary(const RunPaths& run);
/// Throws Error when the texts have changed since the run, so that their numbers mean other words.
void checkVocabulary(const RunPaths& run, const Dataset& dataset);

/// The folder that relative data paths of a run's snapshot refer to, from `run.json`.
std::string runBaseDir(const RunPaths& run);

} // namespace weft
