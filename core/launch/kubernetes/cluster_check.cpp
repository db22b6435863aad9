#include "core/launch/kubernetes/cluster_check.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonDocument>

#include "core/base/error.h"
#include "core/launch/kubernetes/yaml.h"

namespace weft {

namespace {

/// The digits at the beginning: some servers say "31+".
int leadingNumber(const QString& text)
{
    int number = 0;
    for (const QChar c : text) {
        if (!c.isDigit())
            break;
        number = 10 * number + c.digitValue();
    }
    return number;
}

class ClusterCheck {
public:
    ClusterCheck(const Target& target, const Kubectl& kubectl) : m_target(target), m_kubectl(kubectl) {}

    std::vector<Finding> run()
    {
        try {
            m_facts = clusterFacts(m_kubectl);
            add(Severity::Hint, message(WEFT_TEXT("Kubernetes", "The cluster answers: Kubernetes 1.%1."), m_facts.minorVersion));
            checkForm();
            checkRights();
            for (const char* field : {"dataClaim", "runsClaim"})
                checkClaim(field);
            checkRunsClaim();
            tryJob();
        } catch (const Error& error) {
            add(Severity::Error, error.message());
        }
        return std::move(m_findings);
    }

private:
    void add(Severity severity, Message text) { m_findings.push_back({severity, std::move(text)}); }

    void checkForm()
    {
        m_isMpi = isMpiJob(m_target, m_facts);
        add(Severity::Hint,
            m_isMpi ? message(WEFT_TEXT("Kubernetes", "The MPI Operator is there: jobs become MPIJobs."))
                    : message(WEFT_TEXT("Kubernetes", "Jobs become Indexed Jobs with ssh between their pods.")));
        if (!m_isMpi && m_facts.minorVersion < 31)
            add(Severity::Warning,
                message(WEFT_TEXT("Kubernetes",
                                  "Before Kubernetes 1.31 the pods of a finished run stay until Weft fetches its results (weft follow).")));
    }

    /// What the Role gives that Weft prints. A claim that cannot be seen is told as such.
    void checkRights()
    {
        Target made = m_target;
        setField(made, "form", m_isMpi ? "mpijob" : "job");
        const Tree role = kubernetesRole(made);
        bool isAllowed = true;
        for (const Tree& rule : role.find("rules")->list()) {
            const std::string group = rule.find("apiGroups")->list().front().text();
            for (const Tree& resource : rule.find("resources")->list()) {
                const std::string name = resource.text() + (group.empty() ? "" : "." + group);
                const std::string lacking = name == "persistentvolumeclaims" ? std::string() : verbsLacking(rule.find("verbs")->list(), name);
                if (lacking.empty())
                    continue;
                const auto [severity, text] = whatFollows(name, lacking);
                isAllowed = isAllowed && severity != Severity::Error;
                add(severity, message(text, lacking, name, m_target.value("namespace")));
            }
        }
        if (isAllowed)
            add(Severity::Hint, message(WEFT_TEXT("Kubernetes", "You have the rights to run jobs in the namespace %1."), m_target.value("namespace")));
    }

    std::string verbsLacking(const Tree::List& verbs, const std::string& resource) const
    {
        std::string lacking;
        for (const Tree& verb : verbs) {
            if (!m_kubectl.may(verb.text(), resource))
                lacking += (lacking.empty() ? "" : ", ") + verb.text();
        }
        return lacking;
    }

    /// Runs do without some rights.
    std::pair<Severity, Text> whatFollows(const std::string& resource, const std::string& verbs) const
    {
        if (resource == "pods/exec" && m_target.value("runsClaim").empty())
            return {Severity::Warning,
                    WEFT_TEXT("Kubernetes",
                              "You may not %1 %2 in the namespace %3: runs cannot be paused, saved early or fetched. Have the right given (weft target "
                              "rbac), or set runsClaim.")};
        if (resource == "pods/exec")
            return {Severity::Warning,
                    WEFT_TEXT("Kubernetes",
                              "You may not %1 %2 in the namespace %3: pausing, saving early and fetching go through short pods on the runsClaim, which takes "
                              "some seconds each.")};
        if (resource == "events" || verbs == "watch")
            return {Severity::Warning,
                    WEFT_TEXT("Kubernetes", "You may not %1 %2 in the namespace %3: what keeps pods waiting is told later, or not at all (weft target rbac).")};
        return {Severity::Error,
                WEFT_TEXT("Kubernetes", "You may not %1 %2 in the namespace %3. weft target rbac prints the rights that Weft needs.")};
    }

