#include "core/launch/kubernetes/kubectl.h"

#include <QJsonDocument>

#include "core/base/error.h"

namespace weft {

namespace {

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

Message kubectlFault(const std::string& complaint, const std::string& context, const std::string& space)
{
    const std::string name = context.empty() ? "(current)" : context;
    if (has(complaint, "must be logged in") || has(complaint, "Unauthorized") || has(complaint, "token has expired"))
        return message(WEFT_TEXT("Kubernetes", "The cluster does not know you any more (context %1): your token may have expired. Log in again: %2"), name,
                       complaint);
    if (has(complaint, "does not exist") && has(complaint, "context"))
        return message(WEFT_TEXT("Kubernetes", "The kubeconfig has no context %1. kubectl config get-contexts lists those there are."), name);
    if (has(complaint, "getting credentials") || has(complaint, "exec plugin"))
        return message(WEFT_TEXT("Kubernetes", "The program that gives kubectl its credentials failed (context %1). Log in with it, or have it installed. (%2)"), name,
                       complaint);
    if (has(complaint, "exceeded quota"))
        return message(WEFT_TEXT("Kubernetes", "The quota of the namespace %1 is used up: %2 Ask for less, or wait until other jobs end."), space, complaint);
    if (has(complaint, "violates PodSecurity"))
        return message(WEFT_TEXT("Kubernetes", "The namespace %1 does not allow such pods. Have its administrators allow them, or take another namespace. (%2)"),
                       space, complaint);
    if (has(complaint, "no PriorityClass"))
        return message(WEFT_TEXT("Kubernetes", "The cluster does not have the priority class. Correct priorityClass; kubectl get priorityclasses lists them. (%1)"),
                       complaint);
    if (has(complaint, "looking up service account"))
        return message(WEFT_TEXT("Kubernetes", "The namespace %1 does not have the service account. Have it made, or correct serviceAccount. (%2)"), space,
                       complaint);
    // Limits of the namespace, and whatever else a cluster checks, forbid as missing rights do, but name no user who lacks one.
    if (has(complaint, "denied the request") || (has(complaint, "orbidden") && !has(complaint, " cannot ")))
        return message(WEFT_TEXT("Kubernetes",
                                 "A rule of the cluster does not allow this in the namespace %1. Change the target to what it allows, or ask the cluster's "
                                 "administrators. (%2)"),
                       space, complaint);
    if (has(complaint, "orbidden"))
        return message(WEFT_TEXT("Kubernetes", "You may not do that in the namespace %1: %2 weft target rbac prints the rights that Weft needs."), space,
                       complaint);
    if (has(complaint, "namespaces \"") && has(complaint, "not found"))
        return message(WEFT_TEXT("Kubernetes", "The cluster has no namespace %1. Have it made, or set namespace= to another."), space);
    if (has(complaint, "x509"))
        return message(WEFT_TEXT("Kubernetes", "The cluster's certificate is not trusted (context %1). The kubeconfig needs the authority that signed it. (%2)"), name,
                       complaint);
    if (has(complaint, "refused") || has(complaint, "no such host") || has(complaint, "i/o timeout") || has(complaint, "no route to host")
        || has(complaint, "Unable to connect") || has(complaint, "TLS handshake timeout") || has(complaint, "deadline exceeded"))
        return message(WEFT_TEXT("Kubernetes", "The cluster cannot be reached (context %1): %2 Is the network, or the VPN, up?"), name, complaint);
    return message(WEFT_TEXT("Kubernetes", "The cluster refused (context %1, namespace %2): %3"), name, space, complaint);
}

Target withNamespace(Target target)
{
    if (target.kind != TargetKind::Kubernetes || !target.value("namespace").empty())
        return target;
    ProgramEnd end;
    try {
        end = Kubectl(target).tryRun({"config", "view", "--minify", "--output=jsonpath={.contexts[0].context.namespace}"});
    } catch (const Error&) {
        // Without kubectl whatever comes next says so.
    }
    setField(target, "namespace", end.isGood() && !end.output.empty() ? end.output : "default");
    return target;
}

Kubectl::Kubectl(const Target& target) : m_program(target.value("kubectl")), m_context(target.value("context")), m_namespace(target.value("namespace"))
{
    if (const std::string file = target.value("kubeconfig"); !file.empty())
        m_options.push_back("--kubeconfig=" + file);
    if (!m_context.empty())
        m_options.push_back("--context=" + m_context);
    if (!m_namespace.empty())
        m_options.push_back("--namespace=" + m_namespace);
}

CommandLine Kubectl::command(const std::vector<std::string>& words) const
{
    std::vector<std::string> all = m_options;
    all.insert(all.end(), words.begin(), words.end());
    return {m_program, all};
}

ProgramEnd Kubectl::tryRun(const std::vector<std::string>& words, const std::string& input) const
{
    return runProgram(command(words), input);
}

std::string Kubectl::run(const std::vector<std::string>& words, const std::string& input) const
{
    ProgramEnd end = tryRun(words, input);
    if (end.isTimedOut)
        throw Error(WEFT_TEXT("Kubernetes", "The cluster gave no answer within a minute. Is the network, or the VPN, up?"));
    if (!end.isGood())
        throw Error(kubectlFault(end.reason(), m_context, m_namespace));
    return std::move(end.output);
}

bool Kubectl::may(const std::string& verb, const std::string& resource) const
{
    // Behind a slash kubectl would read the name of an object.
    const std::size_t slash = resource.find('/');
    std::vector<std::string> words{"auth", "can-i", verb, resource.substr(0, slash)};
    if (slash != std::string::npos)
        words.push_back("--subresource=" + resource.substr(slash + 1));
    return tryRun(words).output.starts_with("yes");
}

QJsonObject Kubectl::get(std::vector<std::string> words) const
{
    words.insert(words.begin(), "get");
    words.insert(words.end(), {"-o", "json"});
    return QJsonDocument::fromJson(QByteArray::fromStdString(run(words))).object();
}

} // namespace weft
