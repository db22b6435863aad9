#include "core/launch/target.h"

#include "core/launch/kubernetes/engine_image.h"
#include "core/launch/mpi_job.h"

namespace weft {

namespace {

/// What one looks for first, and what forms fold away.
TargetField essential(const Text& label, TargetField field)
{
    field.label = label;
    field.isEssential = true;
    return field;
}

TargetField folded(const Text& label, TargetField field)
{
    field.label = label;
    return field;
}

std::vector<TargetField> localFields()
{
    return {
        essential(WEFT_TEXT("Target", "Ranks"),
                  {"ranks", FieldKind::Integer, "1", WEFT_TEXT("Target", "Processes on this machine that share each batch."), false, 1, mostRanks})};
}

/// What jobs have in common that live in a folder on another machine. `data`: how these come there.
void addFolderFields(std::vector<TargetField>& fields, const Text& dataHelp, const std::vector<const char*>& dataChoices)
{
    fields.push_back(
        folded(WEFT_TEXT("Target", "Folder for jobs"),
               {"directory", FieldKind::Path, "weft-jobs",
                WEFT_TEXT("Target", "Folder for jobs there, below the home folder or absolute; every host must see it under this name.")}));
    fields.push_back(essential(
        WEFT_TEXT("Target", "Path of the data"),
        {"dataPath", FieldKind::Path, "", WEFT_TEXT("Target", "Where the project's data lie there; without it, the path in the project.")}));
    fields.push_back(
        folded(WEFT_TEXT("Target", "Data"),
               {"data",
                FieldKind::Choice,
                "there",
                dataHelp,
                false,
                0,
                0,
                dataChoices}));
    fields.push_back(folded(WEFT_TEXT("Target", "Program weft"), {"weft", FieldKind::Path, "weft", WEFT_TEXT("Target", "The program weft there.")}));
    fields.push_back(folded(WEFT_TEXT("Target", "Configuration of ssh"),
                            {"sshConfig", FieldKind::Path, "", WEFT_TEXT("Target", "Configuration file for ssh, instead of your own.")}));
}

TargetField networkField()
{
    return folded(WEFT_TEXT("Target", "Network"),
                  {"network", FieldKind::Text, "",
                   WEFT_TEXT("Target", "Network between the hosts, such as 10.0.0.0/24, where they have several: ranks listen on it alone.")});
}

std::vector<TargetField> mpiFields()
{
    std::vector<TargetField> fields{
        essential(WEFT_TEXT("Target", "Hosts"),
                  {"hosts", FieldKind::Hosts, "",
                   WEFT_TEXT("Target",
                             "Hosts as HOST:RANKS, separated by commas. The first one leads: it is reached by ssh and reaches the others by ssh."),
                   true}),
        essential(WEFT_TEXT("Target", "Threads of a rank"),
                  {"threads", FieldKind::Integer, "1", WEFT_TEXT("Target", "Threads of each rank."), false, 1, 1024}),
        networkField()};
    addFolderFields(fields,
                    WEFT_TEXT("Target",
                              "there: the data lie there already; copy: they are sent by rsync before the job starts, and stay for the next; shards: of "
                              "a folder of pictures each host is sent only the files that its ranks read, and each epoch shuffles those of each rank."),
                    {"there", "copy", "shards"});
    return fields;
}

std::vector<TargetField> slurmFields()
{
    std::vector<TargetField> fields{
        essential(WEFT_TEXT("Target", "Login host"),
                  {"login", FieldKind::Host, "", WEFT_TEXT("Target", "Login host, reached by ssh; empty where sbatch is on this machine.")}),
        essential(WEFT_TEXT("Target", "Partition"),
                  {"partition", FieldKind::Text, "", WEFT_TEXT("Target", "Partition; empty for the cluster's own choice.")}),
        folded(WEFT_TEXT("Target", "Account"), {"account", FieldKind::Text, "", WEFT_TEXT("Target", "Account that the time is charged to.")}),
        folded(WEFT_TEXT("Target", "Quality of service"), {"qos", FieldKind::Text, "", WEFT_TEXT("Target", "Quality of service.")}),
        folded(WEFT_TEXT("Target", "Features of nodes"), {"constraint", FieldKind::Text, "", WEFT_TEXT("Target", "Features that nodes must have.")}),
        essential(WEFT_TEXT("Target", "Nodes"), {"nodes", FieldKind::Integer, "1", WEFT_TEXT("Target", "Nodes."), false, 1, mostRanks}),
        essential(WEFT_TEXT("Target", "Ranks on a node"),
                  {"ranksPerNode", FieldKind::Integer, "1", WEFT_TEXT("Target", "Ranks on each node."), false, 1, 1024}),
        essential(WEFT_TEXT("Target", "Threads of a rank"),
                  {"threads", FieldKind::Integer, "1", WEFT_TEXT("Target", "Cores, and so threads, of each rank."), false, 1, 1024}),
        essential(WEFT_TEXT("Target", "GPUs of a node"),
                  {"gpusPerNode", FieldKind::Integer, "0", WEFT_TEXT("Target", "GPUs of each node."), false, 0, 64}),
        essential(WEFT_TEXT("Target", "Memory"), {"memory", FieldKind::Text, "", WEFT_TEXT("Target", "Memory of each node, such as 32G.")}),
        essential(WEFT_TEXT("Target", "Time limit"),
                  {"time", FieldKind::Text, "", WEFT_TEXT("Target", "Time limit, such as 8:00:00. The run is saved before and queued again.")}),
        folded(WEFT_TEXT("Target", "Seconds for saving"),
               {"saveSeconds", FieldKind::Integer, "120",
                WEFT_TEXT("Target", "Seconds before the time limit at which the run is saved; Slurm may be a minute early."), false, 10, 86400}),
        folded(WEFT_TEXT("Target", "Ranks started by"),
               {"start", FieldKind::Choice, "mpirun", WEFT_TEXT("Target", "What starts the ranks on the nodes."), false, 0, 0, {"mpirun", "srun"}}),
        folded(WEFT_TEXT("Target", "Modules"),
               {"modules", FieldKind::Texts, "", WEFT_TEXT("Target", "Modules to load first, separated by commas.")}),
        networkField()};
    addFolderFields(fields,
                    WEFT_TEXT("Target", "there: the data lie there already; copy: they are sent by rsync before the job starts, and stay for the next."),
                    {"there", "copy"});
    return fields;
}

std::vector<TargetField> kubernetesFields()
{
    static const std::string image = engineImage();
    return {
        essential(WEFT_TEXT("Target", "Image"),
                  {"image", FieldKind::Text, image.c_str(),
                   WEFT_TEXT("Target", "Image with weft, Open MPI 4.1 and an ssh server; weft target image prints how to make it.")}),
        essential(WEFT_TEXT("Target", "Context"),
                  {"context", FieldKind::Text, "", WEFT_TEXT("Target", "Context of the kubeconfig; empty for its current one.")}),
        essential(WEFT_TEXT("Target", "Namespace"), {"namespace", FieldKind::Name, "", WEFT_TEXT("Target", "Namespace of the objects; empty for that of the context.")}),
        folded(WEFT_TEXT("Target", "Kubeconfig"),
               {"kubeconfig", FieldKind::Path, "", WEFT_TEXT("Target", "Kubeconfig file; empty for kubectl's own choice.")}),
        folded(WEFT_TEXT("Target", "Program kubectl"), {"kubectl", FieldKind::Path, "kubectl", WEFT_TEXT("Target", "The program kubectl.")}),
        folded(WEFT_TEXT("Target", "Kind of job"),
               {"form",
                FieldKind::Choice,
                "auto",
                WEFT_TEXT("Target", "Kind of job: auto takes MPIJob where the MPI Operator is installed, otherwise an Indexed Job."),
                false,
                0,
                0,
                {"auto", "mpijob", "job"}}),
        essential(WEFT_TEXT("Target", "Pods"), {"workers", FieldKind::Integer, "1", WEFT_TEXT("Target", "Pods that train."), false, 1, mostRanks}),
        folded(WEFT_TEXT("Target", "Ranks in a pod"),
               {"ranksPerWorker", FieldKind::Integer, "1", WEFT_TEXT("Target", "Ranks in each pod."), false, 1, 64}),
        essential(WEFT_TEXT("Target", "Processor cores"), {"cpu", FieldKind::Quantity, "2", WEFT_TEXT("Target", "Processor cores of each pod.")}),
        essential(WEFT_TEXT("Target", "Memory"), {"memory", FieldKind::Quantity, "4Gi", WEFT_TEXT("Target", "Memory of each pod.")}),
        essential(WEFT_TEXT("Target", "GPUs"), {"gpu", FieldKind::Integer, "0", WEFT_TEXT("Target", "GPUs of each pod."), false, 0, 64}),
        folded(WEFT_TEXT("Target", "Name of GPUs"),
               {"gpuResource", FieldKind::Text, "nvidia.com/gpu", WEFT_TEXT("Target", "What the cluster calls its GPUs.")}),
        folded(WEFT_TEXT("Target", "Shared memory"),
               {"sharedMemory", FieldKind::Quantity, "1Gi",
                WEFT_TEXT("Target", "Shared memory of each pod, part of its memory: ranks of one pod talk through it.")}),
        essential(WEFT_TEXT("Target", "Volume with the data"),
                  {"dataClaim", FieldKind::Name, "", WEFT_TEXT("Target", "Volume claim with the data.")}),
        essential(WEFT_TEXT("Target", "Path of the data"),
                  {"dataPath", FieldKind::Path, "", WEFT_TEXT("Target", "Where the project's data lie below /data, the volume of the data claim.")}),
        essential(WEFT_TEXT("Target", "Volume for runs"),
                  {"runsClaim", FieldKind::Name, "",
                   WEFT_TEXT("Target", "Volume claim for runs, which all pods may write. Without it, a job that is started again begins anew.")}),
        folded(WEFT_TEXT("Target", "Fetch the image"),
               {"pullPolicy",
                FieldKind::Choice,
                "IfNotPresent",
                WEFT_TEXT("Target", "When nodes fetch the image."),
                false,
                0,
                0,
                {"IfNotPresent", "Always", "Never"}}),
        folded(WEFT_TEXT("Target", "Secrets of the registry"),
               {"pullSecrets", FieldKind::Names, "", WEFT_TEXT("Target", "Secrets that open a private registry, by name.")}),
        folded(WEFT_TEXT("Target", "Service account"), {"serviceAccount", FieldKind::Name, "", WEFT_TEXT("Target", "Service account of the pods.")}),
        folded(WEFT_TEXT("Target", "Labels of nodes"),
               {"nodeSelector", FieldKind::Pairs, "", WEFT_TEXT("Target", "Labels that nodes must have, such as disk=ssd.")}),
        folded(WEFT_TEXT("Target", "Tolerated taints"),
               {"tolerations", FieldKind::Texts, "", WEFT_TEXT("Target", "Taints that pods put up with, as KEY=VALUE:EFFECT or KEY:EFFECT.")}),
        folded(WEFT_TEXT("Target", "Priority class"), {"priorityClass", FieldKind::Name, "", WEFT_TEXT("Target", "Priority class of the pods.")}),
        folded(WEFT_TEXT("Target", "Queue of Kueue"), {"queue", FieldKind::Name, "", WEFT_TEXT("Target", "Local queue of Kueue.")}),
        folded(
            WEFT_TEXT("Target", "User id"),
            {"user", FieldKind::Integer, "1000", WEFT_TEXT("Target", "User id in the pods; 0 leaves it to the cluster."), false, 0, 2'000'000'000}),
        folded(WEFT_TEXT("Target", "Proxy"), {"proxy", FieldKind::Text, "", WEFT_TEXT("Target", "Proxy for HTTP and HTTPS, without a password.")}),
        folded(WEFT_TEXT("Target", "Certificate authority"),
               {"caConfigMap", FieldKind::Name, "", WEFT_TEXT("Target", "ConfigMap with the file ca.crt of your own certificate authority.")}),
        folded(WEFT_TEXT("Target", "Restarts"),
               {"retries", FieldKind::Integer, "3", WEFT_TEXT("Target", "How often a failed job is started again."), false, 0, 100}),
        folded(WEFT_TEXT("Target", "Hours to keep"),
               {"keepHours", FieldKind::Integer, "24", WEFT_TEXT("Target", "Hours after which the cluster removes a finished job by itself."), false,
                1, 8760})};
}

} // namespace

const std::vector<TargetField>& targetFields(TargetKind kind)
{
    static const std::vector<TargetField> fields[] = {localFields(), mpiFields(), slurmFields(), kubernetesFields()};
    return fields[static_cast<std::size_t>(kind)];
}

} // namespace weft
