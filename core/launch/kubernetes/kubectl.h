#pragma once

#include <string>
#include <vector>

#include <QJsonObject>

#include "core/launch/program.h"
#include "core/launch/target.h"

namespace weft {

/// The user's kubectl, always told kubeconfig, context and namespace: its current context is never changed.
class Kubectl {
public:
    explicit Kubectl(const Target& target);

    CommandLine command(const std::vector<std::string>& words) const;
    /// Throws Error with what went wrong in words and what to do.
    std::string run(const std::vector<std::string>& words, const std::string& input = {}) const;
    /// As `run`, and leaves it to the caller what a failure means.
    ProgramEnd tryRun(const std::vector<std::string>& words, const std::string& input = {}) const;
    /// Whether the user has a right, such as {"create", "pods/exec"}. False where the cluster does not say.
    bool may(const std::string& verb, const std::string& resource) const;
    /// `get … -o json`. Throws Error.
    QJsonObject get(std::vector<std::string> words) const;

private:
    std::string m_program;
    std::vector<std::string> m_options;
    std::string m_context;
    std::string m_namespace;
};

/// The target with the namespace that kubectl takes where the target names none: the context's own, or "default".
Target withNamespace(Target target);

/// What kubectl's complaint means and what to do. `context` and `space` are the target's.
Message kubectlFault(const std::string& complaint, const std::string& context, const std::string& space);

} // namespace weft
