#include "core/launch/kubernetes/mount_faults.h"

#include <QRegularExpression>

namespace weft {

namespace {

QString word(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString();
}

/// Newer servers leave out the older fields.
QString timeOf(const QJsonObject& event)
{
    for (const char* key : {"lastTimestamp", "eventTime", "firstTimestamp"}) {
        if (const QString time = word(event, key); !time.isEmpty())
            return time;
    }
    return {};
}

/// The claims that a sentence on volumes may mean. It names our volumes, or those of the cluster that are bound to the claims.
std::string claimsIn(const QString& sentence, const Target& target)
{
    static const QRegularExpression pattern(QStringLiteral("volume \"([^\"]+)\"|unmounted volumes=\\[([^\\]]*)\\]"));
    const QRegularExpressionMatch match = pattern.match(sentence);
    const QStringList volumes = (match.captured(1) + QLatin1Char(' ') + match.captured(2)).split(QRegularExpression(QStringLiteral("[\\s,]+")), Qt::SkipEmptyParts);
    std::string named, all;
    for (const auto& [volume, field] : {std::pair("runs", "runsClaim"), std::pair("data", "dataClaim")}) {
        const std::string claim = target.value(field);
        if (claim.empty())
            continue;
        all += (all.empty() ? "" : " / ") + claim;
        if (volumes.contains(QLatin1String(volume)))
            named += (named.empty() ? "" : " / ") + claim;
    }
    return named.empty() ? all : named;
}

} // namespace

QJsonObject newestEvent(const QJsonArray& events, const std::string& name)
{
    QJsonObject newest;
    for (const QJsonValue& entry : events) {
        const QJsonObject event = entry.toObject();
        const QString named = word(event.value(QLatin1String("involvedObject")).toObject(), "name");
        // Times have whole seconds: of those that are the same the later in the list counts.
        if (named.toStdString() == name && timeOf(event) >= timeOf(newest))
            newest = event;
    }
    return newest;
}

std::optional<Message> mountFault(const QJsonArray& events, const std::string& pod, const std::string& job, const Target& target)
{
    const QJsonObject event = newestEvent(events, pod);
    const QString reason = word(event, "reason");
    if (reason != QLatin1String("FailedMount") && reason != QLatin1String("FailedAttachVolume"))
        return std::nullopt;
    const QString text = word(event, "message").simplified();
    const std::string sentence = text.toStdString();
    const auto says = [&](const char* part) { return text.contains(QLatin1String(part), Qt::CaseInsensitive); };
    if (says("configmap") && says("not found") && !target.value("caConfigMap").empty() && says(("\"" + target.value("caConfigMap") + "\"").c_str()))
        return message(WEFT_TEXT("Kubernetes", "The ConfigMap %1 with the certificates is not in the namespace: make it, or correct caConfigMap. (%2)"),
                       target.value("caConfigMap"), sentence);
    if (says("not found") && says(job.c_str()))
        return std::nullopt;
    const std::string claims = claimsIn(text, target);
    if (claims.empty())
        return message(WEFT_TEXT("Kubernetes", "A volume of the pod could not be mounted: %1"), sentence);
    if (says("Multi-Attach") || says("already used by") || says("already exclusively attached"))
        return message(WEFT_TEXT("Kubernetes",
                                 "The claim %1 is in use on another node, and one node alone may have it. End the pod that uses it, or take a claim "
                                 "with ReadWriteMany. (%2)"),
                       claims, sentence);
    if (says("access denied") || says("permission denied") || says("not permitted"))
        return message(WEFT_TEXT("Kubernetes",
                                 "The claim %1 could not be mounted: its storage refuses the node. Have the nodes allowed there, or take another claim. "
                                 "(%2)"),
                       claims, sentence);
    return message(WEFT_TEXT("Kubernetes",
                             "The claim %1 could not be mounted: %2 Have its storage looked at, whether it is up and the nodes reach it; it is tried "
                             "again until you stop the job."),
                   claims, sentence);
}

} // namespace weft
