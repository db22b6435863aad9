#include "core/training/run_record.h"

#include <filesystem>
#include <set>
#include <vector>

#include <unistd.h>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSysInfo>

#include "core/base/error.h"
#include "core/training/run_summary.h"
#include "core/training/safe_file.h"
#include "core/version.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

/// What a run that has not started may have left.
std::vector<std::string> filesOf(const RunPaths& run)
{
    return {run.project(),     run.runJson(), run.vocabulary(), run.lock(),       run.events(), run.control(),
            run.checkpoints(), run.log(),     run.target(),     run.submission(), run.jobLog(), run.jobState(),
            run.partLogs(),    run.dataShards()};
}

bool hasStarted(const RunPaths& run)
{
    if (!checkpointSteps(run).empty())
        return true;
    for (const QJsonObject& event : LineReader(run.events()).poll()) {
        if (event.value(QStringLiteral("event")) == QStringLiteral("started"))
            return true;
    }
    return false;
}

} // namespace

void refuseUsedFolder(const RunPaths& run)
{
    std::error_code fault;
    if (!fs::exists(run.dir, fault))
        return;
    if (!fs::is_directory(run.dir, fault))
        throw Error(WEFT_TEXT("Training", "%1 is a file. A run needs a folder of its own: give another with --run-dir."), run.dir);
    if (hasStarted(run))
        throw Error(WEFT_TEXT("Training", "The folder %1 holds a run. Go on with it by --resume, or give another with --run-dir."), run.dir);
    if (isOnTarget(run))
        throw Error(
            WEFT_TEXT("Training",
                      "The folder %1 holds a run that a target trains. weft follow %1 watches it and weft runs delete %1 ends it; for another run "
                      "give another folder with --run-dir."),
            run.dir);
    std::set<std::string> own;
    for (const std::string& path : filesOf(run))
        own.insert(fs::path(path).filename().string());
    for (const fs::directory_entry& entry : fs::directory_iterator(run.dir, fault)) {
        const std::string name = entry.path().filename().string();
        const bool isTemporary = entry.path().extension().string().rfind(".tmp", 0) == 0 && own.count(entry.path().stem().string());
        if (!own.count(name) && !isTemporary)
            throw Error(WEFT_TEXT("Training", "The folder %1 holds other files. Give another with --run-dir: a run needs a folder of its own."),
                        run.dir);
    }
}

void prepareRunFolder(const RunPaths& run)
{
    refuseUsedFolder(run);
    std::error_code fault;
    for (const std::string& path : {run.project(), run.runJson(), run.vocabulary(), run.events(), run.control(), run.target(), run.submission(),
                                    run.jobLog(), run.jobState(), run.partLogs(), run.dataShards()})
        fs::remove_all(path, fault);
    fs::create_directories(run.checkpoints(), fault);
    if (fault)
        throw Error(WEFT_TEXT("Training", "The run folder %1 could not be made: %2. Name another with --run-dir."), run.dir, fault.message());
}

void removeTemporaryFiles(const RunPaths& run)
{
    for (const std::string& dir : {run.dir, run.checkpoints()}) {
        std::error_code fault;
        for (const fs::directory_entry& entry : fs::directory_iterator(dir, fault)) {
            if (entry.path().extension().string().rfind(".tmp", 0) == 0)
                fs::remove(entry.path(), fault);
        }
    }
}

namespace {

/// "learningRate" as run folders write it: "learning_rate".
QString snakeCase(const std::string& key)
{
    QString snake;
    for (const char c : key) {
        const QChar letter = QLatin1Char(c);
        if (letter.isUpper())
            snake += QLatin1Char('_');
        snake += letter.toLower();
    }
    return snake;
}

QJsonValue toRecord(const Tree& tree)
{
    if (tree.isMap()) {
        QJsonObject object;
        for (const auto& [key, value] : tree.map())
            object.insert(snakeCase(key), toRecord(value));
        return object;
    }
    if (tree.isList()) {
        QJsonArray array;
        for (const Tree& item : tree.list())
            array.append(toRecord(item));
        return array;
    }
    if (tree.isBool())
        return tree.boolean();
    if (tree.isInt())
        return static_cast<qint64>(tree.integer());
    return tree.isNumber() ? QJsonValue(tree.number()) : QJsonValue(QString::fromStdString(tree.text()));
}

/// Settings that an older version did not write had their defaults.
void addMissing(QJsonObject& to, const QJsonObject& defaults)
{
    for (auto it = defaults.begin(); it != defaults.end(); ++it) {
        if (!to.contains(it.key())) {
            to.insert(it.key(), it.value());
        } else if (it.value().isObject()) {
            QJsonObject inner = to.value(it.key()).toObject();
            addMissing(inner, it.value().toObject());
            to.insert(it.key(), inner);
        }
    }
}

} // namespace

