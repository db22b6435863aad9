#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QtTest>

#include "core/base/error.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/objects.h"
#include "core/launch/kubernetes/pod_states.h"
#include "core/launch/kubernetes/yaml.h"
#include "core/project/json.h"

using namespace weft;

namespace {

/// What an independent reader of YAML makes of the text; `check` also holds the objects against the schema of
/// tests/data and PodSecurity's `restricted`. A refusal stands in `errors`.
struct Read {
    QJsonArray documents;
    QByteArray errors;
};

Read readYaml(const std::string& text, const QStringList& words = {})
{
    QProcess process;
    process.start(QStringLiteral("/usr/bin/python3"),
                  QStringList{qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/tests/cluster/rules.py")} + words);
    process.write(text.data(), static_cast<qint64>(text.size()));
    process.closeWriteChannel();
    process.waitForFinished(30000);
    return {QJsonDocument::fromJson(process.readAllStandardOutput()).array(), process.readAllStandardError()};
}

bool hasYamlReader()
{
    return QProcess::execute(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QStringLiteral("import yaml")}) == 0;
}

/// Every field that a form has, set.
Target fullTarget(const char* form)
{
    Target target{"cluster", TargetKind::Kubernetes, {}};
    for (const auto& [key, value] : {std::pair("image", "registry.example/weft:1"), std::pair("workers", "4"), std::pair("ranksPerWorker", "2"),
                                     std::pair("cpu", "4"), std::pair("gpu", "1"), std::pair("dataClaim", "data"), std::pair("runsClaim", "runs"),
                                     std::pair("pullSecrets", "a,b"), std::pair("serviceAccount", "trainer"), std::pair("nodeSelector", "disk=ssd,on=yes"),
                                     std::pair("tolerations", "gpu=true:NoSchedule,spot:NoExecute,any"), std::pair("priorityClass", "high"),
                                     std::pair("queue", "users"), std::pair("proxy", "http://proxy:3128"), std::pair("caConfigMap", "ca")})
        setField(target, key, value);
    setField(target, "form", form);
    return target;
}

JobRequest request()
{
    return {"weft-0123abcd", "{\"weft\": 1,\n \"id\": \"x\"}\n", "p: \"$(id)\"\n- {q}", {"--device=cpu"}};
}

QJsonObject objectOf(const char* json)
{
    return QJsonDocument::fromJson(json).object();
}

QJsonArray listOf(const char* json)
{
    return QJsonDocument::fromJson(json).array();
}

std::string firstReason(const JobState& state)
{
    return state.reasons.empty() ? std::string() : english(state.reasons.front());
}

} // namespace

class LaunchKubernetesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void hostileTextsStayTexts();
    void everyFormFitsTheSchema();
    void podsMeetRestricted();
    void theFormFollowsTheCluster();
    void keysLieInTheSecretAlone();
    void aProjectThatIsTooLargeIsRefused();
    void theRoleNamesNoMoreThanNeeded();
    void statesAreToldInWords();
    void volumesThatCannotBeMountedAreToldInWords();
    void complaintsAreToldInWords();
};

void LaunchKubernetesTest::initTestCase()
{
    if (!hasYamlReader())
        QSKIP("not run: Debian's python3-yaml is not installed");
}

void LaunchKubernetesTest::hostileTextsStayTexts()
{
    const std::vector<std::string> hostile{"yes",      "no",     "null",   "~",           "1e3",      "0x10",      "0o7",         "2001-01-01", "- a",
                                           "a: b",     "a #b",   "{x}",    "[x]",         "&a",       "*a",        "!tag",        "%x",         "---",
                                           "...",      "'",      "\"",     "\\",          "",         " ",         " lead",       "trail ",     "a\nb",
                                           "a\n---\nb\n", "  in\nout\n", "a\n\nb\n", "\ttab\n", "\x01", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "a\xef\xbb\xbf",
                                           "日本語\n二\n", "😀", "a\r\nb\r\n", "?", "|", ">", "@a", "`a", "=", "<<", "12:30:00", "\n", "a \nb\n"};
    Tree::List list;
    Tree::Map map;
    for (const std::string& text : hostile) {
        list.push_back(text);
        map.emplace_back("k" + text, Tree::Map{{text, text}});
    }
    const Tree document = Tree::Map{{"list", list}, {"map", map}, {"nested", Tree::List{Tree::List{"y", Tree::List{}}, Tree::Map{{"on", Tree::Map{}}}}},
                                    {"number", 3}, {"flag", true}};
    const Read read = readYaml(yamlDocuments({document, document}));
    QVERIFY2(read.errors.isEmpty(), read.errors);
    QCOMPARE(read.documents.size(), 2);
    QCOMPARE(read.documents[0].toObject(), QJsonDocument::fromJson(QByteArray::fromStdString(jsonLine(document))).object());
    QCOMPARE(read.documents[1], read.documents[0]);
    QVERIFY_EXCEPTION_THROWN(yamlDocuments({Tree::Map{{"a", "\xff"}}}), Error);
    // What people are to read stays readable.
    QVERIFY(yamlDocuments({Tree::Map{{"text", "{\n  \"a\": 1\n}\n"}}}).find("\n    \"a\": 1\n") != std::string::npos);
}

