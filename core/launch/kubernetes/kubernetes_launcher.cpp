#include "core/launch/kubernetes/kubernetes_launcher.h"

#include <mutex>
#include <optional>
#include <sstream>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/launch/kubernetes/cluster_check.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/objects.h"
#include "core/launch/kubernetes/pod_states.h"
#include "core/launch/kubernetes/run_access.h"
#include "core/launch/kubernetes/yaml.h"

namespace weft {

namespace {

/// Made by the user's ssh-keygen in a folder that only the user may read, and that is gone at once.
SshKeyPair newKeys(const std::string& id)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("key"));
    const ProgramEnd end = runProgram({"ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-C", id, "-f", path.toStdString()}});
    QFile privateKey(path);
    QFile publicKey(path + QStringLiteral(".pub"));
    if (!end.isGood() || !privateKey.open(QIODevice::ReadOnly) || !publicKey.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Launch", "ssh-keygen could not make the keys of the job: %1"), end.reason());
    return {privateKey.readAll().toStdString(), publicKey.readAll().toStdString()};
}

/// The last line of what went wrong that does not say `known`; empty where every line does.
std::string complaintBesides(const ProgramEnd& end, const char* known)
{
    std::istringstream lines(end.errors);
    std::string complaint = end.errors.empty() ? end.reason() : std::string();
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && !line.starts_with("Warning:") && line.find(known) == std::string::npos)
            complaint = line;
    }
    return complaint;
}

/// Makes an object part of its owner: it is removed with it.
void setOwner(Tree& object, const Tree& owner, const std::string& uid)
{
    const Tree& name = *owner.find("metadata")->find("name");
    object["metadata"]["ownerReferences"]
        = Tree::List{Tree::Map{{"apiVersion", *owner.find("apiVersion")}, {"kind", *owner.find("kind")}, {"name", name}, {"uid", uid}}};
}

class KubernetesLauncher : public Launcher {
public:
    explicit KubernetesLauncher(const Target& target) : m_target(withNamespace(target)), m_kubectl(m_target), m_access(m_kubectl, m_target) {}

    std::vector<Finding> check() override { return checkCluster(m_target, m_kubectl); }

    std::string plan(const JobRequest& request) override
    {
        const std::string made = "(made when the job is submitted)";
        std::string lead;
        ClusterFacts known{m_target.value("form") == "mpijob", 31};
        try {
            known = facts();
        } catch (const Error& error) {
            const std::string reason = QString::fromUtf8(error.what()).simplified().toStdString();
            lead = "# The cluster could not be asked what it serves, so this is for Kubernetes 1.31: " + reason + "\n";
        }
        return lead + yamlDocuments(kubernetesObjects(m_target, request, known, {made, made}));
    }

    void prepare() override { facts(); }

    void submit(const JobRequest& request) override
    {
        std::vector<Tree> objects = kubernetesObjects(m_target, request, facts(), newKeys(request.id));
        // A job whose pods cannot be seen would never end here.
        state(request.id);
        // Refused as a whole, before anything is made: the server looks at every object.
        make({"create", "--dry-run=server", "-f", "-"}, objects);
        make({"create", "-f", "-"}, {objects.front()});
        const QJsonObject made = m_kubectl.get({resource(), request.id});
        const std::string uid = made.value(QLatin1String("metadata")).toObject().value(QLatin1String("uid")).toString().toStdString();
        const Tree job = std::move(objects.front());
        objects.erase(objects.begin());
        for (Tree& object : objects)
            setOwner(object, job, uid);
        make({"create", "-f", "-"}, objects);
    }

    JobState state(const std::string& id) override
    {
        QJsonObject job;
        QJsonArray pods;
        for (const QJsonValue& entry : m_kubectl.get({resource() + ",pods", selector(id)}).value(QLatin1String("items")).toArray()) {
            if (entry.toObject().value(QLatin1String("kind")) == QLatin1String("Pod"))
                pods.append(entry);
            else if (nameOf(entry) == id)
                job = entry.toObject();
        }
        const JobState state = kubernetesState(job, pods, {}, m_target);
        const bool isWaiting = state.phase == JobPhase::Queued || state.phase == JobPhase::Starting;
        return isWaiting ? kubernetesState(job, pods, eventsOf(id, state.parts), m_target) : state;
    }

    std::optional<CommandLine> changes(const std::string& id) override
    {
        return m_kubectl.command({"get", "pods", selector(id), "--watch-only", "--output=name"});
    }

    CommandLine follow(const std::string& id, std::int64_t) override
    {
        return m_kubectl.command({"logs", "--follow", "--container=main", pod(podsOfLauncher(id, isMpi()))});
    }

    CommandLine followPart(const std::string&, const std::string& part, const KnownLog& known) override
    {
        std::vector<std::string> words{"logs", "--follow", "--timestamps", "--container=main", part};
        if (!known.time.empty())
            words.push_back("--since-time=" + known.time);
        return m_kubectl.command(words);
    }

