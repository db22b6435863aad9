#include "core/launch/kubernetes/pod_states.h"

#include <optional>
#include <set>

#include <QRegularExpression>
#include <QString>

#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/mount_faults.h"

namespace weft {

namespace {

std::string text(const QJsonValue& value)
{
    return value.toString().toStdString();
}

QJsonObject child(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toObject();
}

QString word(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString();
}

/// The condition of that type that is true; empty where there is none.
QJsonObject condition(const QJsonObject& status, const char* type, const char* value = "True")
{
    for (const QJsonValue& entry : status.value(QLatin1String("conditions")).toArray()) {
        const QJsonObject found = entry.toObject();
        if (word(found, "type") == QLatin1String(type) && word(found, "status") == QLatin1String(value))
            return found;
    }
    return {};
}

/// Why the container of a pod waits, in words; nothing while it merely starts.
std::optional<Message> waitingReason(const QJsonObject& waiting, const Target& target)
{
    const QString reason = word(waiting, "reason");
    const std::string message = text(waiting.value(QLatin1String("message")));
    if (reason == QLatin1String("ErrImagePull") || reason == QLatin1String("ImagePullBackOff") || reason == QLatin1String("InvalidImageName"))
        return weft::message(WEFT_TEXT("Kubernetes", "The image %1 cannot be fetched: %2 Check its name, and pullSecrets for a private registry."),
                             target.value("image"), message);
    if (reason == QLatin1String("ErrImageNeverPull"))
        return weft::message(WEFT_TEXT("Kubernetes", "The image %1 is not on the node, and pullPolicy is Never."), target.value("image"));
    if (reason == QLatin1String("CreateContainerConfigError") || reason == QLatin1String("CreateContainerError")
        || reason == QLatin1String("RunContainerError"))
        return weft::message(WEFT_TEXT("Kubernetes", "The container cannot be made: %1"), message);
    if (reason == QLatin1String("CrashLoopBackOff"))
        return weft::message(WEFT_TEXT("Kubernetes", "The container ends again and again; its log tells why: %1"), message);
    return std::nullopt;
}

std::optional<Message> endReason(const QString& pod, const QJsonObject& status)
{
    if (word(status, "reason") == QLatin1String("Evicted"))
        return message(WEFT_TEXT("Kubernetes", "%1 was evicted from its node: %2"), pod.toStdString(), text(status.value(QLatin1String("message"))));
    for (const QJsonValue& entry : status.value(QLatin1String("containerStatuses")).toArray()) {
        const QJsonObject ended = child(child(entry.toObject(), "state"), "terminated");
        if (word(ended, "reason") == QLatin1String("OOMKilled"))
            return message(WEFT_TEXT("Kubernetes", "%1 needed more memory than it may have. Raise memory, or lower the batch size."), pod.toStdString());
        if (const int code = ended.value(QLatin1String("exitCode")).toInt(); code != 0)
            return message(WEFT_TEXT("Kubernetes", "%1 ended with the exit code %2; its log tells why."), pod.toStdString(), code);
    }
    return std::nullopt;
}

/// "OOMKilled (137)": how the container ended, now or the last time; empty where it never did.
std::string lastEnd(const QJsonObject& container)
{
    for (const char* state : {"state", "lastState"}) {
        const QJsonObject ended = child(child(container, state), "terminated");
        if (const int code = ended.value(QLatin1String("exitCode")).toInt(); code != 0)
            return text(ended.value(QLatin1String("reason"))) + " (" + std::to_string(code) + ")";
    }
    return {};
}

/// Takes one pod in: a line of the list, and what it says of the job.
void addPod(const QJsonObject& pod, const Target& target, JobState& state, bool& isRunning)
{
    const QJsonObject status = child(pod, "status");
    JobPart part;
    part.name = text(child(pod, "metadata").value(QLatin1String("name")));
    part.state = text(status.value(QLatin1String("phase")));
    part.node = text(child(pod, "spec").value(QLatin1String("nodeName")));
    part.message = text(status.value(QLatin1String("message")));
    if (const QJsonObject unplaced = condition(status, "PodScheduled", "False"); !unplaced.isEmpty()) {
        part.message = text(unplaced.value(QLatin1String("message")));
        state.reasons.push_back(pendingReason(part.message, target));
    }
    for (const QJsonValue& entry : status.value(QLatin1String("containerStatuses")).toArray()) {
        const QJsonObject container = entry.toObject();
        part.restarts += container.value(QLatin1String("restartCount")).toInt();
        if (part.message.empty())
            part.message = lastEnd(container);
        part.hasBegun = part.hasBegun || part.restarts > 0 || child(container, "state").contains(QLatin1String("running"))
            || child(container, "state").contains(QLatin1String("terminated"));
        const QJsonObject waiting = child(child(container, "state"), "waiting");
        if (const auto reason = waitingReason(waiting, target)) {
            part.state = text(waiting.value(QLatin1String("reason")));
            part.message = text(waiting.value(QLatin1String("message")));
            state.reasons.push_back(*reason);
        }
    }
    part.isOver = part.state == "Succeeded" || part.state == "Failed";
    part.hasBegun = part.hasBegun || part.isOver || part.state == "Running";
    if (part.state == "Failed") {
        if (const auto reason = endReason(QString::fromStdString(part.name), status))
            state.reasons.push_back(*reason);
    }
    isRunning = isRunning || part.state == "Running";
    state.parts.push_back(std::move(part));
}

/// Faults that appear nowhere but in events: quotas, forbidden pods, an MPIJob that the operator refuses. Each try to make a pod
/// leaves an event of its own, with another name in it: the last one counts.
void addEvents(const QJsonArray& events, const Target& target, JobState& state)
{
    std::set<std::string> names;
    for (const QJsonValue& event : events)
        names.insert(text(child(event.toObject(), "involvedObject").value(QLatin1String("name"))));
    for (const std::string& name : names) {
        const QJsonObject event = newestEvent(events, name);
        const QString reason = word(event, "reason");
        const std::string sentence = text(event.value(QLatin1String("message")));
        if (reason == QLatin1String("FailedCreate"))
            state.reasons.push_back(kubectlFault(sentence, target.value("context"), target.value("namespace")));
        else if (reason == QLatin1String("ValidationError"))
            state.reasons.push_back(message(WEFT_TEXT("Kubernetes", "The MPI Operator refuses the job: %1"), sentence));
    }
}

/// A pod that has its node and does not begin may wait for its volumes.
void addMountFaults(const QJsonArray& events, const std::string& job, const Target& target, JobState& state)
{
    for (JobPart& part : state.parts) {
        if (part.hasBegun || part.node.empty())
            continue;
        if (const auto fault = mountFault(events, part.name, job, target)) {
            state.reasons.push_back(*fault);
            if (part.message.empty())
                part.message = english(*fault);
        }
    }
}

void dropRepeated(std::vector<Message>& reasons)
{
    std::vector<Message> kept;
    for (Message& reason : reasons) {
        bool isNew = true;
        for (const Message& earlier : kept)
            isNew = isNew && english(earlier) != english(reason);
        if (isNew)
            kept.push_back(std::move(reason));
    }
    reasons = std::move(kept);
}

} // namespace

Message pendingReason(const std::string& sentence, const Target& target)
{
    const QString text = QString::fromStdString(sentence);
    const auto says = [&](const char* part) { return text.contains(QLatin1String(part), Qt::CaseInsensitive); };
    if (says("persistentvolumeclaim") && says("not found"))
        return message(WEFT_TEXT("Kubernetes", "A volume claim is missing: %1 Make it, or correct dataClaim and runsClaim."), sentence);
    if (says("unbound immediate PersistentVolumeClaims"))
        return message(WEFT_TEXT("Kubernetes", "A volume claim is not bound to a volume yet; kubectl describe pvc tells what it waits for. (%1)"), sentence);
    if (says("Insufficient cpu"))
        return message(WEFT_TEXT("Kubernetes", "No node has enough free processor cores. It begins when some are free; a lower cpu helps. (%1)"), sentence);
    if (says("Insufficient memory"))
        return message(WEFT_TEXT("Kubernetes", "No node has enough free memory. It begins when some is free; a lower memory helps. (%1)"), sentence);
    const std::int64_t gpus = target.integer("gpu");
    if (gpus > 0 && says(("Insufficient " + target.value("gpuResource")).c_str()))
        return gpus == 1 ? message(WEFT_TEXT("Kubernetes", "No node has a free GPU. It begins when one is free. (%1)"), sentence)
                         : message(WEFT_TEXT("Kubernetes", "No node has %1 free GPUs. It begins when one has; a lower gpu helps. (%2)"), gpus, sentence);
    static const QRegularExpression lacking(QStringLiteral("Insufficient ([^\\s,]*[^\\s,.])"));
    if (const QRegularExpressionMatch match = lacking.match(text); match.hasMatch())
        return message(WEFT_TEXT("Kubernetes", "No node has enough free %1. It begins when some is free. (%2)"), match.captured(1).toStdString(), sentence);
    if (says("untolerated taint") || says("had taint"))
        return message(WEFT_TEXT("Kubernetes", "Nodes are kept for others by taints; tolerations= names those to put up with. (%1)"), sentence);
    if (says("node affinity") || says("node selector"))
        return message(WEFT_TEXT("Kubernetes", "No node has the labels that nodeSelector demands. (%1)"), sentence);
    return message(WEFT_TEXT("Kubernetes", "It waits for a node: %1"), sentence);
}

JobState kubernetesState(const QJsonObject& job, const QJsonArray& pods, const QJsonArray& events, const Target& target)
{
    JobState state;
    if (job.isEmpty())
        return state;
    bool isRunning = false;
    for (const QJsonValue& pod : pods)
        addPod(pod.toObject(), target, state, isRunning);
    addEvents(events, target, state);
    addMountFaults(events, text(child(job, "metadata").value(QLatin1String("name"))), target, state);
    const QJsonObject status = child(job, "status");
    const bool hasSucceeded = !condition(status, "Complete").isEmpty() || !condition(status, "Succeeded").isEmpty();
    const QJsonObject failure = condition(status, "Failed");
    const QJsonObject spec = child(job, "spec");
    const bool isSuspended = spec.value(QLatin1String("suspend")).toBool() || child(spec, "runPolicy").value(QLatin1String("suspend")).toBool();
    if (hasSucceeded)
        state.phase = JobPhase::Succeeded;
    else if (!failure.isEmpty()) {
        state.phase = JobPhase::Failed;
        state.reasons.push_back(message(WEFT_TEXT("Kubernetes", "The cluster gave the job up: %1"), text(failure.value(QLatin1String("message")))));
    } else if (isRunning)
        state.phase = JobPhase::Running;
    else if (!state.reasons.empty() || pods.isEmpty())
        state.phase = JobPhase::Queued;
    else
        state.phase = JobPhase::Starting;
    if (isSuspended && !hasSucceeded && failure.isEmpty()) {
        state.phase = JobPhase::Queued;
        state.reasons.push_back(message(WEFT_TEXT("Kubernetes", "The job waits in the queue %1 until Kueue admits it."), target.value("queue")));
    }
    dropRepeated(state.reasons);
    return state;
}

} // namespace weft
