// Quick fixes: each fault is put into every template that it can befall; one remedy mends it, one undo takes the
// remedy back.
#include <functional>

#include <QtTest>

#include "core/network/blocks.h"
#include "core/project/check.h"
#include "core/project/data_check.h"

using namespace weft;

namespace {

/// A project with the data that it is checked against.
struct Patient {
    Project project;
    DataFacts facts;
};

const Tree& valueOf(const Node& node, const char* param)
{
    const Tree* value = node.params.find(param);
    return value ? *value : findLayer(node.type)->findParam(param)->defaultValue;
}

/// A column as the Input reads it, with as many tokens as the table behind it has rows.
Column columnOf(const Network& network, const Node& input)
{
    const std::string kind = valueOf(input, "kind").text();
    Column column{valueOf(input, "column").text(), kind == "image" ? DType::UInt8 : kind == "tokens" ? DType::Int32 : DType::Float32, {}, false};
    column.isSequence = valueOf(input, "variableLength").boolean();
    for (const Tree& extent : valueOf(input, "shape").list())
        column.shape.push_back(extent.integer());
    for (const Wire& wire : network.wires) {
        const Node* behind = network.findNode(wire.to.node);
        if (wire.from.node == input.id && behind->type == "Embedding")
            column.indexCount = valueOf(*behind, "vocabulary").integer();
    }
    return column;
}

/// Data for which the template is right: the columns that it reads, as many classes as it tells apart, many samples, all
/// classes alike.
DataFacts fittingFacts(const Project& project)
{
    const Analysis analysis = analyze(project.network);
    DataFacts facts;
    facts.trainingSamples = analysis.parameters;
    for (const Node& node : project.network.nodes) {
        if (node.type == "Input")
            facts.columns.push_back(columnOf(project.network, node));
    }
    for (const Node& node : project.network.nodes) {
        const LayerSpec* layer = findLayer(project.network, node.type);
        if (!layer || !layer->isLoss() || !layer->findParam("target"))
            continue;
        const std::string target = valueOf(node, "target").text();
        const bool isOfClasses = layer->task() == Task::Classification && target == "label";
        facts.columns.push_back({target, isOfClasses ? DType::Int32 : DType::Float32, {}, isOfClasses});
        const bool isFirst = layer->task() == Task::Classification && facts.classNames.empty();
        const std::int64_t classes = isFirst ? analysis.find(node.id)->inputTypes[0].shape[1].factor : 0;
        for (std::int64_t i = 0; i < classes; ++i)
            facts.classNames.push_back(std::to_string(i));
        facts.classCounts.assign(facts.classNames.size(), 100);
    }
    return facts;
}

std::vector<Diagnostic> problems(const Patient& patient)
{
    const Analysis analysis = analyze(patient.project.network);
    std::vector<Diagnostic> found = checkProject(patient.project, analysis, {});
    for (Diagnostic& diagnostic : checkAgainstData(patient.project, analysis, patient.facts))
        found.push_back(std::move(diagnostic));
    return found;
}

std::string listed(const std::vector<Diagnostic>& diagnostics)
{
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics)
        text += diagnostic.code + " " + diagnostic.node + ": " + english(diagnostic.message) + "\n";
    return text;
}

const LayerSpec* layerOf(const Network& network, const std::string& id)
{
    return findLayer(network, network.findNode(id)->type);
}

void insert(Patient& patient, const Wire& wire, const std::string& type, Tree::Map params = {})
{
    const LayerSpec* layer = findLayer(type);
    const std::string id = freshId(patient.project.network, type);
    Network& network = patient.project.network;
    for (const Edit& edit : insertNodeEdits(network, wire, {id, id, type, std::move(params), {}}, layer->inputs()[0].name, layer->outputs()[0].name))
        apply(network, edit);
}