void LaunchKubernetesTest::everyFormFitsTheSchema()
{
    for (const char* form : {"job", "mpijob"}) {
        for (const int minor : {24, 27, 31}) {
            const Read full = readYaml(yamlDocuments(kubernetesObjects(fullTarget(form), request(), {true, minor}, {"private", "public"})), {QStringLiteral("check")});
            QVERIFY2(full.errors.isEmpty(), full.errors);
            QVERIFY(full.documents.size() >= 2);
            const QJsonObject metadata = full.documents.first().toObject().value(QStringLiteral("metadata")).toObject();
            QCOMPARE(metadata.value(QStringLiteral("annotations")).toObject().value(QStringLiteral("weft/project")).toString().toStdString(),
                     request().projectName);
        }
        Target least{"least", TargetKind::Kubernetes, {}};
        setField(least, "image", "weft");
        setField(least, "form", form);
        const Read read = readYaml(yamlDocuments(kubernetesObjects(least, request(), {true, 31}, {"private", "public"})), {QStringLiteral("check")});
        QVERIFY2(read.errors.isEmpty(), read.errors);
    }
    const Read reader = readYaml(yamlDocuments({claimPod(fullTarget("job"), "weft-0123abcd", "weft-0123abcd-claim-1", {"true"})}), {QStringLiteral("check")});
    QVERIFY2(reader.errors.isEmpty(), reader.errors);
    // The check itself refuses what a server would.
    std::string text = yamlDocuments(kubernetesObjects(fullTarget("job"), request(), {false, 31}, {}));
    text.replace(text.find("parallelism"), 11, "paralelism");
    QVERIFY(readYaml(text, {QStringLiteral("check")}).errors.contains("unknown field \"spec.paralelism\""));
}

void LaunchKubernetesTest::podsMeetRestricted()
{
    std::string text = yamlDocuments(kubernetesObjects(fullTarget("mpijob"), request(), {true, 31}, {}));
    QVERIFY(text.find("btl_vader_single_copy_mechanism") != std::string::npos);
    const std::string safe = "allowPrivilegeEscalation: false";
    text.replace(text.find(safe), safe.size(), "allowPrivilegeEscalation: true");
    QVERIFY(readYaml(text, {QStringLiteral("check")}).errors.contains("allowPrivilegeEscalation"));
}

void LaunchKubernetesTest::theFormFollowsTheCluster()
{
    const Target any = fullTarget("auto");
    QVERIFY(isMpiJob(any, {true, 31}));
    QVERIFY(!isMpiJob(any, {false, 31}));
    QVERIFY(!isMpiJob(fullTarget("job"), {true, 31}));
    QVERIFY_EXCEPTION_THROWN(isMpiJob(fullTarget("mpijob"), {false, 31}), Error);

    const Tree job = kubernetesObjects(any, request(), {false, 31}, {}).front();
    QCOMPARE(job.find("spec")->find("completions")->integer(), 4);
    QVERIFY(job.find("spec")->find("successPolicy"));
    QVERIFY(!kubernetesObjects(any, request(), {false, 30}, {}).front().find("spec")->find("successPolicy"));
    const std::string words = jsonLine(job);
    QVERIFY(words.find("--ranks=8") != std::string::npos);
    QVERIFY2(words.find("\"OMP_NUM_THREADS\", \"value\": \"2\"") != std::string::npos, words.c_str());
    QVERIFY(words.find("kueue.x-k8s.io/queue-name") != std::string::npos);
    QVERIFY(jsonLine(claimPod(any, "weft-0123abcd", "weft-0123abcd-claim-1", {"true"})).find("kueue") == std::string::npos);
    QVERIFY(words.find("OnRootMismatch") != std::string::npos);
    // Without a claim for runs the pod waits for whoever fetches the results.
    Target noClaim = any;
    setField(noClaim, "runsClaim", "");
    QVERIFY(words.find("--linger") == std::string::npos);
    QVERIFY(jsonLine(kubernetesObjects(noClaim, request(), {false, 31}, {}).front()).find("--linger=") != std::string::npos);
    const std::vector<Tree> ours = kubernetesObjects(any, request(), {false, 31}, {});
    QVERIFY(ours[1].find("data")->find("hosts")->text().find("weft-0123abcd-3.weft-0123abcd slots=2\n") != std::string::npos);
}

