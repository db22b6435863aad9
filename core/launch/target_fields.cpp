#include "core/launch/target.h"

namespace weft {

namespace {

constexpr std::int64_t mostRanks = 4096;

std::vector<TargetField> localFields()
{
    return {{"ranks", FieldKind::Integer, "1", WEFT_TEXT("Target", "Processes on this machine that share each batch."), false, 1, mostRanks}};
}

/// What jobs have in common that live in a folder on another machine.
void addFolderFields(std::vector<TargetField>& fields)
{
    fields.push_back({"directory", FieldKind::Path, "weft-jobs",
                      WEFT_TEXT("Target", "Folder for jobs there, below the home folder or absolute; every host must see it under this name.")});
    fields.push_back({"dataPath", FieldKind::Path, "", WEFT_TEXT("Target", "Where the project's data lie there; without it, the path in the project.")});
    fields.push_back({"weft", FieldKind::Path, "weft", WEFT_TEXT("Target", "The program weft there.")});
    fields.push_back({"sshConfig", FieldKind::Path, "", WEFT_TEXT("Target", "Configuration file for ssh, instead of your own.")});
}

std::vector<TargetField> mpiFields()
{
    std::vector<TargetField> fields{
        {"hosts", FieldKind::Hosts, "",
         WEFT_TEXT("Target", "Hosts as HOST:RANKS, separated by commas. The first one leads: it is reached by ssh and reaches the others by ssh."), true},
        {"threads", FieldKind::Integer, "1", WEFT_TEXT("Target", "Threads of each rank."), false, 1, 1024},
        {"network", FieldKind::Text, "", WEFT_TEXT("Target", "Network between the hosts, such as 10.0.0.0/24, where they have several.")}};
    addFolderFields(fields);
    return fields;
}

std::vector<TargetField> slurmFields()
{
    std::vector<TargetField> fields{
        {"login", FieldKind::Host, "", WEFT_TEXT("Target", "Login host, reached by ssh; empty where sbatch is on this machine.")},
        {"partition", FieldKind::Text, "", WEFT_TEXT("Target", "Partition; empty for the cluster's own choice.")},
        {"account", FieldKind::Text, "", WEFT_TEXT("Target", "Account that the time is charged to.")},
        {"qos", FieldKind::Text, "", WEFT_TEXT("Target", "Quality of service.")},
        {"constraint", FieldKind::Text, "", WEFT_TEXT("Target", "Features that nodes must have.")},
        {"nodes", FieldKind::Integer, "1", WEFT_TEXT("Target", "Nodes."), false, 1, mostRanks},
        {"ranksPerNode", FieldKind::Integer, "1", WEFT_TEXT("Target", "Ranks on each node."), false, 1, 1024},
        {"threads", FieldKind::Integer, "1", WEFT_TEXT("Target", "Cores, and so threads, of each rank."), false, 1, 1024},
        {"gpusPerNode", FieldKind::Integer, "0", WEFT_TEXT("Target", "GPUs of each node."), false, 0, 64},
        {"memory", FieldKind::Text, "", WEFT_TEXT("Target", "Memory of each node, such as 32G.")},
        {"time", FieldKind::Text, "", WEFT_TEXT("Target", "Time limit, such as 8:00:00. The run is saved two minutes before and queued again.")},
        {"start", FieldKind::Choice, "mpirun", WEFT_TEXT("Target", "What starts the ranks on the nodes."), false, 0, 0, {"mpirun", "srun"}},
        {"modules", FieldKind::Texts, "", WEFT_TEXT("Target", "Modules to load first, separated by commas.")}};
    addFolderFields(fields);
    return fields;
}

std::vector<TargetField> kubernetesFields()
{
    return {
        {"image", FieldKind::Text, "", WEFT_TEXT("Target", "Image with weft, Open MPI 4.1 and an ssh server; docs/targets.md says what it must hold."), true},
        {"context", FieldKind::Text, "", WEFT_TEXT("Target", "Context of the kubeconfig; empty for its current one.")},
        {"namespace", FieldKind::Name, "default", WEFT_TEXT("Target", "Namespace of the objects.")},
        {"kubeconfig", FieldKind::Path, "", WEFT_TEXT("Target", "Kubeconfig file; empty for kubectl's own choice.")},
        {"kubectl", FieldKind::Path, "kubectl", WEFT_TEXT("Target", "The program kubectl.")},
        {"form", FieldKind::Choice, "auto",
         WEFT_TEXT("Target", "Kind of job: auto takes MPIJob where the MPI Operator is installed, otherwise an Indexed Job."), false, 0, 0,
         {"auto", "mpijob", "job"}},
        {"workers", FieldKind::Integer, "1", WEFT_TEXT("Target", "Pods that train."), false, 1, mostRanks},
        {"ranksPerWorker", FieldKind::Integer, "1", WEFT_TEXT("Target", "Ranks in each pod."), false, 1, 64},
        {"cpu", FieldKind::Quantity, "2", WEFT_TEXT("Target", "Processor cores of each pod.")},
        {"memory", FieldKind::Quantity, "4Gi", WEFT_TEXT("Target", "Memory of each pod.")},
        {"gpu", FieldKind::Integer, "0", WEFT_TEXT("Target", "GPUs of each pod."), false, 0, 64},
        {"gpuResource", FieldKind::Text, "nvidia.com/gpu", WEFT_TEXT("Target", "What the cluster calls its GPUs.")},
        {"sharedMemory", FieldKind::Quantity, "1Gi", WEFT_TEXT("Target", "Shared memory of each pod, part of its memory: ranks of one pod talk through it.")},
        {"dataClaim", FieldKind::Name, "", WEFT_TEXT("Target", "Volume claim with the data.")},
        {"dataPath", FieldKind::Path, "", WEFT_TEXT("Target", "Where the project's data lie below /data, the volume of the data claim.")},
        {"runsClaim", FieldKind::Name, "",
         WEFT_TEXT("Target", "Volume claim for runs, which all pods may write. Without it, a job that is started again begins anew.")},
        {"pullPolicy", FieldKind::Choice, "IfNotPresent", WEFT_TEXT("Target", "When nodes fetch the image."), false, 0, 0,
         {"IfNotPresent", "Always", "Never"}},
        {"pullSecrets", FieldKind::Names, "", WEFT_TEXT("Target", "Secrets that open a private registry, by name.")},
        {"serviceAccount", FieldKind::Name, "", WEFT_TEXT("Target", "Service account of the pods.")},
        {"nodeSelector", FieldKind::Pairs, "", WEFT_TEXT("Target", "Labels that nodes must have, such as disk=ssd.")},
        {"tolerations", FieldKind::Texts, "", WEFT_TEXT("Target", "Taints that pods put up with, as KEY=VALUE:EFFECT or KEY:EFFECT.")},
        {"priorityClass", FieldKind::Name, "", WEFT_TEXT("Target", "Priority class of the pods.")},
        {"queue", FieldKind::Name, "", WEFT_TEXT("Target", "Local queue of Kueue.")},
        {"user", FieldKind::Integer, "1000", WEFT_TEXT("Target", "User id in the pods; 0 leaves it to the cluster."), false, 0, 2'000'000'000},
        {"proxy", FieldKind::Text, "", WEFT_TEXT("Target", "Proxy for HTTP and HTTPS, without a password.")},
        {"caConfigMap", FieldKind::Name, "", WEFT_TEXT("Target", "ConfigMap with the file ca.crt of your own certificate authority.")},
        {"retries", FieldKind::Integer, "3", WEFT_TEXT("Target", "How often a failed job is started again."), false, 0, 100},
        {"keepHours", FieldKind::Integer, "24", WEFT_TEXT("Target", "Hours after which the cluster removes a finished job by itself."), false, 1, 8760}};
}

} // namespace

const std::vector<TargetField>& targetFields(TargetKind kind)
{
    static const std::vector<TargetField> fields[] = {localFields(), mpiFields(), slurmFields(), kubernetesFields()};
    return fields[static_cast<std::size_t>(kind)];
}

} // namespace weft
