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
