#include <cstdio>
#include <limits>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/verbs.h"
#include "core/base/error.h"
#include "core/launch/kubernetes/engine_image.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/objects.h"
#include "core/launch/kubernetes/yaml.h"
#include "core/launch/launcher.h"
#include "core/launch/target_store.h"

namespace weft::cli {

namespace {

QString fromStd(const std::string& text)
{
    return QString::fromStdString(text);
}

QJsonObject toJson(const Target& target)
{
    QJsonObject fields;
    for (const TargetField& field : targetFields(target.kind))
        fields.insert(QLatin1String(field.key), fromStd(target.value(field.key)));
    return {{QStringLiteral("name"), fromStd(target.name)}, {QStringLiteral("kind"), QLatin1String(nameOf(target.kind))}, {QStringLiteral("fields"), fields}};
}

/// KEY=VALUE words behind the first ones.
void setFields(Target& target, const Arguments& arguments, std::size_t first)
{
    for (std::size_t i = first; i < arguments.positional().size(); ++i) {
        const std::string& word = arguments.positional()[i];
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos)
            throw UsageError(Cli::tr("A field is given as KEY=VALUE, not \"%1\".").arg(fromStd(word)).toStdString());
        setField(target, word.substr(0, equals), word.substr(equals + 1));
    }
}

int listTargets(const Arguments& arguments)
{
    const std::vector<Target> targets = TargetStore().all();
    if (arguments.has("json")) {
        QJsonArray list;
        for (const Target& target : targets)
            list.append(toJson(target));
        printJson(QJsonDocument(list));
        return done;
    }
    for (const Target& target : targets) {
        QStringList fields;
        for (const auto& [key, value] : target.fields)
            fields << fromStd(key + "=" + value);
        print(QStringLiteral("%1  %2  %3").arg(fromStd(target.name), -16).arg(QLatin1String(nameOf(target.kind)), -10).arg(fields.join(QLatin1Char(' '))).trimmed());
    }
    return done;
}

int addTarget(const Arguments& arguments)
{
    Target target{arguments.at(1), targetKind(arguments.at(2)), {}};
    setFields(target, arguments, 3);
    TargetStore store;
    for (const Target& known : store.all()) {
        if (known.name == target.name)
            throw Error(WEFT_TEXT("cli", "There is a target %1 already. weft target set %1 KEY=VALUE changes it."), target.name);
    }
    store.put(target);
    print(Cli::tr("Added. weft target test %1 says whether anything is missing.").arg(fromStd(target.name)));
    return done;
}

int changeTarget(const Arguments& arguments)
{
    TargetStore store;
    Target target = store.find(arguments.at(1));
    setFields(target, arguments, 2);
    store.put(target);
    return done;
}

int showTarget(const Arguments& arguments)
{
    const Target target = TargetStore().find(arguments.at(1));
    if (arguments.has("json")) {
        printJson(QJsonDocument(toJson(target)));
        return done;
    }
    for (const TargetField& field : targetFields(target.kind))
        print(QStringLiteral("%1 %2").arg(QLatin1String(field.key), -16).arg(fromStd(target.value(field.key))).trimmed());
    return done;
}

int showFields(const Arguments& arguments)
{
    for (const TargetField& field : targetFields(targetKind(arguments.at(1)))) {
        const QString fallback = field.isRequired ? Cli::tr("(needed)") : QLatin1String(field.fallback);
        print(QStringLiteral("%1 %2 %3").arg(QLatin1String(field.key), -16).arg(padded(fallback, -14)).arg(translated(field.help)));
    }
    return done;
}

int testTarget(const Arguments& arguments)
{
    const Target target = TargetStore().find(arguments.at(1));
    if (target.kind == TargetKind::Local) {
        print(Cli::tr("This machine needs no preparation."));
        return done;
    }
    const std::vector<Finding> findings = makeLauncher(target)->check();
    bool isReady = true;
    QJsonArray list;
    for (const Finding& finding : findings) {
        isReady = isReady && finding.severity != Severity::Error;
        const char* state = finding.severity == Severity::Hint ? "ok" : finding.severity == Severity::Warning ? "warning" : "error";
        list.append(QJsonObject{{QStringLiteral("state"), QLatin1String(state)}, {QStringLiteral("message"), translated(finding.message)}});
        const QString word = finding.severity == Severity::Hint ? Cli::tr("fine") : finding.severity == Severity::Warning ? Cli::tr("warning") : Cli::tr("error");
        if (!arguments.has("json"))
            print(padded(word, -8) + QLatin1Char(' ') + translated(finding.message));
    }
    if (arguments.has("json"))
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("ready"), isReady}, {QStringLiteral("findings"), list}}));
    return isReady ? done : failed;
}