void LaunchKubernetesTest::keysLieInTheSecretAlone()
{
    int places = 0;
    for (const Tree& object : kubernetesObjects(fullTarget("job"), request(), {false, 31}, {"PRIVATE", "public"})) {
        if (jsonLine(object).find("PRIVATE") == std::string::npos)
            continue;
        ++places;
        QCOMPARE(object.find("kind")->text(), std::string("Secret"));
    }
    QCOMPARE(places, 1);
}

void LaunchKubernetesTest::aProjectThatIsTooLargeIsRefused()
{
    JobRequest large = request();
    large.project = std::string(1'100'000, ' ');
    QVERIFY_EXCEPTION_THROWN(kubernetesObjects(fullTarget("job"), large, {false, 31}, {}), Error);
}

void LaunchKubernetesTest::theRoleNamesNoMoreThanNeeded()
{
    const Read role = readYaml(yamlDocuments({kubernetesRole(fullTarget("auto"))}), {QStringLiteral("check")});
    QVERIFY2(role.errors.isEmpty(), role.errors);
    const QByteArray text = QJsonDocument(role.documents).toJson();
    QVERIFY(!text.contains("\"*\"") && !text.contains("ClusterRole") && !text.contains("patch") && !text.contains("nodes"));
    const std::string any = jsonLine(kubernetesRole(fullTarget("auto"))), ours = jsonLine(kubernetesRole(fullTarget("job")));
    const std::string ofOperator = jsonLine(kubernetesRole(fullTarget("mpijob")));
    const auto names = [](const std::string& rules, const char* what) { return rules.find("\"" + std::string(what) + "\"") != std::string::npos; };
    QVERIFY(names(any, "jobs") && names(any, "mpijobs") && names(any, "secrets"));
    QVERIFY(names(ours, "jobs") && !names(ours, "mpijobs") && names(ours, "secrets"));
    QVERIFY(!names(ofOperator, "jobs") && names(ofOperator, "mpijobs") && !names(ofOperator, "secrets") && !names(ofOperator, "services"));
    Target noClaim = fullTarget("job");
    const std::string made = R"({"apiGroups": [""], "resources": ["pods"], "verbs": ["create",)";
    QVERIFY2(ours.find(made) != std::string::npos, ours.c_str());
    setField(noClaim, "runsClaim", "");
    QVERIFY(jsonLine(kubernetesRole(noClaim)).find(made) == std::string::npos);
}

