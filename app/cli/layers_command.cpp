#include <algorithm>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/base/nearest.h"
#include "core/layers/layer_spec.h"
#include "core/project/project.h"

namespace weft::cli {

namespace {

const char* nameOf(ParamKind kind)
{
    switch (kind) {
    case ParamKind::Integer: return "integer";
    case ParamKind::Real: return "real";
    case ParamKind::Boolean: return "boolean";
    case ParamKind::Choice: return "choice";
    case ParamKind::Text: return "text";
    case ParamKind::Integers: return "integers";
    case ParamKind::Shape: return "shape";
    case ParamKind::Reals: return "reals";
    case ParamKind::Column: return "column";
    }
    return "";
}

bool isBounded(const ParamSpec& param)
{
    return param.maximum < 1e300;
}

/// A tree as Qt's JSON: through its text, which keeps integers apart from reals.
QJsonValue toQJson(const Tree& tree)
{
    const std::string list = toJson(Tree::List{tree});
    return QJsonDocument::fromJson(QByteArray::fromStdString(list)).array().at(0);
}

QJsonObject describe(const ParamSpec& param)
{
    QJsonObject object{{QStringLiteral("key"), QString::fromStdString(param.key)},
                       {QStringLiteral("kind"), QString::fromLatin1(nameOf(param.kind))},
                       {QStringLiteral("default"), toQJson(param.defaultValue)},
                       {QStringLiteral("label"), translated(param.label)},
                       {QStringLiteral("help"), translated(param.help)}};
    if (isBounded(param)) {
        object.insert(QStringLiteral("minimum"), param.minimum);
        object.insert(QStringLiteral("maximum"), param.maximum);
    }
    if (!param.choices.empty()) {
        QJsonArray choices;
        for (const std::string& choice : param.choices)
            choices.append(QString::fromStdString(choice));
        object.insert(QStringLiteral("choices"), choices);
    }
    return object;
}

QJsonArray describe(const std::vector<PortSpec>& ports)
{
    QJsonArray array;
    for (const PortSpec& port : ports)
        array.append(QJsonObject{{QStringLiteral("name"), QString::fromStdString(port.name)},
                                 {QStringLiteral("shape"), QString::fromStdString(port.shapeHint)},
                                 {QStringLiteral("optional"), port.isOptional},
                                 {QStringLiteral("variadic"), port.isVariadic}});
    return array;
}

QJsonObject describe(const LayerSpec& layer)
{
    QJsonArray params;
    for (const ParamSpec& param : layer.params())
        params.append(describe(param));
    return {{QStringLiteral("type"), QString::fromStdString(layer.type())},
            {QStringLiteral("category"), translated(titleOf(layer.category()))},
            {QStringLiteral("summary"), translated(layer.summary())},
            {QStringLiteral("details"), translated(layer.details())},
            {QStringLiteral("parameters"), params},
            {QStringLiteral("inputs"), describe(layer.inputs())},
            {QStringLiteral("outputs"), describe(layer.outputs())}};
}

void printLayer(const LayerSpec& layer)
{
    print(QStringLiteral("%1 %2").arg(QString::fromStdString(layer.type()), -18).arg(translated(layer.summary())));
    for (const ParamSpec& param : layer.params()) {
        const QString value = QString::fromStdString(toJson(param.defaultValue));
        print(QStringLiteral("    %1 %2 %3").arg(QString::fromStdString(param.key), -14).arg(value, -18).arg(translated(param.help)));
    }
}

/// The layers that the user named, in whatever case; all without a name.
std::vector<const LayerSpec*> chosenLayers(const std::vector<std::string>& names)
{
    std::vector<const LayerSpec*> chosen;
    std::vector<std::string> types;
    for (const LayerSpec& layer : layerCatalogue()) {
        types.push_back(layer.type());
        if (names.empty())
            chosen.push_back(&layer);
    }
    for (const std::string& name : names) {
        const auto isIt = [&](const std::string& type) {
            return QString::compare(QString::fromStdString(type), QString::fromStdString(name), Qt::CaseInsensitive) == 0;
        };
        const auto found = std::ranges::find_if(types, isIt);
        if (found != types.end()) {
            chosen.push_back(&layerCatalogue()[static_cast<std::size_t>(found - types.begin())]);
            continue;
        }
        const std::string near = nearest(name, types);
        const QString asked = QString::fromStdString(name);
        throw UsageError((near.empty() ? Cli::tr("There is no layer %1. weft layers lists them all.").arg(asked)
                                       : Cli::tr("There is no layer %1. Did you mean %2?").arg(asked, QString::fromStdString(near)))
                             .toStdString());
    }
    return chosen;
}

int run(const Arguments& arguments)
{
    const std::vector<const LayerSpec*> chosen = chosenLayers(arguments.positional());
    if (arguments.has("json")) {
        QJsonArray all;
        for (const LayerSpec* layer : chosen)
            all.append(describe(*layer));
        printJson(QJsonDocument(all));
        return done;
    }
    const LayerSpec* last = nullptr;
    for (const LayerSpec* layer : chosen) {
        if (!last || last->category() != layer->category())
            print((last ? QStringLiteral("\n") : QString()) + translated(titleOf(layer->category())) + QStringLiteral("\n"));
        printLayer(*layer);
        last = layer;
    }
    return done;
}

} // namespace

Command layersCommand()
{
    return {"layers",
            "[LAYER]...",
            0,
            -1,
            WEFT_TEXT("cli", "Lists the layers with their parameters and defaults."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document."), {}}},
            run};
}

} // namespace weft::cli
