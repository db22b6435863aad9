#include "app/cli/worker/worker_service.h"

#include <algorithm>
#include <cmath>

#include <QBuffer>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

#include "app/cli/dataset_facts.h"
#include "app/cli/device_forecasts.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "app/cli/run_model.h"
#include "app/cli/worker/network_view.h"
#include "app/cli/worker/recent.h"
#include "core/base/error.h"
#include "core/data/image_decoding.h"
#include "core/project/check.h"
#include "core/project/journal.h"
#include "core/training/run_record.h"

namespace weft::cli {

namespace {

constexpr std::size_t keptDatasets = 3;
constexpr std::size_t keptModels = 2;
constexpr qsizetype mostSamples = 4096;

QString stamp(const QString& path)
{
    const QFileInfo info(path);
    return info.exists() ? QString::number(info.lastModified().toMSecsSinceEpoch()) + QLatin1Char(' ') + QString::number(info.size()) : QString();
}

/// A parameter that must be there. Throws Error naming it.
QJsonValue required(const QJsonObject& params, const char* name, QJsonValue::Type type)
{
    const QJsonValue value = params.value(QLatin1String(name));
    if (value.type() != type)
        throw Error(WEFT_TEXT("cli", "The request lacks a valid \"%1\"."), name);
    return value;
}

std::string requiredText(const QJsonObject& params, const char* name)
{
    return required(params, name, QJsonValue::String).toString().toStdString();
}

QString base64Png(const QImage& picture, int largestSide)
{
    QImage shown = picture;
    if (std::max(picture.width(), picture.height()) > largestSide)
        shown = picture.scaled(largestSide, largestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    shown.save(&buffer, "png");
    return QString::fromLatin1(bytes.toBase64());
}

template <class Number> QJsonArray jsonNumbers(const std::vector<Number>& values)
{
    QJsonArray array;
    for (const Number value : values)
        array.append(QJsonValue(value));
    return array;
}

QJsonArray jsonLabels(const Dataset& dataset, Split split)
{
    QJsonArray array;
    for (const std::int32_t label : dataset.labels(split))
        array.append(label);
    return array;
}

QString base64Floats(const std::vector<float>& values)
{
    QByteArray bytes(static_cast<qsizetype>(values.size() * sizeof(float)), '\0');
    qToLittleEndian<float>(values.data(), static_cast<qsizetype>(values.size()), bytes.data());
    return QString::fromLatin1(bytes.toBase64());
}

QJsonObject jsonPort(const char* nameKey, const std::string& name, DType dtype, const Extents& shape)
{
    return {{QLatin1String(nameKey), QString::fromStdString(name)},
            {QStringLiteral("dtype"), QString::fromUtf8(nameOf(dtype))},
            {QStringLiteral("shape"), jsonExtents(shape)}};
}

/// Fixes with the text of their edits: JSON itself does not tell 1 from 1.0, which edits do.
QJsonArray jsonProblems(const std::vector<Diagnostic>& diagnostics)
{
    QJsonArray problems;
    for (const Diagnostic& diagnostic : diagnostics) {
        QJsonObject problem = jsonDiagnostic(diagnostic);
        QJsonArray fixes;
        for (const Fix& fix : diagnostic.fixes)
            fixes.append(QJsonObject{{QStringLiteral("label"), translated(fix.label)},
                                     {QStringLiteral("edits"), QString::fromStdString(toJson(toTree(fix.edits)))}});
        problem.insert(QStringLiteral("fixes"), fixes);
        problems.append(problem);
    }
    return problems;
}

} // namespace

struct WorkerService::State {
    std::string device;
    Recent<Dataset> datasets{keptDatasets};
    Recent<RunModel> models{keptModels};
    NetworkViews views;
    std::unique_ptr<ViewedNetwork> viewed; ///< the network asked about last
    QString viewedAs; ///< by what it was asked for

    explicit State(std::string on) : device(std::move(on)), views(device) {}

