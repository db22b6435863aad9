#include "core/project/data_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/project/input_check.h"
#include "core/training/settings.h"

namespace weft {

namespace {

/// From this ratio of the largest class to the smallest on, a network that always answers the first is hard to tell
/// from a good one by its accuracy.
constexpr double unevenRatio = 5;
/// Weights for each training sample beyond which a network learns the samples by heart.
constexpr double manyWeights = 1000;
/// Epochs without improvement after which the offered early stopping ends a run.
constexpr int offeredPatience = 3;

/// A loss whose target is the class of a sample, as the data label it.
struct ClassLoss {
    const Node* node = nullptr;
    const LayerSpec* layer = nullptr;
    std::int64_t classes = 0; ///< that its prediction tells apart
};

std::vector<ClassLoss> classLosses(const Network& network, const Analysis& analysis, const DataFacts& facts)
{
    std::vector<ClassLoss> found;
    for (const Node& node : network.nodes) {
        const LayerSpec* layer = findLayer(network, node.type);
        const NodeInfo* info = analysis.find(node.id);
        const ParamSpec* target = layer ? layer->findParam("target") : nullptr;
        if (!target || !layer->isLoss() || layer->task() != Task::Classification || !info || info->inputTypes.size() != 1)
            continue;
        const Tree& name = valueOf(node, *target);
        const bool isLabel = std::any_of(facts.columns.begin(), facts.columns.end(),
                                         [&](const Column& column) { return column.isLabel && name.isText() && column.name == name.text(); });
        const Shape& prediction = info->inputTypes[0].shape;
        if (isLabel && prediction.rank() == 2 && prediction[1].isFixed() && prediction[1].factor > 1)
            found.push_back({&node, layer, prediction[1].factor});
    }
    return found;
}

std::int64_t classesAt(const Network& network, const std::string& loss)
{
    const Analysis analysis = analyze(network);
    const NodeInfo* info = analysis.find(loss);
    const bool isKnown = info && !info->inputTypes.empty() && info->inputTypes[0].shape.rank() == 2;
    return isKnown ? info->inputTypes[0].shape[1].factor : 0;
}

/// The edit that makes the network give `classes` scores to the loss: of the last layer before it with a number of
/// outputs to set. That it does so is tried, because layers between may change the number.
std::optional<Edit> widthEdit(const Network& network, const std::string& loss, std::int64_t classes)
{
    std::set<std::string> seen{loss};
    for (std::string at = loss;;) {
        const auto wire = std::find_if(network.wires.begin(), network.wires.end(),
                                       [&](const Wire& w) { return w.to.node == at && (at != loss || w.to.port == "prediction"); });
        const Node* node = wire == network.wires.end() ? nullptr : network.findNode(wire->from.node);
        const LayerSpec* layer = node ? findLayer(network, node->type) : nullptr;
        if (!layer || !seen.insert(node->id).second)
            return std::nullopt;
        for (const char* key : {"units", "filters"}) {
            if (node->isBypassed || !layer->findParam(key))
                continue;
            const Edit edit = setParamEdit(network, node->id, key, Tree(classes));
            Network changed = network;
            apply(changed, edit);
            if (classesAt(changed, loss) == classes)
                return edit;
            return std::nullopt;
        }
        at = node->id;
    }
}

void checkClasses(const Project& project, const std::vector<ClassLoss>& losses, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    const auto classes = static_cast<std::int64_t>(facts.classNames.size());
    Edits edits;
    std::set<std::string> edited;
    std::string names;
    bool isComplete = true;
    for (const ClassLoss& loss : losses) {
        if (loss.classes == classes)
            continue;
        const std::optional<Edit> edit = widthEdit(project.network, loss.node->id, classes);
        isComplete = isComplete && edit;
        if (!edit || !edited.insert(edit->path).second)
            continue;
        const std::string id = edit->path.substr(6, edit->path.find('/', 6) - 6);
        names += (names.empty() ? "" : ", ") + project.network.findNode(id)->name;
        edits.push_back(*edit);
    }
    // One remedy for all losses: a network with an auxiliary head is mended at one stroke.
    std::vector<Fix> fixes;
    if (isComplete && !edits.empty())
        fixes.push_back({message(WEFT_TEXT("Network", "Give %1 %2 outputs"), names, classes), edits});
    for (const ClassLoss& loss : losses) {
        if (loss.classes == classes)
            continue;
        const bool isTooFew = loss.classes < classes;
        diagnostics.push_back({"data.classes", isTooFew ? Severity::Error : Severity::Warning, loss.node->id,
                               message(isTooFew ? WEFT_TEXT("Network",
                                                            "The data have %2 classes, but this loss gets scores for %1, so it has none for the "
                                                            "others. Training needs one score for each class.")
                                                : WEFT_TEXT("Network",
                                                            "The data have %2 classes, but this loss gets scores for %1. Those without a class are "
                                                            "never right."),
                                       loss.classes, classes),
                               fixes});
    }
}

/// As often as there are samples for each class, on average, over how many this class has; three digits are enough.
Tree weightsOf(const std::vector<std::int64_t>& counts)
{
    double samples = 0;
    for (const std::int64_t count : counts)
        samples += static_cast<double>(count);
    Tree::List weights;
    for (const std::int64_t count : counts) {
        const double weight = count > 0 ? samples / (static_cast<double>(counts.size()) * static_cast<double>(count)) : 1.0;
        const double unit = std::pow(10.0, std::floor(std::log10(weight)) - 2);
        weights.emplace_back(unit < 1 ? std::round(weight / unit) / std::round(1 / unit) : std::round(weight / unit) * unit);
    }
    return weights;
}

void checkBalance(const Project& project, const std::vector<ClassLoss>& losses, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    std::size_t rarest = facts.classCounts.size();
    std::size_t commonest = facts.classCounts.size();
    for (std::size_t i = 0; i < facts.classCounts.size(); ++i) {
        const std::int64_t count = facts.classCounts[i];
        if (count > 0 && (rarest == facts.classCounts.size() || count < facts.classCounts[rarest]))
            rarest = i;
        if (count > 0 && (commonest == facts.classCounts.size() || count > facts.classCounts[commonest]))
            commonest = i;
    }
    if (rarest == facts.classCounts.size() || facts.classCounts.size() != facts.classNames.size())
        return;
    const std::int64_t fewest = facts.classCounts[rarest];
    const std::int64_t most = facts.classCounts[commonest];
    if (static_cast<double>(most) < unevenRatio * static_cast<double>(fewest))
        return;
    Edits edits;
    std::string first;
    for (const ClassLoss& loss : losses) {
        const ParamSpec* weights = loss.layer->findParam("classWeights");
        const bool isUnset = weights && weights->kind == ParamKind::Reals && valueOf(*loss.node, *weights).list().size() == 1;
        if (!isUnset || loss.classes != static_cast<std::int64_t>(facts.classNames.size()))
            continue;
        edits.push_back(setParamEdit(project.network, loss.node->id, "classWeights", weightsOf(facts.classCounts)));
        if (first.empty())
            first = loss.node->id;
    }
    if (edits.empty())
        return;
    diagnostics.push_back({"data.imbalance",
                           Severity::Warning,
                           first,
                           message(WEFT_TEXT("Network",
                                             "The class \"%1\" has %2 training samples, \"%3\" only %4. Unless the loss weighs the classes, the "
                                             "network does well by forgetting the rare ones."),
                                   facts.classNames[commonest], most, facts.classNames[rarest], fewest),
                           {{message(WEFT_TEXT("Network", "Weigh rare classes more")), std::move(edits)}}});
}

void checkSize(const Project& project, const Analysis& analysis, const DataFacts& facts, std::vector<Diagnostic>& diagnostics)
{
    const double weights = static_cast<double>(analysis.parameters);
    if (facts.trainingSamples < 1 || weights <= manyWeights * static_cast<double>(facts.trainingSamples))
        return;
    try {
        if (trainingSettings(project.training).patience > 0)
            return;
    } catch (const Error&) {
        return; // the settings are reported by themselves
    }
    const Tree* stopping = project.training.find("earlyStopping");
    const Tree* patience = stopping && stopping->isMap() ? stopping->find("patience") : nullptr;
    const Edit edit{"training/earlyStopping/patience", patience ? *patience : Tree(), Tree(offeredPatience)};
    diagnostics.push_back(
        {"data.tooFew",
         Severity::Hint,
         {},
         message(WEFT_TEXT("Network",
                           "The network has %1 weights, but there are only %2 training samples: it can learn them by heart. Stop when "
                           "the validation gets worse, use fewer features, or gather more data."),
                 analysis.parameters, facts.trainingSamples),
         {{message(WEFT_TEXT("Network", "Stop after %1 epochs without improvement"), offeredPatience), {edit}}}});
}

} // namespace

DataFacts factsOf(const Dataset& dataset)
{
    DataFacts facts{dataset.columns(), dataset.classNames(), std::vector<std::int64_t>(dataset.classNames().size(), 0), dataset.size(Split::Train)};
    for (const std::int32_t label : dataset.labels(Split::Train)) {
        if (label >= 0 && static_cast<std::size_t>(label) < facts.classCounts.size())
            ++facts.classCounts[static_cast<std::size_t>(label)];
    }
    return facts;
}

std::vector<Diagnostic> checkAgainstData(const Project& project, const Analysis& analysis, const DataFacts& facts)
{
    std::vector<Diagnostic> diagnostics;
    checkColumns(project, facts, diagnostics);
    checkInputs(project, facts, diagnostics);
    checkVocabularies(project, facts, diagnostics);
    if (facts.classNames.size() > 1) {
        const std::vector<ClassLoss> losses = classLosses(project.network, analysis, facts);
        checkClasses(project, losses, facts, diagnostics);
        checkBalance(project, losses, facts, diagnostics);
    }
    checkSize(project, analysis, facts, diagnostics);
    return diagnostics;
}

} // namespace weft
