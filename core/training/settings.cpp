#include "core/training/settings.h"

#include <type_traits>

#include "core/base/error.h"
#include "core/engine/session.h"
#include "core/training/metrics.h"
#include "core/training/optimizers.h"
#include "core/training/schedule.h"
#include "core/training/settings_fields.h"

namespace weft {

namespace {

constexpr NumberRange notNegative;
constexpr NumberRange positive{.minimum = 0.0, .isMinimumAllowed = false};
constexpr NumberRange share{.limit = 1.0};
constexpr NumberRange percent{.minimum = 0.0, .isMinimumAllowed = false, .limit = 100.0};

// Settings is TrainingSettings, const where they are written.

template <class Fields, class Settings> void describeOptimizer(Fields& fields, Settings& s)
{
    std::vector<std::string> names;
    for (const OptimizerInfo& info : optimizers())
        names.push_back(info.name);
    fields.choice("type", names, s.optimizer);
    if constexpr (!std::is_const_v<Settings>)
        findOptimizer(s.optimizer)->setDefaults(s);
    fields.real("learningRate", positive, s.learningRate);
    fields.real("momentum", share, s.momentum);
    fields.boolean("nesterov", s.nesterov);
    fields.real("beta1", share, s.beta1);
    fields.real("beta2", share, s.beta2);
    fields.real("alpha", share, s.alpha);
    fields.real("rho", share, s.rho);
    fields.real("epsilon", positive, s.epsilon);
    fields.real("momentumDecay", notNegative, s.momentumDecay);
    fields.real("learningRateDecay", notNegative, s.learningRateDecay);
    fields.real("weightDecay", notNegative, s.weightDecay);
    fields.boolean("decoupledWeightDecay", s.decoupledWeightDecay);
    fields.real("l1", notNegative, s.l1);
}

template <class Fields, class Schedule> void describeSchedule(Fields& fields, Schedule& s)
{
    fields.choice("type", scheduleTypes(), s.type);
    if constexpr (!std::is_const_v<Schedule>)
        s.gamma = s.type == "exponential" ? 0.95 : s.gamma;
    fields.integer("warmupSteps", 0, s.warmupSteps);
    fields.integer("stepEpochs", 1, s.stepEpochs);
    fields.integers("milestones", 1, s.milestones);
    fields.real("gamma", {.minimum = 0.0, .isMinimumAllowed = false, .limit = 1.0}, s.gamma);
    fields.real("power", positive, s.power);
    fields.integer("epochs", 0, s.epochs);
    fields.integer("periodFactor", 1, s.periodFactor);
    fields.real("minimumRate", notNegative, s.minimumRate);
    fields.real("peakShare", {.minimum = 0.0, .isMinimumAllowed = false, .limit = 1.0}, s.peakShare);
    fields.real("divisor", {.minimum = 1.0}, s.divisor);
    fields.real("finalDivisor", {.minimum = 1.0}, s.finalDivisor);
    fields.integer("patience", 0, s.patience);
    fields.real("threshold", share, s.threshold);
    fields.integer("cooldown", 0, s.cooldown);
}

template <class Fields, class Settings> void describe(Fields& fields, Settings& s)
{
    fields.map("optimizer", [&](Fields& inner) { describeOptimizer(inner, s); });
    fields.map("gradientClipping", [&](Fields& inner) {
        inner.real("norm", notNegative, s.clipNorm);
        inner.real("value", notNegative, s.clipValue);
    });
    fields.integer("gradientAccumulation", 1, s.gradientAccumulation);
    fields.map("weightAveraging", [&](Fields& inner) { inner.real("decay", share, s.averagingDecay); });
    fields.map("schedule", [&](Fields& inner) { describeSchedule(inner, s.schedule); });
    fields.choice("monitor", monitorNames(), s.monitor);
    fields.map("earlyStopping", [&](Fields& inner) {
        inner.integer("patience", 0, s.patience);
        inner.real("minimumDelta", notNegative, s.minimumDelta);
    });
    fields.map("distributed", [&](Fields& inner) {
        inner.choice("update", {"allReduce", "parameterServer", "staleSynchronous", "asynchronous"}, s.distributed.update);
        inner.integer("stalenessBound", 0, s.distributed.stalenessBound);
        inner.integer("backupWorkers", 0, s.distributed.backupWorkers);
        inner.integer("servers", 1, s.distributed.servers);
        inner.boolean("rateByStaleness", s.distributed.rateByStaleness);
        inner.real("delayCompensation", notNegative, s.distributed.delayCompensation);
        inner.boolean("synchronisedBatchNorm", s.distributed.synchronisedBatchNorm);
        inner.integer("bucketMegabytes", 1, s.distributed.bucketMegabytes);
        inner.choice("compression", {"none", "float16", "bfloat16", "topK"}, s.distributed.compression);
        inner.real("topKPercent", percent, s.distributed.topKPercent);
        inner.choice("batch", {"global", "perRank"}, s.distributed.batch);
        inner.choice("shuffle", {"global", "perRank"}, s.distributed.shuffle);
        inner.choice("learningRateScaling", {"linear", "none"}, s.distributed.learningRateScaling);
        inner.integer("warmupEpochs", 0, s.distributed.warmupEpochs);
    });
    fields.integer("epochs", 1, s.epochs);
    fields.integer("batchSize", 1, s.batchSize);
    auto seed = static_cast<std::int64_t>(s.seed);
    fields.integer("seed", 0, seed);
    if constexpr (!std::is_const_v<Settings>)
        s.seed = static_cast<std::uint64_t>(seed);
    fields.boolean("shuffle", s.shuffle);
    fields.choice("memory", {nameOf(MemoryUse::Normal), nameOf(MemoryUse::Lean)}, s.memory);
}

/// What single fields cannot see.
void checkTogether(const TrainingSettings& s)
{
    if (s.optimizer == "sgd" && s.nesterov && s.momentum == 0.0)
        throw Error(WEFT_TEXT("Training", "Nesterov's method needs a momentum greater than 0: set training.optimizer.momentum, for example to 0.9."));
    if (s.optimizer == "adamw" && !s.decoupledWeightDecay)
        throw Error(
            WEFT_TEXT("Training", "AdamW is Adam with decoupled weight decay: set training.optimizer.type to \"adam\" to have it otherwise."));
    if (s.clipNorm > 0.0 && s.clipValue > 0.0)
        throw Error(WEFT_TEXT("Training",
                              "Gradients are clipped either by their norm or by value: set only one of training.gradientClipping.norm and "
                              "training.gradientClipping.value."));
    if (s.schedule.type == "multistep" && s.schedule.milestones.empty())
        throw Error(
            WEFT_TEXT("Training",
                      "The multistep schedule needs the epochs at which the learning rate falls: set training.schedule.milestones, for example "
                      "to [10, 20]."));
    if (s.distributed.hasServer() && s.distributed.synchronisedBatchNorm)
        throw Error(WEFT_TEXT("Training",
                              "Workers of a parameter server do not meet, so their BatchNorm statistics cannot be taken together: set "
                              "training.distributed.update to \"allReduce\", or turn training.distributed.synchronisedBatchNorm off."));
    if (s.distributed.hasServer() && s.distributed.sendsLargestAlone())
        throw Error(WEFT_TEXT("Training",
                              "Only ranks that add up their gradients can send the largest of them alone: set training.distributed.update to "
                              "\"allReduce\", or training.distributed.compression to \"none\"."));
    if (s.distributed.hasServer() && s.distributed.shuffle == "perRank")
        throw Error(WEFT_TEXT("Training",
                              "A parameter server hands every batch to whichever worker is free, so that no samples stay with a rank: set "
                              "training.distributed.shuffle to \"global\", or training.distributed.update to \"allReduce\"."));
    if (s.distributed.hasServer() && s.distributed.servers > 1 && s.clipNorm > 0.0)
        throw Error(WEFT_TEXT("Training",
                              "Each parameter server sees only its share of the gradients, not the norm of them all: set training.distributed.servers "
                              "to 1, or clip by training.gradientClipping.value."));
    if (s.distributed.hasServer() && s.gradientAccumulation > 1)
        throw Error(WEFT_TEXT("Training",
                              "A parameter server updates the weights after every batch: set training.gradientAccumulation to 1, or "
                              "training.distributed.update to \"allReduce\"."));
    if (s.schedule.minimumRate > s.learningRate)
        throw Error(WEFT_TEXT("Training", "training.schedule.minimumRate is %1, above the learning rate %2. It must not be larger."),
                    s.schedule.minimumRate, s.learningRate);
}

} // namespace

TrainingSettings trainingSettings(const Tree& training)
{
    TrainingSettings settings;
    FieldReader fields(training, "training");
    describe(fields, settings);
    fields.refuseOthers();
    checkTogether(settings);
    return settings;
}

Tree trainingTree(const TrainingSettings& settings)
{
    Tree tree = Tree::Map{};
    FieldWriter fields(tree);
    describe(fields, settings);
    return tree;
}

} // namespace weft
