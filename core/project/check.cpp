#include "core/project/check.h"

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/data/data_settings.h"
#include "core/project/data_check.h"
#include "core/training/data_fit.h"
#include "core/training/settings.h"

namespace weft {

std::vector<Diagnostic> checkProject(const Project& project, const Analysis& analysis, const std::string& baseDir)
{
    std::vector<Diagnostic> diagnostics = analysis.diagnostics;
    const auto collect = [&](const char* code, auto check) {
        try {
            check();
        } catch (const Error& error) {
            diagnostics.push_back({code, Severity::Error, {}, error.message(), {}});
        }
    };
    collect("data.settings", [&] { dataSettings(project.data, baseDir); });
    collect("training.settings", [&] { trainingSettings(project.training); });
    return diagnostics;
}

namespace {

/// What makes a loss of another type, which keeps the parameters that both have.
Edits replaceLossEdits(const Network& network, const std::string& id, const char* type)
{
    const Node& node = *network.findNode(id);
    Node changed = node;
    changed.type = type;
    std::erase_if(changed.params.map(), [&](const auto& param) { return !findLayer(type)->findParam(param.first); });
    return {{"nodes/" + id, toTree(node), toTree(changed)}};
}

/// Losses for answers of yes or no whose numbers lie outside 0 to 1.
void checkRanges(const Network& network, const Lowered& lowered, const Dataset& dataset, std::vector<Diagnostic>& diagnostics)
{
    for (const LoweredLoss& loss : lowered.losses) {
        std::optional<StrayNumber> stray;
        for (const Split split : {Split::Train, Split::Validation, Split::Test})
            stray = stray ? stray : strayNumber(lowered, loss, dataset, split);
        if (!stray)
            continue;
        const std::size_t slash = loss.node.find('/');
        Diagnostic found{
            "data.range",
            Severity::Error,
            loss.node.substr(0, slash),
            message(WEFT_TEXT("Network",
                              "The label of %1 is %2, but this loss compares with numbers from 0 to 1. Bring the column into that range, "
                              "or take a loss for any numbers."),
                    stray->sample, stray->value),
            {}};
        if (slash == std::string::npos)
            found.fixes.push_back(
                {message(WEFT_TEXT("Network", "Compare by %1"), "MeanSquaredError"), replaceLossEdits(network, loss.node, "MeanSquaredError")});
        else
            found.inner = loss.node.substr(slash + 1);
        diagnostics.push_back(std::move(found));
    }
}

bool areDataThere(const DataSettings& settings)
{
    if (!settings.path.empty())
        return std::filesystem::exists(settings.path);
    const std::vector<CatalogueEntry> all = dataCatalogue();
    return std::none_of(all.begin(), all.end(), [&](const CatalogueEntry& entry) { return entry.source == settings.source && !entry.isAvailable; });
}

} // namespace

std::vector<Diagnostic> checkData(const Project& project, const std::string& baseDir)
{
    std::unique_ptr<Dataset> dataset;
    try {
        dataset = openDataset(project.data, baseDir);
    } catch (const Error& error) {
        const bool areThere = areDataThere(dataSettings(project.data, baseDir));
        return {{areThere ? "data.damaged" : "data.missing", areThere ? Severity::Error : Severity::Warning, {}, error.message(), {}}};
    }
    return checkData(project, *dataset);
}

std::vector<Diagnostic> checkData(const Project& project, const Dataset& dataset)
{
    const Analysis analysis = analyze(project.network);
    std::vector<Diagnostic> diagnostics = checkAgainstData(project, analysis, factsOf(dataset));
    const auto isSaid = [&](const char* code) { // with its remedy
        return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& d) { return d.code == code; });
    };
    if (hasErrors(analysis.diagnostics) || isSaid("data.column") || isSaid("data.input") || isSaid("data.vocabulary"))
        return diagnostics; // what it gives to its losses is not known before they are mended
    try {
        const Lowered lowered = lower(project.network, {Mode::Train, true});
        bindFeeds(lowered, dataset);
        if (isSaid("data.classes"))
            return diagnostics;
        checkRanges(project.network, lowered, dataset, diagnostics);
        if (isSaid("data.range"))
            return diagnostics;
        for (const Split split : {Split::Train, Split::Validation, Split::Test})
            checkTargets(lowered, dataset, split);
        if (const std::optional<Message> warning = unusedClasses(lowered, dataset))
            diagnostics.push_back({"data.unusedClasses", Severity::Warning, {}, *warning, {}});
    } catch (const Error& error) {
        diagnostics.push_back({"data.mismatch", Severity::Error, {}, error.message(), {}});
    }
    return diagnostics;
}

} // namespace weft
