#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/dataset_facts.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "app/cli/run_model.h"
#include "core/base/error.h"
#include "core/data/data_settings.h"
#include "core/data/image_decoding.h"
#include "core/data/text_files.h"

namespace weft::cli {

namespace {

/// One thing to predict: what the user called it and the inputs of the network.
struct Question {
    std::string name;
    SampleInputs sample;
};

/// "test:17"
struct SampleReference {
    Split split = Split::Test;
    std::int64_t index = 0;
};

std::optional<SampleReference> sampleReference(const std::string& text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    SampleReference reference;
    const auto [end, fault] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), reference.index);
    if (fault != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        if (text.substr(0, colon) == nameOf(split)) {
            reference.split = split;
            return reference;
        }
    }
    return std::nullopt;
}

/// Turns what the user named into inputs. Opens the run's data only when they are needed.
class Reader {
public:
    Reader(const RunPaths& run, RunModel& model) : m_run(run), m_model(model) {}

    void read(const std::string& input, std::vector<Question>& questions)
    {
        const std::vector<LoweredFeed>& feeds = m_model.predictor().feeds();
        if (const std::optional<SampleReference> reference = sampleReference(input)) {
            questions.push_back({input, datasetInputs(data(), reference->split, reference->index, feeds)});
        } else if (!QFileInfo::exists(QString::fromStdString(input))) {
            requireText(input);
            questions.push_back({input, m_model.inputsOfText(input)});
        } else if (m_model.textEncoder()) {
            readTexts(input, questions);
        } else if (input.ends_with(".csv") || input.ends_with(".tsv")) {
            readTable(input, questions);
        } else {
            requirePictureInput(m_model.onlyInput());
            const DecodedImage decoded = decodeImageFile(input);
            if (!decoded.problem.empty())
                throw Error(WEFT_TEXT("cli", "The picture %1 cannot be read: %2. Mend it or name another."), input, decoded.problem);
            questions.push_back({input, {{pictureInput(decoded.image, m_model.onlyInput())}}});
        }
    }

private:
    const Dataset& data()
    {
        if (!m_dataset)
            m_dataset = openRunData(m_run, m_model.project());
        return *m_dataset;
    }

    /// A sentence needs the vocabulary; the name of a file that is not there is no sentence.
    void requireText(const std::string& input) const
    {
        const bool isFileName = input.find(' ') == std::string::npos && (isTable(input) || input.ends_with(".txt"));
        if (m_model.textEncoder() && !isFileName)
            return;
        if (m_model.textEncoder())
            throw Error(WEFT_TEXT("cli", "There is no file %1. Name one that is there, or give a sentence."), input);
        if (readsTexts(m_model.project().data))
            throw Error(WEFT_TEXT("cli", "The run has lost its vocabulary, %1, by which texts become numbers. Restore it from a copy."),
                        m_run.vocabulary());
        throw Error(WEFT_TEXT("cli", "\"%1\" is neither a file nor a sample such as test:17."), input);
    }

    void readTexts(const std::string& path, std::vector<Question>& questions)
    {
        std::int64_t number = 0;
        for (const std::string& text : unlabelledTexts(path, dataSettings(m_model.project().data, m_model.baseDir())))
            questions.push_back({path + ":" + std::to_string(++number), m_model.inputsOfText(text)});
    }

    void readTable(const std::string& path, std::vector<Question>& questions)
    {
        const std::vector<LoweredFeed>& feeds = m_model.predictor().feeds();
        const bool readsFeatures = std::any_of(feeds.begin(), feeds.end(), [](const LoweredFeed& feed) { return feed.column == "features"; });
        const std::vector<std::string> names = readsFeatures ? data().featureNames() : std::vector<std::string>();
        std::int64_t row = 0;
        for (std::vector<InputBytes>& inputs : tableInputs(path, feeds, names))
            questions.push_back({path + ":" + std::to_string(++row), {std::move(inputs)}});
    }

    const RunPaths& m_run;
    RunModel& m_model;
    std::unique_ptr<Dataset> m_dataset;
};

QString labelOf(const RunModel& model, const std::vector<float>& values)
{
    const auto best = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    return QString::fromStdString(model.classNames()[best]);
}

QJsonObject answerObject(const RunModel& model, const std::string& input, const std::vector<float>& values)
{
    QJsonArray numbers;
    for (const float value : values)
        numbers.append(static_cast<double>(value));
    QJsonObject answer{{QStringLiteral("input"), QString::fromStdString(input)}};
    answer.insert(QStringLiteral("label"), model.isClassifier() ? QJsonValue(labelOf(model, values)) : QJsonValue());
    answer.insert(model.isClassifier() ? QStringLiteral("probabilities") : QStringLiteral("values"), numbers);
    return answer;
}

void printAnswer(const RunModel& model, const std::string& input, const std::vector<float>& values)
{
    QString line = QString::fromStdString(input) + QStringLiteral("  ");
    if (!model.isClassifier()) {
        for (const float value : values)
            line += QStringLiteral(" %1").arg(static_cast<double>(value), 0, 'g', 6);
        print(line);
        return;
    }
    std::vector<std::size_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    constexpr std::size_t mostShown = 3;
    for (const std::size_t place : std::span(order).first(std::min(order.size(), mostShown)))
        line += QStringLiteral(" %1 %2 %  ")
                    .arg(QString::fromStdString(model.classNames()[place]))
                    .arg(100.0 * static_cast<double>(values[place]), 0, 'f', 1);
    print(line.trimmed());
}

int runPredict(const Arguments& arguments)
{
    const RunPaths run = findRun(arguments.at(0));
    RunModel model(run, arguments.value("checkpoint", "best"), sessionOn(arguments.value("device", "auto")));
    Reader reader(run, model);
    std::vector<Question> questions;
    for (std::size_t i = 1; i < arguments.positional().size(); ++i)
        reader.read(arguments.positional()[i], questions);
    QJsonArray list;
    for (const Question& question : questions) {
        const std::vector<float> values = model.answer(question.sample);
        if (arguments.has("json"))
            list.append(answerObject(model, question.name, values));
        else
            printAnswer(model, question.name, values);
    }
    if (arguments.has("json"))
        printJson(QJsonDocument(list));
    return done;
}

} // namespace

Command predictCommand()
{
    return {"predict",
            "RUN INPUT...",
            2,
            -1,
            WEFT_TEXT("cli", "Says what a trained network makes of pictures, tables, sentences or samples such as test:17."),
            {checkpointOption(), deviceOption(), {"json", "", WEFT_TEXT("cli", "Prints one JSON document: a list of input, label, probabilities.")}},
            runPredict,
            Threads::Team};
}

} // namespace weft::cli
