#include <cmath>

#include <QCoreApplication>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "core/training/predictor.h"

namespace weft::cli {

namespace {

Split splitOf(const std::string& name)
{
    return name == "train" ? Split::Train : name == "validation" ? Split::Validation : Split::Test;
}

int runEvaluate(const Arguments& arguments)
{
    const RunPaths run = findRun(arguments.at(0));
    const Project project = projectOfRun(run);
    const TensorFile checkpoint = checkpointOfRun(run, arguments);
    const std::unique_ptr<Dataset> dataset = openDataset(project.data, baseDirOfRun(run));
    const SessionOptions session = sessionOn(arguments.value("device", "auto"));
    const Evaluation result = evaluate(project.network, checkpoint, *dataset, splitOf(arguments.value("split", "test")), session);
    const bool hasAccuracy = !std::isnan(result.accuracy);
    if (arguments.has("json")) {
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("accuracy"), hasAccuracy ? QJsonValue(result.accuracy) : QJsonValue()},
                                            {QStringLiteral("loss"), result.loss},
                                            {QStringLiteral("samples"), static_cast<qint64>(result.samples)}}));
        return done;
    }
    print(Cli::tr("samples   %1").arg(result.samples));
    print(Cli::tr("loss      %1").arg(result.loss, 0, 'f', 4));
    if (hasAccuracy)
        print(Cli::tr("accuracy  %1").arg(result.accuracy, 0, 'f', 4));
    return done;
}

} // namespace

Command evaluateCommand()
{
    return {"evaluate",
            "RUN",
            1,
            1,
            WEFT_TEXT("cli", "Measures loss and accuracy of a trained network on a part of the data."),
            {{"split", "train|validation|test", WEFT_TEXT("cli", "The part of the data; test is the default."), {"train", "validation", "test"}},
             checkpointOption(),
             deviceOption(),
             {"json", "", WEFT_TEXT("cli", "Prints one JSON document: accuracy, loss, samples.")}},
            runEvaluate};
}

} // namespace weft::cli
