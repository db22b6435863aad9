#include "core/project/check.h"

#include "core/base/error.h"
#include "core/data/data_settings.h"
#include "core/training/optimizers.h"
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

double trainingMemoryBytes(const Project& project, const Analysis& analysis)
{
    const TrainingSettings settings = trainingSettings(project.training);
    const std::size_t slots
        = optimizerRule(settings).slots.size() + (settings.gradientAccumulation > 1 ? 1 : 0) + (settings.averagingDecay > 0.0 ? 1 : 0);
    double activations = 0;
    for (const NodeInfo& info : analysis.nodes)
        activations += info.activationBytes;
    constexpr double bytesPerNumber = 4;
    return static_cast<double>(analysis.parameters) * bytesPerNumber * static_cast<double>(2 + slots)
        + activations * 2 * static_cast<double>(settings.batchSize);
}

} // namespace weft