void LaunchKubernetesTest::statesAreToldInWords()
{
    const Target target = fullTarget("job");
    const QJsonObject job = objectOf(R"({"metadata": {"name": "j"}, "status": {}})");
    const auto state = [&](const char* pods, const char* events = "[]", const char* of = nullptr) {
        return kubernetesState(of ? objectOf(of) : job, listOf(pods), listOf(events), target);
    };
    QCOMPARE(kubernetesState({}, {}, {}, target).phase, JobPhase::Absent);

    const JobState pending = state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
        "reason": "Unschedulable", "message": "0/5 nodes are available: 5 Insufficient nvidia.com/gpu."}]}}])");
    QCOMPARE(pending.phase, JobPhase::Queued);
    QVERIFY2(firstReason(pending).starts_with("No node has a free GPU."), firstReason(pending).c_str());

    const JobState image = state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Pending", "containerStatuses": [{"restartCount": 2,
        "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}}])");
    QCOMPARE(image.parts.front().state, std::string("ImagePullBackOff"));
    QCOMPARE(image.parts.front().restarts, 2);
    QVERIFY(firstReason(image).find("registry.example/weft:1 cannot be fetched") != std::string::npos);

    const JobState memory = state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Failed", "containerStatuses": [{"state": {"terminated":
        {"reason": "OOMKilled", "exitCode": 137}}}]}}])");
    QVERIFY(firstReason(memory).find("needed more memory") != std::string::npos);
    QCOMPARE(memory.parts.front().message, std::string("OOMKilled (137)"));
    QVERIFY(memory.parts.front().hasBegun && memory.parts.front().isOver);
    QVERIFY(!pending.parts.front().hasBegun && !pending.parts.front().isOver);
    QVERIFY(firstReason(state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Failed", "reason": "Evicted", "message": "disk"}}])")).find("evicted")
            != std::string::npos);
    QVERIFY(firstReason(state("[]", R"([{"reason": "FailedCreate", "message": "pods \"x\" is forbidden: exceeded quota: gpus"}])")).find("quota")
            != std::string::npos);
    // Each try to make a pod names another one; what a later event says better is over.
    const char* tries = R"([{"reason": "FailedCreate", "message": "pods \"x-1\" is forbidden: exceeded quota: a", "lastTimestamp": "2026-01-01T00:00:01Z"},
        {"reason": "FailedCreate", "message": "pods \"x-2\" is forbidden: exceeded quota: a", "lastTimestamp": "2026-01-01T00:00:02Z"}%1])";
    const auto tried = [&](const char* later) { return state("[]", QString::fromLatin1(tries).arg(QLatin1String(later)).toUtf8().constData()).reasons.size(); };
    QCOMPARE(tried(""), std::size_t{1});
    QCOMPARE(tried(R"(, {"reason": "SuccessfulCreate", "message": "Created pod: x-3", "lastTimestamp": "2026-01-01T00:00:03Z"})"), std::size_t{0});
    QVERIFY(firstReason(state("[]", R"([{"reason": "ValidationError", "message": "bad"}])")).find("Operator refuses") != std::string::npos);
    QVERIFY(firstReason(state("[]", "[]", R"({"metadata": {"name": "j"}, "spec": {"suspend": true}})")).find("Kueue") != std::string::npos);
    QCOMPARE(state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Running"}}])").phase, JobPhase::Running);
    QCOMPARE(state(R"([{"metadata": {"name": "p"}, "status": {"phase": "Pending"}}])").phase, JobPhase::Starting);
    QCOMPARE(state("[]", "[]", R"({"metadata": {}, "status": {"conditions": [{"type": "Complete", "status": "True"}]}})").phase, JobPhase::Succeeded);
    QCOMPARE(state("[]", "[]", R"({"metadata": {}, "status": {"conditions": [{"type": "Failed", "status": "True", "message": "m"}]}})").phase, JobPhase::Failed);

    for (const auto& [sentence, word] : {std::pair("0/1 nodes: 1 Insufficient cpu", "cores"), std::pair("1 Insufficient memory", "memory"),
                                         std::pair("1 node(s) had untolerated taint {a: b}", "taints"), std::pair("didn't match Pod's node affinity/selector", "labels"),
                                         std::pair("persistentvolumeclaim \"x\" not found", "missing"),
                                         std::pair("pod has unbound immediate PersistentVolumeClaims", "not bound"), std::pair("something else", "waits for a node")})
        QVERIFY2(english(pendingReason(sentence, target)).find(word) != std::string::npos, sentence);
    const auto lacks = [](const char* what, const char* gpus) {
        Target asking = fullTarget("job");
        setField(asking, "gpu", gpus);
        return english(pendingReason("0/3 nodes are available: 3 Insufficient " + std::string(what) + ". preemption: none", asking));
    };
    QVERIFY(lacks("nvidia.com/gpu", "2").starts_with("No node has 2 free GPUs."));
    QVERIFY(lacks("ephemeral-storage", "2").starts_with("No node has enough free ephemeral-storage."));
    QVERIFY(lacks("amd.com/gpu", "2").starts_with("No node has enough free amd.com/gpu."));
}

