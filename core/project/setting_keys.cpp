#include "core/project/setting_keys.h"

#include <algorithm>
#include <string_view>

namespace weft {

const std::vector<SettingKey>& settingKeys()
{
    static const std::vector<SettingKey> keys{
        {"data", SettingKind::Map},
        {"data/source", SettingKind::Text},
        {"data/path", SettingKind::Text},
        {"data/files", SettingKind::Texts},
        {"data/textColumn", SettingKind::Text},
        {"data/labelColumn", SettingKind::Text},
        {"data/labelKind", SettingKind::Text},
        {"data/size", SettingKind::Integers},
        {"data/channels", SettingKind::Integer},
        {"data/classNames", SettingKind::Texts},
        {"data/encoding", SettingKind::Text},
        {"data/attributions", SettingKind::Boolean},
        {"data/tokens", SettingKind::Text},
        {"data/maxLength", SettingKind::Integer},
        {"data/vocabularySize", SettingKind::Integer},
        {"data/minCount", SettingKind::Integer},
        {"data/bagOfWords", SettingKind::Text},
        {"data/shape", SettingKind::Integers},
        {"data/classes", SettingKind::Integer},
        {"data/samples", SettingKind::Integer},
        {"data/validation", SettingKind::Map},
        {"data/validation/last", SettingKind::Integer, true},
        {"data/validation/fraction", SettingKind::Real, true},
        {"data/test", SettingKind::Map},
        {"data/test/last", SettingKind::Integer, true},
        {"data/test/fraction", SettingKind::Real, true},
        {"data/folds", SettingKind::Integer},
        {"data/fold", SettingKind::Integer},
        {"data/seed", SettingKind::Integer},
        {"training", SettingKind::Map},
        {"training/optimizer", SettingKind::Map},
        {"training/optimizer/type", SettingKind::Text},
        {"training/optimizer/learningRate", SettingKind::Real},
        {"training/optimizer/momentum", SettingKind::Real},
        {"training/optimizer/nesterov", SettingKind::Boolean},
        {"training/optimizer/beta1", SettingKind::Real},
        {"training/optimizer/beta2", SettingKind::Real},
        {"training/optimizer/alpha", SettingKind::Real},
        {"training/optimizer/rho", SettingKind::Real},
        {"training/optimizer/epsilon", SettingKind::Real},
        {"training/optimizer/momentumDecay", SettingKind::Real},
        {"training/optimizer/learningRateDecay", SettingKind::Real},
        {"training/optimizer/weightDecay", SettingKind::Real},
        {"training/optimizer/decoupledWeightDecay", SettingKind::Boolean},
        {"training/optimizer/l1", SettingKind::Real},
        {"training/gradientClipping", SettingKind::Map},
        {"training/gradientClipping/norm", SettingKind::Real, true},
        {"training/gradientClipping/value", SettingKind::Real, true},
        {"training/gradientAccumulation", SettingKind::Integer},
        {"training/weightAveraging", SettingKind::Map},
        {"training/weightAveraging/decay", SettingKind::Real},
        {"training/schedule", SettingKind::Map},
        {"training/schedule/type", SettingKind::Text},
        {"training/schedule/warmupSteps", SettingKind::Integer},
        {"training/schedule/stepEpochs", SettingKind::Integer},
        {"training/schedule/milestones", SettingKind::Integers},
        {"training/schedule/gamma", SettingKind::Real},
        {"training/schedule/power", SettingKind::Real},
        {"training/schedule/epochs", SettingKind::Integer},
        {"training/schedule/periodFactor", SettingKind::Integer},
        {"training/schedule/minimumRate", SettingKind::Real},
        {"training/schedule/peakShare", SettingKind::Real},
        {"training/schedule/divisor", SettingKind::Real},
        {"training/schedule/finalDivisor", SettingKind::Real},
        {"training/schedule/patience", SettingKind::Integer},
        {"training/schedule/threshold", SettingKind::Real},
        {"training/schedule/cooldown", SettingKind::Integer},
        {"training/distributed", SettingKind::Map},
        {"training/distributed/update", SettingKind::Text},
        {"training/distributed/stalenessBound", SettingKind::Integer},
        {"training/distributed/backupWorkers", SettingKind::Integer},
        {"training/distributed/servers", SettingKind::Integer},
        {"training/distributed/rateByStaleness", SettingKind::Boolean},
        {"training/distributed/delayCompensation", SettingKind::Real},
        {"training/distributed/synchronisedBatchNorm", SettingKind::Boolean},
        {"training/distributed/bucketMegabytes", SettingKind::Integer},
        {"training/distributed/compression", SettingKind::Text},
        {"training/distributed/topKPercent", SettingKind::Real},
        {"training/distributed/shuffle", SettingKind::Text},
        {"training/distributed/batch", SettingKind::Text},
        {"training/distributed/learningRateScaling", SettingKind::Text},
        {"training/distributed/warmupEpochs", SettingKind::Integer},
        {"training/monitor", SettingKind::Text},
        {"training/earlyStopping", SettingKind::Map},
        {"training/earlyStopping/patience", SettingKind::Integer},
        {"training/earlyStopping/minimumDelta", SettingKind::Real},
        {"training/epochs", SettingKind::Integer},
        {"training/batchSize", SettingKind::Integer},
        {"training/seed", SettingKind::Integer},
        {"training/shuffle", SettingKind::Boolean},
        {"training/memory", SettingKind::Text},
    };
    return keys;
}

const SettingKey* findSettingKey(const std::string& path)
{
    const auto& keys = settingKeys();
    const auto it = std::find_if(keys.begin(), keys.end(), [&](const SettingKey& key) { return key.path == path; });
    return it == keys.end() ? nullptr : &*it;
}

std::vector<std::string> settingKeysIn(const std::string& parent)
{
    std::vector<std::string> inside;
    for (const SettingKey& key : settingKeys()) {
        const std::string path = key.path;
        if (path.rfind(parent + "/", 0) == 0 && path.find('/', parent.size() + 1) == std::string::npos)
            inside.push_back(path.substr(parent.size() + 1));
    }
    return inside;
}

bool hasKind(const Tree& value, SettingKind kind)
{
    const auto all = [&](auto isKind) { return value.isList() && std::all_of(value.list().begin(), value.list().end(), isKind); };
    switch (kind) {
    case SettingKind::Integer: return value.isInt();
    case SettingKind::Real: return value.isNumber();
    case SettingKind::Boolean: return value.isBool();
    case SettingKind::Text: return value.isText();
    case SettingKind::Integers: return value.isInt() || all([](const Tree& item) { return item.isInt(); });
    case SettingKind::Texts: return all([](const Tree& item) { return item.isText(); });
    case SettingKind::Map: return value.isMap();
    }
    return false;
}

const char* describe(SettingKind kind)
{
    switch (kind) {
    case SettingKind::Integer: return "a whole number";
    case SettingKind::Real: return "a number";
    case SettingKind::Boolean: return "true or false";
    case SettingKind::Text: return "a text in quotes";
    case SettingKind::Integers: return "a whole number or a list of them";
    case SettingKind::Texts: return "a list of texts";
    case SettingKind::Map: return "a map in braces";
    }
    return "";
}

void sortSettings(Tree& tree, const std::string& path)
{
    if (!tree.isMap())
        return;
    const bool hasOrder = !path.starts_with("view"); // there may be ten thousand positions, all of them by name
    const auto rank = [&](const std::string& key) {
        const SettingKey* known = hasOrder ? findSettingKey(path + "/" + key) : nullptr;
        return known ? known - settingKeys().data() : std::ptrdiff_t{1} << 30;
    };
    std::stable_sort(tree.map().begin(), tree.map().end(),
                     [&](const auto& a, const auto& b) { return std::pair(rank(a.first), a.first) < std::pair(rank(b.first), b.first); });
    for (auto& [key, value] : tree.map())
        sortSettings(value, path + "/" + key);
    std::erase_if(tree.map(), [](const auto& entry) { return entry.second.isMap() && entry.second.map().empty(); });
}

} // namespace weft
