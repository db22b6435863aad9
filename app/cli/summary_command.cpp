#include <algorithm>

#include <QJsonArray>
#include <QJsonObject>
#include <QLocale>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/training/memory_forecast.h"

namespace weft::cli {

namespace {

std::string shapeText(const NodeInfo& info)
{
    return info.outputTypes.empty() ? std::string("?") : toString(info.outputTypes[0].shape);
}

QJsonObject describe(const Network& network, const NodeInfo& info)
{
    return {{QStringLiteral("id"), QString::fromStdString(info.node)},
            {QStringLiteral("type"), QString::fromStdString(network.findNode(info.node)->type)},
            {QStringLiteral("output_shape"), QString::fromStdString(shapeText(info))},
            {QStringLiteral("parameters"), static_cast<qint64>(info.parameters)},
            {QStringLiteral("multiply_adds"), info.multiplyAdds},
            {QStringLiteral("activation_bytes"), info.activationBytes}};
}

/// 1,234,567 whatever the locale is: groups make long numbers readable.
QString grouped(double number)
{
    return QLocale(QLocale::English).toString(number, 'f', 0);
}

int run(const Arguments& arguments)
{
    const Project project = readProject(arguments.at(0));
    const Analysis analysis = analyze(project.network);
    if (hasErrors(analysis.diagnostics)) {
        printErrors(analysis.diagnostics);
        return failed;
    }
    const TrainingSettings settings = trainingSettings(project.training);
    const auto memory = static_cast<double>(MemoryForecast(project.network, settings, {}).memory().total());
    if (arguments.has("json")) {
        QJsonArray layers;
        for (const NodeInfo& info : analysis.nodes)
            layers.append(describe(project.network, info));
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("parameters"), static_cast<qint64>(analysis.parameters)},
                                            {QStringLiteral("multiply_adds"), analysis.multiplyAdds},
                                            {QStringLiteral("memory_bytes"), memory},
                                            {QStringLiteral("layers"), layers}}));
        return done;
    }
    std::vector<QStringList> rows{{Cli::tr("Node"), Cli::tr("Layer"), Cli::tr("Output"), Cli::tr("Parameters"), Cli::tr("Multiply-adds")}};
    for (const NodeInfo& info : analysis.nodes)
        rows.push_back({QString::fromStdString(info.node), QString::fromStdString(project.network.findNode(info.node)->type),
                        QString::fromStdString(shapeText(info)), grouped(static_cast<double>(info.parameters)), grouped(info.multiplyAdds)});
    rows.push_back({Cli::tr("Total"), {}, {}, grouped(static_cast<double>(analysis.parameters)), grouped(analysis.multiplyAdds)});
    printTable(rows, 3);
    print(QStringLiteral("\n") + Cli::tr("Memory for training: about %1 MB beside the data.").arg(memory / 1e6, 0, 'f', 1));
    return done;
}

} // namespace

Command summaryCommand()
{
    return {"summary",
            "PROJECT",
            1,
            1,
            WEFT_TEXT("cli", "Shows each layer's output shape, parameters and cost."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document."), {}}},
            run};
}

} // namespace weft::cli