void LaunchKubernetesTest::volumesThatCannotBeMountedAreToldInWords()
{
    const Target target = fullTarget("job");
    const auto told = [&](const char* message, const char* reason = "FailedMount", const char* later = "") {
        const QJsonArray events = listOf(QStringLiteral(R"([{"reason": "Scheduled", "lastTimestamp": "2026-01-01T00:00:01Z", "involvedObject": {"name": "p"}},
            {"reason": "%1", "message": "%2", "lastTimestamp": "2026-01-01T00:00:02Z", "involvedObject": {"name": "p"}}%3])")
                                            .arg(QLatin1String(reason), QString::fromLatin1(message).replace(QLatin1Char('"'), QLatin1String("\\\"")),
                                                 QLatin1String(later))
                                            .toUtf8()
                                            .constData());
        const JobState state = kubernetesState(
            objectOf(R"({"metadata": {"name": "weft-1"}, "status": {}})"),
            listOf(R"([{"metadata": {"name": "p"}, "spec": {"nodeName": "n"}, "status": {"phase": "Pending", "containerStatuses":
                [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}}])"),
            events, target);
        return firstReason(state);
    };
    QVERIFY(told("MountVolume.SetUp failed for volume \"pvc-7\" : mount.nfs: Connection timed out").starts_with("The claim runs / data could not be mounted: Mount"));
    QVERIFY(told("Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[shm data]: timed out").starts_with("The claim data could not"));
    QVERIFY(told("MountVolume.SetUp failed for volume \"runs\" : mount.nfs: access denied by server").find("The claim runs could not be mounted: its storage refuses")
            == 0);
    QVERIFY(told("Multi-Attach error for volume \"pvc-7\" Volume is already used by pod(s) x", "FailedAttachVolume").find("ReadWriteMany") != std::string::npos);
    QVERIFY(told("MountVolume.SetUp failed for volume \"ca\" : configmap \"ca\" not found").find("correct caConfigMap") != std::string::npos);
    // The job's own objects are made right behind it, and what was mended is no fault.
    QCOMPARE(told("MountVolume.SetUp failed for volume \"job\" : configmap \"weft-1\" not found"), std::string());
    QCOMPARE(told("mount failed", "FailedMount", R"(, {"reason": "Pulling", "lastTimestamp": "2026-01-01T00:00:03Z", "involvedObject": {"name": "p"}})"),
             std::string());
    QCOMPARE(told("mount failed", "FailedMount", R"(, {"reason": "Pulling", "lastTimestamp": "2026-01-01T00:00:03Z", "involvedObject": {"name": "q"}})")
                 .substr(0, 10),
             std::string("The claim "));
}

void LaunchKubernetesTest::complaintsAreToldInWords()
{
    const std::pair<const char*, const char*> cases[] = {
        {"error: You must be logged in to the server (Unauthorized)", "Log in again"},
        {"error: context \"x\" does not exist", "no context"},
        {"Unable to connect to the server: getting credentials: exec: executable aws not found", "credentials failed"},
        {"pods is forbidden: User \"u\" cannot list resource", "weft target rbac"},
        {"Error from server (NotFound): namespaces \"n\" not found", "no namespace n"},
        {"Unable to connect to the server: x509: certificate signed by unknown authority", "not trusted"},
        {"Unable to connect to the server: dial tcp: lookup c: no such host", "cannot be reached"},
        {"exceeded quota: gpus, requested: 4", "quota of the namespace"},
        {"violates PodSecurity \"restricted:latest\"", "does not allow such pods"},
        {"pods \"x\" is forbidden: no PriorityClass with name high was found", "Correct priorityClass"},
        {"pods \"x\" is forbidden: error looking up service account n/s: serviceaccount \"s\" not found", "correct serviceAccount"},
        {"pods \"x\" is forbidden: maximum cpu usage per Container is 1, but limit is 2", "A rule of the cluster"},
        {"admission webhook \"validate.policy.example\" denied the request: no team label", "A rule of the cluster"},
        {"anything else", "The cluster refused"}};
    for (const auto& [complaint, words] : cases)
        QVERIFY2(english(kubectlFault(complaint, "c", "n")).find(words) != std::string::npos, complaint);
}

QTEST_GUILESS_MAIN(LaunchKubernetesTest)
#include "launch_kubernetes_test.moc"