/// The first wire that `isWanted` accepts, by the layers at its ends; nullptr where there is none.
const Wire* findWire(const Network& network, const std::function<bool(const LayerSpec& from, const LayerSpec& to, const Wire& wire)>& isWanted)
{
    for (const Wire& wire : network.wires) {
        if (isWanted(*layerOf(network, wire.from.node), *layerOf(network, wire.to.node), wire))
            return &wire;
    }
    return nullptr;
}

// Each puts its fault in and says whether it could.

bool takeOutFlatten(Patient& patient)
{
    Network& network = patient.project.network;
    const Wire* wire = findWire(network, [](const LayerSpec& from, const LayerSpec& to, const Wire&) {
        return (from.type() == "Flatten" || from.type() == "GlobalAveragePool2D") && to.type() == "Dense";
    });
    // What has no image to flatten, such as one vector of a sequence, has another fault without it.
    const Analysis analysis = analyze(network);
    if (!wire || analysis.find(wire->from.node)->inputTypes.front().shape.rank() != 4)
        return false;
    for (const Edit& edit : bypassNodeEdits(network, std::string(wire->from.node)))
        apply(network, edit);
    return true;
}

bool makeWindowTooLarge(Patient& patient)
{
    const auto spoil = [](Sheet& sheet) {
        for (Node& node : sheet.nodes) {
            const LayerSpec* layer = findLayer(node.type);
            const ParamSpec* padding = layer ? layer->findParam("padding") : nullptr;
            if (!padding || !layer->findParam("kernelSize") || layer->findParam("outputPadding"))
                continue;
            node.params["kernelSize"] = Tree::List{401, 401};
            node.params["padding"] = "valid";
            return true;
        }
        return false;
    };
    Network& network = patient.project.network;
    return spoil(network) || std::any_of(network.blocks.begin(), network.blocks.end(), spoil);
}

bool addAClass(Patient& patient)
{
    if (patient.facts.classNames.empty())
        return false;
    patient.facts.classNames.push_back("another");
    patient.facts.classCounts.push_back(100);
    return true;
}

bool putSoftmaxBeforeLoss(Patient& patient)
{
    const Wire* wire = findWire(patient.project.network, [](const LayerSpec&, const LayerSpec& to, const Wire& w) {
        return to.type() == "CrossEntropy" && w.to.port == "prediction";
    });
    if (wire)
        insert(patient, *wire, "Softmax");
    return wire;
}

bool putNormBehindBias(Patient& patient)
{
    Network& network = patient.project.network;
    const Analysis analysis = analyze(network);
    const Wire* wire = findWire(network, [&](const LayerSpec& from, const LayerSpec&, const Wire& w) {
        const Tree* bias = network.findNode(w.from.node)->params.find("useBias");
        const int rank = analysis.find(w.from.node)->outputTypes[0].shape.rank();
        const auto leaving = std::count_if(network.wires.begin(), network.wires.end(), [&](const Wire& other) { return other.from == w.from; });
        return from.findParam("useBias") && !bias && leaving == 1 && (rank == 2 || rank == 4);
    });
    if (wire)
        insert(patient, *wire, "BatchNorm");
    return wire;
}

/// The first stride with which something becomes too small.
bool strideFar(Patient& patient)
{
    Network& network = patient.project.network;
    const auto spoil = [&](Sheet& sheet) {
        for (Node& node : sheet.nodes) {
            const LayerSpec* layer = findLayer(node.type);
            const Node before = node;
            if (!layer || !layer->findParam("stride") || layer->findParam("outputPadding"))
                continue;
            node.params["stride"] = Tree::List{64, 64};
            const Analysis analysis = analyze(network);
            if (std::any_of(analysis.diagnostics.begin(), analysis.diagnostics.end(), [](const Diagnostic& d) { return d.code == "shape.tooSmall"; }))
                return true;
            node = before;
        }
        return false;
    };
    return spoil(network) || std::any_of(network.blocks.begin(), network.blocks.end(), spoil);
}