    /// A file or folder that was changed since is opened again.
    Dataset& dataset(const Tree& data, const std::string& baseDir, const WorkProgress& progress)
    {
        const Tree* path = data.find("path");
        const QString file
            = path && path->isText() ? QDir(QString::fromStdString(baseDir)).absoluteFilePath(QString::fromStdString(path->text())) : QString();
        // Who asks may write the same settings in another order.
        const QByteArray settings = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(data))).toJson(QJsonDocument::Compact);
        const QString key = QString::fromUtf8(settings) + QLatin1Char('\n') + QString::fromStdString(baseDir) + QLatin1Char('\n') + stamp(file);
        return datasets.get(key, [&] {
            return openDataset(data, baseDir, [&](std::int64_t done, std::int64_t total) {
                return progress(total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0);
            });
        });
    }

    Dataset& dataset(const QJsonObject& params, const WorkProgress& progress)
    {
        const QJsonObject data = required(params, "data", QJsonValue::Object).toObject();
        return dataset(fromJson(QJsonDocument(data).toJson(QJsonDocument::Compact).toStdString(), "data"),
                       params.value(QStringLiteral("baseDir")).toString().toStdString(), progress);
    }

    RunModel& model(const QJsonObject& params)
    {
        const RunPaths run = findRun(requiredText(params, "run"));
        const QJsonValue wanted = params.value(QStringLiteral("checkpoint"));
        const std::string which = wanted.isDouble() ? std::to_string(wanted.toInteger()) : wanted.toString(QStringLiteral("best")).toStdString();
        const QString file = QString::fromStdString(resolveCheckpoint(run, which));
        return models.get(file + QLatin1Char('\n') + stamp(file), [&] { return std::make_unique<RunModel>(run, which, sessionOn(device)); });
    }

    QJsonObject openData(const QJsonObject& params, const WorkProgress& progress)
    {
        const Dataset& set = dataset(params, progress);
        QJsonObject result = datasetFacts(set);
        if (params.value(QStringLiteral("with_labels")).toBool()) {
            QJsonObject labels;
            for (const Split split : {Split::Train, Split::Validation, Split::Test})
                labels.insert(QString::fromUtf8(nameOf(split)), jsonLabels(set, split));
            result.insert(QStringLiteral("labels"), labels);
        }
        return result;
    }

    static QJsonObject sampleObject(const Dataset& set, Split split, std::int64_t index, int largestSide)
    {
        if (index < 0 || index >= set.size(split))
            throw Error(WEFT_TEXT("cli", "There is no sample %1:%2; the data have %3 there, counted from 0."), nameOf(split), index, set.size(split));
        const std::span<const std::int32_t> labels = set.labels(split);
        QJsonObject sample{{QStringLiteral("index"), static_cast<qint64>(index)},
                           {QStringLiteral("name"), QString::fromStdString(set.sampleName(split, index))},
                           {QStringLiteral("label"), labels.empty() ? -1 : labels[static_cast<std::size_t>(index)]}};
        if (const int picture = pictureColumn(set); picture >= 0)
            sample.insert(QStringLiteral("png"), base64Png(pictureOf(set, split, index, picture), largestSide));
        else if (const int features = set.columnIndex("features"); features >= 0)
            sample.insert(QStringLiteral("values"), jsonNumbers(numbersOf(set, split, index, features)));
        else if (set.textEncoder())
            sample.insert(QStringLiteral("text"), QString::fromStdString(set.sampleText(split, index)));
        return sample;
    }

    QJsonObject samples(const QJsonObject& params, const WorkProgress& progress)
    {
        const Dataset& set = dataset(params, progress);
        const Split split = splitNamed(requiredText(params, "split"));
        const QJsonArray indices = required(params, "indices", QJsonValue::Array).toArray();
        if (indices.size() > mostSamples)
            throw Error(WEFT_TEXT("cli", "At most %1 samples can be asked for at once."), mostSamples);
        const int largestSide = std::clamp(params.value(QStringLiteral("thumbnail")).toInt(64), 8, 1024);
        QJsonArray list;
        for (const QJsonValue index : indices) {
            list.append(sampleObject(set, split, index.toInteger(-1), largestSide));
            if (!progress(static_cast<double>(list.size()) / static_cast<double>(indices.size())))
                throw Error(WEFT_TEXT("cli", "The request was cancelled."));
        }
        return {{QStringLiteral("samples"), list}};
    }

