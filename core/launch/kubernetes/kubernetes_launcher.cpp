#include "core/launch/kubernetes/kubernetes_launcher.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/launch/kubernetes/cluster_check.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/objects.h"
#include "core/launch/kubernetes/pod_states.h"
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

/// Makes an object part of its owner: it is removed with it.
void setOwner(Tree& object, const Tree& owner, const std::string& uid)
{
    const Tree& name = *owner.find("metadata")->find("name");
    object["metadata"]["ownerReferences"]
        = Tree::List{Tree::Map{{"apiVersion", *owner.find("apiVersion")}, {"kind", *owner.find("kind")}, {"name", name}, {"uid", uid}}};
}

/// A pod of `readerPod` that runs as long as the object lives.
class ReaderPod {
public:
    /// Throws Error where it does not run within two minutes.
    ReaderPod(const Kubectl& kubectl, const Target& target, const std::string& id) : m_kubectl(kubectl), m_name(id + "-reader")
    {
        m_kubectl.run({"create", "-f", "-"}, yamlDocuments({readerPod(target, id)}));
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
        while (!isRunning()) {
            if (std::chrono::steady_clock::now() > end) {
                remove();
                throw Error(WEFT_TEXT("Kubernetes", "No pod could be started to read the results from the claim %1. weft follow tries again."),
                            target.value("runsClaim"));
            }
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    }
    ~ReaderPod() { remove(); }
    ReaderPod(const ReaderPod&) = delete;
    ReaderPod& operator=(const ReaderPod&) = delete;

    const std::string& name() const { return m_name; }

private:
    bool isRunning() const
    {
        const QJsonObject status = m_kubectl.get({"pods", m_name}).value(QLatin1String("status")).toObject();
        return status.value(QLatin1String("phase")) == QLatin1String("Running");
    }
    void remove() { m_kubectl.tryRun({"delete", "pods", m_name, "--ignore-not-found", "--wait=false"}); }

    const Kubectl& m_kubectl;
    std::string m_name;
};

class KubernetesLauncher : public Launcher {
public:
    explicit KubernetesLauncher(const Target& target) : m_target(target), m_kubectl(target) {}

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

    void submit(const JobRequest& request) override
    {
        std::vector<Tree> objects = kubernetesObjects(m_target, request, facts(), newKeys(request.id));
        // Refused as a whole, before anything is made: the server looks at every object.
        m_kubectl.run({"create", "--dry-run=server", "-f", "-"}, yamlDocuments(objects));
        create(objects.front());
        const QJsonObject job = m_kubectl.get({resource(), request.id});
        const std::string uid = job.value(QLatin1String("metadata")).toObject().value(QLatin1String("uid")).toString().toStdString();
        for (auto object = objects.begin() + 1; object != objects.end(); ++object) {
            setOwner(*object, objects.front(), uid);
            create(*object);
        }
    }

    JobState state(const std::string& id) override
    {
        const ProgramEnd end = m_kubectl.tryRun({"get", resource(), id, "--ignore-not-found", "-o", "json"});
        if (!end.isGood())
            throw Error(kubectlFault(end.reason(), m_target.value("context"), m_target.value("namespace")));
        const QJsonObject job = QJsonDocument::fromJson(QByteArray::fromStdString(end.output)).object();
        if (job.isEmpty())
            return {};
        const QJsonArray pods = podsOf(id);
        // Events may be forbidden to the user; what they alone tell is then missing.
        const ProgramEnd events = m_kubectl.tryRun({"get", "events", "--field-selector=involvedObject.name=" + id, "-o", "json"});
        return kubernetesState(job, pods, itemsOf(events.output), m_target);
    }

    CommandLine follow(const std::string& id, std::int64_t) override
    {
        return m_kubectl.command({"logs", "--follow", "--container=main", pod(podsOfLauncher(id, isMpi()))});
    }