bool takeOutActivation(Patient& patient)
{
    Network& network = patient.project.network;
    for (const Node& node : network.nodes) {
        const auto isEnd = [&](const PortRef& ref) { return network.findNode(ref.node)->type == "Dense"; };
        const Wire* in = findWire(network, [&](const LayerSpec&, const LayerSpec&, const Wire& w) { return w.to.node == node.id && isEnd(w.from); });
        const Wire* out = findWire(network, [&](const LayerSpec&, const LayerSpec&, const Wire& w) { return w.from.node == node.id && isEnd(w.to); });
        if (!in || !out || layerOf(network, node.id)->category() != Category::Activation)
            continue;
        for (const Edit& edit : bypassNodeEdits(network, std::string(node.id)))
            apply(network, edit);
        return true;
    }
    // Where there is one Dense alone, another before it does as well.
    const Wire* wire = findWire(network, [](const LayerSpec& from, const LayerSpec& to, const Wire&) {
        return to.type() == "Dense" && from.category() != Category::Activation && from.type() != "Dense";
    });
    if (wire)
        insert(patient, *wire, "Dense", {{"units", 4096}}); // no narrow code
    return wire;
}

bool makeAClassRare(Patient& patient)
{
    if (patient.facts.classCounts.empty())
        return false;
    patient.facts.classCounts[0] = 7;
    return true;
}

bool takeSamplesAway(Patient& patient)
{
    patient.facts.trainingSamples = std::max<std::int64_t>(1, patient.facts.trainingSamples / 2000);
    return true;
}

Node* firstInput(Patient& patient)
{
    const auto input = std::ranges::find(patient.project.network.nodes, "Input", &Node::type);
    return input == patient.project.network.nodes.end() ? nullptr : &*input;
}

/// The Input halves the first side of what the data hold: smaller pictures, fewer features, shorter sequences.
bool halveTheInput(Patient& patient)
{
    Node* input = firstInput(patient);
    if (!input)
        return false;
    Tree shape = valueOf(*input, "shape");
    Tree& side = shape.list()[valueOf(*input, "kind").text() == "image" ? 1 : 0];
    side = side.integer() / 2;
    input->params["shape"] = shape;
    return true;
}

/// The Input's column has two letters too many.
bool misspellTheInput(Patient& patient)
{
    Node* input = firstInput(patient);
    if (input)
        input->params["column"] = valueOf(*input, "column").text() + "ss";
    return input;
}

/// The first loss is told of a column that no data have.
bool loseTheTarget(Patient& patient)
{
    for (Node& node : patient.project.network.nodes) {
        const LayerSpec* layer = findLayer(patient.project.network, node.type);
        const bool isWired
            = std::ranges::any_of(patient.project.network.wires, [&](const Wire& wire) { return wire.to == PortRef{node.id, "target"}; });
        if (!layer || !layer->isLoss() || !layer->findParam("target") || isWired)
            continue;
        node.params["target"] = "what nobody wrote down";
        return true;
    }
    return false;
}

/// More words than the first Embedding has rows.
bool addWords(Patient& patient)
{
    for (Column& column : patient.facts.columns) {
        if (column.indexCount < 1)
            continue;
        column.indexCount += 10;
        return true;
    }
    return false;
}

struct Fault {
    const char* name;
    const char* code;
    bool (*seed)(Patient& patient);
    int templates; ///< how many of them it can befall, those without such layers apart
};

const Fault faults[] = {
    {"no Flatten", "dense.image", takeOutFlatten, 9},
    {"window too large", "shape.tooSmall", makeWindowTooLarge, 11},
    {"number of classes", "data.classes", addAClass, 14},
    {"Softmax before the loss", "loss.softmaxTwice", putSoftmaxBeforeLoss, 14},
    {"bias before BatchNorm", "norm.biasBefore", putNormBehindBias, 17},
    {"stride too large", "shape.tooSmall", strideFar, 7},
    {"no activation", "dense.noActivation", takeOutActivation, 16},
    {"rare class", "data.imbalance", makeAClassRare, 14},
    {"another shape", "data.input", halveTheInput, 17},
    {"column misspelt", "data.column", misspellTheInput, 17},
    {"target lost", "data.column", loseTheTarget, 14},
    {"more words", "data.vocabulary", addWords, 3},
    {"too few samples", "data.tooFew", takeSamplesAway, 17},
};