    void control(const std::string& id, const std::string& line) override { m_access.append(id, pod(podsOfRun(id, isMpi())), line); }

    std::string log(const std::string& id) override
    {
        std::string text;
        for (const QJsonValue& entry : podsOf(id)) {
            const std::string name = nameOf(entry);
            text += "=== " + name + "\n" + m_kubectl.tryRun({"logs", "--container=main", name}).output;
        }
        return text;
    }

    bool fetch(const std::string& id, const std::string& folder) override { return m_access.copy(id, newestPod(podsOfRun(id, isMpi())), folder); }

    void kill(const std::string& id) override { m_kubectl.run({"delete", resource(), id, "--ignore-not-found", "--wait=false"}); }

    void clean(const std::string& id) override
    {
        // The others go with their owner, unless it was never made.
        std::vector<std::string> words{"delete", resource() + "/" + id, "configmaps/" + id};
        if (!isMpi())
            words.insert(words.end(), {"secrets/" + id, "services/" + id});
        words.insert(words.end(), {"--ignore-not-found", "--wait=false"});
        m_kubectl.run(words);
        m_kubectl.run({"delete", "pods", "--selector=" + std::string(runLabel) + "=" + id, "--ignore-not-found", "--wait=false"});
    }

private:
    /// Of the job, of the Job that the MPI Operator makes for its launcher, and of pods that do not begin. They may be forbidden
    /// to the user; what they alone tell is then missing.
    QJsonArray eventsOf(const std::string& id, const std::vector<JobPart>& parts)
    {
        std::vector<std::string> names{id};
        if (isMpi())
            names.push_back(id + "-launcher");
        // What keeps one waiting keeps the others.
        constexpr std::size_t mostNames = 4;
        for (const JobPart& part : parts) {
            if (!part.hasBegun && !part.node.empty() && names.size() < mostNames)
                names.push_back(part.name);
        }
        QJsonArray events;
        for (const std::string& name : names) {
            const ProgramEnd end = m_kubectl.tryRun({"get", "events", "--field-selector=involvedObject.name=" + name, "-o", "json"});
            for (const QJsonValue& event :
                 QJsonDocument::fromJson(QByteArray::fromStdString(end.output)).object().value(QLatin1String("items")).toArray())
                events.append(event);
        }
        return events;
    }

    static std::string nameOf(const QJsonValue& object)
    {
        return object.toObject().value(QLatin1String("metadata")).toObject().value(QLatin1String("name")).toString().toStdString();
    }

    ClusterFacts facts()
    {
        const std::lock_guard lock(m_mutex);
        if (!m_facts)
            m_facts = clusterFacts(m_kubectl);
        return *m_facts;
    }
    bool isMpi() { return isMpiJob(m_target, facts()); }
    std::string resource() { return isMpi() ? "mpijobs.kubeflow.org" : "jobs.batch"; }

    /// What is there already, from a submission that was interrupted, is as it should be.
    void make(const std::vector<std::string>& words, const std::vector<Tree>& objects)
    {
        const ProgramEnd end = m_kubectl.tryRun(words, yamlDocuments(objects));
        const std::string complaint = end.isGood() ? std::string() : complaintBesides(end, "already exists");
        if (!complaint.empty())
            throw Error(kubectlFault(complaint, m_target.value("context"), m_target.value("namespace")));
    }

    static std::string selector(const std::string& id) { return "--selector=" + std::string(runLabel) + "=" + id + "," + helperLabel + "!=true"; }

    QJsonArray podsOf(const std::string& id) { return m_kubectl.get({"pods", selector(id)}).value(QLatin1String("items")).toArray(); }

    /// The newest pod whose name begins so: one that was started again has another name. Empty without any.
    std::string newestPod(const std::string& beginning)
    {
        std::string name;
        QString newest;
        for (const QJsonValue& entry : podsOf(beginning.substr(0, beginning.find('-', beginning.find('-') + 1)))) {
            const QString created = entry.toObject().value(QLatin1String("metadata")).toObject().value(QLatin1String("creationTimestamp")).toString();
            if (nameOf(entry).starts_with(beginning) && created >= newest) {
                newest = created;
                name = nameOf(entry);
            }
        }
        return name;
    }

    std::string pod(const std::string& beginning)
    {
        const std::string name = newestPod(beginning);
        if (name.empty())
            throw Error(WEFT_TEXT("Kubernetes", "The job %1 has no pod yet."), beginning);
        return name;
    }

    Target m_target;
    Kubectl m_kubectl;
    RunAccess m_access;
    std::mutex m_mutex;
    std::optional<ClusterFacts> m_facts;
};

} // namespace

std::unique_ptr<Launcher> kubernetesLauncher(const Target& target)
{
    return std::make_unique<KubernetesLauncher>(target);
}

} // namespace weft
