#include "core/training/settings.h"

#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace weft {

namespace {

/// Takes the entries of one map, checks each, and refuses what it does not know.
class Fields {
public:
    Fields(const Tree& tree, std::string path) : m_tree(tree), m_path(std::move(path))
    {
        if (!tree.isMap() && !tree.isNull())
            throw Error(WEFT_TEXT("Training", "\"%1\" must be an object of settings."), m_path);
    }

    const Tree* take(std::string_view key)
    {
        m_known.emplace_back(key);
        return m_tree.find(key);
    }

    void integer(std::string_view key, std::int64_t minimum, std::int64_t& to)
    {
        const Tree* value = take(key);
        if (!value)
            return;
        if (!value->isInt() || value->integer() < minimum)
            throw Error(WEFT_TEXT("Training", "\"%1\" must be an integer of at least %2."), pathOf(key), minimum);
        to = value->integer();
    }

    /// minimum ≤ value < limit, or minimum < value where the minimum itself is excluded.
    void real(std::string_view key, double minimum, bool isMinimumAllowed, double limit, double& to)
    {
        const Tree* value = take(key);
        if (!value)
            return;
        const double number = value->isNumber() ? value->number() : std::numeric_limits<double>::quiet_NaN();
        const bool isInside = std::isfinite(number) && (isMinimumAllowed ? number >= minimum : number > minimum) && number < limit;
        if (!isInside && std::isfinite(limit))
            throw Error(WEFT_TEXT("Training", "\"%1\" must be a number from %2 to less than %3."), pathOf(key), minimum, limit);
        if (!isInside && isMinimumAllowed)
            throw Error(WEFT_TEXT("Training", "\"%1\" must be a number of at least %2."), pathOf(key), minimum);
        if (!isInside)
            throw Error(WEFT_TEXT("Training", "\"%1\" must be a number greater than %2."), pathOf(key), minimum);
        to = number;
    }

    void boolean(std::string_view key, bool& to)
    {
        const Tree* value = take(key);
        if (!value)
            return;
        if (!value->isBool())
            throw Error(WEFT_TEXT("Training", "\"%1\" must be true or false."), pathOf(key));
        to = value->boolean();
    }

    void refuseOthers() const
    {
        if (!m_tree.isMap())
            return;
        for (const auto& [key, value] : m_tree.map()) {
            bool isKnown = false;
            for (const std::string& known : m_known)
                isKnown = isKnown || known == key;
            if (isKnown)
                continue;
            const std::string near = nearest(key, m_known);
            if (near.empty())
                throw Error(WEFT_TEXT("Training", "\"%1\" is no setting of the training."), pathOf(key));
            throw Error(WEFT_TEXT("Training", "\"%1\" is no setting of the training. Did you mean \"%2\"?"), pathOf(key), near);
        }
    }

    std::string pathOf(std::string_view key) const { return m_path + "." + std::string(key); }

private:
    const Tree& m_tree;
    std::string m_path;
    std::vector<std::string> m_known;
};

constexpr double unlimited = std::numeric_limits<double>::infinity();

void readOptimizer(const Tree& tree, TrainingSettings& settings)
{
    Fields fields(tree, "training.optimizer");
    if (const Tree* type = fields.take("type")) {
        if (!type->isText() || (type->text() != "sgd" && type->text() != "adam"))
            throw Error(WEFT_TEXT("Training", "\"%1\" must be \"sgd\" or \"adam\"."), fields.pathOf("type"));
        settings.optimizer = type->text();
    }
    fields.real("learningRate", 0.0, false, unlimited, settings.learningRate);
    fields.real("momentum", 0.0, true, 1.0, settings.momentum);
    fields.boolean("nesterov", settings.nesterov);
    fields.real("beta1", 0.0, true, 1.0, settings.beta1);
    fields.real("beta2", 0.0, true, 1.0, settings.beta2);
    fields.real("epsilon", 0.0, false, unlimited, settings.epsilon);
    fields.real("weightDecay", 0.0, true, unlimited, settings.weightDecay);
    fields.refuseOthers();
    if (settings.optimizer == "sgd" && settings.nesterov && settings.momentum == 0.0)
        throw Error(WEFT_TEXT("Training", "Nesterov's method needs a momentum greater than 0: set training.optimizer.momentum, for example to 0.9."));
}

} // namespace

TrainingSettings trainingSettings(const Tree& training)
{
    TrainingSettings settings;
    Fields fields(training, "training");
    if (const Tree* optimizer = fields.take("optimizer"))
        readOptimizer(*optimizer, settings);
    fields.integer("epochs", 1, settings.epochs);
    fields.integer("batchSize", 1, settings.batchSize);
    std::int64_t seed = static_cast<std::int64_t>(settings.seed);
    fields.integer("seed", 0, seed);
    settings.seed = static_cast<std::uint64_t>(seed);
    fields.boolean("shuffle", settings.shuffle);
    fields.refuseOthers();
    return settings;
}

Tree trainingTree(const TrainingSettings& settings)
{
    Tree optimizer = Tree::Map{};
    optimizer["type"] = settings.optimizer;
    optimizer["learningRate"] = settings.learningRate;
    optimizer["momentum"] = settings.momentum;
    optimizer["nesterov"] = settings.nesterov;
    optimizer["beta1"] = settings.beta1;
    optimizer["beta2"] = settings.beta2;
    optimizer["epsilon"] = settings.epsilon;
    optimizer["weightDecay"] = settings.weightDecay;
    Tree training = Tree::Map{};
    training["optimizer"] = optimizer;
    training["epochs"] = settings.epochs;
    training["batchSize"] = settings.batchSize;
    training["seed"] = static_cast<std::int64_t>(settings.seed);
    training["shuffle"] = settings.shuffle;
    return training;
}

} // namespace weft