const Diagnostic* find(const std::vector<Diagnostic>& diagnostics, const std::string& code)
{
    const auto found = std::find_if(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& d) { return d.code == code; });
    return found == diagnostics.end() ? nullptr : &*found;
}

} // namespace

class ProjectFixesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void templatesAreClean();
    void oneFixMendsAndOneUndoTakesItBack_data();
    void oneFixMendsAndOneUndoTakesItBack();
    void everyFaultBefallsManyTemplates();
    void aStrideThatLeavesPixelsOutIsMendedFirst();
};

void ProjectFixesTest::templatesAreClean()
{
    for (const TemplateInfo& info : projectTemplates()) {
        const Project project = projectFromTemplate(info.name);
        QCOMPARE(info.name + "\n" + listed(problems({project, fittingFacts(project)})), info.name + "\n");
    }
}

void ProjectFixesTest::oneFixMendsAndOneUndoTakesItBack_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("name");
    for (std::size_t i = 0; i < std::size(faults); ++i) {
        for (const TemplateInfo& info : projectTemplates())
            QTest::addRow("%s, %s", faults[i].name, info.name.c_str()) << static_cast<int>(i) << QString::fromStdString(info.name);
    }
}

void ProjectFixesTest::oneFixMendsAndOneUndoTakesItBack()
{
    QFETCH(int, fault);
    QFETCH(QString, name);
    Patient patient;
    patient.project = projectFromTemplate(name.toStdString());
    patient.facts = fittingFacts(patient.project);
    if (!faults[fault].seed(patient))
        return; // nothing of the kind in this template; another test counts

    const std::vector<Diagnostic> found = problems(patient);
    const Diagnostic* problem = find(found, faults[fault].code);
    QVERIFY2(problem, listed(found).c_str());
    QVERIFY(!problem->fixes.empty());
    const Edits& remedy = problem->fixes.front().edits;

    Patient mended = patient;
    applyAll(mended.project, remedy);
    QCOMPARE(listed(problems(mended)), std::string());
    applyAll(mended.project, reversed(remedy));
    QCOMPARE(formatProject(mended.project), formatProject(patient.project));
}

void ProjectFixesTest::everyFaultBefallsManyTemplates()
{
    for (const Fault& fault : faults) {
        int count = 0;
        for (const TemplateInfo& info : projectTemplates()) {
            Patient patient;
            patient.project = projectFromTemplate(info.name);
            patient.facts = fittingFacts(patient.project);
            count += fault.seed(patient) ? 1 : 0;
        }
        QVERIFY2(count >= fault.templates, qPrintable(QStringLiteral("%1: %2 templates").arg(QLatin1String(fault.name)).arg(count)));
    }
}

void ProjectFixesTest::aStrideThatLeavesPixelsOutIsMendedFirst()
{
    Project project = projectFromTemplate("lenet");
    project.network.findNode("conv1")->params["stride"] = Tree::List{9, 9};
    const Analysis far = analyze(project.network);
    const Diagnostic* fault = find(far.diagnostics, "shape.tooSmall");
    QVERIFY(fault && fault->fixes.size() == 2);
    QCOMPARE(english(fault->fixes[0].label), std::string("Set the stride of conv1 to 2 x 2"));
    QCOMPARE(english(fault->fixes[1].label), std::string("Use padding \"same\""));
    // Where no stride leaves pixels out, the window that does not fit comes first.
    project.network.findNode("conv1")->params["stride"] = Tree::List{4, 4};
    const Analysis near = analyze(project.network);
    fault = find(near.diagnostics, "shape.tooSmall");
    QVERIFY(fault && fault->fixes.size() == 2);
    QCOMPARE(english(fault->fixes[0].label), std::string("Use padding \"same\""));
}

QTEST_GUILESS_MAIN(ProjectFixesTest)
#include "project_fixes_test.moc"
