#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
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

int run(const Arguments& arguments)
{
    if (arguments.has("json")) {
        QJsonArray all;
        for (const LayerSpec& layer : layerCatalogue())
            all.append(describe(layer));
        printJson(QJsonDocument(all));
        return done;
    }
    const LayerSpec* last = nullptr;
    for (const LayerSpec& layer : layerCatalogue()) {
        if (!last || last->category() != layer.category())
            print((last ? QStringLiteral("\n") : QString()) + translated(titleOf(layer.category())) + QStringLiteral("\n"));
        printLayer(layer);
        last = &layer;
    }
    return done;
}

} // namespace

Command layersCommand()
{
    return {"layers",
            "",
            0,
            0,
            WEFT_TEXT("cli", "Lists the layers with their parameters and defaults."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document."), {}}},
            run};
}

} // namespace weft::cli