    void checkClaim(const char* field)
    {
        const std::string name = m_target.value(field);
        if (name.empty())
            return;
        const ProgramEnd end = m_kubectl.tryRun({"get", "persistentvolumeclaims", name, "-o", "json"});
        if (!end.isGood()) {
            add(Severity::Error, message(WEFT_TEXT("Kubernetes", "The volume claim %1 (%2) cannot be seen: %3"), name, field, end.reason()));
            return;
        }
        const QJsonObject claim = QJsonDocument::fromJson(QByteArray::fromStdString(end.output)).object();
        const QString phase = claim.value(QLatin1String("status")).toObject().value(QLatin1String("phase")).toString();
        const QJsonArray modes = claim.value(QLatin1String("spec")).toObject().value(QLatin1String("accessModes")).toArray();
        const bool isShared = modes.contains(QLatin1String("ReadWriteMany")) || modes.contains(QLatin1String("ReadOnlyMany"));
        if (phase != QLatin1String("Bound"))
            add(Severity::Warning, message(WEFT_TEXT("Kubernetes", "The volume claim %1 (%2) is not bound to a volume yet: %3. kubectl describe pvc tells what it waits for."), name, field,
                                           phase.toStdString()));
        else if (!isShared && m_target.integer("workers") > 1)
            add(Severity::Warning,
                message(WEFT_TEXT("Kubernetes", "The volume claim %1 (%2) can be mounted on one node only; with several workers it should be ReadWriteMany."),
                        name, field));
        else
            add(Severity::Hint, message(WEFT_TEXT("Kubernetes", "The volume claim %1 (%2) is bound."), name, field));
    }

    void checkRunsClaim()
    {
        if (m_target.value("runsClaim").empty())
            add(Severity::Warning, message(WEFT_TEXT("Kubernetes", "There is no runsClaim: a job that is started again begins anew.")));
    }

    /// The server looks at a job as it would be submitted, and makes nothing. What it asks of pods it asks of a pod alone.
    void tryJob()
    {
        const JobRequest request{"weft-00000000", "{}\n", "test", {}};
        const bool isTaken = isAccepted(kubernetesObjects(m_target, request, m_facts, {"none", "none"}))
            && (!m_kubectl.may("create", "pods") || isAccepted({trialPod(m_target, request.id)}));
        if (isTaken)
            add(Severity::Hint, message(WEFT_TEXT("Kubernetes", "The cluster would take a job.")));
    }

    bool isAccepted(const std::vector<Tree>& objects)
    {
        const ProgramEnd end = m_kubectl.tryRun({"create", "--dry-run=server", "-f", "-"}, yamlDocuments(objects));
        const bool isUnsafe = end.errors.find("would violate PodSecurity") != std::string::npos;
        if (end.isGood() && !isUnsafe)
            return true;
        const std::string complaint = end.isGood() ? "violates PodSecurity: " + end.reason() : end.reason();
        // Jobs of others end: this one would wait.
        const bool isForNow = complaint.find("exceeded quota") != std::string::npos;
        add(isForNow ? Severity::Warning : Severity::Error, kubectlFault(complaint, m_target.value("context"), m_target.value("namespace")));
        return false;
    }

    const Target& m_target;
    const Kubectl& m_kubectl;
    ClusterFacts m_facts;
    bool m_isMpi = false;
    std::vector<Finding> m_findings;
};

} // namespace

ClusterFacts clusterFacts(const Kubectl& kubectl)
{
    const QByteArray text = QByteArray::fromStdString(kubectl.run({"version", "-o", "json"}));
    const QJsonObject server = QJsonDocument::fromJson(text).object().value(QLatin1String("serverVersion")).toObject();
    ClusterFacts facts;
    facts.minorVersion = leadingNumber(server.value(QLatin1String("minor")).toString());
    const ProgramEnd resources = kubectl.tryRun({"api-resources", "--api-group=kubeflow.org", "-o", "name"});
    facts.hasMpiOperator = resources.output.find("mpijobs.kubeflow.org") != std::string::npos;
    return facts;
}

std::vector<Finding> checkCluster(const Target& target, const Kubectl& kubectl)
{
    return ClusterCheck(target, kubectl).run();
}

} // namespace weft