    QJsonObject evaluateModel(const QJsonObject& params, const WorkProgress& progress)
    {
        RunModel& run = model(params);
        const Split split = splitNamed(requiredText(params, "split"));
        const Dataset& set = dataset(run.project().data, run.baseDir(), progress);
        checkVocabulary(findRun(requiredText(params, "run")), set);
        const Evaluation result
            = evaluate(run.project().network, run.checkpoint(), set, split, run.session(), true,
                       [&](std::int64_t at, std::int64_t total) { return progress(static_cast<double>(at) / static_cast<double>(total)); });
        const std::size_t classes = result.predicted.empty() ? 0 : result.probabilities.size() / result.predicted.size();
        QJsonArray confidence;
        for (std::size_t i = 0; i < result.predicted.size(); ++i)
            confidence.append(static_cast<double>(result.probabilities[i * classes + static_cast<std::size_t>(result.predicted[i])]));
        return {{QStringLiteral("samples"), static_cast<qint64>(result.samples)},
                {QStringLiteral("loss"), result.loss},
                {QStringLiteral("accuracy"), std::isnan(result.accuracy) ? QJsonValue() : QJsonValue(result.accuracy)},
                {QStringLiteral("class_names"), jsonStrings(set.classNames())},
                {QStringLiteral("labels"), jsonLabels(set, split)},
                {QStringLiteral("predicted"), jsonNumbers(result.predicted)},
                {QStringLiteral("confidence"), confidence},
                {QStringLiteral("probabilities"), base64Floats(result.probabilities)}};
    }

    static SampleInputs inputsOf(const RunModel& run, const QJsonObject& params)
    {
        const QJsonValue text = params.value(QStringLiteral("text"));
        if (text.isString())
            return run.inputsOfText(text.toString().toStdString());
        const QJsonValue numbers = params.value(QStringLiteral("values"));
        if (numbers.isArray()) {
            std::vector<double> values;
            for (const QJsonValue number : numbers.toArray())
                values.push_back(number.toDouble());
            return {{numbersInput(values, run.onlyInput())}};
        }
        const DecodedImage decoded = decodeImageBytes(QByteArray::fromBase64(required(params, "image", QJsonValue::String).toString().toLatin1()));
        if (!decoded.problem.empty())
            throw Error(WEFT_TEXT("cli", "The picture cannot be read: %1."), decoded.problem);
        return {{pictureInput(decoded.image, run.onlyInput())}};
    }

    QJsonObject predict(const QJsonObject& params)
    {
        RunModel& run = model(params);
        const std::vector<float> values = run.answer(inputsOf(run, params));
        const auto best = std::max_element(values.begin(), values.end()) - values.begin();
        return {{QStringLiteral("label"), run.isClassifier() ? static_cast<int>(best) : -1},
                {QStringLiteral("class_names"), jsonStrings(run.classNames())},
                {QStringLiteral("probabilities"), jsonNumbers(values)}};
    }

    /// The network of the request, read anew only when it or the weights of the run have changed.
    const ViewedNetwork& viewedNetwork(const QJsonObject& params)
    {
        const QString run = params.value(QStringLiteral("run")).toString();
        const QString key = required(params, "project", QJsonValue::String).toString() + QLatin1Char('\n')
            + params.value(QStringLiteral("baseDir")).toString() + QLatin1Char('\n') + run + QLatin1Char('\n')
            + (run.isEmpty() ? QString() : stamp(run + QStringLiteral("/last")));
        if (!viewed || key != viewedAs) {
            viewed.reset();
            viewed = std::make_unique<ViewedNetwork>(cli::viewedNetwork(params));
            viewedAs = key;
        }
        return *viewed;
    }