QJsonObject settingsRecord(const TrainingSettings& settings)
{
    QJsonObject record = toRecord(trainingTree(settings)).toObject();
    record.remove(QStringLiteral("seed"));
    record.insert(QStringLiteral("tf32"), false);
    return record;
}

Precision precisionOf(const QJsonObject& record)
{
    const QString name = record.value(QStringLiteral("settings")).toObject().value(QStringLiteral("precision")).toString(QStringLiteral("fp32"));
    const bool isTf32 = record.value(QStringLiteral("settings")).toObject().value(QStringLiteral("tf32")).toBool();
    for (const Precision precision : {Precision::Float32, Precision::Tf32, Precision::BFloat16, Precision::Float16}) {
        if (name == QLatin1String(nameOf(precision)))
            return precision == Precision::Float32 && isTf32 ? Precision::Tf32 : precision;
    }
    throw Error(WEFT_TEXT("Training", "The run was computed in \"%1\", which this version of Weft does not know. Go on with it in a newer version."),
                name.toStdString());
}

QJsonObject runRecord(const TrainingJob& job, const Session& session, const std::vector<PlanStep>& steps)
{
    QJsonObject settings = settingsRecord(job.settings);
    // TF32 is float32 whose products are rounded, which its own key says.
    const Precision precision = session.options().precision;
    settings.insert(QStringLiteral("precision"), QString::fromLatin1(nameOf(precision == Precision::Tf32 ? Precision::Float32 : precision)));
    settings.insert(QStringLiteral("tf32"), precision == Precision::Tf32);
    QJsonArray kernels;
    for (const PlanStep& step : steps)
        kernels.append(QJsonObject{{QStringLiteral("op"), QString::fromStdString(step.op)},
                                   {QStringLiteral("node"), QString::fromStdString(step.node)},
                                   {QStringLiteral("kernel"), QString::fromStdString(step.kernel)}});
    QJsonArray classes;
    for (const std::string& name : job.dataset->classNames())
        classes.append(QString::fromStdString(name));
    std::int64_t parameters = 0;
    for (const std::string& name : session.variableNames()) {
        if (session.variableRole(name) == Role::Parameter)
            parameters += elementCount(session.variableType(name).shape.at(1));
    }
    const QJsonObject data{{QStringLiteral("fingerprint"), QString::fromStdString(job.dataset->fingerprint())},
                           {QStringLiteral("train"), static_cast<qint64>(job.dataset->size(Split::Train))},
                           {QStringLiteral("validation"), static_cast<qint64>(job.dataset->size(Split::Validation))},
                           {QStringLiteral("test"), static_cast<qint64>(job.dataset->size(Split::Test))},
                           {QStringLiteral("classes"), classes}};
    const QJsonObject project{{QStringLiteral("id"), QString::fromStdString(job.projectId)},
                              {QStringLiteral("name"), QString::fromStdString(job.projectName)},
                              {QStringLiteral("path"), QString::fromStdString(job.projectPath)},
                              {QStringLiteral("base_dir"), QString::fromStdString(job.baseDir)}};
    return {{QStringLiteral("schema"), 1},
            {QStringLiteral("project"), project},
            {QStringLiteral("settings"), settings},
            {QStringLiteral("seed"), static_cast<qint64>(job.settings.seed)},
            {QStringLiteral("versions"),
             QJsonObject{{QStringLiteral("weft"), QString::fromUtf8(versionText())}, {QStringLiteral("qt"), QString::fromLatin1(qVersion())}}},
            {QStringLiteral("host"), QSysInfo::machineHostName()},
            {QStringLiteral("device"), QString::fromLatin1(nameOf(session.options().device))},
            {QStringLiteral("threads"), session.options().threads},
            {QStringLiteral("parameters"), static_cast<qint64>(parameters)},
            {QStringLiteral("created"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
            {QStringLiteral("data"), data},
            {QStringLiteral("kernels"), kernels}};
}

QJsonObject startedFields(const QJsonObject& record, const QJsonArray& ranks, std::int64_t epochs, std::int64_t stepsPerEpoch,
                          std::int64_t batchSize)
{
    const QString precision = QString::fromLatin1(nameOf(precisionOf(record)));
    const QJsonValue samples = record.value(QStringLiteral("data")).toObject().value(QStringLiteral("train"));
    return {{QStringLiteral("devices"), QJsonArray{record.value(QStringLiteral("device"))}},
            {QStringLiteral("precision"), precision},
            {QStringLiteral("ranks"), ranks},
            {QStringLiteral("epochs"), static_cast<qint64>(epochs)},
            {QStringLiteral("steps_per_epoch"), static_cast<qint64>(stepsPerEpoch)},
            {QStringLiteral("batch_size"), static_cast<qint64>(batchSize)},
            {QStringLiteral("samples"), samples},
            {QStringLiteral("parameters"), record.value(QStringLiteral("parameters"))}};
}

void writeRunRecord(const RunPaths& run, const QJsonObject& record)
{
    writeTextSafely(run.runJson(), QJsonDocument(record).toJson(QJsonDocument::Indented).toStdString());
}

void checkRunRecord(const QJsonObject& record, const TrainingJob& job)
{
    const QString fingerprint = record.value(QStringLiteral("data")).toObject().value(QStringLiteral("fingerprint")).toString();
    if (fingerprint.toStdString() != job.dataset->fingerprint())
        throw Error(WEFT_TEXT("Training",
                              "The data have changed since the run began, so it cannot be resumed with the same results. Bring the old data back, or "
                              "start a new run."));
    QJsonObject before = record.value(QStringLiteral("settings")).toObject();
    QJsonObject now = settingsRecord(job.settings);
    addMissing(before, settingsRecord(TrainingSettings()));
    before.remove(QStringLiteral("epochs"));
    before.remove(QStringLiteral("precision"));
    now.remove(QStringLiteral("epochs"));
    // What a run rounds, too, is the session's, and kept.
    before.remove(QStringLiteral("tf32"));
    now.remove(QStringLiteral("tf32"));
    if (before != now || record.value(QStringLiteral("seed")).toInteger() != static_cast<qint64>(job.settings.seed))
        throw Error(WEFT_TEXT("Training", "The settings differ from those the run began with. Only --epochs and --device may change on --resume."));
}

void writeVocabulary(const RunPaths& run, const Dataset& dataset)
{
    if (const TextEncoder* encoder = dataset.textEncoder())
        writeTextSafely(run.vocabulary(), QJsonDocument(encoder->toJson()).toJson(QJsonDocument::Compact).toStdString() + "\n");
}

std::optional<TextEncoder> readVocabulary(const RunPaths& run)
{
    if (!fs::exists(run.vocabulary()))
        return std::nullopt;
    return TextEncoder::fromJson(readJsonObject(run.vocabulary()), run.vocabulary());
}

void checkVocabulary(const RunPaths& run, const Dataset& dataset)
{
    const TextEncoder* now = dataset.textEncoder();
    if (now && fs::exists(run.vocabulary()) && readJsonObject(run.vocabulary()) != now->toJson())
        throw Error(WEFT_TEXT("Training",
                              "The texts have changed since the run %1, so their words have other numbers now. Bring the old texts back, or start a "
                              "new run."),
                    run.dir);
}

std::string runBaseDir(const RunPaths& run)
{
    return readJsonObject(run.runJson()).value(QStringLiteral("project")).toObject().value(QStringLiteral("base_dir")).toString().toStdString();
}

} // namespace weft
