#include <cmath>
#include <limits>

#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "core/training/predictor.h"

namespace weft::cli {

namespace {

constexpr std::int64_t usualTopK = 5;

Split splitOf(const std::string& name)
{
    return name == "train" ? Split::Train : name == "validation" ? Split::Validation : Split::Test;
}

QString classNameOf(const std::vector<std::string>& names, std::size_t index)
{
    return index < names.size() ? QString::fromStdString(names[index]) : QString::number(index);
}

QJsonValue numberOrNull(double number)
{
    return std::isnan(number) ? QJsonValue() : QJsonValue(number);
}

/// Adds what is measured beside loss and accuracy.
void addMetrics(QJsonObject& document, const Evaluation& result, const std::vector<std::string>& names)
{
    if (const auto& measured = result.classification) {
        QJsonArray confusion;
        QJsonArray perClass;
        for (std::size_t c = 0; c < measured->perClass.size(); ++c) {
            const ClassMetrics& one = measured->perClass[c];
            perClass.append(QJsonObject{{QStringLiteral("label"), classNameOf(names, c)},
                                        {QStringLiteral("precision"), one.precision},
                                        {QStringLiteral("recall"), one.recall},
                                        {QStringLiteral("f1"), one.f1},
                                        {QStringLiteral("iou"), one.iou},
                                        {QStringLiteral("auc"), numberOrNull(one.auc)},
                                        {QStringLiteral("support"), static_cast<qint64>(one.support)}});
            QJsonArray row;
            for (std::size_t predicted = 0; predicted < measured->perClass.size(); ++predicted)
                row.append(static_cast<qint64>(measured->confusion[c * measured->perClass.size() + predicted]));
            confusion.append(row);
        }
        document.insert(QStringLiteral("top_k"), static_cast<qint64>(measured->topK));
        document.insert(QStringLiteral("top_k_accuracy"), measured->topKAccuracy);
        document.insert(QStringLiteral("precision"), measured->precision);
        document.insert(QStringLiteral("recall"), measured->recall);
        document.insert(QStringLiteral("f1"), measured->f1);
        document.insert(QStringLiteral("mean_iou"), measured->iou);
        document.insert(QStringLiteral("auc"), numberOrNull(measured->auc));
        document.insert(QStringLiteral("per_class"), perClass);
        document.insert(QStringLiteral("confusion_matrix"), confusion);
    }
    if (const auto& measured = result.yesNo) {
        document.insert(QStringLiteral("precision"), measured->precision);
        document.insert(QStringLiteral("recall"), measured->recall);
        document.insert(QStringLiteral("f1"), measured->f1);
        document.insert(QStringLiteral("iou"), measured->iou);
    }
    if (const auto& measured = result.regression) {
        document.insert(QStringLiteral("mean_absolute_error"), measured->meanAbsoluteError);
        document.insert(QStringLiteral("r2"), numberOrNull(measured->r2));
    }
}

void printClasses(const ClassificationMetrics& measured, const std::vector<std::string>& names)
{
    constexpr std::size_t mostListed = 30; // a thousand lines help nobody; --json has them
    print(Cli::tr("top %1     %2").arg(measured.topK).arg(measured.topKAccuracy, 0, 'f', 4));
    print(Cli::tr("F1 (mean over the classes)  %1").arg(measured.f1, 0, 'f', 4));
    print(Cli::tr("AUC %1, IoU %2 (means over the classes)").arg(measured.auc, 0, 'f', 4).arg(measured.iou, 0, 'f', 4));
    for (std::size_t c = 0; c < measured.perClass.size() && measured.perClass.size() <= mostListed; ++c) {
        const ClassMetrics& one = measured.perClass[c];
        print(Cli::tr("  %1  precision %2  recall %3  F1 %4  samples %5")
                  .arg(classNameOf(names, c), -16)
                  .arg(one.precision, 0, 'f', 4)
                  .arg(one.recall, 0, 'f', 4)
                  .arg(one.f1, 0, 'f', 4)
                  .arg(one.support));
    }
}

int runEvaluate(const Arguments& arguments)
{
    const RunPaths run = findRun(arguments.at(0));
    const Project project = projectOfRun(run);
    const TensorFile checkpoint = checkpointOfRun(run, arguments);
    const std::unique_ptr<Dataset> dataset = openRunData(run, project);
    const std::int64_t topK = arguments.integer("top-k", 1, std::numeric_limits<std::int64_t>::max()).value_or(usualTopK);
    const SessionOptions session = sessionOn(arguments.value("device", "auto"));
    const Evaluation result = evaluate(project.network, checkpoint, *dataset, splitOf(arguments.value("split", "test")), session, false, {}, topK);
    const bool hasAccuracy = !std::isnan(result.accuracy);
    if (arguments.has("json")) {
        QJsonObject document{{QStringLiteral("accuracy"), hasAccuracy ? QJsonValue(result.accuracy) : QJsonValue()},
                             {QStringLiteral("loss"), result.loss},
                             {QStringLiteral("samples"), static_cast<qint64>(result.samples)}};
        addMetrics(document, result, dataset->classNames());
        printJson(QJsonDocument(document));
        return done;
    }
    print(Cli::tr("samples   %1").arg(result.samples));
    print(Cli::tr("loss      %1").arg(result.loss, 0, 'f', 4));
    if (hasAccuracy)
        print(Cli::tr("accuracy  %1").arg(result.accuracy, 0, 'f', 4));
    if (result.classification)
        printClasses(*result.classification, dataset->classNames());
    if (result.yesNo)
        print(Cli::tr("of yes    precision %1  recall %2  F1 %3  IoU %4")
                  .arg(result.yesNo->precision, 0, 'f', 4)
                  .arg(result.yesNo->recall, 0, 'f', 4)
                  .arg(result.yesNo->f1, 0, 'f', 4)
                  .arg(result.yesNo->iou, 0, 'f', 4));
    if (result.regression) {
        print(Cli::tr("mean absolute error  %1").arg(result.regression->meanAbsoluteError, 0, 'g', 6));
        print(Cli::tr("R²                   %1").arg(result.regression->r2, 0, 'f', 4));
    }
    return done;
}

} // namespace

Command evaluateCommand()
{
    return {"evaluate",
            "RUN",
            1,
            1,
            WEFT_TEXT("cli", "Measures loss, accuracy and errors of a trained network on a part of the data."),
            {{"split", "train|validation|test", WEFT_TEXT("cli", "The part of the data; test is the default."), {"train", "validation", "test"}},
             checkpointOption(),
             deviceOption(),
             {"top-k", "K", WEFT_TEXT("cli", "Counts a sample as found when its class is among the K most probable; 5 is the default.")},
             {"json", "", WEFT_TEXT("cli", "Prints one JSON document: accuracy, loss, samples, and what is measured for each class.")}},
            runEvaluate,
            Threads::Team};
}

} // namespace weft::cli