    void control(const std::string& id, const std::string& line) override
    {
        m_kubectl.run(inPod(pod(podsOfRun(id, isMpi())), {"sh", "-c", "cat >> \"$1/control.jsonl\"", "sh", runFolderInPod(id)}), line + "\n");
    }

    std::string log(const std::string& id) override
    {
        std::string text;
        for (const QJsonValue& entry : podsOf(id)) {
            const std::string name = nameOfPod(entry);
            text += "=== " + name + "\n" + m_kubectl.tryRun({"logs", "--container=main", name}).output;
        }
        return text;
    }

    bool fetch(const std::string& id, const std::string& folder) override
    {
        const std::string own = newestPod(podsOfRun(id, isMpi()));
        if (!own.empty() && holdsRun(own, id)) {
            copyRun(own, id, folder);
            return true;
        }
        if (m_target.value("runsClaim").empty())
            return false;
        const ReaderPod reader(m_kubectl, m_target, id);
        const bool isThere = holdsRun(reader.name(), id);
        if (isThere)
            copyRun(reader.name(), id, folder);
        return isThere;
    }

    void kill(const std::string& id) override { m_kubectl.run({"delete", resource(), id, "--ignore-not-found", "--wait=false"}); }

    void clean(const std::string& id) override
    {
        kill(id);
        // They go with their owner, unless it was never made.
        m_kubectl.run({"delete", "configmap,secret,service", id, "--ignore-not-found", "--wait=false"});
    }

private:
    static QJsonArray itemsOf(const std::string& output)
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(output)).object().value(QLatin1String("items")).toArray();
    }

    static std::string nameOfPod(const QJsonValue& pod)
    {
        return pod.toObject().value(QLatin1String("metadata")).toObject().value(QLatin1String("name")).toString().toStdString();
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

    void create(const Tree& object)
    {
        const ProgramEnd end = m_kubectl.tryRun({"create", "-f", "-"}, yamlDocuments({object}));
        if (!end.isGood() && end.errors.find("AlreadyExists") == std::string::npos && end.errors.find("already exists") == std::string::npos)
            throw Error(kubectlFault(end.reason(), m_target.value("context"), m_target.value("namespace")));
    }

    QJsonArray podsOf(const std::string& id)
    {
        return m_kubectl.get({"pods", "--selector=" + std::string(runLabel) + "=" + id}).value(QLatin1String("items")).toArray();
    }

    /// The newest pod whose name begins so: one that was started again has another name. Empty without any.
    std::string newestPod(const std::string& beginning)
    {
        std::string name;
        QString newest;
        for (const QJsonValue& entry : podsOf(beginning.substr(0, beginning.find('-', beginning.find('-') + 1)))) {
            const QString created = entry.toObject().value(QLatin1String("metadata")).toObject().value(QLatin1String("creationTimestamp")).toString();
            if (nameOfPod(entry).starts_with(beginning) && created >= newest) {
                newest = created;
                name = nameOfPod(entry);
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

    static std::vector<std::string> inPod(const std::string& pod, const std::vector<std::string>& words)
    {
        std::vector<std::string> all{"exec", "-i", "--container=main", pod, "--"};
        all.insert(all.end(), words.begin(), words.end());
        return all;
    }

    bool holdsRun(const std::string& pod, const std::string& id) const
    {
        return m_kubectl.tryRun(inPod(pod, {"test", "-d", runFolderInPod(id)})).isGood();
    }

    void copyRun(const std::string& pod, const std::string& id, const std::string& folder) const
    {
        runPipe(m_kubectl.command(inPod(pod, {"tar", "-c", "-f", "-", "-C", runFolderInPod(id), "."})), {"tar", {"-x", "-f", "-", "-C", folder}});
    }

    Target m_target;
    Kubectl m_kubectl;
    std::mutex m_mutex;
    std::optional<ClusterFacts> m_facts;
};

} // namespace

std::unique_ptr<Launcher> kubernetesLauncher(const Target& target)
{
    return std::make_unique<KubernetesLauncher>(target);
}

} // namespace weft
