#include "core/launch/kubernetes/objects.h"

#include "core/base/error.h"
#include "core/launch/kubernetes/pod.h"

namespace weft {

namespace {

constexpr std::size_t mostBytesOfConfigMap = 1'000'000;
constexpr const char* hostsOfOperator = "/etc/mpi/hostfile";
constexpr const char* hostsOfOurs = "/etc/weft/hosts";
const std::vector<std::string> sshServer{"/usr/sbin/sshd", "-De", "-f", "/home/mpiuser/.sshd_config"};

/// A fixed text: what differs from job to job comes as its arguments. Pod 0 leads, the others wait for its ssh.
constexpr const char* podScript = "if [ \"$JOB_COMPLETION_INDEX\" = 0 ]; then exec \"$@\"; fi\n"
                                  "exec /usr/sbin/sshd -De -f /home/mpiuser/.sshd_config\n";

Tree metadata(const Target& target, const std::string& id)
{
    const Tree::Map labels{{runLabel, id}, {"app.kubernetes.io/name", "weft"}};
    return Tree::Map{{"name", id}, {"namespace", target.value("namespace")}, {"labels", labels}};
}

Tree object(const char* version, const char* kind, const Target& target, const std::string& id)
{
    return Tree::Map{{"apiVersion", version}, {"kind", kind}, {"metadata", metadata(target, id)}};
}

/// Who looks at the namespace sees what it trains. What Kueue admits is the job: a short pod that fetches its results must not wait
/// in the queue.
Tree jobObject(const char* version, const char* kind, const Target& target, const JobRequest& request)
{
    Tree job = object(version, kind, target, request.id);
    job["metadata"]["annotations"] = Tree::Map{{"weft/project", request.projectName}};
    if (const std::string queue = target.value("queue"); !queue.empty())
        job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = queue;
    return job;
}

std::vector<std::string> trainCommand(const Target& target, const JobRequest& request, const char* hosts)
{
    const std::int64_t ranks = target.integer("workers") * target.integer("ranksPerWorker");
    std::vector<std::string> words{"weft", "train", "/etc/weft/project.weft", "--run-dir=" + runFolderInPod(request.id), "--continue",
                                   "--follow=jsonl", "--ranks=" + std::to_string(ranks), "--hosts=" + std::string(hosts)};
    // Without a claim the run lies in the pod: it stays a while, so that the results can be fetched.
    if (target.value("runsClaim").empty())
        words.push_back("--linger=900");
    words.insert(words.end(), request.options.begin(), request.options.end());
    return words;
}

/// "weft-3f2a-1.weft-3f2a slots=2" for each pod of an Indexed Job.
std::string hostsFile(const Target& target, const std::string& id)
{
    std::string text;
    for (std::int64_t i = 0; i < target.integer("workers"); ++i)
        text += id + "-" + std::to_string(i) + "." + id + " slots=" + target.value("ranksPerWorker") + "\n";
    return text;
}

Tree configMap(const Target& target, const JobRequest& request, bool isMpi)
{
    if (request.project.size() > mostBytesOfConfigMap)
        throw Error(WEFT_TEXT("Launch", "The project file has %1 bytes; a cluster takes at most %2. Make blocks of what repeats."), request.project.size(),
                    mostBytesOfConfigMap);
    Tree map = object("v1", "ConfigMap", target, request.id);
    map["data"] = Tree::Map{{"project.weft", request.project}};
    if (!isMpi)
        map["data"]["hosts"] = hostsFile(target, request.id);
    return map;
}

/// The names are those that the MPI Operator gives, so that one image serves both.
Tree keySecret(const Target& target, const JobRequest& request, const SshKeyPair& keys)
{
    Tree secret = object("v1", "Secret", target, request.id);
    secret["type"] = "Opaque";
    secret["stringData"]
        = Tree::Map{{"id_rsa", keys.privateKey}, {"id_rsa.pub", keys.publicKey}, {"authorized_keys", keys.publicKey}};
    return secret;
}

/// Names for the pods, known before they are ready: they must find each other to become so.
Tree headlessService(const Target& target, const JobRequest& request)
{
    Tree service = object("v1", "Service", target, request.id);
    service["spec"]
        = Tree::Map{{"clusterIP", "None"}, {"publishNotReadyAddresses", true}, {"selector", Tree::Map{{runLabel, request.id}}}};
    return service;
}

Tree failurePolicy()
{
    const Tree disruption = Tree::Map{{"action", "Ignore"}, {"onPodConditions", Tree::List{Tree::Map{{"type", "DisruptionTarget"}, {"status", "True"}}}}};
    // 1 and 2: a fault that Weft named, such as missing data, would come again.
    const Tree fault = Tree::Map{{"action", "FailJob"},
                                 {"onExitCodes", Tree::Map{{"containerName", "main"}, {"operator", "In"}, {"values", Tree::List{1, 2}}}}};
    return Tree::Map{{"rules", Tree::List{disruption, fault}}};
}

Tree indexedJob(const Target& target, const JobRequest& request, const ClusterFacts& facts)
{
    std::vector<std::string> command{"/bin/sh", "-c", podScript, "weft"};
    const std::vector<std::string> train = trainCommand(target, request, hostsOfOurs);
    command.insert(command.end(), train.begin(), train.end());
    Tree pod = podTemplate(target, request.id, PodRole::Trains, command, {{"subdomain", request.id}, {"restartPolicy", "Never"}});
    mountKeys(pod, request.id);

    const std::int64_t workers = target.integer("workers");
    Tree job = jobObject("batch/v1", "Job", target, request);
    Tree::Map spec{{"completionMode", "Indexed"},
                   {"completions", workers},
                   {"parallelism", workers},
                   {"backoffLimit", target.integer("retries") * workers},
                   {"ttlSecondsAfterFinished", target.integer("keepHours") * 3600}};
    // The others only serve pod 0. Older servers lack the rule: there the job is removed by whoever fetches its results.
    if (facts.minorVersion >= 31)
        spec.emplace_back("successPolicy", Tree::Map{{"rules", Tree::List{Tree::Map{{"succeededIndexes", "0"}}}}});
    if (facts.minorVersion >= 26)
        spec.emplace_back("podFailurePolicy", failurePolicy());
    spec.emplace_back("template", std::move(pod));
    job["spec"] = std::move(spec);
    return job;
}

Tree replicas(std::int64_t count, const char* restartPolicy, Tree pod)
{
    return Tree::Map{{"replicas", count}, {"restartPolicy", restartPolicy}, {"template", std::move(pod)}};
}

Tree mpiJob(const Target& target, const JobRequest& request)
{
    Tree worker = podTemplate(target, request.id, PodRole::Trains, sshServer);
    worker["spec"]["containers"].list().front()["readinessProbe"] = Tree::Map{{"tcpSocket", Tree::Map{{"port", 2222}}}};
    Tree launcher = podTemplate(target, request.id, PodRole::Launches, trainCommand(target, request, hostsOfOperator));

    Tree job = jobObject("kubeflow.org/v2beta1", "MPIJob", target, request);
    const Tree::Map runPolicy{{"cleanPodPolicy", "Running"},
                              {"ttlSecondsAfterFinished", target.integer("keepHours") * 3600},
                              {"backoffLimit", target.integer("retries")}};
    job["spec"] = Tree::Map{{"slotsPerWorker", target.integer("ranksPerWorker")},
                            {"mpiImplementation", "OpenMPI"},
                            {"sshAuthMountPath", "/home/mpiuser/.ssh"},
                            {"runPolicy", runPolicy},
                            {"mpiReplicaSpecs",
                             Tree::Map{{"Launcher", replicas(1, "Never", std::move(launcher))},
                                       {"Worker", replicas(target.integer("workers"), "OnFailure", std::move(worker))}}}};
    return job;
}

Tree rule(const char* group, const std::vector<const char*>& resources, const std::vector<const char*>& verbs)
{
    return Tree::Map{{"apiGroups", Tree::List{group}},
                     {"resources", Tree::List(resources.begin(), resources.end())},
                     {"verbs", Tree::List(verbs.begin(), verbs.end())}};
}

} // namespace

bool isMpiJob(const Target& target, const ClusterFacts& facts)
{
    const std::string form = target.value("form");
    if (form == "mpijob" && !facts.hasMpiOperator)
        throw Error(WEFT_TEXT("Launch",
                              "The target %1 demands an MPIJob, but the cluster serves none (kubeflow.org/v2beta1). Have the MPI Operator installed, "
                              "or set form=job."),
                    target.name);
    return form == "mpijob" || (form == "auto" && facts.hasMpiOperator);
}

std::vector<Tree> kubernetesObjects(const Target& target, const JobRequest& request, const ClusterFacts& facts, const SshKeyPair& keys)
{
    if (isMpiJob(target, facts))
        return {mpiJob(target, request), configMap(target, request, true)};
    return {indexedJob(target, request, facts), configMap(target, request, false), keySecret(target, request, keys), headlessService(target, request)};
}

std::string podsOfRun(const std::string& id, bool isMpiJob)
{
    return isMpiJob ? id + "-worker-0" : id + "-0-";
}

std::string podsOfLauncher(const std::string& id, bool isMpiJob)
{
    return isMpiJob ? id + "-launcher" : id + "-0-";
}

std::string runFolderInPod(const std::string& id)
{
    return "/runs/" + id;
}

Tree claimPod(const Target& target, const std::string& id, const std::string& name, const std::vector<std::string>& command)
{
    Tree pod = object("v1", "Pod", target, id);
    pod["metadata"]["name"] = name;
    pod["metadata"]["labels"][helperLabel] = "true";
    pod["spec"] = *podTemplate(target, id, PodRole::Launches, command,
                               {{"restartPolicy", "Never"}, {"activeDeadlineSeconds", 600}, {"terminationGracePeriodSeconds", 1}})
                       .find("spec");
    return pod;
}

Tree trialPod(const Target& target, const std::string& id)
{
    Tree pod = object("v1", "Pod", target, id);
    pod["spec"] = *podTemplate(target, id, PodRole::Trains, {"true"}, {{"restartPolicy", "Never"}}).find("spec");
    return pod;
}

Tree kubernetesRole(const Target& target)
{
    const std::string form = target.value("form");
    Tree::List rules;
    if (form != "mpijob")
        rules.push_back(rule("batch", {"jobs"}, {"create", "get", "list", "delete"}));
    if (form != "job")
        rules.push_back(rule("kubeflow.org", {"mpijobs"}, {"create", "get", "list", "delete"}));
    // An operator makes keys and names for its pods itself.
    if (form == "mpijob")
        rules.push_back(rule("", {"configmaps"}, {"create", "delete"}));
    else
        rules.push_back(rule("", {"configmaps", "secrets", "services"}, {"create", "delete"}));
    // Those that it makes itself are the way to the claim for runs.
    if (target.value("runsClaim").empty())
        rules.push_back(rule("", {"pods"}, {"delete", "get", "list", "watch"}));
    else
        rules.push_back(rule("", {"pods"}, {"create", "delete", "get", "list", "watch"}));
    rules.push_back(rule("", {"pods/log"}, {"get"}));
    rules.push_back(rule("", {"pods/exec"}, {"create"}));
    rules.push_back(rule("", {"events"}, {"list"}));
    if (!target.value("runsClaim").empty() || !target.value("dataClaim").empty())
        rules.push_back(rule("", {"persistentvolumeclaims"}, {"get"}));
    return Tree::Map{{"apiVersion", "rbac.authorization.k8s.io/v1"},
                     {"kind", "Role"},
                     {"metadata", Tree::Map{{"name", "weft"}, {"namespace", target.value("namespace")}}},
                     {"rules", std::move(rules)}};
}

} // namespace weft