int removeTarget(const Arguments& arguments)
{
    TargetStore().remove(arguments.at(1));
    return done;
}

int printRole(const Arguments& arguments)
{
    const Target target = withNamespace(TargetStore().find(arguments.at(1)));
    if (target.kind != TargetKind::Kubernetes)
        throw Error(WEFT_TEXT("cli", "The target %1 is no Kubernetes cluster: only those know Roles."), target.name);
    // All of it is YAML, so that an administrator can hand it to kubectl create -f -.
    print(QStringLiteral("# ") + Cli::tr("The smallest Role for the target %1. For a user: %2")
                                     .arg(fromStd(target.name), fromStd("kubectl create rolebinding weft --role=weft --user=NAME --namespace=" + target.value("namespace"))));
    std::printf("%s", yamlDocuments({kubernetesRole(target)}).c_str());
    return done;
}

/// Comments around what can be pasted into a shell.
int printImage(const Arguments& arguments)
{
    const std::vector<std::string>& words = arguments.positional();
    const std::string image = engineImage(words.size() > 1 ? words[1] : "", words.size() > 2 ? words[2] : "");
    const std::vector<CommandLine> commands = engineImageCommands(imageBuilder(), image);
    if (arguments.has("json")) {
        QJsonArray list;
        for (const CommandLine& command : commands) {
            QJsonArray line{fromStd(command.program)};
            for (const std::string& argument : command.arguments)
                line.append(fromStd(argument));
            list.append(line);
        }
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("image"), fromStd(image)}, {QStringLiteral("commands"), list}}));
        return done;
    }
    print(QStringLiteral("# ") + Cli::tr("In the folder of Weft's sources; docker, podman and buildah take the same words."));
    for (const CommandLine& command : commands)
        print(fromStd(shown(command)));
    if (image == engineImage())
        print(QStringLiteral("# ")
              + Cli::tr("Targets take this image where they name none; every node must have it. weft target image REGISTRY makes one to fetch."));
    else
        print(QStringLiteral("# ") + Cli::tr("For a target: %1").arg(fromStd("weft target set NAME " + shellQuoted({"image=" + image}))));
    return done;
}

constexpr std::size_t anyNumber = std::numeric_limits<std::size_t>::max();
constexpr Verb verbs[] = {{"list", "weft target list", 1, 1, listTargets},
                          {"add", "weft target add NAME local|mpi|slurm|kubernetes [KEY=VALUE]...", 3, anyNumber, addTarget},
                          {"set", "weft target set NAME KEY=VALUE...", 3, anyNumber, changeTarget},
                          {"show", "weft target show NAME", 2, 2, showTarget},
                          {"fields", "weft target fields local|mpi|slurm|kubernetes", 2, 2, showFields},
                          {"test", "weft target test NAME", 2, 2, testTarget},
                          {"remove", "weft target remove NAME", 2, 2, removeTarget},
                          {"rbac", "weft target rbac NAME", 2, 2, printRole},
                          {"image", "weft target image [REGISTRY [TAG]]", 1, 3, printImage}};

int runTarget(const Arguments& arguments)
{
    return runVerb(arguments, verbs,
                   Cli::tr("\"%1\" is none of list, add, set, show, fields, test, remove, rbac and image.").arg(fromStd(arguments.at(0))));
}

} // namespace

Command targetCommand()
{
    return {"target",
            "list | add NAME KIND [KEY=VALUE]... | set NAME KEY=VALUE... | show NAME | fields KIND | test NAME | remove NAME | rbac NAME | image "
            "[REGISTRY [TAG]]",
            1,
            -1,
            WEFT_TEXT("cli", "Names places to train: this machine, hosts over SSH, Slurm, Kubernetes."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document.")}},
            runTarget};
}

} // namespace weft::cli