    QJsonObject viewTensor(const QJsonObject& params, const WorkProgress& progress)
    {
        const ViewedNetwork& network = viewedNetwork(params);
        return views.tensor(params, network, dataset(network.project.data, network.baseDir, progress));
    }

    QJsonObject measure(const QJsonObject& params, const WorkProgress& progress)
    {
        const ViewedNetwork& network = viewedNetwork(params);
        return views.measure(network, dataset(network.project.data, network.baseDir, progress), progress);
    }

    QJsonObject check(const QJsonObject& params, const WorkProgress& progress)
    {
        const ViewedNetwork& network = viewedNetwork(params);
        return {{QStringLiteral("problems"), jsonProblems(checkData(network.project, dataset(network.project.data, network.baseDir, progress)))}};
    }

    /// Of every device of this machine, the one that is asked about first.
    QJsonObject forecast(const QJsonObject& params, const WorkProgress& progress, const WorkNews& news)
    {
        const ViewedNetwork& network = viewedNetwork(params);
        TrainingJob job;
        job.network = network.project.network;
        job.settings = trainingSettings(network.project.training);
        job.dataset = &dataset(network.project.data, network.baseDir, progress);
        const std::string first = deviceId(sessionOn(params.value(QStringLiteral("device")).toString(QStringLiteral("auto")).toStdString()));
        std::vector<DeviceInfo> devices = listDevices();
        std::ranges::stable_partition(devices, [&](const DeviceInfo& info) { return info.id == first; });
        const auto answer = [](const DeviceForecasts& known) { return QJsonObject{{QStringLiteral("devices"), toJson(known)}}; };
        return answer(forecastDevices(job, devices, progress, [&](const DeviceForecasts& known) { news(answer(known)); }));
    }

    QJsonObject modelInfo(const QJsonObject& params)
    {
        RunModel& run = model(params);
        QJsonArray inputs, outputs;
        for (const LoweredFeed& feed : run.predictor().feeds())
            inputs.append(jsonPort("column", feed.column, feed.value.dtype(), sampleExtents(feed)));
        for (const LoweredOutput& output : run.predictor().outputs()) {
            Extents shape = output.value.shape().at(1);
            if (!shape.empty())
                shape.erase(shape.begin());
            outputs.append(jsonPort("name", output.name, output.value.dtype(), shape));
        }
        return {{QStringLiteral("inputs"), inputs},
                {QStringLiteral("outputs"), outputs},
                {QStringLiteral("class_names"), jsonStrings(run.classNames())},
                {QStringLiteral("takes_text"), run.textEncoder() != nullptr},
                {QStringLiteral("checkpoint_step"), static_cast<qint64>(run.step())}};
    }
};

WorkerService::WorkerService(std::string device) : m_state(std::make_unique<State>(std::move(device))) {}

WorkerService::~WorkerService() = default;

QJsonObject WorkerService::answer(const QString& method, const QJsonObject& params, const WorkProgress& progress, const WorkNews& news)
{
    if (method == QLatin1String("dataset.open"))
        return m_state->openData(params, progress);
    if (method == QLatin1String("dataset.samples"))
        return m_state->samples(params, progress);
    if (method == QLatin1String("model.evaluate"))
        return m_state->evaluateModel(params, progress);
    if (method == QLatin1String("model.predict"))
        return m_state->predict(params);
    if (method == QLatin1String("model.info"))
        return m_state->modelInfo(params);
    if (method == QLatin1String("wire.tensor"))
        return m_state->viewTensor(params, progress);
    if (method == QLatin1String("network.measure"))
        return m_state->measure(params, progress);
    if (method == QLatin1String("project.check"))
        return m_state->check(params, progress);
    if (method == QLatin1String("training.forecast"))
        return m_state->forecast(params, progress, news);
    throw Error(WEFT_TEXT("cli", "The worker knows no method \"%1\"."), method.toStdString());
}

} // namespace weft::cli
