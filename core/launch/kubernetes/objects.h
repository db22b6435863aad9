#pragma once

#include <string>
#include <vector>

#include "core/base/tree.h"
#include "core/launch/launcher.h"

namespace weft {

/// What of a cluster decides the shape of a job.
struct ClusterFacts {
    bool hasMpiOperator = false; ///< it serves kubeflow.org's MPIJob
    int minorVersion = 31; ///< of the server, 1.x
};

/// A pair of keys for one job; it lives in the job's Secret alone.
struct SshKeyPair {
    std::string privateKey;
    std::string publicKey;
};

/// The objects of a job. The first one owns the others: they go when it goes.
/// Source of the forms: the Kubernetes API reference for batch/v1 Job, and the MPI Operator's v2beta1 MPIJob.
/// Throws Error where the project is too large for a ConfigMap.
std::vector<Tree> kubernetesObjects(const Target& target, const JobRequest& request, const ClusterFacts& facts, const SshKeyPair& keys);
/// True where the job is an MPIJob. Throws Error where the target demands one and the cluster has no operator.
bool isMpiJob(const Target& target, const ClusterFacts& facts);
/// How the names of the pods begin in which rank 0 works and the run folder lies, and which start the ranks and print
/// the events.
std::string podsOfRun(const std::string& id, bool isMpiJob);
std::string podsOfLauncher(const std::string& id, bool isMpiJob);
/// The run folder inside the pods.
std::string runFolderInPod(const std::string& id);
/// A pod with the volumes of the job that runs one command: a way to the run on the claim. It is no part of the job.
Tree claimPod(const Target& target, const std::string& id, const std::string& name, const std::vector<std::string>& command);
/// A pod as those of the job that train: what a server refuses of it, it would refuse of them, whose job it has taken before.
Tree trialPod(const Target& target, const std::string& id);
/// The smallest Role with which Weft works in the target's namespace.
Tree kubernetesRole(const Target& target);

/// Every object of the job `id` has this label.
inline constexpr const char* runLabel = "weft/run";
/// Pods that serve a job and are no part of it have this one too.
inline constexpr const char* helperLabel = "weft/helper";

} // namespace weft
