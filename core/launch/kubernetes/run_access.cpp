#include "core/launch/kubernetes/run_access.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <QJsonArray>
#include <QUuid>

#include "core/base/error.h"
#include "core/launch/kubernetes/objects.h"
#include "core/launch/kubernetes/yaml.h"
#include "core/launch/place.h"

namespace weft {

namespace {

constexpr std::chrono::minutes startLimit(2);
constexpr int noRunFolder = 3;

// Fixed texts: the run folder and what is written come as their arguments.
constexpr const char* appendScript = "printf '%s\\n' \"$2\" >> \"$1/control.jsonl\"";
const std::string sendScript = std::string("[ -d \"$1\" ] || exit 3; ") + packScript;
const std::string printScript = std::string("[ -d \"$1\" ] || exit 3; (") + packScript + ") | gzip | base64";
constexpr const char* unpackScript = "base64 -d | gzip -d | tar -x -f - -C \"$1\"";

std::vector<std::string> inPod(const std::string& pod, const std::vector<std::string>& words)
{
    std::vector<std::string> all{"exec", "-i", "--container=main", pod, "--"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

/// A pod that does one thing on the claim for runs, and is gone with the object.
class ClaimPod {
public:
    ClaimPod(const Kubectl& kubectl, const Target& target, const std::string& id, const std::vector<std::string>& command) :
        m_kubectl(kubectl), m_claim(target.value("runsClaim")),
        m_name(id + "-claim-" + QUuid::createUuid().toString(QUuid::Id128).left(5).toStdString())
    {
        m_kubectl.run({"create", "-f", "-"}, yamlDocuments({claimPod(target, id, m_name, command)}));
    }
    ~ClaimPod() { m_kubectl.tryRun({"delete", "pods", m_name, "--ignore-not-found", "--wait=false"}); }
    ClaimPod(const ClaimPod&) = delete;
    ClaimPod& operator=(const ClaimPod&) = delete;

    const std::string& name() const { return m_name; }

    /// Waits until it has begun (or ended). Throws Error where it does not in time.
    void waitUntilBegun() const
    {
        waitFor([](const QString& phase) { return phase != QLatin1String("Pending") && !phase.isEmpty(); });
    }

    /// Waits for its end and gives the exit code of its command.
    int waitForEnd() const
    {
        const QJsonObject status
            = waitFor([](const QString& phase) { return phase == QLatin1String("Succeeded") || phase == QLatin1String("Failed"); });
        const QJsonArray containers = status.value(QLatin1String("containerStatuses")).toArray();
        const QJsonObject state = containers.first().toObject().value(QLatin1String("state")).toObject();
        const bool isGood = status.value(QLatin1String("phase")) == QLatin1String("Succeeded");
        return isGood ? 0 : state.value(QLatin1String("terminated")).toObject().value(QLatin1String("exitCode")).toInt(-1);
    }

private:
    template <class Condition> QJsonObject waitFor(Condition isReached) const
    {
        using Clock = std::chrono::steady_clock;
        const auto end = Clock::now() + startLimit;
        std::chrono::milliseconds pause(100);
        for (;;) {
            const QJsonObject status = m_kubectl.get({"pods", m_name}).value(QLatin1String("status")).toObject();
            if (isReached(status.value(QLatin1String("phase")).toString()))
                return status;
            if (Clock::now() > end)
                throw Error(WEFT_TEXT("Kubernetes", "No pod could be started to reach the run on the claim %1. weft follow tries again."), m_claim);
            std::this_thread::sleep_for(pause);
            pause = std::min(2 * pause, std::chrono::milliseconds(1000));
        }
    }

    const Kubectl& m_kubectl;
    std::string m_claim;
    std::string m_name;
};

} // namespace

bool RunAccess::mayExec()
{
    const std::lock_guard lock(m_mutex);
    if (!m_mayExec)
        m_mayExec = m_kubectl.may("create", "pods/exec");
    return *m_mayExec;
}

void RunAccess::failWithoutWay() const
{
    throw Error(
        WEFT_TEXT("Kubernetes",
                  "The run cannot be reached: you may not create pods/exec in the namespace %1, and the target has no runsClaim. Have the right "
                  "given (weft target rbac), or set runsClaim."),
        m_target.value("namespace"));
}

void RunAccess::append(const std::string& id, const std::string& pod, const std::string& line)
{
    const std::vector<std::string> words = shellWords(appendScript, {runFolderInPod(id), line});
    if (mayExec()) {
        m_kubectl.run(inPod(pod, words));
        return;
    }
    if (!hasClaim())
        failWithoutWay();
    const ClaimPod writer(m_kubectl, m_target, id, words);
    if (const int code = writer.waitForEnd(); code != 0)
        throw Error(WEFT_TEXT("Kubernetes", "The command could not be written to the run on the claim %1: the pod ended with the exit code %2."),
                    m_target.value("runsClaim"), code);
}

bool RunAccess::copyFromPod(const std::string& id, const std::string& pod, const std::string& folder) const
{
    if (!m_kubectl.tryRun(inPod(pod, {"test", "-d", runFolderInPod(id)})).isGood())
        return false;
    runPipe(m_kubectl.command(inPod(pod, shellWords(sendScript.c_str(), {runFolderInPod(id)}))), {"tar", {"-x", "-f", "-", "-C", folder}});
    return true;
}

/// The checksum of gzip tells where a part of the log was lost.
bool RunAccess::copyFromLog(const std::string& id, const std::string& folder) const
{
    const ClaimPod printer(m_kubectl, m_target, id, shellWords(printScript.c_str(), {runFolderInPod(id)}));
    printer.waitUntilBegun();
    const CommandLine log = m_kubectl.command({"logs", "--follow", "--container=main", printer.name()});
    std::optional<Error> fault;
    try {
        runPipe(log, {"sh", {"-c", unpackScript, "weft", folder}});
    } catch (const Error& error) {
        fault = error;
    }
    if (printer.waitForEnd() == noRunFolder)
        return false;
    if (fault)
        throw *fault;
    return true;
}

bool RunAccess::copy(const std::string& id, const std::string& pod, const std::string& folder)
{
    if (!mayExec()) {
        if (!hasClaim())
            failWithoutWay();
        return copyFromLog(id, folder);
    }
    if (!pod.empty()) {
        try {
            if (copyFromPod(id, pod, folder))
                return true;
        } catch (const Error&) {
            // It has ended meanwhile.
            if (!hasClaim())
                throw;
        }
    }
    if (!hasClaim())
        return false;
    const ClaimPod reader(m_kubectl, m_target, id, {"sleep", "600"});
    reader.waitUntilBegun();
    return copyFromPod(id, reader.name(), folder);
}

} // namespace weft
