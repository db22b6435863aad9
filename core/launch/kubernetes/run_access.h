#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "core/launch/kubernetes/kubectl.h"

namespace weft {

/// The ways to the run folder of a job: into the pod that holds it, by `kubectl exec`; where that is forbidden or the pod has
/// ended, by short pods that mount the claim for runs. What these have to say stands in their log.
class RunAccess {
public:
    RunAccess(const Kubectl& kubectl, const Target& target) : m_kubectl(kubectl), m_target(target) {}

    /// Appends a line to control.jsonl. `pod` holds the run. Throws Error.
    void append(const std::string& id, const std::string& pod, const std::string& line);
    /// Copies the run folder into `folder`. False where there is none. `pod` holds the run, or is empty. Throws Error.
    bool copy(const std::string& id, const std::string& pod, const std::string& folder);

private:
    bool mayExec();
    bool hasClaim() const { return !m_target.value("runsClaim").empty(); }
    [[noreturn]] void failWithoutWay() const;
    bool copyFromPod(const std::string& id, const std::string& pod, const std::string& folder) const;
    bool copyFromLog(const std::string& id, const std::string& folder) const;

    const Kubectl& m_kubectl;
    const Target& m_target;
    std::mutex m_mutex;
    std::optional<bool> m_mayExec;
};

} // namespace weft
