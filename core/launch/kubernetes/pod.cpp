#include "core/launch/kubernetes/pod.h"

#include <algorithm>
#include <string>

#include "core/launch/kubernetes/objects.h"

namespace weft {

namespace {

Tree texts(const std::vector<std::string>& words)
{
    return Tree::List(words.begin(), words.end());
}

Tree mount(const char* name, const char* path)
{
    return Tree::Map{{"name", name}, {"mountPath", path}};
}

Tree claim(const char* name, const std::string& claimName)
{
    return Tree::Map{{"name", name}, {"persistentVolumeClaim", Tree::Map{{"claimName", claimName}}}};
}

Tree variable(const char* name, const std::string& value)
{
    return Tree::Map{{"name", name}, {"value", value}};
}

/// Whole cores of a pod, shared by its ranks.
std::int64_t threadsOfRank(const Target& target)
{
    const std::string cores = target.value("cpu");
    const double count = std::stod(cores) / (cores.back() == 'm' ? 1000 : 1);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(count) / target.integer("ranksPerWorker"));
}

Tree environment(const Target& target)
{
    // Ranks of one pod may not look into each other's memory without a capability that `restricted` takes away.
    Tree::List all{variable("OMPI_MCA_btl_vader_single_copy_mechanism", "none"), variable("OMPI_MCA_orte_keep_fqdn_hostnames", "true")};
    all.push_back(variable("OMP_NUM_THREADS", std::to_string(threadsOfRank(target))));
    if (const std::string proxy = target.value("proxy"); !proxy.empty()) {
        for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
            all.push_back(variable(name, proxy));
    }
    if (!target.value("caConfigMap").empty())
        all.push_back(variable("SSL_CERT_FILE", "/etc/weft-ca/ca.crt"));
    return all;
}

Tree resources(const Target& target, PodRole role)
{
    if (role == PodRole::Launches) {
        const Tree::Map small{{"cpu", "500m"}, {"memory", "512Mi"}};
        return Tree::Map{{"requests", small}, {"limits", small}};
    }
    Tree::Map amounts{{"cpu", target.value("cpu")}, {"memory", target.value("memory")}};
    if (const std::int64_t gpus = target.integer("gpu"); gpus > 0)
        amounts.emplace_back(target.value("gpuResource"), std::to_string(gpus));
    return Tree::Map{{"requests", amounts}, {"limits", amounts}};
}

/// Volumes and where they are mounted, side by side.
struct Volumes {
    Tree::List volumes;
    Tree::List mounts;

    void add(const char* name, const char* path, Tree volume)
    {
        volumes.push_back(std::move(volume));
        mounts.push_back(mount(name, path));
    }
};

Volumes volumesOf(const Target& target, const std::string& id)
{
    Volumes all;
    all.add("job", "/etc/weft", Tree::Map{{"name", "job"}, {"configMap", Tree::Map{{"name", id}}}});
    if (const std::string data = target.value("dataClaim"); !data.empty()) {
        all.add("data", "/data", claim("data", data));
        all.mounts.back()["readOnly"] = true;
    }
    const std::string runs = target.value("runsClaim");
    all.add("runs", "/runs", runs.empty() ? Tree(Tree::Map{{"name", "runs"}, {"emptyDir", Tree::Map{}}}) : claim("runs", runs));
    all.add("shm", "/dev/shm",
            Tree::Map{{"name", "shm"}, {"emptyDir", Tree::Map{{"medium", "Memory"}, {"sizeLimit", target.value("sharedMemory")}}}});
    if (const std::string ca = target.value("caConfigMap"); !ca.empty())
        all.add("ca", "/etc/weft-ca", Tree::Map{{"name", "ca"}, {"configMap", Tree::Map{{"name", ca}}}});
    return all;
}

/// "KEY=VALUE:EFFECT", "KEY:EFFECT" or "KEY".
Tree toleration(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    const std::string taint = text.substr(0, colon);
    const std::size_t equals = taint.find('=');
    Tree::Map map{{"key", taint.substr(0, equals)}, {"operator", equals == std::string::npos ? "Exists" : "Equal"}};
    if (equals != std::string::npos)
        map.emplace_back("value", taint.substr(equals + 1));
    if (colon != std::string::npos)
        map.emplace_back("effect", text.substr(colon + 1));
    return map;
}

/// What the target says of where and how pods run.
void addPlacement(const Target& target, Tree::Map& spec)
{
    Tree::Map selector;
    for (const auto& [key, value] : target.pairs("nodeSelector"))
        selector.emplace_back(key, value);
    if (!selector.empty())
        spec.emplace_back("nodeSelector", selector);
    Tree::List tolerations;
    for (const std::string& text : target.list("tolerations"))
        tolerations.push_back(toleration(text));
    if (!tolerations.empty())
        spec.emplace_back("tolerations", tolerations);
    if (!target.value("priorityClass").empty())
        spec.emplace_back("priorityClassName", target.value("priorityClass"));
    if (!target.value("serviceAccount").empty())
        spec.emplace_back("serviceAccountName", target.value("serviceAccount"));
    Tree::List secrets;
    for (const std::string& name : target.list("pullSecrets"))
        secrets.push_back(Tree::Map{{"name", name}});
    if (!secrets.empty())
        spec.emplace_back("imagePullSecrets", secrets);
}

Tree podSecurity(const Target& target)
{
    Tree::Map security{{"runAsNonRoot", true}};
    if (const std::int64_t user = target.integer("user"); user > 0) {
        security.emplace_back("runAsUser", user);
        security.emplace_back("fsGroup", user);
        // Once is enough: a volume with very many files would be gone through at every start.
        security.emplace_back("fsGroupChangePolicy", "OnRootMismatch");
    }
    security.emplace_back("seccompProfile", Tree::Map{{"type", "RuntimeDefault"}});
    return security;
}

} // namespace

Tree podTemplate(const Target& target, const std::string& id, PodRole role, const std::vector<std::string>& command, Tree::Map moreOfSpec)
{
    Volumes volumes = volumesOf(target, id);
    const Tree::Map containerSecurity{{"allowPrivilegeEscalation", false}, {"capabilities", Tree::Map{{"drop", Tree::List{"ALL"}}}}};
    const Tree::Map container{{"name", "main"},
                              {"image", target.value("image")},
                              {"imagePullPolicy", target.value("pullPolicy")},
                              {"command", texts(command)},
                              {"env", environment(target)},
                              {"resources", resources(target, role)},
                              {"securityContext", containerSecurity},
                              {"volumeMounts", volumes.mounts}};
    Tree::Map spec = std::move(moreOfSpec);
    spec.emplace_back("automountServiceAccountToken", false);
    spec.emplace_back("enableServiceLinks", false);
    spec.emplace_back("securityContext", podSecurity(target));
    addPlacement(target, spec);
    spec.emplace_back("containers", Tree::List{container});
    spec.emplace_back("volumes", std::move(volumes.volumes));
    const Tree::Map labels{{runLabel, id}, {"app.kubernetes.io/name", "weft"}};
    return Tree::Map{{"metadata", Tree::Map{{"labels", labels}}}, {"spec", std::move(spec)}};
}

void mountKeys(Tree& podTemplate, const std::string& secret)
{
    Tree& spec = podTemplate["spec"];
    spec["volumes"].list().push_back(
        Tree::Map{{"name", "ssh"}, {"secret", Tree::Map{{"secretName", secret}, {"defaultMode", 0440}}}});
    spec["containers"].list().front()["volumeMounts"].list().push_back(mount("ssh", "/home/mpiuser/.ssh"));
}

} // namespace weft
